//! How loud G.711 is, by table, and whether somebody speaks: for the silence that ends a voicemail message.
//!
//! Not a model of speech: energy above a floor that follows the line's own noise.

use std::ops::Range;
use std::sync::LazyLock;

use super::g711;
use crate::base::codec::G711;

/// The mean square of full scale.
const FULL_SCALE: f64 = 32_768.0 * 32_768.0;

/// Below this nobody speaks: -45 dB under full scale, as a mean square.
const QUIET: u64 = 33_955;
/// The floor is never put higher than this (-38 dB): a loud room must not swallow speech, which lies at -15 to -30.
const FLOOR_MAX: u64 = 170_179;
/// Speech is six times the floor, 7.8 dB.
const ABOVE_FLOOR: u64 = 6;

/// The mean square of octets, full scale 2^30; 0 if there are none.
pub fn power(law: G711, octets: &[u8]) -> u64 {
    let squares: &[u32; 256] = match law {
        G711::Alaw => &ALAW_SQUARES,
        G711::Ulaw => &ULAW_SQUARES,
    };
    let sum: u64 = octets.iter().map(|octet| u64::from(squares[usize::from(*octet)])).sum();
    sum / (octets.len() as u64).max(1)
}

/// The mean square of samples; 0 if there are none.
pub fn power_of(samples: &[i16]) -> u64 {
    let sum: u64 = samples.iter().map(|sample| u64::from(sample.unsigned_abs()).pow(2)).sum();
    sum / (samples.len() as u64).max(1)
}

/// A mean square in dB under full scale (a sine of full scale has -3); silence is -100.
pub fn dbfs(power: u64) -> f32 {
    if power == 0 { -100.0 } else { (10.0 * (power as f64 / FULL_SCALE).log10()).max(-100.0) as f32 }
}

/// Tells speech from silence, frame by frame, on one line.
#[derive(Clone, Debug)]
pub struct SpeechDetector {
    floor: u64,
}

impl Default for SpeechDetector {
    fn default() -> Self {
        Self { floor: QUIET / ABOVE_FLOOR }
    }
}

impl SpeechDetector {
    /// Whether somebody speaks in this frame of 20 ms.
    ///
    /// The floor falls at once to the quietest frame and rises by 3.4 dB a second: the pauses between words pull it down, the
    /// noise of a street lifts it.
    pub fn speech(&mut self, law: G711, frame: &[u8]) -> bool {
        let power = power(law, frame);
        let speech = power > QUIET.max(self.floor * ABOVE_FLOOR);
        self.floor =
            if power < self.floor { power } else { (self.floor + self.floor / 64 + 1).min(FLOOR_MAX) };
        speech
    }
}

/// The part of a recording between the silences at its ends, with `margin` samples of them kept on each side; empty if all of
/// it is silence.
pub fn trimmed(samples: &[i16], margin: usize) -> Range<usize> {
    const BLOCK: usize = 80;
    let loud = |block: &[i16]| power_of(block) > QUIET;
    let Some(first) = samples.chunks(BLOCK).position(loud) else { return 0..0 };
    let last = samples.chunks(BLOCK).rposition(loud).unwrap_or(first);
    let start = (first * BLOCK).saturating_sub(margin);
    start..((last + 1) * BLOCK).saturating_add(margin).min(samples.len())
}

static ALAW_SQUARES: LazyLock<[u32; 256]> = LazyLock::new(|| squares(G711::Alaw));
static ULAW_SQUARES: LazyLock<[u32; 256]> = LazyLock::new(|| squares(G711::Ulaw));

fn squares(law: G711) -> [u32; 256] {
    std::array::from_fn(|octet| u32::from(g711::decode(law, octet as u8).unsigned_abs()).pow(2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::tone;
    use crate::base::time::Duration;

    /// A second of tone at a level, as frames of A-law.
    fn second(peak_dbfs: f64) -> Vec<Vec<u8>> {
        let samples = tone::tone(&[300.0, 500.0, 1_100.0], Duration::from_secs(1), peak_dbfs);
        samples.chunks(160).map(|frame| g711::encode_all(G711::Alaw, frame)).collect()
    }

    fn speech(detector: &mut SpeechDetector, frames: &[Vec<u8>]) -> usize {
        frames.iter().filter(|frame| detector.speech(G711::Alaw, frame)).count()
    }

    #[test]
    fn levels_are_in_decibels_under_full_scale() {
        let sine = tone::tone(&[1_000.0], Duration::from_secs(1), 0.0);
        for law in G711::PREFERRED {
            let level = dbfs(power(law, &g711::encode_all(law, &sine)));
            assert!((-3.2..-2.9).contains(&level), "{law:?}: {level}");
            assert!(dbfs(power(law, &[g711::silence(law); 160])) < -70.0);
        }
        assert_eq!((dbfs(0), power(G711::Alaw, &[])), (-100.0, 0));
        assert!((dbfs(QUIET) + 45.0).abs() < 0.01 && (dbfs(FLOOR_MAX) + 38.0).abs() < 0.01);
    }

    #[test]
    fn speech_is_told_from_an_idle_line() {
        let mut detector = SpeechDetector::default();
        assert_eq!(speech(&mut detector, &vec![vec![g711::SILENCE_ALAW; 160]; 50]), 0);
        assert_eq!(speech(&mut detector, &second(-12.0)), 50);
        assert_eq!(speech(&mut detector, &second(-50.0)), 0);
        // A quiet caller.
        assert!(speech(&mut detector, &second(-24.0)) > 45);
    }

    #[test]
    fn a_noisy_line_becomes_silence_and_speech_is_heard_above_it() {
        let mut detector = SpeechDetector::default();
        // A street: RMS about -40 dB.
        for _ in 0..6 {
            speech(&mut detector, &second(-32.0));
        }
        assert_eq!(speech(&mut detector, &second(-32.0)), 0);
        assert_eq!(speech(&mut detector, &second(-8.0)), 50);
        assert_eq!(speech(&mut detector, &second(-32.0)), 0);
    }

    #[test]
    fn silence_at_the_ends_is_trimmed_with_a_margin() {
        let mut samples = vec![0; 8_000];
        samples.extend(tone::beep());
        samples.extend([0; 8_000]);
        assert_eq!(trimmed(&samples, 1_600), 6_400..12_800);
        assert_eq!(trimmed(&samples[8_000..11_200], 1_600), 0..3_200);
        assert_eq!(trimmed(&[0; 4_000], 1_600), 0..0);
        assert_eq!(trimmed(&[], 1_600), 0..0);
    }
}

//! Keys heard in the sound itself: for who sends them in no other way. Two tones, one of four low and one of four high ones
//! (ITU-T Q.23), told from speech by what Q.24 asks: both there, of like strength, nothing else beside them, for long enough.
//!
//! Sound comes at 8,000 samples a second in pieces of any length. A key is told once, when it is sure: 25 to 40 ms after it
//! began; after it there must be as much of something else before the same key is told again.

use super::goertzel;
use crate::base::digit::Digit;

/// Samples that are judged at once: 12.75 ms tell neighbours apart (70 Hz), and a key of 40 ms fills two of them.
const BLOCK: usize = 102;
/// Pieces in a row that begin a key, and that end it.
const SURE: u8 = 2;
const LOW_HZ: [f64; 4] = [697.0, 770.0, 852.0, 941.0];
const HIGH_HZ: [f64; 4] = [1_209.0, 1_336.0, 1_477.0, 1_633.0];
const KEYS: [&[u8; 4]; 4] = [b"123A", b"456B", b"789C", b"*0#D"];
/// The weakest tone, as a part of full scale: some 45 dB below it.
const WEAKEST: f64 = 1.6e-5;
/// What of the whole is in the two tones.
const SHARE: f64 = 0.9;
/// By how much the high tone may be stronger than the low one, and the low one than the high one (Q.24, table A-1: 4 and 8 dB).
const HIGH_MORE: f64 = 2.5;
const LOW_MORE: f64 = 6.3;
/// By how much the strongest of a group stands out.
const STANDS_OUT: f64 = 6.3;

/// Listens to one source.
#[derive(Clone, Debug)]
pub(crate) struct Detector {
    block: [i16; BLOCK],
    filled: usize,
    /// What the last pieces were, and how many in a row.
    last: Option<Digit>,
    run: u8,
    /// The key that is being pressed.
    pressed: Option<Digit>,
}

impl Detector {
    /// Has heard nothing.
    pub(crate) const fn new() -> Self {
        Self { block: [0; BLOCK], filled: 0, last: None, run: 0, pressed: None }
    }

    /// Hears more. `told` hears of each key.
    pub(crate) fn hear(&mut self, samples: impl IntoIterator<Item = i16>, mut told: impl FnMut(Digit)) {
        for sample in samples {
            if let Some(place) = self.block.get_mut(self.filled) {
                *place = sample;
            }
            self.filled += 1;
            if self.filled == BLOCK {
                self.filled = 0;
                if let Some(key) = self.judge() {
                    told(key);
                }
            }
        }
    }

    fn judge(&mut self) -> Option<Digit> {
        let key = key_in(&self.block);
        self.run = if key == self.last { self.run.saturating_add(1) } else { 1 };
        self.last = key;
        if self.run < SURE || key == self.pressed {
            return None;
        }
        self.pressed = key;
        key
    }
}

/// The key in a piece of sound, if it is one.
fn key_in(block: &[i16]) -> Option<Digit> {
    let total = goertzel::total(block);
    if total < 2.0 * WEAKEST {
        return None;
    }
    let (row, low) = strongest(block, LOW_HZ)?;
    let (column, high) = strongest(block, HIGH_HZ)?;
    let alike = high <= low * HIGH_MORE && low <= high * LOW_MORE;
    let is_key = low > WEAKEST && high > WEAKEST && alike && low + high > total * SHARE;
    is_key.then(|| Digit::from_char(char::from(KEYS[row][column]))).flatten()
}

/// Which tone of a group is there, and how strong; none when two are.
fn strongest(block: &[i16], group: [f64; 4]) -> Option<(usize, f64)> {
    let powers = group.map(|frequency| goertzel::power(block, frequency));
    let (place, most) = powers.iter().copied().enumerate().max_by(|(_, a), (_, b)| a.total_cmp(b))?;
    let others = powers.iter().enumerate().filter(|(other, _)| *other != place);
    others.into_iter().all(|(_, power)| power * STANDS_OUT < most).then_some((place, most))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::{g711, tone};
    use crate::base::codec::G711;
    use crate::base::rng::Rng;
    use crate::base::time::Duration;

    fn keys(samples: &[i16]) -> String {
        let (mut detector, mut heard) = (Detector::new(), String::new());
        // As packets bring it, through a telephone's codec.
        for packet in samples.chunks(160) {
            let sent: Vec<u8> = packet.iter().map(|sample| g711::encode(G711::Alaw, *sample)).collect();
            let samples = sent.iter().map(|octet| g711::decode(G711::Alaw, *octet));
            detector.hear(samples, |key| heard.push(key.as_char()));
        }
        heard
    }

    fn pressed(row: usize, column: usize, ms: u64, dbfs: f64) -> Vec<i16> {
        tone::tone(&[LOW_HZ[row], HIGH_HZ[column]], Duration::from_millis(ms), dbfs)
    }

    fn silence(ms: usize) -> Vec<i16> {
        vec![0; ms * 8]
    }

    #[test]
    fn each_key_is_heard_once_however_long_and_loud() {
        for (row, column) in (0..4).flat_map(|row| (0..4).map(move |column| (row, column))) {
            for (ms, dbfs) in [(45, -9.0), (60, -25.0), (100, -3.0), (2_000, -15.0)] {
                let sound = [silence(33), pressed(row, column, ms, dbfs), silence(50)].concat();
                let key = char::from(KEYS[row][column]).to_string();
                assert_eq!(keys(&sound), key, "{ms} ms at {dbfs} dB");
            }
        }
    }

    #[test]
    fn keys_in_a_row_are_told_apart_and_the_same_twice_is_two() {
        let (five, hash) = (pressed(1, 1, 70, -9.0), pressed(3, 2, 70, -9.0));
        let gap = silence(50);
        let sound = [&five[..], &gap, &five, &gap, &hash, &five, &gap].concat();
        assert_eq!(keys(&sound), "55#5");
    }

    #[test]
    fn a_key_in_noise_is_heard_and_noise_is_no_key() {
        let mut rng = Rng::seeded(1);
        let mut noise = |samples: usize, loud: u64| -> Vec<i16> {
            (0..samples).map(|_| (rng.below(2 * loud) as i64 - loud as i64) as i16).collect()
        };
        assert_eq!(keys(&noise(80_000, 8_000)), "");
        let key = pressed(2, 0, 100, -9.0);
        let mixed: Vec<i16> = key.iter().zip(noise(800, 1_500)).map(|(a, b)| a.saturating_add(b)).collect();
        assert_eq!(keys(&[mixed, silence(50)].concat()), "7");
    }

    #[test]
    fn one_tone_two_of_a_group_a_click_and_unlike_tones_are_no_key() {
        let tone = |frequencies: &[f64]| tone::tone(frequencies, Duration::from_millis(200), -9.0);
        assert_eq!(keys(&tone(&[697.0])), "");
        assert_eq!(keys(&tone(&[1_000.0])), "");
        assert_eq!(keys(&tone(&[697.0, 770.0, 1_209.0])), "");
        assert_eq!(keys(&tone(&[440.0, 697.0, 1_209.0])), "");
        assert_eq!(keys(&pressed(0, 0, 15, -9.0)), "", "Q.24: what is shorter than 23 ms is none");
        let loud: Vec<i16> = tone(&[697.0]).iter().zip(tone(&[1_209.0])).map(|(a, b)| a + b / 8).collect();
        assert_eq!(keys(&loud), "");
    }
}

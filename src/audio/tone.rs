//! Tones that we make ourselves: what `svi demo` plays and its callers say, and what tests listen for.
//!
//! Not the music of a queue nor the beep of voicemail, which are files, and no keys: those go as telephone-event.

use std::f64::consts::TAU;

use super::RATE_HZ;
use crate::base::time::Duration;

/// Rise and fall of a tone: without it, its ends click.
const RAMP: Duration = Duration::from_millis(10);

/// The beep after which a caller speaks: 1,000 Hz, 400 ms.
#[cfg(test)]
pub(crate) fn beep() -> Vec<i16> {
    tone(&[1_000.0], Duration::from_millis(400), -12.0)
}

/// Sines of equal strength together, with soft ends.
///
/// `peak_dbfs` is the level of their common peak in dB below full scale; above 0 it is clipped.
pub fn tone(frequencies_hz: &[f64], duration: Duration, peak_dbfs: f64) -> Vec<i16> {
    let (length, ramp) = (samples(duration), samples(RAMP));
    let each = 32_767.0 * 10_f64.powf(peak_dbfs / 20.0) / frequencies_hz.len().max(1) as f64;
    let sample = |n: usize| {
        let at = n as f64 / f64::from(RATE_HZ);
        let sum: f64 = frequencies_hz.iter().map(|frequency| (TAU * frequency * at).sin()).sum();
        let from_end = (n + 1).min(length - n).min(ramp);
        // A raised cosine; `as` saturates.
        let gain = 0.5 - 0.5 * (std::f64::consts::PI * from_end as f64 / ramp as f64).cos();
        (each * gain * sum).round() as i16
    };
    (0..length).map(sample).collect()
}

/// How many samples last this long.
pub(crate) fn samples(duration: Duration) -> usize {
    usize::try_from(duration.as_micros() * u128::from(RATE_HZ) / 1_000_000).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::goertzel;

    #[test]
    fn the_beep_is_one_kilohertz_for_400_ms_and_does_not_click() {
        let beep = beep();
        assert_eq!(beep.len(), 3_200);
        assert!(goertzel::share(&beep[160..3_040], 1_000.0) > 0.999);
        let loudest = beep.iter().map(|sample| sample.unsigned_abs()).max().unwrap();
        assert!((8_100..=8_300).contains(&loudest), "{loudest}");
        assert!(beep[0].abs() < 100 && beep[3_199].abs() < 100);
    }

    #[test]
    fn tones_of_no_length_or_too_loud_are_harmless() {
        assert!(tone(&[440.0], Duration::ZERO, -6.0).is_empty());
        assert_eq!(tone(&[], Duration::from_millis(20), 0.0), [0; 160]);
        assert_eq!(tone(&[2_000.0], Duration::from_millis(100), 20.0)[401], i16::MAX);
    }
}

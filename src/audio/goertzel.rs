//! How strong one frequency is in a piece of sound: Goertzel's algorithm, for keys that are heard in the sound itself and for
//! tests that listen for a beep. Gives powers, decides nothing.

use super::RATE_HZ;

/// The power of one frequency, where a sine of full scale has 0.5, like [`total`].
///
/// The piece should hold some whole periods; its resolution is 8,000 divided by its length, in Hz.
pub(crate) fn power(samples: &[i16], frequency_hz: f64) -> f64 {
    if samples.is_empty() {
        return 0.0;
    }
    let turn = std::f64::consts::TAU * frequency_hz / f64::from(RATE_HZ);
    let coefficient = 2.0 * turn.cos();
    let (mut one, mut two) = (0.0, 0.0);
    for sample in samples {
        let next = scaled(*sample) + coefficient * one - two;
        (two, one) = (one, next);
    }
    let energy = one * one + two * two - coefficient * one * two;
    let length = samples.len() as f64;
    2.0 * energy / (length * length)
}

/// The power of the whole piece: its mean square.
pub(crate) fn total(samples: &[i16]) -> f64 {
    if samples.is_empty() {
        return 0.0;
    }
    samples.iter().map(|sample| scaled(*sample).powi(2)).sum::<f64>() / samples.len() as f64
}

/// What part of a piece is this frequency, 0 to 1; 0 for silence.
#[cfg(test)]
pub(crate) fn share(samples: &[i16], frequency_hz: f64) -> f64 {
    let whole = total(samples);
    if whole == 0.0 { 0.0 } else { (power(samples, frequency_hz) / whole).min(1.0) }
}

fn scaled(sample: i16) -> f64 {
    f64::from(sample) / 32_768.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::tone;
    use crate::base::time::Duration;

    #[test]
    fn a_tone_is_all_of_itself_and_nothing_of_another() {
        let sound = tone::tone(&[1_000.0], Duration::from_millis(200), -6.0);
        assert!(share(&sound, 1_000.0) > 0.9);
        assert!(share(&sound, 1_200.0) < 0.01);
    }

    #[test]
    fn a_key_has_two_tones() {
        let sound = tone::tone(&[770.0, 1_336.0], Duration::from_millis(100), -9.0);
        let parts = [770.0, 1_336.0, 697.0, 1_209.0].map(|frequency| share(&sound, frequency));
        assert!(parts[0] > 0.4 && parts[1] > 0.4 && parts[2] < 0.02 && parts[3] < 0.02, "{parts:?}");
    }

    #[test]
    fn silence_has_no_frequency() {
        assert_eq!(share(&[0; 80], 1_000.0), 0.0);
        assert_eq!((power(&[], 1_000.0), total(&[])), (0.0, 0.0));
    }
}

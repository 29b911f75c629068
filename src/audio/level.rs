//! How loud samples are: a mean square, and its decibels under full scale.
//!
//! It does not say whether somebody speaks, nor how loud it sounds: for that there is `loudness.rs`.

/// The mean square of full scale.
const FULL_SCALE: f64 = 32_768.0 * 32_768.0;

/// The mean square of samples; 0 if there are none.
pub(crate) fn power_of(samples: &[i16]) -> u64 {
    let sum: u64 = samples.iter().map(|sample| u64::from(sample.unsigned_abs()).pow(2)).sum();
    sum / (samples.len() as u64).max(1)
}

/// A mean square in dB under full scale (a sine of full scale has -3); silence is -100.
pub(crate) fn dbfs(power: u64) -> f32 {
    if power == 0 { -100.0 } else { (10.0 * (power as f64 / FULL_SCALE).log10()).max(-100.0) as f32 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::tone;
    use crate::base::time::Duration;

    #[test]
    fn levels_are_in_decibels_under_full_scale() {
        let level = dbfs(power_of(&tone::tone(&[1_000.0], Duration::from_secs(1), 0.0)));
        assert!((-3.2..-2.9).contains(&level), "{level}");
        assert_eq!((dbfs(0), power_of(&[]), power_of(&[0; 160])), (-100.0, 0, 0));
    }
}

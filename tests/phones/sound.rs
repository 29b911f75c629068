//! Sounds to play and to know again.

use svi::base::rng::Rng;

/// Something like speech, different for each seed: syllables with their own tones and loudness, and short pauses.
/// 8,000 samples a second.
pub fn speech(seed: u64, ms: usize) -> Vec<i16> {
    let mut rng = Rng::seeded(seed);
    let mut samples = Vec::new();
    while samples.len() < ms * 8 {
        let length = 960 + rng.below(1_440) as usize;
        let (pitch, formant) = (90.0 + rng.below(120) as f64, 400.0 + rng.below(1_800) as f64);
        let loud = 2_000.0 + rng.below(9_000) as f64;
        for n in 0..length {
            let turn = n as f64 / 8_000.0 * std::f64::consts::TAU;
            let shape = (std::f64::consts::PI * n as f64 / length as f64).sin();
            samples.push((loud * shape * ((turn * pitch).sin() + 0.6 * (turn * formant).sin()) / 1.6) as i16);
        }
        samples.extend(std::iter::repeat_n(0, rng.below(800) as usize));
    }
    samples.truncate(ms * 8);
    samples
}

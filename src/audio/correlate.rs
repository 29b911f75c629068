//! Finds a sound in a longer one: where a prompt begins in what a caller has heard, and how like it is.
//!
//! Normalised cross-correlation at every lag, through a Fourier transform of our own (a few lines, exact, and 30 s take a
//! fraction of a second). For tests and for `svi dial`; no call waits for it.

use std::f64::consts::TAU;

/// Where a sound was found.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Match {
    /// The sample of the longer sound at which it begins.
    pub lag: usize,
    /// How like it is: 1 the same at any volume, 0 nothing alike, -1 upside down. G.711 costs less than 0.01.
    pub r: f64,
}

/// A window must have this part of the sound's energy (-50 dB): in silence, anything is like anything.
const ENERGY_MIN: f64 = 1e-5;

/// The best place of `needle` in `haystack`; `None` if `needle` is empty, silent or the longer.
pub fn best_match(haystack: &[i16], needle: &[i16]) -> Option<Match> {
    let lags = (haystack.len() + 1).checked_sub(needle.len()).filter(|_| !needle.is_empty())?;
    let needle_energy: f64 = needle.iter().map(|sample| square(*sample)).sum();
    if needle_energy == 0.0 {
        return None;
    }
    let products = cross_correlation(haystack, needle);
    let mut window: f64 = haystack[..needle.len()].iter().map(|sample| square(*sample)).sum();
    let mut best = Match { lag: 0, r: -1.0 };
    for (lag, product) in products.into_iter().enumerate().take(lags) {
        let r =
            if window < needle_energy * ENERGY_MIN { 0.0 } else { product / (window * needle_energy).sqrt() };
        if r > best.r {
            best = Match { lag, r };
        }
        if let Some(next) = haystack.get(lag + needle.len()) {
            // Sums of squares of 16 bit are whole numbers far below 2^53: nothing is lost by sliding.
            window += square(*next) - square(haystack[lag]);
        }
    }
    Some(best)
}

fn square(sample: i16) -> f64 {
    f64::from(sample).powi(2)
}

/// The sum of products at each lag, by way of frequencies: both sounds in one transform, as the real and imaginary parts.
fn cross_correlation(haystack: &[i16], needle: &[i16]) -> Vec<f64> {
    let size = (haystack.len() + needle.len()).next_power_of_two();
    let mut spectrum = vec![Complex::default(); size];
    for (place, sample) in spectrum.iter_mut().zip(haystack) {
        place.re = f64::from(*sample);
    }
    for (place, sample) in spectrum.iter_mut().zip(needle) {
        place.im = f64::from(*sample);
    }
    transform(&mut spectrum);
    // With z = x + iy: X = (Z + Z'*) / 2 and Y = (Z - Z'*) / 2i, where Z' is Z at the negative frequency. The product X Y* is
    // that of a real sequence, so that one half of it gives the other; its conjugate makes the second transform an inverse one.
    let product = |k: usize| {
        let (z, mirror) = (spectrum[k], spectrum[(size - k) % size]);
        let x = Complex { re: (z.re + mirror.re) / 2.0, im: (z.im - mirror.im) / 2.0 };
        let y = Complex { re: (z.im + mirror.im) / 2.0, im: (mirror.re - z.re) / 2.0 };
        Complex { re: x.re * y.re + x.im * y.im, im: -(x.im * y.re - x.re * y.im) }
    };
    let mut products: Vec<Complex> = (0..size).map(product).collect();
    transform(&mut products);
    products.into_iter().map(|value| value.re / size as f64).collect()
}

#[derive(Copy, Clone, Default)]
struct Complex {
    re: f64,
    im: f64,
}

/// The Fourier transform in place (Cooley and Tukey, radix 2); the length is a power of two.
fn transform(values: &mut [Complex]) {
    let size = values.len();
    if size < 2 {
        return;
    }
    let bits = size.trailing_zeros();
    for place in 0..size {
        let mirrored = place.reverse_bits() >> (usize::BITS - bits);
        if place < mirrored {
            values.swap(place, mirrored);
        }
    }
    let turns: Vec<Complex> = (0..size / 2)
        .map(|k| {
            let angle = -TAU * k as f64 / size as f64;
            Complex { re: angle.cos(), im: angle.sin() }
        })
        .collect();
    let mut half = 1;
    while half < size {
        let stride = size / (2 * half);
        for block in values.chunks_exact_mut(2 * half) {
            let (low, high) = block.split_at_mut(half);
            for (k, (a, b)) in low.iter_mut().zip(high).enumerate() {
                let turn = turns[k * stride];
                let turned =
                    Complex { re: b.re * turn.re - b.im * turn.im, im: b.re * turn.im + b.im * turn.re };
                *b = Complex { re: a.re - turned.re, im: a.im - turned.im };
                *a = Complex { re: a.re + turned.re, im: a.im + turned.im };
            }
        }
        half *= 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::{g711, tone};
    use crate::base::codec::G711;
    use crate::base::rng::Rng;
    use crate::base::time::Duration;

    /// Noise whose loudness changes, like speech.
    fn babble(seed: u64, length: usize) -> Vec<i16> {
        let mut rng = Rng::seeded(seed);
        (0..length)
            .map(|n| {
                let loud = 1 + (n / 700 * 37 % 11) as i32;
                ((rng.below(2_000) as i32 - 1_000) * loud) as i16
            })
            .collect()
    }

    #[test]
    fn a_sound_is_found_where_it_is_through_g711_and_at_another_volume() {
        let prompt = babble(1, 12_000);
        let mut heard = babble(2, 9_123);
        heard.extend(
            prompt.iter().map(|sample| g711::decode(G711::Ulaw, g711::encode(G711::Ulaw, sample / 4))),
        );
        heard.extend(babble(3, 20_000));
        let found = best_match(&heard, &prompt).unwrap();
        assert_eq!(found.lag, 9_123);
        assert!(found.r > 0.99, "{found:?}");
        assert!(best_match(&heard, &babble(4, 12_000)).unwrap().r < 0.1);
    }

    #[test]
    fn every_lag_agrees_with_the_definition() {
        let (haystack, needle) = (babble(5, 300), babble(6, 37));
        let products = cross_correlation(&haystack, &needle);
        for lag in 0..=haystack.len() - needle.len() {
            let direct: f64 =
                needle.iter().zip(&haystack[lag..]).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum();
            assert!((products[lag] - direct).abs() < 1.0, "lag {lag}: {} for {direct}", products[lag]);
        }
    }

    #[test]
    fn a_beep_is_found_in_silence() {
        let mut heard = vec![0; 4_000];
        heard.extend(tone::beep());
        heard.extend([0; 4_000]);
        let found = best_match(&heard, &tone::beep()).unwrap();
        assert_eq!(found.lag, 4_000);
        assert!(found.r > 0.999_9);
    }

    #[test]
    fn nothing_is_found_in_nothing() {
        let beep = tone::beep();
        assert_eq!(best_match(&beep, &[]), None);
        assert_eq!(best_match(&[], &beep), None);
        assert_eq!(best_match(&beep[..100], &beep), None);
        assert_eq!(best_match(&beep, &[0; 100]), None);
        assert_eq!(best_match(&[0; 8_000], &beep).unwrap().r, 0.0);
        assert_eq!(best_match(&beep, &beep).map(|found| found.lag), Some(0));
    }

    #[test]
    fn half_a_minute_is_searched_in_reasonable_time() {
        let mut heard = babble(7, 200_000);
        let prompt = babble(8, 40_000);
        heard.extend(&prompt);
        assert_eq!(best_match(&heard, &prompt).unwrap().lag, 200_000);
        assert_eq!(tone::samples(Duration::from_secs(30)), heard.len());
    }
}

//! Which of the known sounds were heard, when, and whether in full.
//!
//! A sound is looked for by its beginning: first by loudness every 10 ms, which is cheap and finds where it could be,
//! then sample by sample around those places, then onwards until what is heard is no longer the sound. A sound that a
//! key has cut short is so found as well, and two that begin with the same words are told apart by how far they go.

use std::ops::Range;

/// Samples in 10 ms: one step of the loudness curve.
const STEP: usize = 80;
/// Of a sound's beginning, what is looked for: 1.2 s.
const PROBE_STEPS: usize = 120;
/// A beginning shorter than this (80 ms) would be found everywhere.
const PROBE_STEPS_MIN: usize = 8;
/// How alike the loudness must be for a closer look.
const COARSE: f64 = 0.6;
/// How alike the samples must be. Two passages of one sound through G.711 stay above 0.99.
const EXACT: f64 = 0.9;
/// Places per sound that are looked at closely.
const PLACES_MAX: usize = 24;
/// Blocks by which a sound is followed: 100 ms.
const BLOCK: usize = 800;
/// Below this power a block is silence: there is nothing to compare (some 60 dB below full scale).
const SILENCE_POWER: f64 = 900.0;
/// Silence that may be missing at the end of a sound that counts as whole, and what the last block may lack: 60 ms.
const TAIL: usize = 480;

/// A known sound that was heard.
#[derive(Clone, Debug, PartialEq)]
pub struct Heard {
    /// Its name in the list of known sounds.
    pub name: String,
    /// When it began, in milliseconds from the first sample heard.
    pub(crate) at_ms: u64,
    /// How much of it was heard, in milliseconds.
    pub(crate) heard_ms: u64,
    /// Whether it was heard to its end.
    pub full: bool,
    /// Correlation of what was heard of it with the original, -1 to 1.
    pub r: f64,
}

/// Names the known sounds in what was heard, in the order in which they began. Both are 8,000 samples a second.
pub fn fingerprint(heard: &[i16], known: &[(String, Vec<i16>)]) -> Vec<Heard> {
    let curve = loudness(heard);
    let mut found: Vec<(Range<usize>, Heard)> = Vec::new();
    for (name, sound) in known {
        let lead = leading_silence(sound);
        for place in places(&curve, &loudness(&sound[lead..])) {
            found.extend(follow(heard, place, &sound[lead..], lead, name));
        }
    }
    settle(found)
}

/// Of those that overlap, the one that goes furthest is what was played.
fn settle(mut found: Vec<(Range<usize>, Heard)>) -> Vec<Heard> {
    found.sort_by(|(a, x), (b, y)| b.len().cmp(&a.len()).then(y.r.total_cmp(&x.r)));
    let mut kept: Vec<(Range<usize>, Heard)> = Vec::new();
    for (range, heard) in found {
        let overlaps = |(other, _): &(Range<usize>, Heard)| {
            let common = range.end.min(other.end).saturating_sub(range.start.max(other.start));
            common * 5 > range.len()
        };
        if !kept.iter().any(overlaps) {
            kept.push((range, heard));
        }
    }
    kept.sort_by_key(|(range, _)| range.start);
    kept.into_iter().map(|(_, heard)| heard).collect()
}

/// The root of the power of every 10 ms.
fn loudness(samples: &[i16]) -> Vec<f32> {
    let power = |chunk: &[i16]| chunk.iter().map(|s| f32::from(*s) * f32::from(*s)).sum::<f32>();
    samples.chunks_exact(STEP).map(|chunk| (power(chunk) / STEP as f32).sqrt()).collect()
}

fn leading_silence(sound: &[i16]) -> usize {
    let loud = sound.chunks(STEP).position(|chunk| power(chunk) > SILENCE_POWER);
    loud.map_or(0, |step| step * STEP)
}

/// The places of a heard loudness curve where a sound of this curve could begin, the likeliest first.
fn places(heard: &[f32], sound: &[f32]) -> Vec<usize> {
    let probe = &sound[..sound.len().min(PROBE_STEPS)];
    if probe.len() < PROBE_STEPS_MIN {
        return Vec::new();
    }
    let mean = probe.iter().sum::<f32>() / probe.len() as f32;
    let centred: Vec<f32> = probe.iter().map(|value| value - mean).collect();
    let norm = centred.iter().map(|value| value * value).sum::<f32>().sqrt().max(1.0);
    // What was cut short may have only its first words in common: half of the probe is tried too.
    let mut likely: Vec<(f64, usize)> = Vec::new();
    for start in 0..heard.len() {
        let window = &heard[start..heard.len().min(start + probe.len())];
        if window.len() < PROBE_STEPS_MIN {
            break;
        }
        let likeness = if window.len() == probe.len() {
            alike(window, &centred, norm).max(alike_begin(window, probe))
        } else {
            alike_begin(window, probe)
        };
        if likeness > COARSE {
            likely.push((likeness, start));
        }
    }
    likely.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    let mut chosen: Vec<usize> = Vec::new();
    for (_, start) in likely {
        if chosen.len() == PLACES_MAX {
            break;
        }
        if !chosen.iter().any(|other| other.abs_diff(start) <= 2) {
            chosen.push(start);
        }
    }
    chosen
}

/// Correlation of a window with a probe that has been centred and measured before.
fn alike(window: &[f32], centred: &[f32], norm: f32) -> f64 {
    let (mut sum, mut squares, mut product) = (0.0f32, 0.0f32, 0.0f32);
    for (value, probe) in window.iter().zip(centred) {
        sum += value;
        squares += value * value;
        product += value * probe;
    }
    let variance = squares - sum * sum / window.len() as f32;
    if variance <= 1.0 { 0.0 } else { f64::from(product / (variance.sqrt() * norm)) }
}

/// The same for the first 300 ms only.
fn alike_begin(window: &[f32], probe: &[f32]) -> f64 {
    let length = window.len().min(probe.len()).min(30);
    let probe = &probe[..length];
    let mean = probe.iter().sum::<f32>() / length as f32;
    let mut centred = [0.0f32; 30];
    for (to, value) in centred.iter_mut().zip(probe) {
        *to = value - mean;
    }
    let norm = centred.iter().map(|value| value * value).sum::<f32>().sqrt().max(1.0);
    alike(&window[..length], &centred[..length], norm)
}

/// Looks closely around a place, and follows the sound as far as it goes.
fn follow(
    heard: &[i16],
    step: usize,
    sound: &[i16],
    lead: usize,
    name: &str,
) -> Option<(Range<usize>, Heard)> {
    let (start, first) = align(heard, step * STEP, sound)?;
    if first < EXACT {
        return None;
    }
    let rest = &heard[start..];
    let mut end = 0;
    let length = rest.len().min(sound.len());
    while end < length {
        let next = (end + BLOCK).min(length);
        let (a, b) = (&rest[end..next], &sound[end..next]);
        let (loud, quiet) = (power(b) > SILENCE_POWER, power(a) <= 4.0 * SILENCE_POWER);
        if if loud { correlation(a, b) < 0.8 } else { !quiet } {
            break;
        }
        end = next;
    }
    // A sound that goes on in silence where nothing more is heard has not been heard further than its last word.
    let last = sound[..end].chunks(STEP).rposition(|chunk| power(chunk) > SILENCE_POWER)?;
    let spoken = sound.chunks(STEP).rposition(|chunk| power(chunk) > SILENCE_POWER)?;
    let full = (spoken - last) * STEP <= TAIL;
    let end = end.min(sound.len());
    let r = correlation(&rest[..end], &sound[..end]);
    let begin = start.saturating_sub(lead);
    let heard_ms = ((end + start - begin) / 8) as u64;
    let whole = Heard { name: name.to_string(), at_ms: (begin / 8) as u64, heard_ms, full, r };
    (r > EXACT).then_some((start..start + end, whole))
}

/// The sample at which the sound begins, near `about`: each start is tried on every fourth sample, then the best on all.
fn align(heard: &[i16], about: usize, sound: &[i16]) -> Option<(usize, f64)> {
    let probe = &sound[..sound.len().min(PROBE_STEPS * STEP).min(2_400)];
    let best = |starts: &mut dyn Iterator<Item = usize>, stride: usize| {
        let likeness = |start: usize| {
            let window = heard.get(start..(start + probe.len()).min(heard.len()))?;
            (window.len() >= PROBE_STEPS_MIN * STEP).then(|| (start, strided(window, probe, stride)))
        };
        starts.filter_map(likeness).max_by(|(_, a), (_, b)| a.total_cmp(b))
    };
    let from = about.saturating_sub(2 * STEP);
    let (near, _) = best(&mut (from..about + 2 * STEP), 4)?;
    best(&mut (near.saturating_sub(3)..near + 4), 1)
}

fn strided(a: &[i16], b: &[i16], stride: usize) -> f64 {
    let (mut product, mut squares_a, mut squares_b) = (0i64, 0i64, 0i64);
    for (x, y) in a.iter().zip(b).step_by(stride) {
        let (x, y) = (i64::from(*x), i64::from(*y));
        product += x * y;
        squares_a += x * x;
        squares_b += y * y;
    }
    let norm = (squares_a as f64).sqrt() * (squares_b as f64).sqrt();
    if norm < 1.0 { 0.0 } else { product as f64 / norm }
}

fn correlation(a: &[i16], b: &[i16]) -> f64 {
    strided(a, b, 1)
}

fn power(samples: &[i16]) -> f64 {
    let sum: i64 = samples.iter().map(|sample| i64::from(*sample) * i64::from(*sample)).sum();
    sum as f64 / samples.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::g711;
    use crate::base::codec::G711;
    use crate::base::rng::Rng;

    /// Something like speech: syllables of 120 to 300 ms, each with its own tones and loudness, and pauses.
    fn speech(seed: u64, ms: usize) -> Vec<i16> {
        let mut rng = Rng::seeded(seed);
        let mut samples = Vec::new();
        while samples.len() < ms * 8 {
            let length = 960 + rng.below(1_440) as usize;
            let (pitch, formant) = (90.0 + rng.below(120) as f64, 400.0 + rng.below(1_800) as f64);
            let loud = 2_000.0 + rng.below(9_000) as f64;
            for n in 0..length {
                let turn = n as f64 / 8_000.0 * std::f64::consts::TAU;
                let shape = (std::f64::consts::PI * n as f64 / length as f64).sin();
                let wave = (turn * pitch).sin() + 0.6 * (turn * formant).sin();
                samples.push((loud * shape * wave / 1.6) as i16);
            }
            samples.extend(std::iter::repeat_n(0, rng.below(800) as usize));
        }
        samples.truncate(ms * 8);
        samples
    }

    fn through_g711(samples: &[i16]) -> Vec<i16> {
        g711::decode_all(G711::Alaw, &g711::encode_all(G711::Alaw, samples))
    }

    fn library(count: u64) -> Vec<(String, Vec<i16>)> {
        (0..count).map(|n| (format!("prompt-{n}"), speech(n + 1, 900 + 150 * n as usize))).collect()
    }

    fn names(heard: &[Heard]) -> Vec<(&str, u64, bool)> {
        heard.iter().map(|h| (h.name.as_str(), h.at_ms, h.full)).collect()
    }

    #[test]
    fn prompts_are_named_in_order_with_their_moment() {
        let known = library(20);
        let mut line = vec![0; 8 * 340];
        line.extend(&known[12].1);
        line.extend(vec![0; 8 * 260]);
        line.extend(&known[3].1);
        line.extend(&known[0].1);
        let heard = fingerprint(&through_g711(&line), &known);
        let (twelve, three) = (known[12].1.len() as u64 / 8, known[3].1.len() as u64 / 8);
        let third = 600 + twelve;
        let fourth = third + three;
        assert_eq!(
            names(&heard),
            [("prompt-12", 340, true), ("prompt-3", third, true), ("prompt-0", fourth, true)]
        );
        assert!(heard.iter().all(|h| h.r > 0.99), "{heard:?}");
    }

    #[test]
    fn a_prompt_cut_short_is_not_full() {
        let known = library(12);
        let mut line = vec![0; 777];
        line.extend(&known[10].1[..8 * 900]);
        line.extend(vec![0; 8 * 100]);
        line.extend(&known[4].1);
        let heard = fingerprint(&through_g711(&line), &known);
        assert_eq!(heard.len(), 2, "{heard:?}");
        assert_eq!((heard[0].name.as_str(), heard[0].full), ("prompt-10", false));
        assert!((700..=1_100).contains(&heard[0].heard_ms), "{heard:?}");
        assert_eq!((heard[1].name.as_str(), heard[1].full), ("prompt-4", true));
    }

    #[test]
    fn two_that_begin_alike_are_told_apart() {
        let words = speech(77, 1_500);
        let with = |end: u64| [words.clone(), speech(end, 1_200)].concat();
        let known = vec![("one".to_string(), with(5)), ("two".to_string(), with(6))];
        let heard = fingerprint(&through_g711(&known[1].1), &known);
        assert_eq!(names(&heard), [("two", 0, true)]);
    }

    #[test]
    fn strangers_silence_and_noise_are_nobody() {
        let known = library(12);
        assert_eq!(fingerprint(&through_g711(&speech(999, 8_000)), &known), []);
        assert_eq!(fingerprint(&[0; 40_000], &known), []);
        let mut rng = Rng::seeded(3);
        let noise: Vec<i16> = (0..40_000).map(|_| rng.below(8_000) as i16 - 4_000).collect();
        assert_eq!(fingerprint(&noise, &known), []);
        assert_eq!(fingerprint(&[], &known), []);
        assert_eq!(fingerprint(&noise, &[("empty".to_string(), vec![])]), []);
    }

    #[test]
    fn music_that_comes_again_is_heard_again() {
        let known = library(3);
        let line: Vec<i16> = known[2].1.iter().cycle().take(known[2].1.len() * 3).copied().collect();
        let heard = fingerprint(&through_g711(&line), &known);
        assert_eq!(heard.iter().filter(|h| h.name == "prompt-2" && h.full).count(), 3, "{heard:?}");
    }
}

//! How loud a recording is to the ear (EBU R 128: ITU-R BS.1770-4 K-weighting, blocks of 400 ms, gates at -70 LUFS and
//! -10 LU), its true peak, and the gain that brings it to the level of all prompts.
//!
//! `ebur128` measures; nothing else knows it. This room does not compress: a recording whose peaks stand far above its
//! speech stays softer than the target rather than being bent.

use ebur128::{EbuR128, Mode};

use super::RATE_HZ;

/// Speech: the level of all that is shipped (`tests/house/speech.rs`). Telephone networks expect active speech at about -20 dBm0
/// (ITU-T P.56, G.111), which lies near -20 LUFS at the two-wire level of G.711; broadcast's -23 is faint on a mobile.
pub const SPEECH_LUFS: f64 = -20.0;
/// Music lies a little below the voice that speaks into it.
pub(crate) const MUSIC_LUFS: f64 = -22.0;
/// True peaks stay under this: G.711 and the resampling of a mobile network add overshoot.
pub(crate) const PEAK_DBTP_MAX: f64 = -3.0;
/// Nobody hears a smaller difference between two prompts; a recording so near keeps its octets bit for bit.
const UNHEARD_LU: f64 = 0.5;

/// A measurement.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Loudness {
    /// Integrated loudness; none when all is silence, or shorter than one block of 400 ms.
    pub(crate) integrated_lufs: Option<f64>,
    /// The highest point of the curve between the samples; none in digital silence.
    pub(crate) true_peak_dbtp: Option<f64>,
}

/// Measures recordings as if they were heard one after another: of the words of a bank, each shorter than a block, only the
/// whole has a loudness.
pub(crate) struct Meter {
    /// None if the library refuses our rate, which it does not.
    meter: Option<EbuR128>,
}

impl Default for Meter {
    fn default() -> Self {
        Self { meter: EbuR128::new(1, RATE_HZ, Mode::I | Mode::TRUE_PEAK).ok() }
    }
}

impl Meter {
    /// Hears these samples next, 8,000 a second.
    pub(crate) fn hear(&mut self, samples: &[i16]) {
        if let Some(meter) = &mut self.meter {
            // It only refuses samples that do not fill its channels; one channel is always full.
            let _ = meter.add_frames_i16(samples);
        }
    }

    /// What it has heard.
    pub(crate) fn loudness(&self) -> Loudness {
        let finite = |level: f64| Some(level).filter(|level| level.is_finite());
        let meter = self.meter.as_ref();
        Loudness {
            integrated_lufs: meter.and_then(|meter| meter.loudness_global().ok()).and_then(finite),
            true_peak_dbtp: meter
                .and_then(|meter| meter.true_peak(0).ok())
                .and_then(|peak| finite(20.0 * peak.log10())),
        }
    }
}

impl Loudness {
    /// The decibels that bring it to a target, fewer where a peak would rise above [`PEAK_DBTP_MAX`]; none when it need not,
    /// or cannot, be brought there.
    pub fn gain_to(self, target_lufs: f64) -> Option<f64> {
        let (level, peak) = (self.integrated_lufs?, self.true_peak_dbtp?);
        let gain = (target_lufs - level).min(PEAK_DBTP_MAX - peak);
        Some(gain).filter(|gain| gain.abs() > UNHEARD_LU)
    }
}

/// Measures one recording.
pub fn measure(samples: &[i16]) -> Loudness {
    let mut meter = Meter::default();
    meter.hear(samples);
    meter.loudness()
}

/// Samples louder by so many decibels.
pub fn amplified(samples: &[i16], gain_db: f64) -> Vec<i16> {
    let factor = 10_f64.powf(gain_db / 20.0);
    // `as` saturates.
    samples.iter().map(|sample| (f64::from(*sample) * factor).round() as i16).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::tone;
    use crate::base::time::Duration;

    fn sine(hz: f64, seconds: u64, peak_dbfs: f64) -> Vec<i16> {
        tone::tone(&[hz], Duration::from_secs(seconds), peak_dbfs)
    }

    fn lufs(samples: &[i16]) -> f64 {
        measure(samples).integrated_lufs.unwrap()
    }

    /// Parts of EBU Tech 3341 that one channel at 8 kHz can hold. There, a stereo sine at -23 dBFS measures -23.0 LUFS; one
    /// channel of it has half the power, 3.01 dB less.
    #[test]
    fn a_sine_of_a_kilohertz_measures_as_the_standard_says() {
        assert!((lufs(&sine(1_000.0, 20, -23.0)) + 26.01).abs() < 0.1, "{}", lufs(&sine(1_000.0, 20, -23.0)));
        assert!((lufs(&sine(1_000.0, 20, -33.0)) + 36.01).abs() < 0.1);
        assert!((lufs(&sine(1_000.0, 20, 0.0)) + 3.01).abs() < 0.1);
    }

    #[test]
    fn the_ear_hears_little_of_low_notes() {
        // The high-pass of BS.1770 takes 60 Hz down by some 3 dB and more below.
        let (low, middle) = (lufs(&sine(40.0, 5, -20.0)), lufs(&sine(1_000.0, 5, -20.0)));
        assert!(middle - low > 4.0, "{low} {middle}");
    }

    #[test]
    fn silence_and_soft_passages_do_not_count() {
        // EBU Tech 3341 case 3: 10 s at -36, 60 s at -23, 10 s at -36 dBFS. The relative gate leaves only the middle.
        let mut samples = sine(1_000.0, 10, -36.0);
        samples.extend(sine(1_000.0, 60, -23.0));
        samples.extend(sine(1_000.0, 10, -36.0));
        assert!((lufs(&samples) + 26.01).abs() < 0.1, "{}", lufs(&samples));
        // Case 4: with 10 s at -72 dBFS around, which the absolute gate leaves out.
        let mut framed = sine(1_000.0, 10, -72.0);
        framed.extend(&samples);
        framed.extend(sine(1_000.0, 10, -72.0));
        assert!((lufs(&framed) + 26.01).abs() < 0.1, "{}", lufs(&framed));
        // Case 5: 20 s at -26, 20.1 s at -20, 20 s at -26 dBFS: all counts, -23 in two channels.
        let mut three = sine(1_000.0, 20, -26.0);
        three.extend(&sine(1_000.0, 21, -20.0)[..8_000 * 201 / 10]);
        three.extend(sine(1_000.0, 20, -26.0));
        assert!((lufs(&three) + 26.01).abs() < 0.1, "{}", lufs(&three));
    }

    #[test]
    fn what_has_no_loudness_says_so() {
        assert_eq!(measure(&[]), Loudness { integrated_lufs: None, true_peak_dbtp: None });
        assert_eq!(measure(&[0; 80_000]), Loudness { integrated_lufs: None, true_peak_dbtp: None });
        let short = measure(&sine(1_000.0, 1, -20.0)[..3_000]);
        assert!(short.integrated_lufs.is_none() && short.true_peak_dbtp.is_some());
        assert_eq!(short.gain_to(SPEECH_LUFS), None);
        // Many short ones have.
        let mut meter = Meter::default();
        for _ in 0..10 {
            meter.hear(&sine(1_000.0, 1, -20.0)[..3_000]);
        }
        assert!((meter.loudness().integrated_lufs.unwrap() + 23.0).abs() < 0.2);
    }

    #[test]
    fn the_true_peak_lies_between_the_samples() {
        // EBU Tech 3341 case 15 and on: a quarter of the rate, 45 degrees off: samples at 0.707 of the crest, 3 dB under it.
        let samples: Vec<i16> = (0..8_000_i32)
            .map(|n| {
                let angle = f64::from(n) * std::f64::consts::FRAC_PI_2 + std::f64::consts::FRAC_PI_4;
                (16_384.0 * angle.sin()).round() as i16
            })
            .collect();
        let highest = samples.iter().map(|sample| sample.unsigned_abs()).max().unwrap();
        assert_eq!(highest, 11_585);
        let peak = measure(&samples).true_peak_dbtp.unwrap();
        assert!((-6.4..-5.7).contains(&peak), "{peak}");
    }

    #[test]
    fn a_gain_brings_to_the_target_but_never_over_the_peak() {
        let soft = sine(1_000.0, 5, -30.0);
        let gain = measure(&soft).gain_to(SPEECH_LUFS).unwrap();
        assert!((lufs(&amplified(&soft, gain)) - SPEECH_LUFS).abs() < 0.1);
        // One click stands at -6: no more than 3 dB can be had.
        let mut clicked = soft.clone();
        clicked[20_000] = 16_384;
        let gain = measure(&clicked).gain_to(SPEECH_LUFS).unwrap();
        assert!((2.0..3.2).contains(&gain), "{gain}");
        let peak = measure(&amplified(&clicked, gain)).true_peak_dbtp.unwrap();
        assert!(peak <= PEAK_DBTP_MAX + 0.1, "{peak}");
        // Near enough is left alone; too loud is brought down.
        let near = amplified(&soft, 13.1);
        assert!(
            measure(&near).gain_to(SPEECH_LUFS).is_none_or(|gain| gain.abs() > 0.4),
            "{:?}",
            measure(&near)
        );
        assert!(measure(&sine(1_000.0, 5, -1.0)).gain_to(SPEECH_LUFS).unwrap() < -15.0);
        assert_eq!(amplified(&[30_000, -30_000], 6.0), [i16::MAX, i16::MIN]);
    }
}

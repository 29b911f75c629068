//! Any rate to 8,000 samples a second, through `rubato`, piece by piece so that the length of a file costs no memory.
//!
//! The filter passes what a telephone passes (3,400 Hz) and has nothing left above 4,000 Hz that could fold back; its delay is
//! taken off, so that a sound keeps its length and its beginning.

use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{
    Async, FixedAsync, Resampler as _, SincInterpolationParameters, SincInterpolationType, WindowFunction,
    calculate_cutoff,
};

use super::RATE_HZ;

/// The rates that we take: telephone sets to studios.
pub(crate) const RATES_HZ: std::ops::RangeInclusive<u32> = 4_000..=192_000;

/// Length of the filter in samples of the lower rate: the shortest that falls from 3,400 to 4,000 Hz.
const TAPS: usize = 64;
/// Side lobes at -92 dB, far below what G.711 can carry (38 dB), with the steepest fall for its length.
const WINDOW: WindowFunction = WindowFunction::BlackmanHarris;
/// Points between two samples at which the filter is known; straight lines between them err by less than -90 dB.
const OVERSAMPLING: usize = 128;
const CHUNK: usize = 1_024;

/// One stream on its way to 8,000 samples a second.
pub(crate) struct Resampler {
    rate_hz: u32,
    /// Nothing to do if the rate is right already: samples pass unchanged.
    sinc: Option<Box<Sinc>>,
    taken: u64,
    out: Vec<i16>,
}

struct Sinc {
    filter: Async<f32>,
    pending: Vec<f32>,
    output: Vec<f32>,
    /// What is still to be dropped: the filter's delay.
    delay: usize,
}

impl Resampler {
    /// A stream that comes at `rate_hz`; `None` if that is not one of [`RATES_HZ`].
    pub(crate) fn new(rate_hz: u32) -> Option<Self> {
        if !RATES_HZ.contains(&rate_hz) {
            return None;
        }
        let sinc = if rate_hz == RATE_HZ { None } else { Some(Box::new(Sinc::new(rate_hz)?)) };
        Some(Self { rate_hz, sinc, taken: 0, out: Vec::new() })
    }

    /// Takes a sample, full scale ±1.
    pub(crate) fn push(&mut self, sample: f32) {
        self.taken += 1;
        match &mut self.sinc {
            None => self.out.push(to_i16(sample)),
            Some(sinc) => {
                sinc.pending.push(sample);
                if sinc.pending.len() == CHUNK {
                    sinc.process(&mut self.out);
                }
            }
        }
    }

    /// How many samples of 8,000 a second have been taken so far, rounded up.
    pub(crate) fn frames(&self) -> u64 {
        (self.taken * u64::from(RATE_HZ)).div_ceil(u64::from(self.rate_hz))
    }

    /// The whole stream.
    pub(crate) fn finish(mut self) -> Vec<i16> {
        let length = usize::try_from(self.frames()).unwrap_or(usize::MAX);
        if let Some(sinc) = &mut self.sinc {
            // Silence pushes out what the filter still holds; it holds less than its own length.
            let flushes = 2 + (sinc.filter.output_delay() + length).saturating_sub(self.out.len());
            for _ in 0..flushes {
                if self.out.len() >= length {
                    break;
                }
                sinc.process(&mut self.out);
            }
        }
        self.out.resize(length, 0);
        self.out
    }
}

impl Sinc {
    fn new(rate_hz: u32) -> Option<Self> {
        let ratio = f64::from(RATE_HZ) / f64::from(rate_hz);
        let times = rate_hz.div_ceil(RATE_HZ) as usize;
        let parameters = SincInterpolationParameters {
            sinc_len: TAPS * times,
            f_cutoff: Some(calculate_cutoff(TAPS, WINDOW)),
            oversampling_factor: OVERSAMPLING,
            interpolation: SincInterpolationType::Linear,
            window: WINDOW,
        };
        let filter = Async::new_sinc(ratio, 1.0, &parameters, CHUNK, 1, FixedAsync::Input).ok()?;
        let output = vec![0.0; filter.output_frames_max()];
        let delay = filter.output_delay();
        Some(Self { filter, pending: Vec::with_capacity(CHUNK), output, delay })
    }

    /// One chunk through the filter, filled up with silence.
    fn process(&mut self, out: &mut Vec<i16>) {
        self.pending.resize(CHUNK, 0.0);
        let frames = self.output.len();
        let written = match (
            InterleavedSlice::new(&self.pending, 1, CHUNK),
            InterleavedSlice::new_mut(&mut self.output, 1, frames),
        ) {
            (Ok(input), Ok(mut output)) => self.filter.process_into_buffer(&input, &mut output, None),
            _ => return,
        };
        self.pending.clear();
        // The buffers have the sizes that the filter asked for: it has nothing to complain of.
        let Ok((_, written)) = written else { return };
        let dropped = self.delay.min(written);
        self.delay -= dropped;
        out.extend(self.output[dropped..written].iter().map(|sample| to_i16(*sample)));
    }
}

/// A sample of ±1 as 16 bit; a 16-bit sample that was divided by 32,768 comes back as it was.
pub(crate) fn to_i16(sample: f32) -> i16 {
    // `as` saturates, and takes what is not a number for 0.
    (sample * 32_768.0).round() as i16
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::goertzel;

    fn resampled(rate_hz: u32, frequency_hz: f64, samples: usize) -> Vec<i16> {
        let mut resampler = Resampler::new(rate_hz).unwrap();
        for n in 0..samples {
            let phase = n as f64 * frequency_hz * std::f64::consts::TAU / f64::from(rate_hz);
            resampler.push((0.5 * phase.sin()) as f32);
        }
        resampler.finish()
    }

    fn decibels(ratio: f64) -> f64 {
        10.0 * ratio.log10()
    }

    /// The middle of a sound, where the filter has all it needs on both sides.
    fn middle(samples: &[i16]) -> &[i16] {
        &samples[400..samples.len() - 400]
    }

    #[test]
    fn a_tone_keeps_its_pitch_its_level_and_its_length() {
        for rate in [8_000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000, 4_000] {
            let sound = resampled(rate, 1_000.0, rate as usize / 2);
            assert!(sound.len().abs_diff(4_000) <= 1, "{rate} Hz gave {} samples", sound.len());
            let (tone, whole) = (goertzel::power(middle(&sound), 1_000.0), goertzel::total(middle(&sound)));
            let noise = decibels(tone / (whole - tone).max(1e-12));
            assert!(noise > 60.0, "{rate} Hz: {noise:.1} dB above the noise");
            let level = decibels(whole / 0.125);
            assert!(level.abs() < 0.1, "{rate} Hz: level changed by {level:.2} dB");
        }
    }

    #[test]
    fn what_a_telephone_passes_passes_and_what_would_fold_back_does_not() {
        for rate in [16_000, 44_100, 48_000] {
            for (frequency, least, most) in
                [(300.0, -0.5, 0.5), (3_400.0, -3.5, 0.5), (4_600.0, -200.0, -60.0), (6_000.0, -200.0, -60.0)]
            {
                let sound = resampled(rate, frequency, rate as usize / 2);
                let level = decibels(goertzel::total(middle(&sound)).max(1e-12) / 0.125);
                assert!((least..=most).contains(&level), "{frequency} Hz at {rate}: {level:.1} dB");
            }
        }
    }

    #[test]
    fn nothing_is_moved_in_time() {
        // A click in the middle of a second stays in the middle.
        for rate in [16_000_u32, 44_100, 48_000] {
            let mut resampler = Resampler::new(rate).unwrap();
            for n in 0..rate {
                resampler.push(if n == rate / 2 { 0.9 } else { 0.0 });
            }
            let sound = resampler.finish();
            let loudest = (0..sound.len()).max_by_key(|n| sound[*n].unsigned_abs()).unwrap();
            assert!(loudest.abs_diff(4_000) <= 1, "{rate} Hz: the click is at {loudest}");
        }
    }

    #[test]
    fn short_and_odd_streams_have_their_length() {
        for (rate, samples, length) in
            [(48_000, 0, 0), (48_000, 1, 1), (48_000, 6, 1), (44_100, 1_024, 186), (16_000, 2_049, 1_025)]
        {
            assert_eq!(resampled(rate, 440.0, samples).len(), length, "{samples} at {rate}");
        }
        assert!(Resampler::new(3_999).is_none() && Resampler::new(192_001).is_none());
    }

    #[test]
    fn samples_at_our_rate_pass_unchanged() {
        let mut resampler = Resampler::new(RATE_HZ).unwrap();
        for sample in i16::MIN..=i16::MAX {
            resampler.push(f32::from(sample) / 32_768.0);
        }
        assert!(resampler.finish().into_iter().eq(i16::MIN..=i16::MAX));
        assert_eq!((to_i16(2.0), to_i16(-2.0), to_i16(f32::NAN)), (i16::MAX, i16::MIN, 0));
    }
}

//! Samples as a file has them, interleaved and at its rate, to one channel of 8,000 a second, up to the longest that we take.

use super::RATE_HZ;
use super::decode::SoundError;
use super::resample::Resampler;
use crate::base::limit::{AUDIO_CHANNELS_MAX, PROMPT_DURATION_MAX};

/// What reads a file pushes its samples in here.
pub(crate) struct Intake {
    channels: usize,
    /// The channels of the frame that is coming in: how many, and their sum.
    taken: usize,
    sum: f32,
    resampler: Resampler,
    /// Samples that may come out.
    most: u64,
}

impl Intake {
    /// For a file with this rate and this many channels.
    ///
    /// # Errors
    /// [`SoundError::Rate`] or [`SoundError::Channels`] if we do not take it.
    pub(crate) fn new(rate_hz: u32, channels: usize) -> Result<Self, SoundError> {
        if !(1..=AUDIO_CHANNELS_MAX).contains(&channels) {
            return Err(SoundError::Channels(channels));
        }
        let resampler = Resampler::new(rate_hz).ok_or(SoundError::Rate(rate_hz))?;
        let most = PROMPT_DURATION_MAX.as_secs() * u64::from(RATE_HZ);
        Ok(Self { channels, taken: 0, sum: 0.0, resampler, most })
    }

    /// Takes one sample, full scale ±1, of the channel whose turn it is.
    ///
    /// # Errors
    /// [`SoundError::TooLong`] past `PROMPT_DURATION_MAX`.
    pub(crate) fn push(&mut self, sample: f32) -> Result<(), SoundError> {
        // Floating point files may hold anything; what is not a number would stay in the filter for ever.
        self.sum += if sample.is_finite() { sample.clamp(-8.0, 8.0) } else { 0.0 };
        self.taken += 1;
        if self.taken < self.channels {
            return Ok(());
        }
        self.resampler.push(self.sum / self.channels as f32);
        (self.taken, self.sum) = (0, 0.0);
        if self.resampler.frames() > self.most {
            return Err(SoundError::TooLong);
        }
        Ok(())
    }

    /// All that came in.
    ///
    /// # Errors
    /// [`SoundError::NoSound`] if that is nothing.
    pub(crate) fn finish(self) -> Result<Vec<i16>, SoundError> {
        let samples = self.resampler.finish();
        if samples.is_empty() { Err(SoundError::NoSound) } else { Ok(samples) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channels_are_mixed_and_numbers_that_are_none_are_silence() {
        let mut intake = Intake::new(8_000, 2).unwrap();
        for sample in [0.5, 0.25, f32::NAN, 0.5, 1.0, f32::INFINITY, 0.75] {
            intake.push(sample).unwrap();
        }
        // The last frame is not whole.
        assert_eq!(intake.finish().unwrap(), [12_288, 8_192, 16_384]);
    }

    #[test]
    fn what_we_do_not_take_is_refused() {
        assert_eq!(Intake::new(8_000, 0).err(), Some(SoundError::Channels(0)));
        assert_eq!(Intake::new(8_000, 33).err(), Some(SoundError::Channels(33)));
        assert_eq!(Intake::new(0, 1).err(), Some(SoundError::Rate(0)));
        assert_eq!(Intake::new(8_000, 1).unwrap().finish(), Err(SoundError::NoSound));
    }

    #[test]
    fn the_longest_is_an_hour() {
        let mut intake = Intake::new(16_000, 2).unwrap();
        assert_eq!(intake.most, 3_600 * 8_000);
        intake.most = 800;
        let taken = (0..).take_while(|_| intake.push(0.0).is_ok()).count();
        // A tenth of a second of two channels, and the first half of one frame more.
        assert_eq!(taken, 3_201);
    }
}

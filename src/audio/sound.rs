//! A sound ready to be sent: encoded once, in both codecs of G.711, shared by all calls that play it.

use std::borrow::Cow;
use std::sync::Arc;

use super::decode::{Decoded, decode};
use super::{g711, inspect, loudness, tone};
use crate::base::codec::G711;
use crate::base::time::Duration;

pub(crate) use super::decode::SoundError;

/// How loud a sound is to be.
#[derive(Copy, Clone, Debug, PartialEq)]
pub(crate) enum Level {
    /// At this loudness, as far as its peaks allow.
    Lufs(f64),
    /// Changed by so many decibels: words of a bank, which keep their differences.
    Gain(f64),
}

/// 8,000 samples a second, mono, as payload octets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sound {
    /// A-law octets, one a sample.
    pub(crate) alaw: Arc<[u8]>,
    /// mu-law octets, one a sample.
    pub(crate) ulaw: Arc<[u8]>,
}

impl Sound {
    /// Decodes a file (WAV of any kind, MP3, Ogg Vorbis) and encodes it for the wire. `name` is the file's, for its extension.
    ///
    /// A file of A-law or mu-law, 8,000 Hz, mono, keeps its octets bit for bit in that law.
    ///
    /// # Errors
    /// [`SoundError`], in the operator's words.
    pub fn load(file: &[u8], name: &str) -> Result<Self, SoundError> {
        Ok(match decode(file, name)? {
            Decoded::Samples(samples) => Self::from_samples(&samples),
            Decoded::Octets(law, octets) => Self::from_octets(law, octets),
        })
    }

    /// [`Sound::load`], brought to a loudness. A file of a law that is near enough keeps its octets.
    ///
    /// # Errors
    /// [`SoundError`], in the operator's words.
    pub(crate) fn load_at(file: &[u8], name: &str, level: Level) -> Result<Self, SoundError> {
        let decoded = decode(file, name)?;
        let samples = match &decoded {
            Decoded::Samples(samples) => Cow::Borrowed(samples),
            Decoded::Octets(law, octets) => Cow::Owned(g711::decode_all(*law, octets)),
        };
        let gain = match level {
            Level::Lufs(target) => loudness::measure(&samples).gain_to(target),
            Level::Gain(decibels) => Some(decibels),
        };
        let changed = gain.map(|gain| Self::from_samples(&loudness::amplified(&samples, gain)));
        Ok(match (changed, decoded) {
            (Some(changed), _) => changed,
            (None, Decoded::Samples(samples)) => Self::from_samples(&samples),
            (None, Decoded::Octets(law, octets)) => Self::from_octets(law, octets),
        })
    }

    /// Encodes samples, 8,000 a second, in both laws.
    pub(crate) fn from_samples(samples: &[i16]) -> Self {
        let encoded = |law| g711::encode_all(law, samples).into();
        Self { alaw: encoded(G711::Alaw), ulaw: encoded(G711::Ulaw) }
    }

    /// Without the silence at its ends, but for a breath of it: what a command has spoken begins and ends when it pleases.
    pub(crate) fn trimmed(self) -> Self {
        let kept = inspect::without_silence(&self.samples(G711::Ulaw));
        match kept {
            Some(kept) => Self { alaw: self.alaw[kept.clone()].into(), ulaw: self.ulaw[kept].into() },
            None => self,
        }
    }

    /// Takes octets of one law as they are and makes those of the other.
    pub(crate) fn from_octets(law: G711, octets: Vec<u8>) -> Self {
        let mut other = octets.clone();
        match law {
            G711::Alaw => {
                g711::transcode(G711::Alaw, G711::Ulaw, &mut other);
                Self { alaw: octets.into(), ulaw: other.into() }
            }
            G711::Ulaw => {
                g711::transcode(G711::Ulaw, G711::Alaw, &mut other);
                Self { alaw: other.into(), ulaw: octets.into() }
            }
        }
    }

    /// Silence.
    pub fn silence(duration: Duration) -> Self {
        let octets = |law| vec![g711::silence(law); tone::samples(duration)].into();
        Self { alaw: octets(G711::Alaw), ulaw: octets(G711::Ulaw) }
    }

    /// The payload in one law.
    pub(crate) fn octets(&self, law: G711) -> &Arc<[u8]> {
        match law {
            G711::Alaw => &self.alaw,
            G711::Ulaw => &self.ulaw,
        }
    }

    /// What is heard when it is played in one law.
    pub(crate) fn samples(&self, law: G711) -> Vec<i16> {
        g711::decode_all(law, self.octets(law))
    }

    /// How long it lasts.
    pub fn duration(&self) -> Duration {
        Duration::from_micros(self.alaw.len() as u64 * 125)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::wav;
    use crate::audio::wav::tests::{format, riff};
    use crate::audio::{correlate, goertzel};

    #[test]
    fn a_wav_is_encoded_sample_by_sample_in_both_laws() {
        let beep = tone::beep();
        let sound = Sound::load(&wav::to_file(&beep).unwrap(), "beep.wav").unwrap();
        assert_eq!(sound, Sound::from_samples(&beep));
        assert_eq!(sound.duration(), Duration::from_millis(400));
        for law in G711::PREFERRED {
            assert_eq!(sound.octets(law)[..], g711::encode_all(law, &beep)[..]);
            let heard = correlate::best_match(&sound.samples(law), &beep).unwrap();
            assert!(heard.lag == 0 && heard.r > 0.999, "{law:?}: {heard:?}");
        }
    }

    #[test]
    fn octets_of_a_law_reach_the_wire_bit_for_bit() {
        let octets: Vec<u8> = (0..=255).cycle().take(1_000).collect();
        let file = |tag| riff(&[(b"fmt ", &format(tag, 1, 8_000)), (b"data", &octets)]);
        let alaw = Sound::load(&file(6), "a.wav").unwrap();
        let ulaw = Sound::load(&file(7), "u.wav").unwrap();
        assert_eq!((&alaw.alaw[..], &ulaw.ulaw[..]), (&octets[..], &octets[..]));
        assert_eq!((alaw.ulaw.len(), ulaw.alaw.len()), (1_000, 1_000));
    }

    #[test]
    fn a_studio_file_becomes_a_telephone_sound() {
        // Two channels at 44,100 Hz, A-law for brevity: one has 1,000 Hz, the other nothing.
        let tone =
            |n: usize| (8_000.0 * (n as f64 * 1_000.0 * std::f64::consts::TAU / 44_100.0).sin()) as i16;
        let data: Vec<u8> =
            (0..22_050).flat_map(|n| [g711::encode(G711::Alaw, tone(n)), g711::SILENCE_ALAW]).collect();
        let sound =
            Sound::load(&riff(&[(b"fmt ", &format(6, 2, 44_100)), (b"data", &data)]), "s.wav").unwrap();
        assert_eq!(sound.duration(), Duration::from_millis(500));
        assert!(goertzel::share(&sound.samples(G711::Ulaw)[400..3_600], 1_000.0) > 0.99);
    }

    #[test]
    fn sounds_are_brought_to_one_level_and_near_ones_keep_their_octets() {
        let level = |sound: &Sound| loudness::measure(&sound.samples(G711::Alaw)).integrated_lufs.unwrap();
        let tone_at = |peak| tone::tone(&[500.0], Duration::from_secs(2), peak);
        for peak in [-40.0, -25.0, -6.0] {
            let file = wav::to_file(&tone_at(peak)).unwrap();
            let sound = Sound::load_at(&file, "t.wav", Level::Lufs(loudness::SPEECH_LUFS)).unwrap();
            assert!((level(&sound) - loudness::SPEECH_LUFS).abs() < 0.3, "{peak}: {}", level(&sound));
        }
        let octets = g711::encode_all(G711::Alaw, &tone_at(-17.0));
        let file = riff(&[(b"fmt ", &format(6, 1, 8_000)), (b"data", &octets)]);
        let sound = Sound::load_at(&file, "a.wav", Level::Lufs(loudness::SPEECH_LUFS)).unwrap();
        assert_eq!(sound.alaw[..], octets[..]);
    }

    #[test]
    fn silence_is_silent() {
        let sound = Sound::silence(Duration::from_millis(20));
        assert_eq!((&sound.alaw[..], &sound.ulaw[..]), (&[0xD5; 160][..], &[0xFF; 160][..]));
        assert_eq!(Sound::load(b"", "a.wav"), Err(SoundError::Empty));
    }
}

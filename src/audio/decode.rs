//! Any sound file to samples: WAV by our own doors, and what they refuse (odd chunks, 64-bit floats, ADPCM, MP3, Ogg Vorbis) by
//! `symphonia`. Says in the operator's words why a file is no prompt.

use std::fmt;
use std::io::Cursor;

use symphonia::core::codecs::audio::{AudioDecoder, AudioDecoderOptions};
use symphonia::core::errors::Error;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, TrackType};
use symphonia::core::io::MediaSourceStream;
use symphonia::core::meta::MetadataOptions;

use super::RATE_HZ;
use super::intake::Intake;
use super::wav;
use crate::base::codec::G711;
use crate::base::limit::{AUDIO_BAD_PACKETS_MAX, PROMPT_BYTES_MAX};

/// Why a file cannot be played.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum SoundError {
    /// No octet in it.
    Empty,
    /// More than `PROMPT_BYTES_MAX`.
    TooLarge,
    /// It lasts longer than `PROMPT_DURATION_MAX`.
    TooLong,
    /// Words, not sound.
    Text,
    /// Nothing that we know as sound.
    NotAudio,
    /// Sound that we have no decoder for: its name.
    Unsupported(&'static str),
    /// A sample rate that we do not take.
    Rate(u32),
    /// A number of channels that we do not take.
    Channels(usize),
    /// A sound file whose contents make no sense.
    Damaged,
    /// A sound file without a single sample.
    NoSound,
}

impl fmt::Display for SoundError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the file is empty"),
            Self::TooLarge => write!(f, "the file is larger than {} MB", PROMPT_BYTES_MAX / (1_024 * 1_024)),
            Self::TooLong => f.write_str("the sound lasts longer than an hour"),
            Self::Text => f.write_str("the file is a text, not a sound"),
            Self::NotAudio => f.write_str("the file is not a sound that svi knows (WAV, MP3, Ogg Vorbis)"),
            Self::Unsupported(what) => {
                write!(f, "{what} is not supported: convert it to WAV, 8,000 Hz, mono")
            }
            Self::Rate(rate) => write!(f, "a sample rate of {rate} Hz is not supported (4,000 to 192,000)"),
            Self::Channels(channels) => write!(f, "a sound of {channels} channels is not supported"),
            Self::Damaged => f.write_str("the file is damaged"),
            Self::NoSound => f.write_str("the file holds no sound"),
        }
    }
}

impl std::error::Error for SoundError {}

/// What is in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decoded {
    /// Octets of G.711, 8,000 a second, one channel: they go on the wire as they are.
    Octets(G711, Vec<u8>),
    /// Samples, 8,000 a second, one channel. A file that has just these has them unchanged.
    Samples(Vec<i16>),
}

/// Decodes a file. `name` helps to tell what it is (`.mp3`).
///
/// # Errors
/// [`SoundError`]; whatever the octets are, never a panic.
pub fn decode(file: &[u8], name: &str) -> Result<Decoded, SoundError> {
    if file.is_empty() {
        return Err(SoundError::Empty);
    }
    if file.len() > PROMPT_BYTES_MAX {
        return Err(SoundError::TooLarge);
    }
    if let Some(what) = unsupported(file) {
        return Err(SoundError::Unsupported(what));
    }
    if let Some(found) = wav::law(file) {
        if found.octets.is_empty() {
            return Err(SoundError::NoSound);
        }
        if found.rate_hz == RATE_HZ && found.channels == 1 {
            return Ok(Decoded::Octets(found.law, found.octets.to_vec()));
        }
        return wav::law_samples(&found).map(Decoded::Samples);
    }
    // What stands beside the sound is not ours to read, and has made good files unreadable.
    let bare = wav::bare(file);
    let file = bare.as_deref().unwrap_or(file);
    match wav::linear(file) {
        // `hound` opens some files whose samples it then cannot read (floats of 64 bit).
        Some(Err(SoundError::NoSound)) => {
            other(file, name).map_err(|_| SoundError::NoSound).map(Decoded::Samples)
        }
        Some(samples) => samples.map(Decoded::Samples),
        None if is_text(file) => Err(SoundError::Text),
        None => other(file, name).map(Decoded::Samples),
    }
}

/// What `symphonia` makes of a file.
fn other(file: &[u8], name: &str) -> Result<Vec<i16>, SoundError> {
    // It adds and shifts what headers say; with the overflow checks of our builds a hostile header makes it panic. It owns
    // nothing of ours, so that all of it can be dropped, and the file is refused.
    std::panic::catch_unwind(|| symphonia(file, name)).unwrap_or(Err(SoundError::Damaged))
}

/// Formats that people have and we do not read, by their first octets.
fn unsupported(file: &[u8]) -> Option<&'static str> {
    let at = |from: usize, magic: &[u8]| file.get(from..from + magic.len()) == Some(magic);
    match file {
        _ if at(0, b"RF64") => Some("RF64 (a WAV of more than 4 GB)"),
        _ if at(0, b"fLaC") => Some("FLAC"),
        _ if at(0, b"OggS") && at(28, b"OpusHead") => Some("Opus"),
        _ if at(0, b"OggS") && at(28, b"Speex") => Some("Speex"),
        _ if at(4, b"ftyp") => Some("M4A or MP4 (AAC)"),
        _ if at(0, b"FORM") && at(8, b"AIF") => Some("AIFF"),
        _ if at(0, b"#!AMR") => Some("AMR"),
        _ if at(0, b".snd") => Some("AU"),
        _ if at(8, b"WAVEfmt ") && at(20, &[0x31, 0]) => Some("GSM in a WAV"),
        _ => None,
    }
}

/// A file that begins as words do. Sound has zeroes and octets that are no UTF-8 within a few hundred octets.
fn is_text(file: &[u8]) -> bool {
    let start = &file[..file.len().min(512)];
    let words = match std::str::from_utf8(start) {
        Ok(text) => text,
        // The last letter may have been cut in two.
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&start[..error.valid_up_to()]).unwrap_or("")
        }
        Err(_) => return false,
    };
    !words.is_empty() && words.chars().all(|c| !c.is_control() || c.is_ascii_whitespace())
}

fn symphonia(file: &[u8], name: &str) -> Result<Vec<i16>, SoundError> {
    let mut hint = Hint::new();
    if let Some((_, extension)) = name.rsplit_once('.') {
        hint.with_extension(extension);
    }
    let stream = MediaSourceStream::new(Box::new(Cursor::new(file)), Default::default());
    let mut reader = symphonia::default::get_probe()
        .probe(&hint, stream, FormatOptions::default(), MetadataOptions::default())
        .map_err(|_| if file.starts_with(b"RIFF") { SoundError::Damaged } else { SoundError::NotAudio })?;
    let track = reader.default_track(TrackType::Audio).ok_or(SoundError::NotAudio)?;
    let parameters = track.codec_params.as_ref().and_then(|parameters| parameters.audio());
    let parameters = parameters.ok_or(SoundError::NotAudio)?;
    let mut decoder = symphonia::default::get_codecs()
        .make_audio_decoder(parameters, &AudioDecoderOptions::default())
        .map_err(|_| SoundError::Unsupported("the codec of this file"))?;
    let track = track.id;
    samples(reader.as_mut(), decoder.as_mut(), track)
}

fn samples(
    reader: &mut dyn FormatReader,
    decoder: &mut dyn AudioDecoder,
    track: u32,
) -> Result<Vec<i16>, SoundError> {
    let mut intake: Option<(u32, usize, Intake)> = None;
    let mut interleaved: Vec<f32> = Vec::new();
    let mut bad = 0;
    // A stream that breaks off, or that begins another (chained Ogg), is taken as far as it goes.
    while let Ok(Some(packet)) = reader.next_packet() {
        if packet.track_id != track {
            continue;
        }
        let buffer = match decoder.decode(&packet) {
            Ok(buffer) => buffer,
            Err(Error::DecodeError(_) | Error::IoError(_)) => {
                bad += 1;
                if bad > AUDIO_BAD_PACKETS_MAX {
                    return Err(SoundError::Damaged);
                }
                continue;
            }
            Err(_) => break,
        };
        let (rate, channels) = (buffer.spec().rate(), buffer.spec().channels().count());
        if intake.is_none() {
            intake = Some((rate, channels, Intake::new(rate, channels)?));
        }
        let Some((first_rate, first_channels, intake)) = &mut intake else { break };
        if (rate, channels) != (*first_rate, *first_channels) {
            break;
        }
        buffer.copy_to_vec_interleaved(&mut interleaved);
        for sample in &interleaved {
            intake.push(*sample)?;
        }
    }
    match intake {
        Some((_, _, intake)) => intake.finish(),
        None if bad > 0 => Err(SoundError::Damaged),
        None => Err(SoundError::NoSound),
    }
}

#[cfg(test)]
#[path = "decode_tests.rs"]
mod tests;

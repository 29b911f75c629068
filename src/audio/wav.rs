//! WAV: reading what `hound` reads and G.711 octet by octet, writing PCM of 16 bit as it comes, mending the header of a file
//! that was never finished.
//!
//! The only file that names `hound`. It knows no path: files are octets to read and a `Write + Seek` to write.

use std::io::{self, Cursor, Seek, Write};

use super::decode::SoundError;
use super::intake::Intake;
use super::{RATE_HZ, g711};
use crate::base::codec::G711;

/// G.711 inside a WAV file.
#[derive(Debug, PartialEq, Eq)]
pub struct LawWav<'a> {
    /// Which law.
    pub law: G711,
    /// Samples a second and channel.
    pub rate_hz: u32,
    /// Channels, interleaved.
    pub channels: usize,
    /// The payload, as it goes on the wire if it is one channel at 8,000 a second.
    pub octets: &'a [u8],
}

const FORMAT_ALAW: u16 = 6;
const FORMAT_MULAW: u16 = 7;
const FORMAT_EXTENSIBLE: u16 = 0xFFFE;

/// Finds the octets of an A-law or mu-law file; `None` if it is something else.
pub fn law(file: &[u8]) -> Option<LawWav<'_>> {
    let mut format = None;
    for chunk in Chunks::of(file)? {
        match (&chunk.id, format) {
            (b"fmt ", _) => format = Some(Format::read(chunk.body)?),
            (b"data", Some(Format { law, rate_hz, channels })) => {
                return Some(LawWav { law, rate_hz, channels, octets: chunk.body });
            }
            _ => {}
        }
    }
    None
}

/// Reads integers of 8, 16, 24 and 32 bit and floats of 32: `None` if `hound` does not know the file.
///
/// A file that ends too early is taken as far as it goes.
pub fn linear(file: &[u8]) -> Option<Result<Vec<i16>, SoundError>> {
    let reader = hound::WavReader::new(file).ok()?;
    let spec = reader.spec();
    let intake = match Intake::new(spec.sample_rate, usize::from(spec.channels)) {
        Ok(intake) => intake,
        Err(error) => return Some(Err(error)),
    };
    match spec.sample_format {
        hound::SampleFormat::Float => Some(take(intake, reader.into_samples::<f32>().map_while(Result::ok))),
        hound::SampleFormat::Int => {
            let bits = i32::from(spec.bits_per_sample.clamp(1, 32));
            let scale = (2.0_f32).powi(1 - bits);
            let samples = reader.into_samples::<i32>().map_while(Result::ok);
            Some(take(intake, samples.map(|sample| sample as f32 * scale)))
        }
    }
}

fn take(mut intake: Intake, samples: impl Iterator<Item = f32>) -> Result<Vec<i16>, SoundError> {
    for sample in samples {
        intake.push(sample)?;
    }
    intake.finish()
}

/// A recording on its way to a file: PCM of 16 bit, one channel, 8,000 a second.
///
/// Dropped without [`Writer::finish`] it still tries to write its header, but cannot tell that it failed.
pub struct Writer<W: Write + Seek>(hound::WavWriter<W>);

impl<W: Write + Seek> Writer<W> {
    /// Begins a file at the beginning of `writer`.
    ///
    /// # Errors
    /// What `writer` said.
    pub fn new(writer: W) -> io::Result<Self> {
        let spec = hound::WavSpec {
            channels: 1,
            sample_rate: RATE_HZ,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        hound::WavWriter::new(writer, spec).map(Self).map_err(io_error)
    }

    /// Adds samples, in one `write`.
    ///
    /// # Errors
    /// What the writer said (no space left); what was flushed before stays readable.
    pub fn write(&mut self, samples: &[i16]) -> io::Result<()> {
        let length = u32::try_from(samples.len()).map_err(|_| io::ErrorKind::InvalidInput)?;
        let mut out = self.0.get_i16_writer(length);
        for sample in samples {
            out.write_sample(*sample);
        }
        out.flush().map_err(io_error)
    }

    /// Brings the header up to date: whatever happens after this, what was written is a whole file.
    ///
    /// # Errors
    /// What the writer said.
    pub fn flush(&mut self) -> io::Result<()> {
        self.0.flush().map_err(io_error)
    }

    /// How many samples are in the file.
    pub fn samples(&self) -> u32 {
        self.0.len()
    }

    /// Ends the file.
    ///
    /// # Errors
    /// What the writer said.
    pub fn finish(self) -> io::Result<()> {
        self.0.finalize().map_err(io_error)
    }
}

/// Samples as a whole WAV file.
///
/// # Errors
/// [`io::ErrorKind::InvalidInput`] beyond 2^32 samples.
pub fn to_file(samples: &[i16]) -> io::Result<Vec<u8>> {
    let mut file = Vec::with_capacity(44 + samples.len() * 2);
    let mut writer = Writer::new(Cursor::new(&mut file))?;
    writer.write(samples)?;
    writer.finish()?;
    Ok(file)
}

/// A header that tells the truth again.
#[derive(Debug, PartialEq, Eq)]
pub struct Repaired {
    /// The first octets of the file, to be written over what is there.
    pub header: Vec<u8>,
    /// Where the file is to be cut: behind its last whole sample.
    pub length: u64,
}

/// What makes a recording whole whose writer died: the sizes in its header say less (or more) than is there.
///
/// `start` is the beginning of the file, up to its data at least (44 octets do for what [`Writer`] writes); `length` is that
/// of the file. `None` if `start` is no beginning of a WAV file that holds data.
pub fn repair(start: &[u8], length: u64) -> Option<Repaired> {
    let mut align = None;
    for chunk in Chunks::of(start)? {
        match &chunk.id {
            b"fmt " => align = chunk.body.get(12..14).map(|at| u64::from(u16::from_le_bytes([at[0], at[1]]))),
            b"data" => {
                let data = length.checked_sub(chunk.at as u64)?;
                let data = data - data % align.filter(|align| *align > 0)?;
                let whole = chunk.at as u64 + data;
                let mut header = start[..chunk.at].to_vec();
                // RIFF counts what follows its own 8 octets.
                header[4..8].copy_from_slice(&u32::try_from(whole - 8).ok()?.to_le_bytes());
                header[chunk.at - 4..].copy_from_slice(&u32::try_from(data).ok()?.to_le_bytes());
                return Some(Repaired { header, length: whole });
            }
            _ => {}
        }
    }
    None
}

#[derive(Copy, Clone)]
struct Format {
    law: G711,
    rate_hz: u32,
    channels: usize,
}

impl Format {
    /// `WAVEFORMAT`, or `WAVEFORMATEXTENSIBLE` whose sub-format begins with the same number.
    fn read(body: &[u8]) -> Option<Self> {
        let two = |at: usize| Some(u16::from_le_bytes([*body.get(at)?, *body.get(at + 1)?]));
        let tag = match two(0)? {
            FORMAT_EXTENSIBLE => two(24)?,
            tag => tag,
        };
        let law = match tag {
            FORMAT_ALAW => G711::Alaw,
            FORMAT_MULAW => G711::Ulaw,
            _ => return None,
        };
        let rate_hz = u32::from(two(4)?) | u32::from(two(6)?) << 16;
        Some(Self { law, rate_hz, channels: usize::from(two(2)?) })
    }
}

struct Chunk<'a> {
    id: [u8; 4],
    /// Where its body begins.
    at: usize,
    /// What there is of it: a size beyond the end of the file ends with the file.
    body: &'a [u8],
}

/// The chunks of a RIFF file. Each takes 8 octets at least, so that there are not many.
struct Chunks<'a> {
    file: &'a [u8],
    at: usize,
}

impl<'a> Chunks<'a> {
    fn of(file: &'a [u8]) -> Option<Self> {
        let wave = file.starts_with(b"RIFF") && file.get(8..12)? == b"WAVE";
        wave.then_some(Self { file, at: 12 })
    }
}

impl<'a> Iterator for Chunks<'a> {
    type Item = Chunk<'a>;

    fn next(&mut self) -> Option<Chunk<'a>> {
        let (id, size) = self.file.get(self.at..self.at.checked_add(8)?)?.split_at(4);
        let size = u32::from_le_bytes(size.try_into().ok()?) as usize;
        let at = self.at + 8;
        let end = at.saturating_add(size).min(self.file.len());
        // A body of odd size is followed by an octet that belongs to nobody.
        self.at = at.saturating_add(size).saturating_add(size % 2);
        Some(Chunk { id: id.try_into().ok()?, at, body: &self.file[at..end] })
    }
}

fn io_error(error: hound::Error) -> io::Error {
    match error {
        hound::Error::IoError(error) => error,
        other => io::Error::other(other),
    }
}

/// The samples of an A-law or mu-law file that cannot go on the wire as it is.
pub(super) fn law_samples(file: &LawWav<'_>) -> Result<Vec<i16>, SoundError> {
    let intake = Intake::new(file.rate_hz, file.channels)?;
    take(intake, file.octets.iter().map(|octet| f32::from(g711::decode(file.law, *octet)) / 32_768.0))
}

#[cfg(test)]
#[path = "wav_tests.rs"]
pub(super) mod tests;

//! WAV: reading what `hound` reads and G.711 octet by octet, writing PCM of 16 bit as it comes, mending the header of a file
//! that was never finished.
//!
//! The only file that names `hound`. It knows no path: files are octets to read and a `Write + Seek` to write.

use std::io::{self, Cursor, Seek, Write};

use super::decode::SoundError;
use super::intake::Intake;
use super::{RATE_HZ, g711};
use crate::base::codec::G711;
use crate::base::time::Duration;

/// G.711 inside a WAV file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct LawWav<'a> {
    /// Which law.
    pub(crate) law: G711,
    /// Samples a second and channel.
    pub(crate) rate_hz: u32,
    /// Channels, interleaved.
    pub(crate) channels: usize,
    /// The payload, as it goes on the wire if it is one channel at 8,000 a second.
    pub(crate) octets: &'a [u8],
}

const FORMAT_ALAW: u16 = 6;
const FORMAT_MULAW: u16 = 7;
const FORMAT_EXTENSIBLE: u16 = 0xFFFE;

/// Finds the octets of an A-law or mu-law file; `None` if it is something else.
pub(crate) fn law(file: &[u8]) -> Option<LawWav<'_>> {
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
pub(crate) fn linear(file: &[u8]) -> Option<Result<Vec<i16>, SoundError>> {
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
pub(crate) struct Writer<W: Write + Seek>(hound::WavWriter<W>);

impl<W: Write + Seek> Writer<W> {
    /// Begins a file at the beginning of `writer`.
    ///
    /// # Errors
    /// What `writer` said.
    pub(crate) fn new(writer: W) -> io::Result<Self> {
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
    pub(crate) fn write(&mut self, samples: &[i16]) -> io::Result<()> {
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
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.0.flush().map_err(io_error)
    }

    /// How many samples are in the file.
    #[cfg(test)]
    pub(crate) fn samples(&self) -> u32 {
        self.0.len()
    }

    /// Ends the file.
    ///
    /// # Errors
    /// What the writer said.
    pub(crate) fn finish(self) -> io::Result<()> {
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
pub(crate) struct Repaired {
    /// The first octets of the file, to be written over what is there.
    pub(crate) header: Vec<u8>,
    /// Where the file is to be cut: behind its last whole sample.
    pub(crate) length: u64,
}

/// What makes a recording whole whose writer died: the sizes in its header say less (or more) than is there.
///
/// `start` is the beginning of the file, up to its data at least (44 octets do for what [`Writer`] writes); `length` is that
/// of the file. `None` if `start` is no beginning of a WAV file that holds data.
pub(crate) fn repair(start: &[u8], length: u64) -> Option<Repaired> {
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
    /// How long it says that it is.
    size: usize,
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
        let after = at.saturating_add(size);
        let end = after.min(self.file.len());
        // A body of odd size is followed by an octet that belongs to nobody; some programs forget it.
        let forgotten = self.file.get(after..after.saturating_add(4)).is_some_and(|id| KNOWN.contains(&id));
        self.at = after.saturating_add(if forgotten { 0 } else { size % 2 });
        Some(Chunk { id: id.try_into().ok()?, at, size, body: &self.file[at..end] })
    }
}

/// What may follow a body whose last octet was forgotten.
const KNOWN: [&[u8]; 4] = [b"fmt ", b"fact", b"data", b"LIST"];

/// A WAV file without its remarks, of which a program or a library may make too much: who sang, and when. None if it has none,
/// or is no WAV with sound.
pub(crate) fn bare(file: &[u8]) -> Option<Vec<u8>> {
    let is_sound = |chunk: &Chunk<'_>| matches!(&chunk.id, b"fmt " | b"fact" | b"data");
    if Chunks::of(file)?.all(|chunk| is_sound(&chunk)) {
        return None;
    }
    let mut bare = b"RIFF\0\0\0\0WAVE".to_vec();
    for chunk in Chunks::of(file)?.filter(is_sound) {
        bare.extend_from_slice(&chunk.id);
        bare.extend_from_slice(&u32::try_from(chunk.body.len()).ok()?.to_le_bytes());
        bare.extend_from_slice(chunk.body);
        bare.resize(bare.len() + chunk.body.len() % 2, 0);
        if chunk.id == *b"data" {
            let size = u32::try_from(bare.len() - 8).ok()?;
            bare[4..8].copy_from_slice(&size.to_le_bytes());
            return Some(bare);
        }
    }
    None
}

/// How long the rest is that a file announces and has not; none when it has all, or is no WAV. A size that a program wrote
/// that did not know it yet says nothing.
pub(crate) fn missing(file: &[u8]) -> Option<Duration> {
    const UNKNOWN: usize = 0x7fff_0000;
    let mut octets_a_second = None;
    for Chunk { id, size, body, .. } in Chunks::of(file)? {
        match &id {
            b"fmt " => {
                octets_a_second =
                    body.get(8..12).map(|rate| u32::from_le_bytes([rate[0], rate[1], rate[2], rate[3]]))
            }
            b"data" => {
                let lacking = size.saturating_sub(body.len());
                let rate = octets_a_second.filter(|rate| *rate > 0 && lacking > 0 && size < UNKNOWN)?;
                return Some(Duration::from_secs_f64(lacking as f64 / f64::from(rate)));
            }
            _ => {}
        }
    }
    None
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
pub(super) mod tests {
    use super::*;
    use crate::audio::tone;

    fn hound_file<S: hound::Sample + Copy>(spec: hound::WavSpec, samples: &[S]) -> Vec<u8> {
        let mut file = Cursor::new(Vec::new());
        let mut writer = hound::WavWriter::new(&mut file, spec).unwrap();
        for sample in samples {
            writer.write_sample(*sample).unwrap();
        }
        writer.finalize().unwrap();
        file.into_inner()
    }

    fn spec(
        channels: u16,
        sample_rate: u32,
        bits_per_sample: u16,
        sample_format: hound::SampleFormat,
    ) -> hound::WavSpec {
        hound::WavSpec { channels, sample_rate, bits_per_sample, sample_format }
    }

    /// A file by hand: chunks as they are given.
    pub(in crate::audio) fn riff(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
        let mut file = b"RIFF\0\0\0\0WAVE".to_vec();
        for (id, body) in chunks {
            file.extend_from_slice(*id);
            file.extend((body.len() as u32).to_le_bytes());
            file.extend_from_slice(body);
            if body.len() % 2 == 1 {
                file.push(0);
            }
        }
        let size = file.len() as u32 - 8;
        file[4..8].copy_from_slice(&size.to_le_bytes());
        file
    }

    pub(in crate::audio) fn format(tag: u16, channels: u16, rate: u32) -> Vec<u8> {
        let mut format = Vec::new();
        format.extend(tag.to_le_bytes());
        format.extend(channels.to_le_bytes());
        format.extend(rate.to_le_bytes());
        format.extend((rate * u32::from(channels)).to_le_bytes());
        format.extend(channels.to_le_bytes());
        format.extend(8_u16.to_le_bytes());
        format.extend(0_u16.to_le_bytes());
        format
    }

    #[test]
    fn what_we_write_is_what_we_read() {
        let samples: Vec<i16> = (0..4_000).map(|n| (n * 131 % 65_536 - 32_768) as i16).collect();
        let file = to_file(&samples).unwrap();
        assert_eq!(file.len(), 44 + 8_000);
        assert_eq!(linear(&file).unwrap().unwrap(), samples);
    }

    #[test]
    fn every_width_and_both_kinds_of_number_say_the_same() {
        use hound::SampleFormat::{Float, Int};
        let sound = tone::tone(&[440.0], Duration::from_millis(50), -6.0);
        let wide = |shift: u32| sound.iter().map(|sample| i32::from(*sample) << shift).collect::<Vec<_>>();
        let float: Vec<f32> = sound.iter().map(|sample| f32::from(*sample) / 32_768.0).collect();
        let stereo: Vec<i16> = sound.iter().flat_map(|sample| [*sample, *sample]).collect();
        for (file, error) in [
            (hound_file(spec(1, 8_000, 16, Int), &sound), 0),
            (hound_file(spec(1, 8_000, 24, Int), &wide(8)), 0),
            (hound_file(spec(1, 8_000, 32, Int), &wide(16)), 0),
            (hound_file(spec(1, 8_000, 32, Float), &float), 0),
            (hound_file(spec(2, 8_000, 16, Int), &stereo), 0),
            (
                hound_file(spec(1, 8_000, 8, Int), &sound.iter().map(|s| (s >> 8) as i8).collect::<Vec<_>>()),
                255,
            ),
        ] {
            let read = linear(&file).unwrap().unwrap();
            assert_eq!(read.len(), sound.len());
            let worst = read.iter().zip(&sound).map(|(a, b)| a.abs_diff(*b)).max().unwrap();
            assert!(worst <= error, "{worst}");
        }
    }

    #[test]
    fn a_file_that_ends_too_early_is_taken_as_far_as_it_goes() {
        let file = to_file(&[7; 1_000]).unwrap();
        assert_eq!(linear(&file[..44 + 501]).unwrap().unwrap(), [7; 250]);
        assert_eq!(linear(&file[..44]).unwrap(), Err(SoundError::NoSound));
    }

    #[test]
    fn octets_of_g711_are_found_bit_for_bit() {
        let octets: Vec<u8> = (0..=255).collect();
        let extensible = {
            let mut body = format(0xFFFE, 1, 8_000);
            body[16..18].copy_from_slice(&22_u16.to_le_bytes());
            body.extend([8, 0, 4, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71]);
            body
        };
        for (format, law_expected) in
            [(format(6, 1, 8_000), G711::Alaw), (format(7, 1, 8_000), G711::Ulaw), (extensible, G711::Ulaw)]
        {
            // A chunk of odd size before the data, and one behind it.
            let file = riff(&[(b"fmt ", &format), (b"LIST", b"odd"), (b"data", &octets), (b"id3 ", b"x")]);
            let found = law(&file).unwrap();
            assert_eq!(found, LawWav { law: law_expected, rate_hz: 8_000, channels: 1, octets: &octets });
        }
        let file = riff(&[(b"fmt ", &format(6, 2, 16_000)), (b"data", &octets)]);
        assert_eq!(law_samples(&law(&file).unwrap()).unwrap().len(), 64);
    }

    #[test]
    fn what_is_no_g711_is_left_to_others() {
        assert_eq!(law(&to_file(&[1, 2]).unwrap()), None);
        assert_eq!(law(b"RIFF\xFF\xFF\xFF\xFFWAVEfmt \xFF\xFF\xFF\xFF\x06\0"), None);
        assert_eq!(law(&riff(&[(b"data", b"early"), (b"fmt ", &format(6, 1, 8_000))])), None);
        assert_eq!(law(b"RIFX....WAVE"), None);
        assert!(linear(b"not a file").is_none());
    }

    /// A disk that loses what was not flushed, like the page cache of a process that is killed loses nothing: only the header lags.
    #[test]
    fn a_recording_whose_writer_died_is_made_whole() {
        let mut disk = Cursor::new(Vec::new());
        let mut writer = Writer::new(&mut disk).unwrap();
        writer.write(&[1; 160]).unwrap();
        writer.flush().unwrap();
        assert_eq!(writer.samples(), 160);
        writer.write(&[2; 160]).unwrap();
        std::mem::forget(writer);
        let mut part = disk.into_inner();
        // Half a sample more.
        part.push(9);
        assert_eq!(linear(&part).unwrap().unwrap(), [1; 160], "up to the last flush without repair");
        let repaired = repair(&part[..64], part.len() as u64).unwrap();
        assert_eq!(repaired.length, 44 + 640);
        part[..repaired.header.len()].copy_from_slice(&repaired.header);
        part.truncate(684);
        assert_eq!(part, to_file(&[[1; 160], [2; 160]].concat()).unwrap());
    }

    #[test]
    fn what_cannot_be_repaired_is_left_alone() {
        let file = to_file(&[1; 10]).unwrap();
        assert_eq!(repair(&file[..43], 64), None);
        assert_eq!(repair(&file[..44], 43), None);
        assert_eq!(repair(&file[..44], 44).unwrap().length, 44);
        assert_eq!(repair(&file[..44], 1 << 33), None);
        assert_eq!(repair(b"", 0), None);
        assert_eq!(repair(&riff(&[(b"fmt ", &[0; 16]), (b"data", b"")]), 100), None);
    }

    #[test]
    fn a_full_disk_is_an_error() {
        let mut space = [0_u8; 100];
        let mut writer = Writer::new(Cursor::new(&mut space[..])).unwrap();
        writer.write(&[3; 20]).unwrap();
        writer.flush().unwrap();
        assert!(writer.write(&[4; 20]).is_err());
        std::mem::forget(writer);
        assert_eq!(linear(&space).unwrap().unwrap(), [3; 20]);
    }
}

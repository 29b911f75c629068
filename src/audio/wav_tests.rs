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
    let sound = tone::tone(&[440.0], crate::base::time::Duration::from_millis(50), -6.0);
    let wide = |shift: u32| sound.iter().map(|sample| i32::from(*sample) << shift).collect::<Vec<_>>();
    let float: Vec<f32> = sound.iter().map(|sample| f32::from(*sample) / 32_768.0).collect();
    let stereo: Vec<i16> = sound.iter().flat_map(|sample| [*sample, *sample]).collect();
    for (file, error) in [
        (hound_file(spec(1, 8_000, 16, Int), &sound), 0),
        (hound_file(spec(1, 8_000, 24, Int), &wide(8)), 0),
        (hound_file(spec(1, 8_000, 32, Int), &wide(16)), 0),
        (hound_file(spec(1, 8_000, 32, Float), &float), 0),
        (hound_file(spec(2, 8_000, 16, Int), &stereo), 0),
        (hound_file(spec(1, 8_000, 8, Int), &sound.iter().map(|s| (s >> 8) as i8).collect::<Vec<_>>()), 255),
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

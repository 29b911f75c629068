//! Files of every kind, whole and spoilt.

use proptest::prelude::*;

use super::*;
use crate::audio::wav::tests::{format, riff};
use crate::audio::{goertzel, tone};

const MP3: &[u8] = include_bytes!("../../tests/data/audio/tone.mp3");
const OGG: &[u8] = include_bytes!("../../tests/data/audio/tone.ogg");
const OPUS: &[u8] = include_bytes!("../../tests/data/audio/tone.opus");
const ADPCM: &[u8] = include_bytes!("../../tests/data/audio/tone-adpcm.wav");
const FLOAT64: &[u8] = include_bytes!("../../tests/data/audio/tone-f64.wav");
const GSM: &[u8] = include_bytes!("../../tests/data/audio/tone-gsm.wav");

fn samples(file: &[u8], name: &str) -> Vec<i16> {
    match decode(file, name) {
        Ok(Decoded::Samples(samples)) => samples,
        other => panic!("{name}: {other:?}"),
    }
}

#[test]
fn files_that_hound_refuses_are_heard() {
    // All are 1,000 Hz; an MP3 has a little silence at its ends.
    for (file, name, ms, slack_ms) in [
        (MP3, "tone.mp3", 500, 80),
        (OGG, "tone.ogg", 500, 1),
        (ADPCM, "tone.wav", 500, 60),
        (FLOAT64, "tone.wav", 100, 1),
        (MP3, "no-extension", 500, 80),
    ] {
        let heard = samples(file, name);
        assert!(heard.len().abs_diff(ms * 8) <= slack_ms * 8, "{name}: {} samples", heard.len());
        let share = goertzel::share(&heard[200..600], 1_000.0);
        assert!(share > 0.98, "{name}: {share}");
        let level = goertzel::total(&heard[200..600]);
        assert!((0.1..0.15).contains(&level), "{name}: {level}");
    }
}

#[test]
fn a_chunk_of_odd_size_is_no_obstacle() {
    let beep = tone::beep();
    let data: Vec<u8> = beep.iter().flat_map(|sample| sample.to_le_bytes()).collect();
    let mut pcm = format(1, 1, 8_000);
    pcm[8..12].copy_from_slice(&16_000_u32.to_le_bytes());
    pcm[12..16].copy_from_slice(&[2, 0, 16, 0]);
    for remark in [
        &b"odd"[..],
        b"INFOISFT\x05\0\0\0Lavf5",
        b"INFOISFT\x05\0\0\0Lavf5\0ICMT\x03\0\0\0abc",
        b"INF",
        b"INFO",
    ] {
        for id in [b"bext", b"LIST"] {
            let file = riff(&[(b"fmt ", &pcm[..16]), (id, remark), (b"data", &data)]);
            assert_eq!(samples(&file, "beep.wav"), beep, "{remark:?}");
            // Some programs forget the octet after an odd one.
            let mut forgotten = file.clone();
            if remark.len() % 2 == 1 {
                forgotten.remove(12 + 24 + 8 + remark.len());
            }
            assert_eq!(samples(&forgotten, "beep.wav"), beep, "{remark:?} without its padding");
        }
    }
}

#[test]
fn eight_kilohertz_mono_is_taken_as_it_is() {
    let beep = tone::beep();
    assert_eq!(samples(&wav::to_file(&beep).unwrap(), "beep.wav"), beep);
    let octets: Vec<u8> = (0..=255).rev().collect();
    let file = riff(&[(b"fmt ", &format(6, 1, 8_000)), (b"data", &octets)]);
    assert_eq!(decode(&file, "a.wav"), Ok(Decoded::Octets(G711::Alaw, octets)));
}

#[test]
fn every_refusal_names_its_reason() {
    let law = format(6, 1, 8_000);
    for (file, name, expected) in [
        (&b""[..], "a.wav", SoundError::Empty),
        (b"say: bonjour\n", "a.wav", SoundError::Text),
        ("Vous êtes en relation…".as_bytes(), "a.txt", SoundError::Text),
        (&[0; 2_000], "a.wav", SoundError::NotAudio),
        (b"\x7FELF\x02\x01\x01\0\0\0\0\0", "a", SoundError::NotAudio),
        (OPUS, "tone.opus", SoundError::Unsupported("Opus")),
        (GSM, "tone.wav", SoundError::Unsupported("GSM in a WAV")),
        (b"fLaC\0\0\0\x22", "a.flac", SoundError::Unsupported("FLAC")),
        (b"RIFF\xFF\xFF\xFF\xFFWAVE", "a.wav", SoundError::Damaged),
        (&riff(&[(b"fmt ", &law), (b"data", b"")]), "a.wav", SoundError::NoSound),
        (&riff(&[(b"fmt ", &format(6, 1, 500)), (b"data", b"x")]), "a.wav", SoundError::Rate(500)),
        (&riff(&[(b"fmt ", &format(7, 99, 8_000)), (b"data", b"x")]), "a.wav", SoundError::Channels(99)),
    ] {
        assert_eq!(decode(file, name), Err(expected), "{name}");
        assert!(!expected.to_string().is_empty());
    }
    assert_eq!(decode(&vec![0; PROMPT_BYTES_MAX + 1], "a"), Err(SoundError::TooLarge));
    assert_eq!(SoundError::TooLarge.to_string(), "the file is larger than 64 MB");
}

proptest! {
    #![proptest_config(crate::base::property::cases(256))]

    /// Headers with a few octets changed, of every kind of file: an error or some sound, never a panic.
    #[test]
    fn hostile_files_do_no_harm(
        kind in 0..7_usize,
        edits in prop::collection::vec((0..120_usize, any::<u8>()), 1..8),
        cut in 0..3_000_usize,
    ) {
        let wide = riff(&[(b"fmt ", &format(0xFFFE, 2, 44_100)), (b"data", &[7; 400])]);
        let plain = wav::to_file(&[5; 300]).unwrap_or_default();
        let mut file = [MP3, OGG, ADPCM, FLOAT64, GSM, &wide, &plain][kind].to_vec();
        for (place, octet) in edits {
            let place = place % file.len();
            file[place] = octet;
        }
        if cut < 500 {
            file.truncate(cut);
        }
        let _ = decode(&file, "a.wav");
        let _ = wav::repair(&file, file.len() as u64);
    }
}

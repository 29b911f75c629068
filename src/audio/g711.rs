//! G.711 by table: octets to samples, samples to octets, one law to the other.
//!
//! Does not frame or pace anything. Samples are 16 bit, full scale ±32,768, at 8,000 a second. Read ITU-T G.711 for the
//! laws and its tables 3 and 4 for the conversion between them, which is not decoding and encoding again: it keeps bits 1 to 7
//! through a double conversion.

use std::sync::LazyLock;

use audio_codec_algorithms as laws;

use crate::base::codec::G711;

/// The octet of silence in A-law: the smallest positive sample, so that an idle line has no sign to flip.
pub(crate) const SILENCE_ALAW: u8 = 0xD5;
/// The octet of silence in mu-law.
pub(crate) const SILENCE_ULAW: u8 = 0xFF;

/// The octet of silence.
pub(crate) const fn silence(law: G711) -> u8 {
    match law {
        G711::Alaw => SILENCE_ALAW,
        G711::Ulaw => SILENCE_ULAW,
    }
}

/// The sample of an octet.
#[inline]
pub(crate) fn decode(law: G711, octet: u8) -> i16 {
    match law {
        G711::Alaw => laws::decode_alaw(octet),
        G711::Ulaw => laws::decode_ulaw(octet),
    }
}

/// The octet of a sample.
#[inline]
pub(crate) fn encode(law: G711, sample: i16) -> u8 {
    match law {
        G711::Alaw => ENCODE_ALAW[usize::from((sample as u16) >> ALAW_SHIFT)],
        G711::Ulaw => ENCODE_ULAW[usize::from((sample as u16) >> ULAW_SHIFT)],
    }
}

/// The samples of octets.
pub fn decode_all(law: G711, octets: &[u8]) -> Vec<i16> {
    octets.iter().map(|&octet| decode(law, octet)).collect()
}

/// The octets of samples.
pub fn encode_all(law: G711, samples: &[i16]) -> Vec<u8> {
    samples.iter().map(|&sample| encode(law, sample)).collect()
}

/// Turns octets of one law into the other, in place; nothing if both are the same.
pub(crate) fn transcode(from: G711, to: G711, octets: &mut [u8]) {
    let convert: fn(u8) -> u8 = match (from, to) {
        (G711::Alaw, G711::Alaw) | (G711::Ulaw, G711::Ulaw) => return,
        (G711::Alaw, G711::Ulaw) => laws::convert_alaw_to_ulaw,
        (G711::Ulaw, G711::Alaw) => laws::convert_ulaw_to_alaw,
    };
    for octet in octets {
        *octet = convert(*octet);
    }
}

// A-law looks at the upper 13 bits of a sample and mu-law at 14 (G.711 tables 1 and 2), so that the tables are 8 and 16 KiB
// and stay in the cache beside the frames.
const ALAW_SHIFT: u32 = 3;
const ULAW_SHIFT: u32 = 2;

static ENCODE_ALAW: LazyLock<Box<[u8]>> = LazyLock::new(|| table(ALAW_SHIFT, laws::encode_alaw));
static ENCODE_ULAW: LazyLock<Box<[u8]>> = LazyLock::new(|| table(ULAW_SHIFT, laws::encode_ulaw));

fn table(shift: u32, encode: fn(i16) -> u8) -> Box<[u8]> {
    (0..=u16::MAX >> shift).map(|upper| encode((upper << shift) as i16)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_agree_with_the_laws_on_every_sample() {
        for sample in i16::MIN..=i16::MAX {
            assert_eq!(encode(G711::Alaw, sample), laws::encode_alaw(sample), "A-law of {sample}");
            assert_eq!(encode(G711::Ulaw, sample), laws::encode_ulaw(sample), "mu-law of {sample}");
        }
    }

    #[test]
    fn octets_survive_decoding_and_encoding() {
        for octet in 0..=u8::MAX {
            assert_eq!(encode(G711::Alaw, decode(G711::Alaw, octet)), octet);
            // mu-law has two zeroes; the negative one comes back as the positive one.
            let expected = if octet == 0x7F { 0xFF } else { octet };
            assert_eq!(encode(G711::Ulaw, decode(G711::Ulaw, octet)), expected);
        }
    }

    #[test]
    fn silence_is_the_quietest_octet_and_stays_quiet_in_the_other_law() {
        assert_eq!(decode(G711::Alaw, SILENCE_ALAW), 8);
        assert_eq!(decode(G711::Ulaw, SILENCE_ULAW), 0);
        // G.711 table 4: the smallest positive A-law sample, 8, is the second smallest of mu-law, and comes back.
        let mut octets = [SILENCE_ALAW; 4];
        transcode(G711::Alaw, G711::Ulaw, &mut octets);
        assert_eq!(octets, [0xFE; 4]);
        transcode(G711::Ulaw, G711::Alaw, &mut octets);
        assert_eq!(octets, [SILENCE_ALAW; 4]);
        let mut octets = [SILENCE_ULAW];
        transcode(G711::Ulaw, G711::Alaw, &mut octets);
        assert_eq!(octets, [SILENCE_ALAW]);
    }

    #[test]
    fn transcoding_keeps_the_level() {
        for octet in 0..=u8::MAX {
            for (from, to) in [(G711::Alaw, G711::Ulaw), (G711::Ulaw, G711::Alaw)] {
                let mut there = [octet];
                transcode(from, to, &mut there);
                let (before, after) = (i32::from(decode(from, octet)), i32::from(decode(to, there[0])));
                // One quantisation step of the coarser law at that level: an eighth, and 16 near zero.
                let step = before.abs() / 8 + 16;
                assert!((before - after).abs() <= step, "{from:?} {octet:#04x}: {before} became {after}");
            }
        }
        let mut same = [1, 2, 3];
        transcode(G711::Ulaw, G711::Ulaw, &mut same);
        assert_eq!(same, [1, 2, 3]);
    }
}

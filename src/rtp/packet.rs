//! One RTP packet, read from what the network sent and written into a buffer of the caller: the door of `rtp_rs`.
//!
//! Does not judge a packet: who sent it and whether its payload type was agreed is `media`'s business. Never pads and never
//! writes contributing sources. Read RFC 3550 §5.1 and RFC 5761 §4 (RTP and RTCP on one port).

use rtp_rs::{RtpPacketBuilder, RtpReader};

/// Octets of the header that we write.
pub(crate) const HEADER_BYTES: usize = 12;

/// An RTP packet; the payload is what stands between header and padding.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Packet<'a> {
    /// The first packet after silence (RFC 3551 §4.1), or of an event (RFC 4733 §2.2.1).
    pub marker: bool,
    /// What the payload is, 0 to 127.
    pub payload_type: u8,
    /// Counts packets, modulo 2^16.
    pub sequence: u16,
    /// Counts samples, modulo 2^32.
    pub timestamp: u32,
    /// Who sends.
    pub ssrc: u32,
    /// The audio, or the event.
    pub payload: &'a [u8],
}

/// Why a datagram is not an RTP packet.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum NotRtp {
    /// It is RTCP: `rtp_rs` would take it for RTP with a payload type of 72 to 95.
    Rtcp,
    /// It is too short, of another version, or its lengths contradict each other.
    Malformed,
}

/// Whether a datagram on an RTP port is RTCP: its second octet is 192 to 223 (RFC 5761 §4).
pub(crate) fn is_rtcp(datagram: &[u8]) -> bool {
    matches!(datagram, [first, 192..=223, ..] if first >> 6 == 2)
}

impl<'a> Packet<'a> {
    /// Reads a datagram.
    pub(crate) fn parse(datagram: &'a [u8]) -> Result<Self, NotRtp> {
        if is_rtcp(datagram) {
            return Err(NotRtp::Rtcp);
        }
        let reader = RtpReader::new(datagram).map_err(|_| NotRtp::Malformed)?;
        Ok(Self {
            marker: reader.mark(),
            payload_type: reader.payload_type(),
            sequence: u16::from(reader.sequence_number()),
            timestamp: reader.timestamp(),
            ssrc: reader.ssrc(),
            payload: reader.payload(),
        })
    }

    /// Writes the packet and gives its length; `None` if `into` is too small or the payload type above 127.
    pub fn write(&self, into: &mut [u8]) -> Option<usize> {
        RtpPacketBuilder::new()
            .marked(self.marker)
            .payload_type(self.payload_type)
            .sequence(self.sequence.into())
            .timestamp(self.timestamp)
            .ssrc(self.ssrc)
            .payload(self.payload)
            .build_into(into)
            .ok()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let packet = Packet {
            marker: true,
            payload_type: 8,
            sequence: 0xFFFE,
            timestamp: 0x0102_0304,
            ssrc: 0xA0B0_C0D0,
            payload: &[0xD5; 160],
        };
        let mut buffer = [0; 200];
        let length = packet.write(&mut buffer).unwrap();
        assert_eq!(length, HEADER_BYTES + 160);
        assert_eq!(buffer[..12], [0x80, 0x88, 0xFF, 0xFE, 1, 2, 3, 4, 0xA0, 0xB0, 0xC0, 0xD0]);
        assert_eq!(Packet::parse(&buffer[..length]), Ok(packet));
        assert_eq!(packet.write(&mut buffer[..171]), None);
    }

    #[test]
    fn extension_sources_and_padding_are_not_payload() {
        // Two contributing sources, an extension of one word, two octets of audio, two of padding.
        let datagram = [
            0xB2, 0x00, 0, 1, 0, 0, 0, 160, 0, 0, 0, 7, // header
            0, 0, 0, 1, 0, 0, 0, 2, 0xBE, 0xDE, 0, 1, 1, 2, 3, 4, 0x11, 0x22, 0, 2,
        ];
        assert_eq!(Packet::parse(&datagram).unwrap().payload, [0x11, 0x22]);
        // A padding longer than what is there.
        let mut lie = datagram;
        lie[31] = 200;
        assert_eq!(Packet::parse(&lie), Err(NotRtp::Malformed));
    }

    #[test]
    fn rtcp_is_told_apart_before_anything_else() {
        let mut report = [0; 28];
        (report[0], report[1]) = (0x80, 200);
        assert_eq!(Packet::parse(&report), Err(NotRtp::Rtcp));
        assert_eq!(Packet::parse(&[0x81, 0xCD, 0, 1]), Err(NotRtp::Rtcp));
        // Payload type 63 with the marker set is 191, and 96 with it is 224: both are RTP.
        for second in [191, 224] {
            report[1] = second;
            assert!(Packet::parse(&report).is_ok());
        }
    }

    proptest! {
        #![proptest_config(crate::base::property::cases(256))]
        #[test]
        fn no_datagram_panics(mut datagram in proptest::collection::vec(any::<u8>(), 0..80), version in any::<bool>()) {
            if version && !datagram.is_empty() {
                datagram[0] = datagram[0] & 0x3F | 0x80;
            }
            if let Ok(packet) = Packet::parse(&datagram) {
                prop_assert!(packet.payload.len() + HEADER_BYTES <= datagram.len());
            }
        }
    }
}

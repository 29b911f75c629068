//! RTCP: the compound that a session sends, and what it takes from those it receives.
//!
//! Does not schedule and does not end anything: a BYE that nobody signed is only noted. Read RFC 3550 §6 and RFC 7022 (CNAME).

use rtcp_types::{
    Bye, Compound, Packet, ReceiverReport, ReportBlock, RtcpPacketWriterExt, Sdes, SdesChunk, SdesItem,
    SenderReport,
};

use crate::base::time::{Duration, Instant};

/// Room for the largest compound that we write.
pub(crate) const COMPOUND_BYTES_MAX: usize = 256;

/// What a sender says of itself (RFC 3550 §6.4.1).
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) struct SenderInfo {
    /// The moment of the report, [`ntp`].
    pub(crate) ntp: u64,
    /// The same moment on the clock of the RTP timestamps.
    pub(crate) timestamp: u32,
    /// Packets sent, modulo 2^32.
    pub(crate) packets: u32,
    /// Octets of payload sent, modulo 2^32.
    pub(crate) octets: u32,
}

/// What a receiver says of a source (RFC 3550 §6.4.1).
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Block {
    /// The source.
    pub(crate) ssrc: u32,
    /// Lost since the last report, in 256ths.
    pub(crate) fraction_lost: u8,
    /// Lost since the beginning; 24 bits are sent.
    pub(crate) lost: u32,
    /// The newest sequence number with its cycles.
    pub(crate) extended_sequence: u32,
    /// Jitter in units of the RTP clock.
    pub(crate) jitter: u32,
    /// The middle 32 bits of the NTP time of the source's last report; 0: none was received.
    pub(crate) last_report: u32,
    /// What has passed since that report, in 65,536ths of a second.
    pub(crate) delay: u32,
}

/// What a compound said that concerns us.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Heard {
    /// A sender report: who sent it, and the middle 32 bits of its NTP time.
    pub(crate) sender: Option<(u32, u32)>,
    /// How our own packets arrive there.
    pub(crate) about_us: Option<Block>,
    /// The source says that it leaves.
    pub(crate) bye: bool,
}

/// The elapsed time as an NTP timestamp. We have no civil clock here, which RFC 3550 §6.4.1 allows: time since an origin.
pub(crate) fn ntp(at: Instant) -> u64 {
    let micros = at.as_micros();
    let fraction = ((micros % 1_000_000) << 32) / 1_000_000;
    (micros / 1_000_000) << 32 | fraction
}

/// The middle 32 bits of an NTP timestamp (RFC 3550 §4).
pub(crate) fn middle(ntp: u64) -> u32 {
    (ntp >> 16) as u32
}

/// The time to the peer and back, from what it says of our last report (RFC 3550 §6.4.1, figure 2); `None` if it had none.
pub(crate) fn round_trip(now: Instant, block: &Block) -> Option<Duration> {
    if block.last_report == 0 {
        return None;
    }
    let units = middle(ntp(now)).wrapping_sub(block.last_report).wrapping_sub(block.delay);
    // A negative time is a peer whose clock runs fast: as good as none.
    let units = if units as i32 > 0 { u64::from(units) } else { 0 };
    Some(Duration::from_micros(units * 1_000_000 / 65_536))
}

/// Writes SR or RR, SDES with the CNAME and, at the end of a session, BYE; gives the length, `None` if it does not fit.
pub(crate) fn write(
    into: &mut [u8],
    ssrc: u32,
    cname: &str,
    sender: Option<SenderInfo>,
    block: Option<Block>,
    bye: bool,
) -> Option<usize> {
    let block = block.map(|block| {
        ReportBlock::builder(block.ssrc)
            .fraction_lost(block.fraction_lost)
            .cumulative_lost(block.lost.min(0x7F_FFFF))
            .extended_sequence_number(block.extended_sequence)
            .interarrival_jitter(block.jitter)
            .last_sender_report_timestamp(block.last_report)
            .delay_since_last_sender_report_timestamp(block.delay)
    });
    let mut length = match sender {
        Some(sender) => {
            let report = SenderReport::builder(ssrc)
                .ntp_timestamp(sender.ntp)
                .rtp_timestamp(sender.timestamp)
                .packet_count(sender.packets)
                .octet_count(sender.octets);
            match block {
                Some(block) => report.add_report_block(block).write_into(into),
                None => report.write_into(into),
            }
        }
        None => {
            let report = ReceiverReport::builder(ssrc);
            match block {
                Some(block) => report.add_report_block(block).write_into(into),
                None => report.write_into(into),
            }
        }
    }
    .ok()?;
    let chunk = SdesChunk::builder(ssrc).add_item(SdesItem::builder(SdesItem::CNAME, cname));
    length += Sdes::builder().add_chunk(chunk).write_into(into.get_mut(length..)?).ok()?;
    if bye {
        length += Bye::builder().add_source(ssrc).write_into(into.get_mut(length..)?).ok()?;
    }
    Some(length)
}

/// Reads a compound as far as it can be read; `None` if it is none. `ours` is the SSRC that we send with.
pub(crate) fn read(datagram: &[u8], ours: u32) -> Option<Heard> {
    let mut heard = Heard::default();
    for packet in Compound::parse(datagram).ok()? {
        match packet {
            Ok(Packet::Sr(report)) => {
                heard.sender = Some((report.ssrc(), middle(report.ntp_timestamp())));
                heard.take(report.report_blocks(), ours);
            }
            Ok(Packet::Rr(report)) => heard.take(report.report_blocks(), ours),
            Ok(Packet::Bye(_)) => heard.bye = true,
            Ok(_) => {}
            // What came before the part that cannot be read still holds.
            Err(_) => break,
        }
    }
    Some(heard)
}

impl Heard {
    fn take<'a>(&mut self, mut blocks: impl Iterator<Item = ReportBlock<'a>>, ours: u32) {
        if let Some(block) = blocks.find(|block| block.ssrc() == ours) {
            self.about_us = Some(Block {
                ssrc: ours,
                fraction_lost: block.fraction_lost(),
                lost: block.cumulative_lost(),
                extended_sequence: block.extended_sequence_number(),
                jitter: block.interarrival_jitter(),
                last_report: block.last_sender_report_timestamp(),
                delay: block.delay_since_last_sender_report_timestamp(),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::base::time::at;

    const BLOCK: Block = Block {
        ssrc: 7,
        fraction_lost: 12,
        lost: 34,
        extended_sequence: 0x1_0005,
        jitter: 8,
        last_report: 0x0001_8000,
        delay: 0x8000,
    };

    #[test]
    fn a_compound_goes_round() {
        let mut buffer = [0; COMPOUND_BYTES_MAX];
        let sender = SenderInfo { ntp: ntp(at(1_500)), timestamp: 160, packets: 1, octets: 160 };
        let length =
            write(&mut buffer, 5, "0123456789abcdef01234567", Some(sender), Some(BLOCK), true).unwrap();
        let heard = read(&buffer[..length], 7).unwrap();
        assert_eq!(heard, Heard { sender: Some((5, 0x0001_8000)), about_us: Some(BLOCK), bye: true });
        // The first packet is a report, the second the CNAME (RFC 3550 §6.1).
        assert_eq!((buffer[1], buffer[28 + 24 + 1]), (200, 202));
        assert_eq!(read(&buffer[..length], 8).unwrap().about_us, None);
    }

    #[test]
    fn a_session_that_sends_nothing_reports_as_a_receiver() {
        let mut buffer = [0; COMPOUND_BYTES_MAX];
        let length = write(&mut buffer, 5, "x", None, None, false).unwrap();
        assert_eq!(buffer[1], 201);
        assert_eq!(read(&buffer[..length], 5), Some(Heard::default()));
        assert_eq!(write(&mut buffer[..10], 5, "x", None, None, false), None);
    }

    #[test]
    fn the_way_there_and_back() {
        // Our report of 1.5 s lay half a second at the peer and is answered at 2.25 s.
        assert_eq!(round_trip(at(2_250), &BLOCK), Some(Duration::from_millis(250)));
        assert_eq!(round_trip(at(1_600), &BLOCK), Some(Duration::ZERO));
        assert_eq!(round_trip(at(2_250), &Block::default()), None);
    }

    #[test]
    fn the_datagram_that_ended_another_stack_is_only_noise() {
        let killer = [0x81, 0xCD, 0, 1, 3, 1, 2, 3, 4, 1, 2, 3, 4, 9, 9, 9, 9];
        assert_eq!(read(&killer, 1), None);
        assert_eq!(read(&[0x80, 0xC9, 0, 0], 1).map(|heard| heard.bye), Some(false));
    }

    proptest! {
        #![proptest_config(crate::base::property::cases(256))]
        #[test]
        fn no_datagram_panics(mut datagram in proptest::collection::vec(any::<u8>(), 0..120), kind in 192u8..224) {
            if datagram.len() > 3 {
                let words = (datagram.len() / 4 - 1) as u8;
                (datagram[0], datagram[1], datagram[2], datagram[3]) = (datagram[0] & 0x3F | 0x80, kind, 0, words);
            }
            let _ = read(&datagram, 1);
        }
    }
}

//! RTCP of one session: when a report is due, what it says, what those of the peer say, and the session's own account.
//!
//! Read RFC 3550 §6.2 (interval), §6.4 (reports).

use super::outgoing::Outgoing;
use super::vocabulary::Report;
use crate::base::rng::Rng;
use crate::base::time::{Duration, Instant};
use crate::rtp::rtcp::{self, Block, Heard, SenderInfo};
use crate::rtp::sequence::{Place, Reception};

/// The mean time between two reports; each is drawn between half and one and a half of it (RFC 3550 §6.2).
const INTERVAL_MS: u64 = 5_000;

#[derive(Debug)]
pub(super) struct Account {
    /// RFC 7022: random, of this session only.
    cname: String,
    due: Option<Instant>,
    sent_at_last: u64,
    /// The middle of the NTP time of the peer's last report, and when it came.
    peer_report: Option<(u32, Instant)>,
    pub(super) reception: Option<Reception>,
    received_before: u64,
    lost_before: u64,
    pub(super) dropped: u64,
    /// What the peer's last report said of our packets.
    lost_there: u32,
    round_trip: Duration,
}

impl Account {
    pub(super) fn new(rng: &mut Rng) -> Self {
        Self {
            cname: rng.hex(12),
            due: None,
            sent_at_last: 0,
            peer_report: None,
            reception: None,
            received_before: 0,
            lost_before: 0,
            dropped: 0,
            lost_there: 0,
            round_trip: Duration::ZERO,
        }
    }

    /// Counts a packet; true if its source is a new one.
    pub(super) fn packet(&mut self, ssrc: u32, sequence: u16) -> (Place, bool) {
        let new = self.reception.as_ref().is_none_or(|reception| reception.ssrc != ssrc);
        if new {
            if let Some(before) = self.reception.take() {
                self.received_before += before.received();
                self.lost_before += before.lost();
            }
            self.peer_report = None;
        }
        let reception = self.reception.get_or_insert_with(|| Reception::new(ssrc, sequence));
        (reception.packet(sequence), new)
    }

    /// Measures jitter with a packet of audio.
    pub(super) fn arrival(&mut self, now: Instant, timestamp: u32) {
        if let Some(reception) = &mut self.reception {
            reception.arrival(now, timestamp);
        }
    }

    /// Whether a report is due; draws the time of the next.
    pub(super) fn is_due(&mut self, now: Instant, rng: &mut Rng) -> bool {
        let due = *self.due.get_or_insert_with(|| now + interval(rng) / 2);
        let is_due = now >= due;
        if is_due {
            self.due = Some(now + interval(rng));
        }
        is_due
    }

    /// Writes a report.
    pub(super) fn write(
        &mut self,
        now: Instant,
        into: &mut [u8],
        outgoing: &Outgoing,
        bye: bool,
    ) -> Option<usize> {
        // A sender is who has sent since the last report (RFC 3550 §6.4).
        let sender = (outgoing.packets > self.sent_at_last).then(|| SenderInfo {
            ntp: rtcp::ntp(now),
            timestamp: outgoing.clock_at(now),
            packets: outgoing.packets as u32,
            octets: outgoing.octets as u32,
        });
        self.sent_at_last = outgoing.packets;
        let peer_report = self.peer_report;
        let block = self.reception.as_mut().map(|reception| Block {
            ssrc: reception.ssrc,
            fraction_lost: reception.fraction_lost(),
            lost: reception.lost().min(0x7F_FFFF) as u32,
            extended_sequence: reception.extended(),
            jitter: reception.jitter(),
            last_report: peer_report.map_or(0, |(middle, _)| middle),
            delay: peer_report.map_or(0, |(_, at)| (now.since(at).as_micros() * 65_536 / 1_000_000) as u32),
        });
        rtcp::write(into, outgoing.ssrc, &self.cname, sender, block, bye)
    }

    /// A report of the peer. Its BYE ends nothing: whoever knows the port could send one.
    pub(super) fn heard(&mut self, now: Instant, heard: &Heard) {
        if let Some((ssrc, middle)) = heard.sender
            && self.reception.as_ref().is_some_and(|reception| reception.ssrc == ssrc)
        {
            self.peer_report = Some((middle, now));
        }
        let Some(block) = &heard.about_us else { return };
        // The count is signed: repeated packets make it negative (RFC 3550 §6.4.1).
        self.lost_there = if block.lost < 0x80_0000 { block.lost } else { 0 };
        self.round_trip = rtcp::round_trip(now, block).unwrap_or(self.round_trip);
    }

    /// The account of the whole session.
    pub(super) fn report(&self, outgoing: &Outgoing) -> Report {
        let (received, lost, jitter) = self
            .reception
            .as_ref()
            .map_or((0, 0, 0), |reception| (reception.received(), reception.lost(), reception.jitter()));
        Report {
            sent: outgoing.packets,
            received: self.received_before + received,
            lost: self.lost_before + lost,
            dropped: self.dropped,
            jitter_us: jitter.saturating_mul(125),
            lost_there: u64::from(self.lost_there),
            round_trip_us: u32::try_from(self.round_trip.as_micros()).unwrap_or(u32::MAX),
        }
    }
}

fn interval(rng: &mut Rng) -> Duration {
    Duration::from_millis(INTERVAL_MS / 2 + rng.below(INTERVAL_MS))
}

//! Keys as telephone-events: a receiver that reports each key once, at its first packet, and a sender.
//!
//! The receiver acts on the first packet of a new timestamp and never on the End bit, which may be lost: at 20 % of random
//! loss it misses none and doubles none. Does not know payload types. Read RFC 4733 §2.3 (payload), §2.5.1 (sending) and
//! §2.5.2 (receiving).

use std::collections::VecDeque;

use crate::base::digit::Digit;
use crate::base::limit::KEYS_TO_SEND_MAX;
use crate::base::time::{Duration, Instant};

/// Octets of one event.
pub(crate) const EVENT_BYTES: usize = 4;

/// How far a sender that wrongly moves the timestamp inside an event may move it beyond the last duration: 30 ms.
const MOVED_TICKS: i64 = 240;
/// Within this much since its last packet, an event that was not ended still lasts: five packets lost.
const STILL_THE_SAME: Duration = Duration::from_millis(120);
/// Durations above this are so near the end of the 16 bits that a segment may follow (RFC 4733 §2.5.1.3): a second's loss.
const SEGMENT_TICKS: u16 = 0xFFFF - 8_000;
/// A packet of an older or ended event that comes so soon is a late or repeated one. After it, one with a marker is a key
/// again: who plays keys from recordings (SIPp) begins at the same timestamp each time, or at an earlier one.
const LATE_MAX: Duration = Duration::from_millis(300);
/// A timestamp this far back is no late packet but a sender that began anew: five seconds.
const ANEW_TICKS: i64 = 40_000;

/// One event as it stands in a packet.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Event {
    /// 0-15 are keys; others are tones and flash (RFC 4733 §3.2).
    pub(crate) code: u8,
    /// The event has ended.
    pub(crate) end: bool,
    /// Level below 0 dBm0, 0 to 63.
    pub(crate) volume: u8,
    /// In units of the RTP clock, since the packet's timestamp.
    pub(crate) duration: u16,
}

impl Event {
    /// Reads a payload; `None` if it is too short.
    pub(crate) fn parse(payload: &[u8]) -> Option<Self> {
        // Some senders put four zero octets before the event: key 0 without an end and without a duration says nothing.
        let payload = match payload {
            [0, 0, 0, 0, rest @ ..] if rest.len() >= EVENT_BYTES => rest,
            whole => whole,
        };
        let [code, flags, high, low, ..] = *payload else { return None };
        Some(Self {
            code,
            end: flags & 0x80 != 0,
            volume: flags & 0x3F,
            duration: u16::from_be_bytes([high, low]),
        })
    }

    /// The payload.
    pub(crate) fn octets(self) -> [u8; EVENT_BYTES] {
        let [high, low] = self.duration.to_be_bytes();
        [self.code, u8::from(self.end) << 7 | self.volume & 0x3F, high, low]
    }
}

/// Turns packets into keys, each once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Receiver {
    last: Option<Last>,
}

#[derive(Copy, Clone, Debug)]
struct Last {
    code: u8,
    timestamp: u32,
    duration: u16,
    ended: bool,
    at: Instant,
}

impl Receiver {
    /// A receiver that has heard nothing.
    pub(crate) const fn new() -> Self {
        Self { last: None }
    }

    /// A packet of telephone-event: the key, if this is its first packet.
    pub(crate) fn packet(
        &mut self,
        now: Instant,
        marker: bool,
        timestamp: u32,
        payload: &[u8],
    ) -> Option<Digit> {
        let event = Event::parse(payload)?;
        let digit = Digit::from_event(event.code)?;
        let fresh = Last { code: event.code, timestamp, duration: event.duration, ended: event.end, at: now };
        let Some(last) = &mut self.last else {
            self.last = Some(fresh);
            return Some(digit);
        };
        // Serial arithmetic: newer is up to 2^31 ahead (RFC 1982).
        let ahead = i64::from(timestamp.wrapping_sub(last.timestamp) as i32);
        let played_again = marker && now.since(last.at) >= LATE_MAX;
        if ahead == 0 && !(played_again && last.ended) {
            // Updates, the three Ends and what the network repeats.
            *last =
                Last { ended: last.ended || event.end, duration: last.duration.max(event.duration), ..fresh };
            return None;
        }
        if ahead < 0 && ahead > -ANEW_TICKS && !played_again {
            return None;
        }
        let same = last.goes_on(now, marker, &event, ahead);
        *last = fresh;
        (!same).then_some(digit)
    }
}

impl Last {
    /// Whether a packet with a newer timestamp belongs to the event before it, against or by the book.
    fn goes_on(&self, now: Instant, marker: bool, event: &Event, ahead: i64) -> bool {
        // An event that has ended does not go on; but a sender that moves the timestamp moves it in the repeats of its End too.
        if marker || self.ended && !event.end || event.code != self.code {
            return false;
        }
        let moved = ahead <= i64::from(self.duration) + MOVED_TICKS && now.since(self.at) < STILL_THE_SAME;
        // RFC 4733 §2.5.1.3: beyond 0xFFFF the event goes on in a segment that begins where the last one ended.
        let segment = self.duration > SEGMENT_TICKS
            && ahead > i64::from(SEGMENT_TICKS)
            && ahead <= 0x1_0000 + MOVED_TICKS
            && now.since(self.at) < Duration::from_secs(1);
        ahead > 0 && (moved || segment)
    }
}

/// A key lasts this long.
const KEY_TICKS: u16 = 800;
/// The final packet is sent three times (RFC 4733 §2.5.1.4).
const ENDS: u8 = 3;
/// At least this much between two keys.
const PAUSE_TICKS: u32 = 480;
/// Level of the keys that we send: -10 dBm0.
const VOLUME: u8 = 10;

/// Turns keys into packets.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sender {
    waiting: VecDeque<Digit>,
    state: Sending,
}

#[derive(Copy, Clone, Debug, Default)]
enum Sending {
    #[default]
    Idle,
    Key {
        digit: Digit,
        timestamp: u32,
        duration: u16,
        ends: u8,
    },
    Pause {
        ticks: u32,
    },
}

/// What the next packet is.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Outgoing {
    /// First packet of the key.
    pub(crate) marker: bool,
    /// The beginning of the key: the same in all its packets.
    pub(crate) timestamp: u32,
    /// The payload.
    pub(crate) payload: [u8; EVENT_BYTES],
}

impl Sender {
    /// A sender with nothing to send.
    pub(crate) const fn new() -> Self {
        Self { waiting: VecDeque::new(), state: Sending::Idle }
    }

    /// Queues a key; false if too many wait.
    pub(crate) fn push(&mut self, digit: Digit) -> bool {
        let room = self.waiting.len() < KEYS_TO_SEND_MAX;
        if room {
            self.waiting.push_back(digit);
        }
        room
    }

    /// Whether a key is being sent or waits.
    pub(crate) fn is_busy(&self) -> bool {
        !self.waiting.is_empty() || !matches!(self.state, Sending::Idle)
    }

    /// Forgets what is being sent and what waits.
    pub(crate) fn clear(&mut self) {
        *self = Self::new();
    }

    /// The packet of this tick, instead of audio; `timestamp` is the clock of the stream now, `ticks` what one packet covers.
    pub(crate) fn next(&mut self, timestamp: u32, ticks: u16) -> Option<Outgoing> {
        if let Sending::Pause { ticks: left } = &mut self.state {
            if *left > 0 {
                *left = left.saturating_sub(u32::from(ticks));
                return None;
            }
            self.state = Sending::Idle;
        }
        if let Sending::Idle = self.state {
            let digit = self.waiting.pop_front()?;
            self.state = Sending::Key { digit, timestamp, duration: 0, ends: 0 };
        }
        let Sending::Key { digit, timestamp, duration, ends } = &mut self.state else { return None };
        let marker = *duration == 0;
        *duration = duration.saturating_add(ticks).min(KEY_TICKS);
        let end = *duration >= KEY_TICKS;
        *ends += u8::from(end);
        let event = Event { code: digit.event(), end, volume: VOLUME, duration: *duration };
        let outgoing = Outgoing { marker, timestamp: *timestamp, payload: event.octets() };
        if *ends == ENDS {
            self.state = Sending::Pause { ticks: PAUSE_TICKS };
        }
        Some(outgoing)
    }
}

#[cfg(test)]
mod tests;

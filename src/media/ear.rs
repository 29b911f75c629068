//! What a session hears of others: whom, how loud, how they stand, and what stands in for them.
//!
//! One source alone, as it is, is passed on as its packets come (`receive.rs`, `relay.rs`); here is only that it is so. Several,
//! or one louder or softer, wait here and are summed when the session's tick asks. Who plays what on top is the session's affair.

use std::sync::Arc;

use super::crossing::Standing;
use super::gain::Factor;
use super::jitter::JitterBuffer;
use super::player::Reel;
use super::vocabulary::{Gain, SessionId, Source};
use crate::audio::g711;
use crate::audio::sound::Sound;
use crate::base::codec::G711;
use crate::base::limit::{LISTEN_AGAIN, SOURCES_MAX};
use crate::base::time::Instant;
use crate::rtp::packet::Packet;

/// Samples of the longest packet that we make: 60 ms.
pub(super) const PACKET_SAMPLES_MAX: usize = 480;

#[derive(Debug)]
pub(super) struct Ear {
    sources: Vec<Heard>,
    /// The one source whose packets are passed on, and whether all hold: both follow from the list, and are asked for each packet.
    passed_on: Option<SessionId>,
    on_hold: bool,
    meanwhile: Option<Reel>,
    ask_again: Instant,
}

/// One who is heard.
#[derive(Debug)]
struct Heard {
    session: SessionId,
    gain: Gain,
    factor: Factor,
    standing: Standing,
    /// What waits to be mixed; `None` for one that is passed on.
    buffer: Option<JitterBuffer>,
}

impl Ear {
    pub(super) fn new() -> Self {
        Self {
            sources: Vec::new(),
            passed_on: None,
            on_hold: false,
            meanwhile: None,
            ask_again: Instant::ZERO,
        }
    }

    /// Hears others from now on. Who is heard no more is given back; `None` if all is as it was.
    pub(super) fn turn_to(
        &mut self,
        sources: &[Source],
        meanwhile: Option<Arc<Sound>>,
    ) -> Option<Vec<SessionId>> {
        self.stand_in(meanwhile);
        let same =
            |heard: &Heard, source: &Source| heard.session == source.session && heard.gain == source.gain;
        let unchanged = self.sources.len() == sources.len()
            && self.sources.iter().zip(sources).all(|(heard, source)| same(heard, source));
        if unchanged {
            return None;
        }
        let mixed = !matches!(sources, [Source { gain: Gain::UNITY, .. }]);
        let mut before = std::mem::take(&mut self.sources);
        for source in sources {
            let known = before.iter().position(|heard| heard.session == source.session);
            let heard = known.map(|place| before.swap_remove(place));
            let standing = heard.as_ref().map_or(Standing::Absent, |heard| heard.standing);
            let kept = heard.and_then(|heard| heard.buffer);
            self.sources.push(Heard {
                session: source.session,
                gain: source.gain,
                factor: source.gain.factor(),
                standing,
                buffer: mixed.then(|| kept.unwrap_or_else(JitterBuffer::new)),
            });
        }
        self.conclude();
        Some(before.into_iter().map(|heard| heard.session).collect())
    }

    /// Music that goes on playing is not begun anew.
    fn stand_in(&mut self, sound: Option<Arc<Sound>>) {
        let goes_on = match (&self.meanwhile, &sound) {
            (Some(reel), Some(sound)) => reel.is_of(sound),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        if !goes_on {
            self.meanwhile = sound.map(|sound| Reel::new(vec![sound], true));
        }
    }

    /// The source at a place of its list.
    pub(super) fn source(&self, place: usize) -> Option<SessionId> {
        self.sources.get(place).map(|heard| heard.session)
    }

    /// Whether a source's packets are passed on as they come.
    pub(super) fn passes_on(&self) -> bool {
        self.passed_on.is_some()
    }

    /// Whether it hears this source, and all that it sends is passed on.
    pub(super) fn passes_on_from(&self, source: SessionId) -> bool {
        self.passed_on == Some(source)
    }

    /// Whether there are sources, and none of them may send because its peer holds us.
    pub(super) fn is_on_hold(&self) -> bool {
        self.on_hold
    }

    /// Whether its one source has put us on hold, and might send music of its own.
    fn is_away(&self) -> bool {
        self.sources.iter().all(|heard| heard.standing == Standing::Away)
    }

    /// What follows from the list.
    fn conclude(&mut self) {
        self.passed_on = match &self.sources[..] {
            [Heard { session, buffer: None, .. }] => Some(*session),
            _ => None,
        };
        self.on_hold = self.sources.iter().any(|heard| heard.standing == Standing::Held)
            && self.sources.iter().all(|heard| !matches!(heard.standing, Standing::Live | Standing::Away));
    }

    /// How a source stands now; true if that is news.
    pub(super) fn learn(&mut self, source: SessionId, standing: Standing) -> bool {
        let heard = self.sources.iter_mut().find(|heard| heard.session == source);
        let news = heard.is_some_and(|heard| std::mem::replace(&mut heard.standing, standing) != standing);
        if news {
            self.conclude();
        }
        news
    }

    /// Whether sources are to be asked anew; if so, not again before its time.
    pub(super) fn asks_again(&mut self, now: Instant) -> bool {
        let asks = now >= self.ask_again && !self.sources.is_empty();
        if asks {
            self.ask_again = now + LISTEN_AGAIN;
        }
        asks
    }

    /// A packet of a source that is mixed; `ptime_ms` is how much the tick takes at once.
    pub(super) fn put(&mut self, source: SessionId, packet: &Packet<'_>, law: G711, ptime_ms: u8) {
        let heard = self.sources.iter_mut().find(|heard| heard.session == source);
        if let Some(buffer) = heard.and_then(|heard| heard.buffer.as_mut()) {
            // Whatever the phase of the tick, so much is needed not to run dry at once; and 20 ms for the network.
            buffer.put(packet, law, (u64::from(ptime_ms) + 20) * 8);
        }
    }

    /// Fills a packet, in which silence stands, with what is heard now.
    pub(super) fn fill(&mut self, law: G711, packet: &mut [u8]) {
        // A source that is passed on is asked for here only when it is silent.
        if self.is_on_hold() || self.passes_on() && self.is_away() {
            if let Some(reel) = &mut self.meanwhile {
                reel.fill(law, packet);
            }
            return self.leave_out(packet.len());
        }
        if self.sources.is_empty() || self.passes_on() {
            return;
        }
        let mut sums = [0_i32; PACKET_SAMPLES_MAX];
        let Some(sums) = sums.get_mut(..packet.len()) else { return };
        let mut heard_any = false;
        for heard in &mut self.sources {
            if let Some(buffer) = &mut heard.buffer {
                heard_any |= buffer.take(heard.factor, sums);
            }
        }
        if heard_any {
            for (octet, &sum) in packet.iter_mut().zip(&*sums) {
                *octet = g711::encode(law, saturated(sum));
            }
        }
    }

    /// Something else went out for so many samples: what was said meanwhile is not heard afterwards.
    pub(super) fn leave_out(&mut self, samples: usize) {
        for buffer in self.sources.iter_mut().filter_map(|heard| heard.buffer.as_mut()) {
            buffer.leave_out(samples as u64);
        }
    }

    /// Nothing goes out: nothing waits.
    pub(super) fn clear(&mut self) {
        for buffer in self.sources.iter_mut().filter_map(|heard| heard.buffer.as_mut()) {
            buffer.clear();
        }
    }
}

/// Whom a session may be told to hear: itself never (no echo), nobody twice, and no more than the bound.
pub(super) fn heard_by(session: SessionId, wanted: &[Source]) -> Vec<Source> {
    let mut sources: Vec<Source> = Vec::new();
    for source in wanted {
        let known = sources.iter().any(|known| known.session == source.session);
        if source.session != session && !known && sources.len() < SOURCES_MAX {
            sources.push(*source);
        }
    }
    sources
}

fn saturated(sum: i32) -> i16 {
    sum.clamp(i32::from(i16::MIN), i32::from(i16::MAX)) as i16
}

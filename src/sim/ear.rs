//! What a simulated phone hears. Every sound of a simulated world carries a mark in its octets, so that a packet says which
//! sound it is of: no signal processing, no doubt.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::audio::sound::Sound;
use crate::base::name::Name;
use crate::base::time::{Duration, Instant};

/// Sounds with their marks.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    names: BTreeMap<[u8; 2], Name>,
    marks: BTreeMap<Name, [u8; 2]>,
}

impl Marks {
    /// A sound of this name and length whose octets are its mark, repeated. The length is rounded to whole packets.
    pub fn sound(&mut self, name: &Name, length: Duration) -> Arc<Sound> {
        let mark = self.mark(name);
        let packets = usize::try_from(length.as_millis() / 20).unwrap_or(1).max(1);
        let octets: Arc<[u8]> = mark.iter().copied().cycle().take(packets * 160).collect();
        Arc::new(Sound { alaw: Arc::clone(&octets), ulaw: octets })
    }

    fn mark(&mut self, name: &Name) -> [u8; 2] {
        if let Some(mark) = self.marks.get(name) {
            return *mark;
        }
        // Neither law's silence (0xD5, 0xFF) is in this range.
        let number = self.marks.len();
        let mark = [0x20 + (number >> 6) as u8, 0x20 + (number & 0x3f) as u8];
        self.marks.insert(name.clone(), mark);
        self.names.insert(mark, name.clone());
        mark
    }

    fn name(&self, payload: &[u8]) -> Option<&Name> {
        self.names.get(payload.get(..2)?)
    }
}

/// A stretch of one sound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// Which.
    pub name: Name,
    /// Its first packet.
    pub from: Instant,
    /// Its last packet.
    pub until: Instant,
    /// How many packets.
    pub packets: u32,
}

/// The memory of a phone's ear.
#[derive(Debug, Default)]
pub struct Ear {
    /// All that was heard, in order.
    pub heard: Vec<Heard>,
    /// Packets of audio that have come, silence too.
    pub packets: u64,
    silent: bool,
}

impl Ear {
    /// An RTP packet has arrived.
    pub fn packet(&mut self, now: Instant, marks: &Marks, packet: &[u8]) {
        let audio = packet.len() > 12 && matches!(packet[1] & 0x7f, 0 | 8);
        if !audio {
            return;
        }
        self.packets += 1;
        let Some(name) = marks.name(&packet[12..]) else {
            self.silent = true;
            return;
        };
        match self.heard.last_mut() {
            Some(last) if last.name == *name && !self.silent => {
                last.until = now;
                last.packets += 1;
            }
            Some(_) | None => {
                self.heard.push(Heard { name: name.clone(), from: now, until: now, packets: 1 });
            }
        }
        self.silent = false;
    }

    /// Whether something whose name contains `word` has been heard after the first `skip` stretches; then how many
    /// stretches there are up to and with it.
    pub fn find(&self, word: &str, skip: usize) -> Option<usize> {
        let place = self.heard.iter().skip(skip).position(|heard| heard.name.contains(word))?;
        Some(skip + place + 1)
    }
}

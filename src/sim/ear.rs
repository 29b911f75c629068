//! What a simulated phone hears, without signal processing. In the worlds of tests every sound carries a mark in its octets,
//! so that a packet says which sound it is of; in a world with real sounds their packets are known by heart.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use crate::audio::sound::Sound;
use crate::audio::tone;
use crate::base::name::Name;
use crate::base::time::{Duration, Instant};

/// Sounds with their marks.
#[derive(Clone, Debug, Default)]
pub(crate) struct Marks {
    names: BTreeMap<[u8; 2], Name>,
    marks: BTreeMap<Name, [u8; 2]>,
    /// Of real sounds: whose packet has this payload, by its hash. None: the sounds are marked.
    packets: Option<BTreeMap<u64, Name>>,
    /// The tones of the phones of such a world.
    voices: BTreeMap<Name, Arc<Sound>>,
}

/// Octets of a packet of 20 ms.
const PACKET: usize = 160;
/// Tones from 250 Hz to 3.4 kHz, 50 Hz apart: who comes after them sounds like one of them.
const VOICES: usize = 64;
/// Real sounds have pauses, and these are no packet of any of them: a longer one ends a stretch.
const PAUSE_MAX: Duration = Duration::from_secs(1);

impl Marks {
    /// For a world with real sounds.
    pub(super) fn real() -> Self {
        Self { packets: Some(BTreeMap::new()), ..Self::default() }
    }

    /// Learns a real sound: it is filled up to whole packets, and silence gets a trace of itself that nobody hears, so that
    /// it is known too.
    pub(super) fn learn(&mut self, name: &Name, sound: &Sound) -> Arc<Sound> {
        let silent = |octets: &[u8], zeroes: [u8; 2]| octets.iter().all(|octet| zeroes.contains(octet));
        let whole = |octets: &[u8], zeroes: [u8; 2], number: usize| -> Arc<[u8]> {
            let length = octets.len().div_ceil(PACKET).max(1) * PACKET;
            let mut filled = octets.to_vec();
            if silent(octets, zeroes) {
                // The two zeroes of a law, as the figures of a number.
                let figure = |place: usize| zeroes[(number >> (place % PACKET).min(31)) & 1];
                return (0..length).map(figure).collect();
            }
            filled.resize(length, zeroes[0]);
            filled.into()
        };
        let number = self.packets.as_ref().map_or(0, BTreeMap::len) + 1;
        let sound = Sound {
            alaw: whole(&sound.alaw, [0xd5, 0x55], number),
            ulaw: whole(&sound.ulaw, [0xff, 0x7f], number),
        };
        for packet in sound.alaw.chunks(PACKET).chain(sound.ulaw.chunks(PACKET)) {
            // A pause is of no sound.
            if packet.iter().any(|octet| *octet != packet[0])
                && let Some(packets) = &mut self.packets
            {
                packets.entry(hash(packet)).or_insert_with(|| name.clone());
            }
        }
        Arc::new(sound)
    }

    /// What a phone says: a mark, or a soft tone of its own.
    pub(super) fn voice(&mut self, name: &Name) -> Arc<Sound> {
        if self.packets.is_none() {
            return self.sound(name, Duration::from_secs(2));
        }
        if let Some(voice) = self.voices.get(name) {
            return Arc::clone(voice);
        }
        // A whole number of turns in 20 ms: it goes on for ever without a click, and below half the sampling rate.
        let hertz = 250.0 + 50.0 * (self.voices.len() % VOICES) as f64;
        let second = tone::tone(&[hertz], Duration::from_secs(1), -24.0);
        let steady = second.get(4_000..4_000 + PACKET).unwrap_or(&second);
        let voice = self.learn(name, &Sound::from_samples(steady));
        self.voices.insert(name.clone(), Arc::clone(&voice));
        voice
    }

    /// Silence that is nobody's.
    pub(super) fn silence() -> Arc<Sound> {
        Arc::new(Sound::silence(Duration::from_millis(20)))
    }

    fn pauses(&self) -> Duration {
        if self.packets.is_some() { PAUSE_MAX } else { Duration::ZERO }
    }

    /// A sound of this name and length whose octets are its mark, repeated. The length is rounded to whole packets.
    pub(crate) fn sound(&mut self, name: &Name, length: Duration) -> Arc<Sound> {
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
        if let Some(packets) = &self.packets {
            return packets.get(&hash(payload));
        }
        self.names.get(payload.get(..2)?)
    }
}

fn hash(payload: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    payload.hash(&mut hasher);
    hasher.finish()
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
    pub(crate) fn packet(&mut self, now: Instant, marks: &Marks, packet: &[u8]) {
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
            Some(last) if last.name == *name && (!self.silent || now.since(last.until) < marks.pauses()) => {
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

//! What plays: sounds one after another, read in pieces of a packet.
//!
//! Sounds are shared and already encoded: nothing is decoded, nothing allocated per packet.

use std::sync::Arc;

use super::vocabulary::PlayId;
use crate::audio::sound::Sound;
use crate::base::codec::G711;

/// A playing in progress.
#[derive(Clone, Debug)]
pub(super) struct Playing {
    pub(super) play: PlayId,
    pub(super) reel: Reel,
    /// Whether its first packet has left.
    pub(super) started: bool,
}

/// Sounds, and how far they have been read.
#[derive(Clone, Debug)]
pub(super) struct Reel {
    sounds: Vec<Arc<Sound>>,
    repeat: bool,
    index: usize,
    offset: usize,
}

impl Playing {
    pub(super) fn new(play: PlayId, sounds: Vec<Arc<Sound>>, repeat: bool) -> Self {
        Self { play, reel: Reel::new(sounds, repeat), started: false }
    }
}

impl Reel {
    pub(super) fn new(mut sounds: Vec<Arc<Sound>>, repeat: bool) -> Self {
        // An empty sound would stop a repeated playing from ever filling a packet.
        sounds.retain(|sound| !sound.alaw.is_empty() && !sound.ulaw.is_empty());
        Self { sounds, repeat, index: 0, offset: 0 }
    }

    /// Whether it plays this sound, and no other.
    pub(super) fn is_of(&self, sound: &Arc<Sound>) -> bool {
        matches!(&self.sounds[..], [only] if Arc::ptr_eq(only, sound))
    }

    /// Fills a packet and gives how much of it is sound; less than all of it means that the end was reached.
    pub(super) fn fill(&mut self, law: G711, into: &mut [u8]) -> usize {
        let mut filled = 0;
        while filled < into.len() {
            let Some(sound) = self.sounds.get(self.index) else { break };
            let octets = match law {
                G711::Alaw => &sound.alaw,
                G711::Ulaw => &sound.ulaw,
            };
            let rest = octets.get(self.offset..).unwrap_or_default();
            let length = rest.len().min(into.len() - filled);
            into[filled..filled + length].copy_from_slice(&rest[..length]);
            filled += length;
            self.offset += length;
            if length == rest.len() {
                self.next_sound();
            }
        }
        filled
    }

    /// Whether all has been read.
    pub(super) fn is_over(&self) -> bool {
        self.index >= self.sounds.len()
    }

    fn next_sound(&mut self) {
        self.offset = 0;
        self.index += 1;
        if self.repeat && self.index == self.sounds.len() {
            self.index = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sound(octets: &[u8]) -> Arc<Sound> {
        Arc::new(Sound { alaw: octets.into(), ulaw: octets.iter().map(|octet| octet ^ 0xFF).collect() })
    }

    #[test]
    fn sounds_follow_each_other_without_a_seam() {
        let mut playing = Reel::new(vec![sound(&[1, 2, 3]), sound(&[]), sound(&[4, 5])], false);
        let mut packet = [0; 4];
        assert_eq!((playing.fill(G711::Alaw, &mut packet), packet), (4, [1, 2, 3, 4]));
        assert!(!playing.is_over());
        assert_eq!((playing.fill(G711::Ulaw, &mut packet), packet[0]), (1, 5 ^ 0xFF));
        assert!(playing.is_over());
    }

    #[test]
    fn a_repeated_playing_never_ends_and_an_empty_one_never_begins() {
        let mut music = Reel::new(vec![sound(&[1, 2, 3])], true);
        let mut packet = [0; 8];
        assert_eq!((music.fill(G711::Alaw, &mut packet), packet), (8, [1, 2, 3, 1, 2, 3, 1, 2]));
        assert!(!music.is_over());
        let mut nothing = Reel::new(vec![sound(&[])], true);
        assert_eq!(nothing.fill(G711::Alaw, &mut packet), 0);
        assert!(nothing.is_over());
    }
}

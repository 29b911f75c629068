//! Phones ring for the caller, who hears music until somebody answers or nobody does.

use super::super::next::Next;
use super::super::prompt::Speech;
use super::super::system::MUSIC;
use super::super::turn::Turn;
use super::super::verb::ring::Ring;
use super::super::vocabulary::RingNews;

/// What a ring has its caller in.
#[derive(Debug)]
pub(super) enum Ringing {
    /// Phones ring.
    Ringing,
    /// Somebody has answered.
    Talking,
}

pub(super) fn enter(ring: &Ring, turn: &mut Turn<'_>) -> Next<Ringing> {
    turn.music(ring.music.as_ref().unwrap_or(&Speech::file(MUSIC)));
    turn.act(ring.request.action());
    Next::Stay(Ringing::Ringing)
}

pub(super) fn on(ring: &Ring, news: &RingNews, turn: &mut Turn<'_>) -> Next<Ringing> {
    match news {
        RingNews::Failed(_) => {
            turn.hush();
            Next::Goto(ring.failed)
        }
        RingNews::Answered(_) => Next::Stay(Ringing::Talking),
        RingNews::Ringing | RingNews::Ended | RingNews::Lost => Next::Stay(Ringing::Ringing),
    }
}

//! Phones ring for the caller, who hears music until somebody answers or nobody does.

use super::super::prompt::Speech;
use super::super::system::MUSIC;
use super::super::verb::ring::Ring;
use super::super::vocabulary::RingNews;
use super::turn::Turn;
use super::{Next, State};

pub(super) fn enter(ring: &Ring, turn: &mut Turn<'_>) -> Next {
    turn.music(ring.music.as_ref().unwrap_or(&Speech::file(MUSIC)));
    turn.act(ring.request.action());
    Next::Stay(State::Ringing)
}

pub(super) fn on(ring: &Ring, news: &RingNews, turn: &mut Turn<'_>) -> Next {
    match news {
        RingNews::Failed(_) => {
            turn.hush();
            Next::Goto(ring.failed)
        }
        RingNews::Answered(_) => Next::Stay(State::Talking),
        RingNews::Ringing | RingNews::Ended => Next::Stay(State::Ringing),
    }
}

//! In a queue: music, the position (never a worse one than was told), an offer to be called back, keys that lead out.

use serde::{Deserialize, Serialize};

use super::super::block::BlockId;
use super::super::next::Next;
use super::super::prompt::{Speech, fragment_clip};
use super::super::speech;
use super::super::system::{LOST, MUSIC, WAITING};
use super::super::turn::Turn;
use super::super::verb::queue::Queue;
use super::super::vocabulary::{Action, Clip, Event, QueueNews, Trace};
use crate::base::time::{Duration, Instant, micros};

/// What a queue has its caller in.
#[derive(Debug)]
pub(super) enum Queued {
    /// In line.
    Waiting(Waiting),
    /// In talk with an agent.
    Talking,
    /// On the way back to the head of the line: the excuse is being heard.
    Returning,
}

/// A wait.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Waiting {
    /// When the caller is let out.
    until: Instant,
    /// When the position is told next.
    tell_at: Option<Instant>,
    /// When the call back is offered; none when it has been, or is not.
    offer_at: Option<Instant>,
    /// The key of the offer works.
    offered: bool,
    position: usize,
    told: usize,
    /// The wait that is expected, and what was told of it last: never a longer one.
    #[serde(with = "micros")]
    expected: Option<Duration>,
    #[serde(with = "micros")]
    expected_told: Option<Duration>,
    /// The first word has been said.
    welcomed: bool,
}

/// Stands in line; `back` at its head, after an agent's line was lost.
pub(super) fn enter(queue: &Queue, turn: &mut Turn<'_>, back: bool) -> Next<Queued> {
    let now = turn.cx.now().at;
    let request = if back { queue.request.at_head() } else { queue.request.clone() };
    turn.act(Action::Enqueue(request));
    let waiting = Waiting {
        until: now + queue.max_wait,
        tell_at: None,
        offer_at: queue.offer.as_ref().map(|offer| now + offer.after),
        offered: false,
        position: usize::MAX,
        told: usize::MAX,
        expected: None,
        expected_told: None,
        welcomed: back,
    };
    // The wait is bounded from its first moment, whatever the queue says.
    waiting.doze(turn)
}

/// The agent's line was lost in mid talk.
pub(super) fn excuse(turn: &mut Turn<'_>) -> Next<Queued> {
    let clip = turn.phrase(&LOST);
    turn.play(vec![clip]);
    Next::Stay(Queued::Returning)
}

impl Waiting {
    pub(super) fn on(self, queue: &Queue, event: Event, turn: &mut Turn<'_>) -> Next<Queued> {
        match event {
            Event::Queue(news) => self.hear(queue, &news, turn),
            Event::Played => {
                music(queue, turn);
                self.doze(turn)
            }
            Event::Timeout => self.tick(queue, turn),
            Event::Digit(digit) => {
                let offer = queue.offer.as_ref().filter(|offer| self.offered && offer.key == digit);
                let exit = queue.keys.get(&digit).copied().or(offer.map(|offer| offer.goto));
                match exit {
                    Some(block) => {
                        turn.trace(Trace::Key(digit));
                        Self::leave(turn, block)
                    }
                    None => Next::Stay(Queued::Waiting(self)),
                }
            }
            _ => Next::Stay(Queued::Waiting(self)),
        }
    }

    fn hear(mut self, queue: &Queue, news: &QueueNews, turn: &mut Turn<'_>) -> Next<Queued> {
        match news {
            QueueNews::Position(position, expected) => {
                self.position = *position;
                self.expected = *expected;
                if self.tell_at.is_none() && self.told == usize::MAX {
                    return self.welcome(queue, turn);
                }
                Next::Stay(Queued::Waiting(self))
            }
            QueueNews::NoAgent => Self::leave(turn, queue.no_agent),
            QueueNews::Full => Self::leave(turn, queue.too_long),
            QueueNews::Answered(_) => {
                turn.rest();
                Next::Stay(Queued::Talking)
            }
            QueueNews::Ringing(_) | QueueNews::AgentLeft(_) | QueueNews::AgentLost(_) => {
                Next::Stay(Queued::Waiting(self))
            }
        }
    }

    /// The first thing said in line: thanks, and the position when the queue tells positions.
    fn welcome(mut self, queue: &Queue, turn: &mut Turn<'_>) -> Next<Queued> {
        let every = turn.cx.queue(queue.request.name()).position_every;
        self.told = self.position;
        self.tell_at = every.map(|every| turn.cx.now().at + every);
        let mut clips: Vec<Clip> = if self.welcomed { Vec::new() } else { vec![turn.phrase(&WAITING)] };
        self.welcomed = true;
        if every.is_some() {
            clips.extend(self.place_in_words(turn));
        }
        if !turn.play(clips) {
            music(queue, turn);
        }
        self.doze(turn)
    }

    /// One of the three moments has come.
    fn tick(mut self, queue: &Queue, turn: &mut Turn<'_>) -> Next<Queued> {
        let now = turn.cx.now().at;
        if now >= self.until {
            return Self::leave(turn, queue.too_long);
        }
        if let Some(offer) = queue.offer.as_ref().filter(|_| self.offer_at.is_some_and(|at| at <= now)) {
            self.offer_at = None;
            self.offered = true;
            turn.say(&[&offer.speech]);
        } else if self.tell_at.is_some_and(|at| at <= now) {
            let every = turn.cx.queue(queue.request.name()).position_every;
            self.tell_at = every.map(|every| now + every);
            if let Some(standing) = turn.cx.standing() {
                (self.position, self.expected) = (standing.position, standing.expected);
            }
            if self.position <= self.told {
                self.told = self.position;
                let clips = self.place_in_words(turn);
                turn.play(clips);
            }
        }
        self.doze(turn)
    }

    /// The position, and the wait that is expected when it is known and no longer than was told.
    fn place_in_words(&mut self, turn: &Turn<'_>) -> Vec<Clip> {
        let mut said = speech::position_in(turn.language(), self.position);
        if let Some(expected) = self.expected.filter(|it| self.expected_told.is_none_or(|told| *it <= told)) {
            self.expected_told = Some(expected);
            said.extend(speech::wait_in(turn.language(), expected.as_secs()));
        }
        said.into_iter().map(fragment_clip).collect()
    }

    /// Asks to be woken at the next of its moments.
    fn doze(self, turn: &mut Turn<'_>) -> Next<Queued> {
        let moments = [Some(self.until), self.tell_at, self.offer_at];
        let next = moments.into_iter().flatten().min().unwrap_or(self.until);
        turn.wake(next.since(turn.cx.now().at).max(Duration::from_millis(1)));
        Next::Stay(Queued::Waiting(self))
    }

    fn leave(turn: &mut Turn<'_>, block: BlockId) -> Next<Queued> {
        turn.rest();
        turn.hush();
        turn.act(Action::Dequeue);
        Next::Goto(block)
    }
}

fn music(queue: &Queue, turn: &mut Turn<'_>) {
    let own = turn.cx.queue(queue.request.name()).music;
    turn.music(&Speech::file(own.as_deref().unwrap_or(MUSIC)));
}

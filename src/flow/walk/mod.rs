//! The walk of one call through its flow: the conversation, as a state machine that one can read aloud.
//!
//! Announcing, Hearing, Pausing, Choosing, Collecting, Confirming, Conversing, Fetching, Waiting, Ringing, Talking, Offering,
//! Beeping, Recording, Leaving, Over.
//! Each state has a file with its data and what it makes of each event; Conversing is that of a verb whose file is all of it. No clock, no audio, no telephony: events in,
//! actions out.

mod choosing;
mod collecting;
mod course;
mod entering;
mod fetching;
mod frozen;
mod leaving;
mod left;
mod offering;
mod reacting;
mod recording;
mod ringing;
mod state;
mod visit;
mod waiting;

pub use self::course::Walk;
pub(crate) use self::frozen::FrozenWalk;
pub use self::state::Posture;

#[cfg(test)]
mod chaos;
#[cfg(test)]
mod tests;

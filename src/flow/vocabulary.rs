//! All that a walk hears and says. The switchboard translates it into SIP, media and effects, the simulator into a terminal.
//!
//! What is kept for the length of a call can be written down and read back (`serde`), so that a call can be.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::errand::{Fetch, Fetched, Letter};
use crate::base::digit::Digit;
use crate::base::name::Name;
use crate::base::pii::Pii;
use crate::base::time::{Duration, micros};

/// What a walk hears.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// The call is answered and can hear. Always the first.
    Begin,
    /// A key was pressed.
    Digit(Digit),
    /// What was asked by the last `Play` has been heard to its end.
    Played,
    /// The moment asked by the last `Wake` has come.
    Timeout,
    /// News of the queue that the call waits in.
    Queue(QueueNews),
    /// News of the last `Ring` or `Transfer`.
    Rung(RingNews),
    /// The last `Record` has ended.
    Recorded(Recorded),
    /// The last `Fetch` was answered, or failed.
    Fetched(Fetched),
    /// Whether the last `Promise` of a call back is kept: it is not when too many are.
    Promised(bool),
    /// The caller has hung up, or the line was lost. Always the last; only silent steps run after it.
    HungUp,
}

impl From<QueueNews> for Event {
    fn from(news: QueueNews) -> Self {
        Self::Queue(news)
    }
}

impl From<RingNews> for Event {
    fn from(news: RingNews) -> Self {
        Self::Rung(news)
    }
}

/// News of a queue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum QueueNews {
    /// The call stands here: 1 is next. Estimated wait when known. Told when it joins the line; later it is asked for.
    Position(usize, #[serde(with = "micros")] Option<Duration>),
    /// Nobody works in this queue now (none logged in): the exit `no_agent`.
    NoAgent,
    /// The queue is full: the exit `too_long`.
    Full,
    /// An agent's phone rings; music goes on.
    Ringing(Name),
    /// An agent talks to the caller now.
    Answered(Name),
    /// The talk has ended because the agent hung up.
    AgentLeft(Name),
    /// The agent's line died in mid talk: back to the head of the queue with an excuse.
    AgentLost(Name),
}

/// A place in line.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// 1 is next.
    pub(crate) position: usize,
    /// The wait that is expected, when it is known.
    pub(crate) expected: Option<Duration>,
}

/// News of a ring or a transfer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RingNews {
    /// Somebody's phone rings.
    Ringing,
    /// Somebody answered and talks to the caller now; who, as written in the flow.
    Answered(Name),
    /// Nobody answered in time, all refused, or none could be reached.
    Failed(RingFailure),
    /// The talk has ended because the other side hung up.
    Ended,
    /// Their line was lost in the talk: nobody has hung up.
    Lost,
}

/// Why nobody could be brought to the caller.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RingFailure {
    /// Nobody answered in time.
    NoAnswer,
    /// All are busy or refused.
    Busy,
    /// None is registered, or the trunk fails.
    Unreachable,
}

/// A finished recording.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recorded {
    /// How long it is.
    #[serde(with = "micros")]
    pub duration: Duration,
    /// How much of it is speech: under half a second it is thrown away.
    pub kept: bool,
    /// The key that ended it.
    pub key: Option<Digit>,
    /// It could not be written (disk full): the caller hears an apology.
    pub failed: bool,
    /// Where it lies: below the folder of messages, without extension. None when nothing was kept.
    pub path: Option<Name>,
}

/// What a walk asks for, in order.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Play these one after another, instead of what plays. Answered by `Event::Played`.
    Play(Vec<Clip>),
    /// Play this in a loop, instead of what plays. Not answered.
    Music(Clip),
    /// Play nothing.
    Silence,
    /// Come back with `Event::Timeout` after this long; replaces the last one.
    Wake(Duration),
    /// Forget the last `Wake`.
    Sleep,
    /// Stand in a queue.
    Enqueue(QueueRequest),
    /// Leave it (and stop ringing its agents for this call).
    Dequeue,
    /// Ring these, at once or in turn.
    Ring(RingRequest),
    /// Bring the caller to a number or address outside.
    Transfer(TransferRequest),
    /// Record the caller. Answered by `Event::Recorded`.
    Record(RecordRequest),
    /// Ask the company's own system. Answered by `Event::Fetched`; a new one takes the place of the last.
    Fetch(Fetch),
    /// Tell somebody. Not answered.
    Send(Letter),
    /// Call this caller back in their turn. Answered by `Event::Promised`.
    Promise(CallbackRequest),
    /// End the call. Nothing follows but traces and letters.
    HangUp(HangUp),
    /// Write this into the call's record.
    Trace(Trace),
}

/// A piece of audio by its key in the site's library, and the words it says (for ladders, tests and the simulator).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clip {
    /// Key in the library of sounds: `appel-gratuit.wav`, or a rendered text's or fragment's key.
    pub key: Name,
    /// What is heard in words.
    pub(crate) text: Arc<str>,
}

/// A place in a queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueRequest {
    /// Which queue.
    pub(crate) queue: Name,
    /// Only agents who have it.
    pub(crate) skill: Option<Name>,
    /// Higher is served first; 0 is usual.
    pub(crate) priority: i32,
    /// Back at the head, after an agent's line was lost.
    pub(crate) head: bool,
}

/// Phones to ring.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RingRequest {
    /// Agents by name, or numbers and SIP URIs.
    pub(crate) targets: Vec<Target>,
    /// All at once, or one after another.
    pub(crate) order: RingOrder,
    /// How long in all when at once, how long each when in turn.
    #[serde(with = "micros")]
    pub(crate) timeout: Duration,
}

/// Whom to ring.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Target {
    /// An agent of the site.
    Agent(Name),
    /// A telephone number, E.164 (`+33612345678`), through a trunk.
    Number(Name),
    /// A SIP URI.
    Uri(Name),
}

/// How several are rung.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum RingOrder {
    /// All at once; the first who answers has the call.
    AtOnce,
    /// One after another.
    InTurn,
}

/// A transfer outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferRequest {
    /// To whom.
    pub(crate) to: Target,
    /// What number is shown.
    pub(crate) caller_id: Option<CallerId>,
    /// How long it may ring.
    #[serde(with = "micros")]
    pub(crate) timeout: Duration,
}

/// What number is shown on a call that leaves us (domain rule C5).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum CallerId {
    /// The company's: the number dialled.
    #[default]
    Company,
    /// The caller's, unless it is secret.
    Caller,
    /// None.
    Anonymous,
    /// This one of the site's.
    Number(Name),
}

/// A call back that was promised to a caller.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallbackRequest {
    /// In which queue the place is kept.
    pub(crate) queue: Name,
    /// The number to call, E.164.
    pub(crate) number: Pii<String>,
    /// Within this.
    #[serde(with = "micros")]
    pub(crate) within: Duration,
}

/// Where a recording goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RecordInto {
    /// A mailbox: somebody will listen to it.
    Mailbox(Name),
    /// A variable of the flow.
    Variable(Name),
}

/// A recording of the caller.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordRequest {
    /// Where it goes.
    pub(crate) into: RecordInto,
    /// Stop after this long.
    #[serde(with = "micros")]
    pub(crate) longest: Duration,
    /// Stop after this much silence.
    #[serde(with = "micros")]
    pub(crate) silence: Duration,
}

/// How a flow ends a call.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HangUp {
    /// All said.
    Normal,
    /// As busy.
    Busy,
    /// As a technical failure.
    Technical,
    /// As unwanted.
    Rejected,
}

/// What goes into the record.
#[derive(Clone, Debug, PartialEq)]
pub enum Trace {
    /// A block was entered.
    Block(Name),
    /// What only a record wants to know.
    Aside(Aside),
    /// A key was taken by a menu or an `ask` that is not secret.
    Key(Digit),
    /// A label of the call.
    Tag(Name),
    /// The free-call announcement begins.
    AnnouncementBegun,
    /// It ended; whether it was heard in full.
    AnnouncementEnded(bool),
    /// The key of a secret question was taken: the so manieth that the caller pressed in this call, from 0. It stands in no
    /// record and no journal.
    Secret(u32),
    /// Something happened that the company's other systems may want to know.
    Event(Name, Vec<(Name, String)>),
    /// A question after the call was answered.
    Answer(Name, Digit),
    /// The caller's card in the company's own system: an address for the agent's screen.
    Card(String),
    /// A question to the company's own system was answered: the host, and the status or why not.
    Lookup(Name, String),
}

/// What is noted of a block beside what it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Aside {
    /// It is left.
    Left(Left),
    /// A question got no key in time.
    Silence,
    /// A key, or an answer, leads nowhere.
    WrongKey,
}

/// By which way a block is left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Left {
    /// A key of a menu.
    Key(Digit),
    /// Silence, once too often.
    Silence,
    /// Wrong keys or answers, once too often.
    WrongKey,
    /// An exit of a step, by its name: `closed`, `no-agent`.
    Exit(Name),
    /// `goto`.
    Goto,
}

/// How a queue treats those who wait in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueueFacts {
    /// The music, by its key in the library; the default music when none.
    pub music: Option<Name>,
    /// How often the position is said; never when none.
    pub position_every: Option<Duration>,
}

/// A calendar at a moment.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum HoursState {
    /// Open.
    Open,
    /// Closed for a public holiday.
    Holiday,
    /// Closed.
    Closed,
}

/// What is known of a call from its first message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallFacts {
    /// The caller's number, E.164; `None` when secret.
    pub caller: Option<Pii<String>>,
    /// The name that came with it; none when secret.
    #[serde(default)]
    pub caller_name: Option<Pii<String>>,
    /// Whether that number is a mobile.
    pub caller_mobile: bool,
    /// Its country, ISO 3166 (`FR`), when known.
    pub caller_country: Option<Name>,
    /// The number dialled, E.164 (or short).
    pub number: String,
    /// Whether that number is free for the caller: the announcement is due.
    pub free: bool,
    /// The campaign of that number.
    pub campaign: Option<Name>,
    /// A short reference that can be said and found again: 6 digits.
    pub reference: String,
    /// Drawn once for each call: what `split` decides by.
    pub chance: u64,
}

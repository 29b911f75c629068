//! The verbs. One file each: its row of the table, its options, how it is read, what the laws must know of it. The table is
//! the one source of the parser, the schema and the reference page; a new verb is a file, a line in the table, and one in
//! `Step`.

pub(super) mod ask;
pub(super) mod branch;
pub(super) mod call;
pub(super) mod callback;
pub(super) mod http;
pub(in crate::flow) mod lawful;
pub(super) mod letter;
pub(super) mod menu;
pub(super) mod move_on;
pub(super) mod note;
pub(super) mod queue;
pub(super) mod record;
pub(super) mod ring;
pub(super) mod say;
pub(super) mod set;
pub(super) mod split;
pub(super) mod survey;
pub(super) mod voicemail;
pub(super) mod wait;
pub mod way;

use std::ops::Deref;

pub(in crate::flow) use self::lawful::Lawful;
pub use self::lawful::{Ends, Verb};
use self::way::Way;
use super::block::BlockId;
use super::prompt::Speech;
use super::read::{Reader, StepText};
use super::value::Path;
use super::vocabulary::HangUp;
use crate::base::name::Name;

/// A step of a block.
#[derive(Debug)]
pub enum Step {
    /// `say`, `play`
    Say(say::Say),
    /// `wait`
    Wait(wait::Wait),
    /// `menu`
    Menu(menu::Menu),
    /// `ask`
    Ask(ask::Ask),
    /// `record`
    Record(record::Record),
    /// `hours`, `if`, `switch`
    Branch(branch::Branch),
    /// `split`
    Split(split::Split),
    /// `goto`
    Goto(BlockId),
    /// `call`
    Call(call::Call),
    /// `return`
    Return(call::Return),
    /// `set`
    Set(set::Set),
    /// `tag`
    Tag(Name),
    /// `event`
    Event(note::Event),
    /// `http`, `identify`
    Http(Box<http::Http>),
    /// `queue`
    Queue(queue::Queue),
    /// `callback`
    Callback(callback::Callback),
    /// `ring`, `transfer`
    Ring(ring::Ring),
    /// `voicemail`
    Voicemail(voicemail::Voicemail),
    /// `sms`, `email`
    Letter(letter::Letter),
    /// `survey`
    Survey(survey::Survey),
    /// `hangup`
    HangUp(HangUp),
}

/// A line of the table: a verb, and how its steps are read.
pub struct Row {
    /// The verb.
    pub verb: &'static Verb,
    /// How a step of it is read.
    pub(super) read: fn(&mut Reader<'_>, &StepText<'_>) -> Option<Step>,
}

impl Deref for Row {
    type Target = Verb;

    fn deref(&self) -> &Verb {
        self.verb
    }
}

macro_rules! row {
    ($file:ident :: $verb:ident, $read:ident => $step:ident) => {
        Row { verb: &$file::$verb, read: |reader, text| $file::$read(reader, text).map(Step::$step) }
    };
}

/// Every verb of the language, in the order of a call.
pub const VERBS: &[Row] = &[
    row!(say::SAY, say => Say),
    row!(say::PLAY, play => Say),
    row!(wait::WAIT, read => Wait),
    row!(menu::MENU, read => Menu),
    row!(ask::ASK, read => Ask),
    row!(record::RECORD, read => Record),
    row!(branch::HOURS, hours => Branch),
    row!(branch::IF, condition => Branch),
    row!(branch::SWITCH, switch => Branch),
    row!(split::SPLIT, read => Split),
    row!(move_on::GOTO, goto => Goto),
    row!(call::CALL, call => Call),
    row!(call::RETURN, back => Return),
    row!(set::SET, set => Set),
    row!(set::TAG, tag => Tag),
    row!(note::EVENT, read => Event),
    row!(http::HTTP, http => Http),
    row!(http::IDENTIFY, identify => Http),
    row!(queue::QUEUE, read => Queue),
    row!(callback::CALLBACK, read => Callback),
    row!(ring::RING, ring => Ring),
    row!(ring::TRANSFER, transfer => Ring),
    row!(voicemail::VOICEMAIL, read => Voicemail),
    row!(letter::SMS, sms => Letter),
    row!(letter::EMAIL, email => Letter),
    row!(survey::SURVEY, read => Survey),
    row!(move_on::HANGUP, hangup => HangUp),
];

impl Step {
    /// The step as the laws see it.
    fn lawful(&self) -> &dyn Lawful {
        match self {
            Self::Say(say) => say,
            Self::Wait(wait) => wait,
            Self::Menu(menu) => menu,
            Self::Ask(ask) => ask,
            Self::Record(record) => record,
            Self::Branch(branch) => branch,
            Self::Split(split) => split,
            Self::Goto(block) => block,
            Self::Call(call) => call,
            Self::Return(back) => back,
            Self::Set(set) => set,
            Self::Tag(tag) => tag,
            Self::Event(event) => event,
            Self::Http(http) => &**http,
            Self::Queue(queue) => queue,
            Self::Callback(callback) => callback,
            Self::Ring(ring) => ring,
            Self::Voicemail(voicemail) => voicemail,
            Self::Letter(letter) => letter,
            Self::Survey(survey) => survey,
            Self::HangUp(how) => how,
        }
    }

    /// Where it can lead, and why.
    pub fn ways(&self) -> Vec<Way> {
        self.lawful().ways()
    }

    /// The blocks that it can lead to.
    pub fn exits(&self) -> Vec<BlockId> {
        self.ways().into_iter().map(|way| way.to).collect()
    }

    /// The blocks that it can lead to without having listened to the caller, and without time having passed.
    pub fn deaf_exits(&self) -> Vec<BlockId> {
        self.ways().into_iter().filter(|way| way.deaf).map(|way| way.to).collect()
    }

    /// Whether nothing of the block can come after it.
    pub fn is_end(&self) -> bool {
        self.lawful().is_end()
    }

    /// Whether it can end the call, or bring the caller to somebody.
    pub fn can_end_call(&self) -> bool {
        self.lawful().can_end_call()
    }

    /// Whether it listens to the caller: what comes after it in its block is no part of a deaf loop.
    pub fn listens(&self) -> bool {
        self.lawful().listens()
    }

    /// Whether it still runs when the caller has hung up: it is heard by nobody.
    pub fn is_silent(&self) -> bool {
        self.lawful().is_silent()
    }

    /// Everything that it can say.
    pub fn speeches(&self) -> Vec<&Speech> {
        self.lawful().speeches()
    }

    /// The variables and facts that it reads.
    pub fn reads(&self) -> Vec<&Path> {
        let mut reads = self.lawful().reads();
        reads.extend(self.speeches().into_iter().flat_map(Speech::values));
        reads
    }

    /// The variables of which it asks whether they are known.
    pub fn asks(&self) -> Vec<&Path> {
        self.lawful().asks()
    }

    /// The variables that are set when the next step comes.
    pub fn sets(&self) -> Vec<&Name> {
        self.lawful().sets()
    }

    /// Variables that it may have set.
    pub fn may_set(&self) -> Vec<&Name> {
        self.lawful().may_set()
    }
}

//! The verbs. One file each: its words for operators, its options, how it is read, and all that is known of its steps. The
//! table is the one source of the parser, the schema and the reference page. A verb whose file is all of it (`whole.rs`) is a
//! file, its `mod` and its line of the table; one that shares states of the walk has an entry of `Step` besides.

pub(super) mod ask;
pub(super) mod branch;
pub(super) mod call;
pub(super) mod callback;
pub(super) mod http;
pub(in crate::flow) mod lawful;
pub(crate) mod letter;
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
pub(crate) mod way;
pub(in crate::flow) mod whole;

use std::ops::Deref;

use self::lawful::Said;
pub(crate) use self::lawful::{Ends, TypedAhead, Verb};
use self::way::Way;
use self::whole::Own;
use super::block::BlockId;
use super::draw::card::Drawn;
use super::prompt::Speech;
use super::read::{Reader, StepText};
use super::system::{self, Phrase};
use super::value::{Kind, Path};
use super::vocabulary::HangUp;
use crate::base::name::Name;

/// A step of a block.
#[derive(Debug)]
pub(crate) enum Step {
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
    /// `hangup`
    HangUp(HangUp),
    /// A step of a verb whose file is all of it.
    Whole(Own),
}

/// A line of the table: a verb, and how its steps are read.
pub struct Row {
    /// The verb.
    pub(crate) verb: &'static Verb,
    /// How a step of it is read.
    pub(super) read: fn(&mut Reader<'_>, &StepText<'_>) -> Option<Step>,
}

impl Deref for Row {
    type Target = Verb;

    fn deref(&self) -> &Verb {
        self.verb
    }
}

/// A verb of `Step`, or one whose file is all of it.
macro_rules! row {
    ($file:ident :: $verb:ident, $read:ident => $step:ident) => {
        Row { verb: &$file::$verb, read: |reader, text| $file::$read(reader, text).map(Step::$step) }
    };
    ($file:ident :: $verb:ident, $read:ident) => {
        Row {
            verb: &$file::$verb,
            read: |reader, text| $file::$read(reader, text).map(|step| Step::Whole(Own::new(step))),
        }
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
    row!(survey::SURVEY, read),
    row!(move_on::HANGUP, hangup => HangUp),
];

impl Step {
    /// What says all that is known of it.
    fn said(&self) -> &dyn Said {
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
            Self::HangUp(how) => how,
            Self::Whole(own) => own.step(),
        }
    }

    /// Where it can lead, and why.
    pub(crate) fn ways(&self) -> Vec<Way> {
        self.said().ways()
    }

    /// The blocks that it can lead to.
    pub(crate) fn exits(&self) -> Vec<BlockId> {
        self.ways().into_iter().map(|way| way.to).collect()
    }

    /// The blocks that it can lead to without having listened to the caller, and without time having passed.
    pub(crate) fn deaf_exits(&self) -> Vec<BlockId> {
        self.ways().into_iter().filter(|way| way.deaf).map(|way| way.to).collect()
    }

    /// Whether nothing of the block can come after it.
    pub(crate) fn is_end(&self) -> bool {
        self.said().is_end()
    }

    /// Whether it can end the call, or bring the caller to somebody.
    pub(crate) fn can_end_call(&self) -> bool {
        self.said().can_end_call()
    }

    /// Whether it listens to the caller: what comes after it in its block is no part of a deaf loop.
    pub(crate) fn listens(&self) -> bool {
        self.said().listens()
    }

    /// Whether it still runs when the caller has hung up: it is heard by nobody.
    pub(crate) fn is_silent(&self) -> bool {
        self.said().is_silent()
    }

    /// What becomes of keys that were typed ahead of it.
    pub(crate) fn typed_ahead(&self) -> TypedAhead {
        self.said().typed_ahead()
    }

    /// What the drawing shows of it.
    pub(super) fn drawn(&self) -> &dyn Drawn {
        self.said()
    }

    /// The types of the variables that it sets or may set, as far as it alone tells them.
    pub(crate) fn types(&self) -> Vec<(&Name, Option<Kind>)> {
        self.said().types()
    }

    /// Values that these variables may get.
    pub(crate) fn samples(&self) -> Vec<(&Name, String)> {
        self.said().samples()
    }

    /// Everything that it can say.
    pub(crate) fn speeches(&self) -> Vec<&Speech> {
        self.said().speeches()
    }

    /// The sentences of svi's own that it can say: that a number is withheld among them.
    pub(crate) fn phrases(&self) -> Vec<Phrase> {
        let mut phrases = self.said().phrases();
        if self.speeches().into_iter().flat_map(Speech::values).any(|path| &*path.0 == "caller") {
            phrases.push(system::SECRET);
        }
        phrases
    }

    /// Whether it can say that a recording was not kept.
    pub(crate) fn apologises(&self) -> bool {
        match self {
            Self::Voicemail(voicemail) => voicemail.failed.is_none(),
            Self::Record(record) => record.failed.is_none(),
            _ => false,
        }
    }

    /// The variables and facts that it reads.
    pub(crate) fn reads(&self) -> Vec<&Path> {
        let mut reads = self.said().reads();
        reads.extend(self.speeches().into_iter().flat_map(Speech::values));
        reads
    }

    /// The variables of which it asks whether they are known.
    pub(crate) fn asks(&self) -> Vec<&Path> {
        self.said().asks()
    }

    /// The variables that are set when the next step comes.
    pub(crate) fn sets(&self) -> Vec<&Name> {
        self.said().sets()
    }

    /// Variables that it may have set.
    pub(crate) fn may_set(&self) -> Vec<&Name> {
        self.said().may_set()
    }
}

//! What can happen in a call of words, and what those can answer whom its flow waits for.

use std::collections::BTreeMap;

use crate::base::digit::Digit;
use crate::base::name::Name;
use crate::flow::errand::{Fetch, Letter};
use crate::flow::vocabulary::{CallbackRequest, Clip, HangUp, RecordInto};
use crate::switchboard::{Crowd, Edition};

/// What the caller lives through, and what is done for them, in order.
#[derive(Clone, Debug, PartialEq)]
pub enum Scene {
    /// Words are heard.
    Hears(Heard),
    /// Music is heard.
    Music(Clip),
    /// The flow enters a block.
    Block(Name),
    /// A label is put on the call.
    Tag(Name),
    /// A business event is reported.
    Event(Name, Vec<(Name, String)>),
    /// A question for statistics is answered.
    Answers(Name, Digit),
    /// The company's own system is asked: the call goes on with [`super::Conversation::respond`].
    Asks(Fetch),
    /// It has answered: the host, and the status or why not.
    Answered(Name, String),
    /// The caller's card in the company's own system.
    Card(String),
    /// A message is sent.
    Sends(Letter),
    /// A call back is promised.
    Promises(CallbackRequest),
    /// The caller waits in a queue.
    Waits(Name),
    /// Phones are rung.
    Rings(Vec<String>),
    /// Somebody answers, talks to the caller, and hangs up.
    Talks(Name),
    /// The caller is recorded.
    Records(RecordInto),
    /// The flow ends the call.
    Over(HangUp),
}

/// Words that are heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// The recordings, in order, each with its words; prompt files in brackets.
    pub(crate) clips: Vec<Clip>,
    /// It is the free-call announcement.
    pub(crate) announcement: bool,
}

impl Heard {
    /// All the words.
    pub(crate) fn text(&self) -> String {
        let words = self.clips.iter().map(|clip| &*clip.text).filter(|text| !text.is_empty());
        words.fold(String::new(), |mut text, word| {
            if !text.is_empty() && !text.ends_with('-') {
                text.push(' ');
            }
            text.push_str(word);
            text
        })
    }
}

/// What can be answered to a flow that waits for somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// Somebody answers, talks, and hangs up; whoever is rung first when none is named.
    Answer(Option<Name>),
    /// Nobody does in time.
    NoAnswer,
    /// All are busy, or the queue is full.
    Busy,
    /// None is there.
    Unreachable,
}

/// Callers and agents of the queues.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Others {
    /// Agents who are logged in, by queue.
    pub(crate) agents: BTreeMap<Name, usize>,
    /// Callers who wait already, by queue.
    pub(crate) waiting: BTreeMap<Name, usize>,
}

impl Crowd for Others {
    fn waiting(&self, queue: &str) -> usize {
        self.waiting.get(queue).copied().unwrap_or(0)
    }
    fn agents(&self, queue: &str) -> usize {
        self.agents.get(queue).copied().unwrap_or(0)
    }
}

impl Others {
    /// Every agent of a site is logged in, and nobody else calls.
    pub fn all_agents(edition: &Edition) -> Self {
        let queues = edition.site.shared.queues.iter();
        Self {
            agents: queues.map(|(name, queue)| (name.clone(), queue.rules.agents.len())).collect(),
            waiting: BTreeMap::new(),
        }
    }
}

//! What a scenario expects to have come of its call, and whether it has.

mod judge;

use std::collections::BTreeSet;
use std::ops::Range;

use super::Scenario;
use super::form::{CALLBACK, EMAIL, EXPECT, SMS};
use super::hear::Wanted;
use super::http::Request;
use super::read::Reader;
use crate::base::diagnostic::{Diagnostic, Text};
use crate::base::form::{Row, keys};
use crate::base::name::Name;
use crate::base::yaml::{Node, Value};
use crate::flow::verb::Step;
use crate::flow::vocabulary::HangUp;
use crate::say;
use crate::sim::conversation::Story;

/// One thing that is expected, and where it stands.
#[derive(Debug)]
pub(super) struct Expectation {
    place: Range<usize>,
    what: Expected,
}

#[derive(Debug)]
enum Expected {
    Tag(Name),
    Path(Vec<Stop>),
    Visit(Name),
    Queue(Name),
    Mailbox(Name),
    Agents(Vec<Name>),
    Keys(String),
    Ended(Ending),
    Sms(Note),
    Email(Note),
    Event(Name, Vec<(Name, String)>),
    Answer(Name, u8),
    Callback(Option<Name>, Option<String>),
    Card(String),
    Request(Request, String),
    /// Nothing of that kind.
    None(Kind),
}

/// A place of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Stop {
    Block(Name),
    Anything,
}

/// How a call ends.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    Flow(HangUp),
    Caller,
}

/// A message; what is left out may be anything.
#[derive(Debug, Default)]
struct Note {
    to: Option<String>,
    subject: Option<Wanted>,
    text: Option<Wanted>,
}

/// What can be absent: an empty list expects that.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Kind {
    Tags,
    Agents,
    Sms,
    Email,
    Events,
    Requests,
}

pub(super) const ENDINGS: [(&str, Ending); 5] = [
    ("normal", Ending::Flow(HangUp::Normal)),
    ("busy", Ending::Flow(HangUp::Busy)),
    ("technical", Ending::Flow(HangUp::Technical)),
    ("rejected", Ending::Flow(HangUp::Rejected)),
    ("caller", Ending::Caller),
];

impl Reader<'_> {
    /// `expect: { queue: conseillers }`
    pub(super) fn expectations(&mut self, node: &Node) -> Vec<Expectation> {
        let pairs = self.pairs(node, Text::word("`expect`"));
        self.only(&pairs, Text::word("`expect`"), EXPECT);
        let mut all = Vec::new();
        for (key, value) in pairs {
            let word = key.text().unwrap_or("");
            if value.value == Value::Null {
                if keys(EXPECT).contains(&word) {
                    self.error(
                        key,
                        "missing-value",
                        say!("something is missing behind `{}`", word),
                        Text::default(),
                    );
                }
                continue;
            }
            self.expectation(word, value, &mut all);
        }
        all
    }

    fn expectation(&mut self, word: &str, value: &Node, all: &mut Vec<Expectation>) {
        let site = &self.edition.site;
        let place = value.range.clone();
        let one = |what: Option<Expected>| what.map(|what| Expectation { place: place.clone(), what });
        let single = match word {
            "path" => one(self.path(value)),
            "queue" => one(self.one_of(value, Text::word("queue"), &site.shared.queues).map(Expected::Queue)),
            "mailbox" => {
                one(self.one_of(value, Text::word("mailbox"), &site.shared.mailboxes).map(Expected::Mailbox))
            }
            "keys" => one(self
                .keys(value)
                .map(|keys| Expected::Keys(keys.iter().map(ToString::to_string).collect()))),
            "ended" => {
                let word = self.word(value, "unknown-name", Text::word("ending"), &ENDINGS);
                one(word.map(Expected::Ended))
            }
            "callback" => one(self.callback(value)),
            "card" => one(self.text(value).map(|card| Expected::Card(card.to_owned()))),
            "agents" if !empty(value) => {
                let names = self.one_or_more(value).into_iter();
                let names: Vec<Name> = names
                    .filter_map(|node| self.one_of(node, Text::word("agent"), &site.shared.agents))
                    .collect();
                one(Some(Expected::Agents(names)))
            }
            "answers" => {
                for (name, node) in self.pairs(value, Text::word("`answers`")) {
                    let read = (self.text(name).map(Name::from), self.number(node));
                    if let (Some(name), Some(answer)) = read {
                        let what = Expected::Answer(name, u8::try_from(answer).unwrap_or(u8::MAX));
                        all.push(Expectation { place: node.range.clone(), what });
                    }
                }
                None
            }
            _ => None,
        };
        all.extend(single);
        self.several(word, value, all);
    }

    /// What a call can have any number of.
    fn several(&mut self, word: &str, value: &Node, all: &mut Vec<Expectation>) {
        let place = value.range.clone();
        let kind = match word {
            "tags" => Kind::Tags,
            "agents" => Kind::Agents,
            "sms" => Kind::Sms,
            "email" => Kind::Email,
            "events" => Kind::Events,
            "requests" => Kind::Requests,
            "visits" => {
                for node in self.one_or_more(value) {
                    let block = self.block(node);
                    all.extend(block.map(|block| Expectation {
                        place: node.range.clone(),
                        what: Expected::Visit(block),
                    }));
                }
                return;
            }
            _ => return,
        };
        if empty(value) {
            all.push(Expectation { place: place.clone(), what: Expected::None(kind) });
            return;
        }
        for node in self.one_or_more(value) {
            let what = match kind {
                Kind::Tags => self.tag(node).map(Expected::Tag),
                Kind::Sms => self.note(node, Text::word("a text message"), SMS).map(Expected::Sms),
                Kind::Email => self.note(node, Text::word("an e-mail"), EMAIL).map(Expected::Email),
                Kind::Events => self.event(node),
                Kind::Requests => self
                    .request(node)
                    .map(|request| Expected::Request(request, node.text().unwrap_or("").to_owned())),
                Kind::Agents => None,
            };
            all.extend(what.map(|what| Expectation { place: node.range.clone(), what }));
        }
    }

    fn path(&mut self, value: &Node) -> Option<Expected> {
        let mut stops = Vec::new();
        for node in self.one_or_more(value) {
            stops.push(match node.text() {
                Some("…" | "...") => Stop::Anything,
                _ => Stop::Block(self.block(node)?),
            });
        }
        Some(Expected::Path(stops))
    }

    /// A block of any flow; those of a flow that was called are named with it.
    fn block(&mut self, node: &Node) -> Option<Name> {
        let flows = &self.edition.site.flows;
        let text = self.text(node)?;
        let blocks = flows.values().flat_map(|flow| {
            let name = flow.name.clone();
            flow.blocks().flat_map(move |(_, block)| {
                [block.name.clone(), Name::from(format!("{name}/{}", block.name))]
            })
        });
        let known: BTreeSet<Name> = blocks.collect();
        match known.get(text) {
            Some(name) => Some(name.clone()),
            None => {
                let plain = known.iter().filter(|name| !name.contains('/') || text.contains('/'));
                self.unknown(node, "unknown-block", Text::word("block"), plain.map(Name::as_str));
                None
            }
        }
    }

    fn tag(&mut self, node: &Node) -> Option<Name> {
        let steps = self
            .edition
            .site
            .flows
            .values()
            .flat_map(|flow| flow.blocks().flat_map(|(_, block)| &block.steps));
        let tags = steps.filter_map(|step| if let Step::Tag(tag) = step { Some(tag) } else { None });
        let tags: BTreeSet<Name> = tags.cloned().collect();
        self.one_of(node, Text::word("tag"), &tags)
    }

    fn note(&mut self, node: &Node, what: Text, table: &[Row]) -> Option<Note> {
        let fields = self.fields(node, what, table);
        let mut text = |key| match fields.get(key) {
            Some(node) => self.text(node).map(Some),
            None => Some(None),
        };
        let (to, subject, text) = (text("to")?, text("subject")?, text("text")?);
        Some(Note {
            to: to.map(str::to_owned),
            subject: subject.and_then(Wanted::words),
            text: text.and_then(Wanted::words),
        })
    }

    /// `commande`, or `{ commande: { numero: 12 } }`.
    fn event(&mut self, node: &Node) -> Option<Expected> {
        if node.text().is_some() {
            return Some(Expected::Event(self.text(node)?.into(), Vec::new()));
        }
        let pairs = self.pairs(node, Text::word("an event"));
        let (name, fields) = pairs.first()?;
        let mut wanted = Vec::new();
        for (field, value) in self.pairs(fields, Text::word("an event")) {
            wanted.push((self.text(field)?.into(), self.text(value)?.to_owned()));
        }
        Some(Expected::Event(self.text(name)?.into(), wanted))
    }

    fn callback(&mut self, node: &Node) -> Option<Expected> {
        let fields = self.fields(node, Text::word("`callback`"), CALLBACK);
        let queues = &self.edition.site.shared.queues;
        let queue = match fields.get("queue") {
            Some(queue) => Some(self.one_of(queue, Text::word("queue"), queues)?),
            None => None,
        };
        let number = match fields.get("number") {
            Some(number) => Some(self.text(number)?.to_owned()),
            None => None,
        };
        Some(Expected::Callback(queue, number))
    }
}

fn empty(node: &Node) -> bool {
    matches!(&node.value, Value::List(items) if items.is_empty())
}

impl Expectation {
    /// What is wrong with the story of a call, at the place of the expectation.
    pub(super) fn judge(&self, scenario: &Scenario, story: &Story) -> Option<Diagnostic> {
        let wrong = self.what.judge(story)?;
        Some(scenario.wrong(&self.place, wrong))
    }
}

//! `agents:`, `queues:`, `mailboxes:`.

use super::form::{EMAIL, EVERY, Form, Row, SECRET, SERVICE_LEVEL, need, not_yet, opt, words};
use super::read::Reader;
use super::site::{Account, Agent, Mailbox, Queue};
use super::value;
use crate::base::diagnostic::Text;
use crate::base::limit;
use crate::base::name::Name;
use crate::base::yaml::Node;
use crate::centre::group::Order;
use crate::centre::number::{self, Class};
use crate::centre::queue::Rules;
use crate::say;

/// `agents:`
pub(crate) const AGENTS: Row = opt("agents", Form::Each(AGENT), "who answers, by name");

const AGENT: &[Row] = &[
    opt("name", Form::Text, "as people know them"),
    opt("sip", Form::Text, "the user of the phone that registers here"),
    opt("password", SECRET, "its password"),
    opt("phone", Form::Text, "a telephone number to ring"),
    opt("skills", Form::Several(&Form::Text), "what they can do, for the `skill` of a queue"),
    opt("confirm", Form::Key, "the key that accepts a call on that telephone"),
];

/// Reads one agent.
pub(crate) fn agent(reader: &mut Reader<'_>, name: &Name, node: &Node) -> Option<Agent> {
    let fields = reader.fields(node, Text::word("the agent"), AGENT);
    let title = fields.get("name").and_then(|node| reader.text(node)).unwrap_or(name).to_owned();
    let account = fields.meant("sip", AGENT).and_then(|node| {
        let user = reader.sign_in(node)?;
        let password = fields.need(reader, "password").and_then(|node| reader.secret(node))?;
        Some(Account { user: Name::from(user), password })
    });
    // A wrong one is told once, and counts as written.
    let phone = fields.meant("phone", AGENT).map(|node| phone(reader, node).unwrap_or_default());
    let phone = phone.or_else(|| (!node.is_map()).then(String::new));
    if fields.meant("sip", AGENT).is_none() && phone.is_none() {
        reader.error(
            node,
            "agent-unreachable",
            say!("`{}` cannot be reached", name),
            Text::word(
                "give a phone that registers here (`sip: …, password: …`) or a telephone number (`phone: …`)",
            ),
        );
    }
    let confirm = fields.get("confirm").and_then(|node| reader.digit(node));
    let skills = fields.get("skills").map(|node| reader.list(node)).unwrap_or_default();
    let skills = skills.into_iter().filter_map(|node| reader.new_name(node)).collect();
    let phone_mark = fields.meant("phone", AGENT).map(|node| reader.mark(node));
    Some(Agent { title, account, phone, phone_mark, confirm, skills })
}

/// A number that an agent can be rung at: of this world, and not an emergency's (domain §1.1).
fn phone(reader: &mut Reader<'_>, node: &Node) -> Option<String> {
    let text = reader.text(node)?;
    let normalised = number::normalise(text);
    match (normalised.number, normalised.class) {
        (Some(number), class) if !matches!(class, Class::Emergency | Class::Unknown) => Some(number),
        (Some(_), Class::Emergency) => {
            reader.error(
                node,
                "emergency-number",
                Text::word("an emergency number is never rung"),
                Text::word("write the agent's own number"),
            );
            None
        }
        _ => {
            reader.error(
                node,
                "not-a-number",
                Text::word("this is not a telephone number"),
                Text::word("write it as 06 12 34 56 78 or +33 6 12 34 56 78"),
            );
            None
        }
    }
}

/// `queues:`
pub(crate) const QUEUES: Row = opt("queues", Form::Each(QUEUE), "where callers wait, by name");

const QUEUE: &[Row] = &[
    need("agents", Form::Several(&Form::Text), "who answers"),
    opt("order", Form::Word(&words(&Order::ALL)), "who is rung (longest-idle)"),
    opt("music", Form::Text, "the prompt file that is heard (svi's own music)"),
    opt("position", EVERY, "how often the position is told (never)"),
    opt("wrap_up", Form::DurationOrNone, "the rest of an agent after a call"),
    opt("target", SERVICE_LEVEL, "the service level (80% in 20s)"),
    not_yet("record", Form::YesNo, "whether talks are recorded (false)"),
    opt("ring", Form::Duration, "how long a phone rings"),
    opt("longest", Form::Count(limit::QUEUE_LENGTH_MAX), "how many may wait"),
];

/// Reads one queue. That its agents exist is checked by [`super::check`].
pub(crate) fn queue(reader: &mut Reader<'_>, node: &Node) -> Option<Queue> {
    let fields = reader.fields(node, Text::word("the queue"), QUEUE);
    let usual = Rules::default();
    let agents: Vec<Name> = match fields.need(reader, "agents") {
        Some(node) => {
            let nodes = reader.list(node);
            if nodes.is_empty() {
                let help = say!("name who answers: `{}`", "agents: [alice]");
                reader.error(node, "nobody", Text::word("nobody answers in this queue"), help);
            }
            nodes.into_iter().filter_map(|node| reader.new_name(node)).collect()
        }
        None => Vec::new(),
    };
    let order = fields
        .get("order")
        .and_then(|node| reader.word(node, "unknown-name", Text::word("order"), &Order::ALL))
        .unwrap_or_default();
    let target = fields.get("target").and_then(|node| {
        reader.value(node, Text::word("a service level like `80% in 20s`"), value::service_level)
    });
    let (target_percent, target) = target.unwrap_or((80, usual.target));
    let ring = fields.get("ring").and_then(|node| reader.duration(node)).unwrap_or(usual.ring);
    let wrap_up = fields
        .get("wrap_up")
        .and_then(|node| reader.duration_or_none(node, limit::DURATION_MAX))
        .unwrap_or(usual.wrap_up);
    let length_max = fields.get("longest").and_then(|node| reader.count(node, limit::QUEUE_LENGTH_MAX));
    let rules =
        Rules { agents, order, ring, wrap_up, target, length_max: length_max.unwrap_or(usual.length_max) };
    Some(Queue {
        rules,
        music: fields.get("music").and_then(|node| reader.text(node)).map(Name::from),
        position: fields
            .get("position")
            .and_then(|node| reader.value(node, Text::word("a rhythm like `every 45s`"), value::every)),
        target_percent,
        record: fields.get("record").and_then(|node| reader.yes(node)).unwrap_or(false),
    })
}

/// `mailboxes:`
pub(crate) const MAILBOXES: Row = opt("mailboxes", Form::Each(MAILBOX), "where messages go, by name");

const MAILBOX: &[Row] = &[
    opt("email", Form::Several(&EMAIL), "who is sent each message, with its recording, by `mail`"),
    opt("longest", Form::Duration, "how long a message may be (3m)"),
    opt("keep", Form::Duration, "how long messages are kept (as `server.keep.messages` says)"),
];

/// Reads one mailbox.
pub(crate) fn mailbox(reader: &mut Reader<'_>, node: &Node) -> Option<Mailbox> {
    let fields = reader.fields(node, Text::word("the mailbox"), MAILBOX);
    let mut email = Vec::new();
    if !node.is_map() {
        // Told already; who it would tell is not known.
        email.push(String::new());
    }
    for node in fields.get("email").map(|node| reader.list(node)).unwrap_or_default() {
        // A wrong one is told once, and counts as written.
        let read = reader.value(node, Text::word("an e-mail address"), value::email);
        email.extend(read.or_else(|| node.text().map(str::to_owned)));
    }
    let longest =
        fields.get("longest").and_then(|node| reader.duration(node)).unwrap_or(limit::MESSAGE_DURATION_MAX);
    let keep = fields.get("keep").and_then(|node| reader.duration(node));
    let mark = fields.get("email").map(|node| reader.mark(node));
    Some(Mailbox { email, mark, longest, keep })
}

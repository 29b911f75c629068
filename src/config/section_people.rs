//! `agents:`, `queues:`, `mailboxes:`.

use std::collections::BTreeSet;

use super::read::{Reader, Yaml};
use super::section_server::YES_NO;
use super::site::{Account, Agent, Mailbox, Queue};
use super::value;
use crate::base::diagnostic::Text;
use crate::base::digit::Digit;
use crate::base::limit;
use crate::base::name::Name;
use crate::base::time::Duration;
use crate::centre::group::Order;
use crate::centre::number::{self, Class};
use crate::centre::queue::Rules;
use crate::say;

/// Reads one agent.
pub fn agent(reader: &mut Reader<'_>, name: &Name, node: &Yaml) -> Option<Agent> {
    let fields = reader.fields(
        node,
        Text::word("the agent"),
        &["name", "sip", "password", "phone", "skills", "confirm"],
    );
    let title = fields.get("name").and_then(|node| reader.text(node)).unwrap_or_else(|| name.to_string());
    let account = fields.get("sip").and_then(|node| {
        let user = reader.text(node)?;
        let password = fields.need(reader, "password").and_then(|node| reader.secret(node))?;
        Some(Account { user: Name::from(user), password })
    });
    let phone = fields.get("phone").and_then(|node| phone(reader, node));
    if fields.get("sip").is_none() && fields.get("phone").is_none() {
        reader.error(
            node,
            "agent-unreachable",
            say!("`{}` cannot be reached", name),
            Text::word(
                "give a phone that registers here (`sip: …, password: …`) or a telephone number (`phone: …`)",
            ),
        );
    }
    let confirm = fields.get("confirm").and_then(|node| {
        reader.value(node, Text::word("one key, 0 to 9"), |text| {
            let mut keys = text.chars();
            let key = keys.next().and_then(Digit::from_char)?;
            keys.next().is_none().then_some(key)
        })
    });
    let skills: BTreeSet<Name> =
        reader.names(fields.get("skills")).into_iter().map(|(name, _)| name).collect();
    Some(Agent { title, account, phone, confirm, skills })
}

/// A number that an agent can be rung at: of this world, and not an emergency's (domain §1.1).
fn phone(reader: &mut Reader<'_>, node: &Yaml) -> Option<String> {
    let text = reader.text(node)?;
    let normalised = number::normalise(&text);
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

const QUEUE: &[&str] =
    &["agents", "order", "music", "position", "wrap_up", "target", "record", "ring", "longest"];

/// Reads one queue. That its agents exist is checked by [`super::check`].
pub fn queue(reader: &mut Reader<'_>, node: &Yaml) -> Option<Queue> {
    let fields = reader.fields(node, Text::word("the queue"), QUEUE);
    let usual = Rules::default();
    let agents: Vec<Name> = match fields.need(reader, "agents") {
        Some(node) => reader.names(Some(node)).into_iter().map(|(name, _)| name).collect(),
        None => Vec::new(),
    };
    let order = fields.get("order").and_then(|node| reader.one_of(node, &Order::ALL)).unwrap_or_default();
    let target = fields.get("target").and_then(|node| {
        reader.value(node, Text::word("a service level like `80% in 20s`"), value::service_level)
    });
    let (target_percent, target) = target.unwrap_or((80, usual.target));
    let ring = fields.get("ring").and_then(|node| reader.duration(node)).unwrap_or(usual.ring);
    let wrap_up = fields.get("wrap_up").and_then(|node| reader.duration(node)).unwrap_or(usual.wrap_up);
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
        record: fields.get("record").and_then(|node| reader.one_of(node, &YES_NO)).unwrap_or(false),
    })
}

/// Reads one mailbox.
pub fn mailbox(reader: &mut Reader<'_>, node: &Yaml) -> Option<Mailbox> {
    let fields = reader.fields(node, Text::word("the mailbox"), &["email", "longest", "keep"]);
    let mut email = Vec::new();
    for node in fields.get("email").map(|node| reader.list(node)).unwrap_or_default() {
        email.extend(reader.value(node, Text::word("an e-mail address"), value::email));
    }
    let longest =
        fields.get("longest").and_then(|node| reader.duration(node)).unwrap_or(limit::MESSAGE_DURATION_MAX);
    let keep = fields.get("keep").and_then(|node| reader.duration(node)).unwrap_or(KEEP);
    Some(Mailbox { email, longest, keep })
}

/// Voicemail is kept this long unless the site says otherwise (domain D4).
const KEEP: Duration = Duration::from_secs(30 * 86_400);

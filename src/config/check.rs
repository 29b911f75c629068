//! What one section says of another: names that must exist, things that must not be shared.

use std::collections::{BTreeMap, BTreeSet};

use super::read::Reader;
use super::section_outgoing;
use super::site::Server;
use crate::base::diagnostic::{Text, nearest};
use crate::base::name::Name;
use crate::base::yaml::{Node, Value};
use crate::centre::number;
use crate::centre::outgoing::{Barred, Outgoing};
use crate::centre::trunk::Peer;
use crate::say;

/// SIP and RTP over UDP must not want the same port.
pub(crate) fn server(reader: &mut Reader<'_>, node: &Node, server: &Server) {
    let (first, last) = server.ports;
    let Some(taken) = server.udp.iter().find(|listen| (first..=last).contains(&listen.port())) else {
        return;
    };
    let ports = node.get("media").and_then(|media| media.get("ports"));
    let why = say!("the port {} of SIP lies among those of media, {}-{}", taken.port(), first, last);
    reader.error(ports.unwrap_or(node), "ports-overlap", why, Text::word("take other ports for media"));
}

/// An agent's telephone may be called, and two agents cannot register with one account: the calls of one would ring the other.
pub(crate) fn agents(reader: &mut Reader<'_>, node: &Node, outgoing: &Outgoing) {
    let mut users: BTreeMap<&str, &str> = BTreeMap::new();
    for (name, agent) in keys(node) {
        if let Some(phone) = agent.get("phone")
            && let Some(number) = phone.text().and_then(|text| number::normalise(text).number)
            && outgoing.judge(&number) != Err(Barred::Emergency)
        {
            section_outgoing::admits(reader, phone, outgoing, &number);
        }
        let Some(user) = agent.get("sip") else { continue };
        let Some(text) = user.text() else { continue };
        if let Some(other) = users.insert(text, name) {
            let why = say!("`{}` and `{}` register with the same user `{}`", other, name, text);
            reader.error(user, "account-twice", why, Text::word("give each agent a user of their own"));
        }
    }
}

/// Queues ring agents who exist, each once, and play music that exists.
pub(crate) fn queues(
    reader: &mut Reader<'_>,
    node: &Node,
    agents: &BTreeSet<Name>,
    prompts: &BTreeSet<Name>,
) {
    for (_, queue) in keys(node) {
        let mut seen = BTreeSet::new();
        for (agent, place) in queue.get("agents").map(texts).unwrap_or_default() {
            // What is no name was told already.
            let is_name = agent.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_');
            if !agents.contains(agent) && is_name {
                reader.unknown(place, "unknown-name", Text::word("agent"), agents.iter().map(Name::as_str));
            } else if !seen.insert(agent) {
                let why = say!("`{}` stands twice in this queue", agent);
                reader.error(place, "agent-twice", why, Text::word("name each once"));
            }
        }
        if let Some(music) = queue.get("music")
            && let Some(text) = music.text()
            && !prompts.contains(text)
        {
            let known: Vec<&str> = prompts.iter().map(Name::as_str).collect();
            let help = match nearest(text, known) {
                Some(meant) => say!("did you mean `{}`?", meant),
                None => Text::word("put the file into `prompts/`"),
            };
            reader.error(music, "unknown-prompt", say!("there is no prompt `{}`", text), help);
        }
    }
}

/// An address belongs to one trunk: else calls would be counted for the wrong one.
pub(crate) fn trunks(reader: &mut Reader<'_>, node: &Node) {
    let mut owners: Vec<(Peer, &str)> = Vec::new();
    for (name, trunk) in keys(node) {
        for (text, place) in trunk.get("peers").map(texts).unwrap_or_default() {
            let Some(peer) = Peer::parse(text) else { continue };
            if let Some((_, other)) = owners.iter().find(|(owned, _)| *owned == peer) {
                let why = say!("`{}` is a peer of `{}` already", text, other);
                reader.error(place, "peer-twice", why, Text::word("an address belongs to one trunk"));
            }
            owners.push((peer, name));
        }
    }
}

/// Campaigns and trunks name tariffs that exist.
pub(crate) fn tariffs(reader: &mut Reader<'_>, node: &Node, tariffs: &BTreeSet<Name>) {
    for (_, priced) in keys(node) {
        tariff(reader, priced, tariffs);
    }
}

/// A number goes by one tariff.
pub(crate) fn priced_numbers(reader: &mut Reader<'_>, node: &Node) {
    let mut owners: BTreeMap<String, &str> = BTreeMap::new();
    for (name, tariff) in keys(node) {
        let nodes = tariff.get("numbers").map(|node| reader.one_or_more(node)).unwrap_or_default();
        for node in nodes {
            let Some(number) = node.text().and_then(|text| number::normalise(text).number) else { continue };
            if let Some(other) = owners.insert(number, name) {
                let why = say!("this number goes by the tariff `{}` already", other);
                reader.error(node, "number-twice", why, Text::word("a number has one tariff"));
            }
        }
    }
}

/// So does the gateway of text messages. The one that it names.
pub(crate) fn tariff(reader: &mut Reader<'_>, priced: &Node, tariffs: &BTreeSet<Name>) -> Option<Name> {
    let named = priced.get("tariff")?;
    let text = named.text()?;
    if !tariffs.contains(text) {
        reader.unknown(named, "unknown-name", Text::word("tariff"), tariffs.iter().map(Name::as_str));
    }
    Some(Name::from(text))
}

/// Keys and values of a mapping, without judging either.
pub(crate) fn keys(node: &Node) -> Vec<(&str, &Node)> {
    match &node.value {
        Value::Map(entries) => entries.iter().filter_map(|(key, value)| Some((key.text()?, value))).collect(),
        Value::Null | Value::Text { .. } | Value::List(_) => Vec::new(),
    }
}

/// Keys of a mapping with the nodes of the keys themselves.
pub(crate) fn keys_with_nodes(node: &Node) -> Vec<(&str, &Node)> {
    match &node.value {
        Value::Map(entries) => entries.iter().filter_map(|(key, _)| Some((key.text()?, key))).collect(),
        Value::Null | Value::Text { .. } | Value::List(_) => Vec::new(),
    }
}

/// The texts of a list, or a text alone, with their places.
pub(crate) fn texts(node: &Node) -> Vec<(&str, &Node)> {
    match &node.value {
        Value::List(items) => items.iter().filter_map(|item| Some((item.text()?, item))).collect(),
        Value::Text { text, .. } => vec![(text, node)],
        Value::Null | Value::Map(_) => Vec::new(),
    }
}

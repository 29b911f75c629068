//! `sms: { ok: … }`: what a gateway's answer is like when it has taken a message. Gateways also answer 200 to say no.

use super::form::{Form, Row, opt};
use super::outside::Accepted;
use super::read::Reader;
use crate::base::diagnostic::Text;
use crate::base::yaml::Node;

/// `ok:`
pub(super) const OK: &[Row] = &[
    opt("status", Form::Several(&Form::Count(STATUS_MAX)), "its status (any of 200 to 299)"),
    opt("has", Form::Several(&Form::Text), "places in its JSON where something stands: `messages.0.id`"),
    opt(
        "lacks",
        Form::Several(&Form::Text),
        "places where nothing stands, or nothing but null, false, 0 or what is empty",
    ),
    opt(
        "is",
        Form::Map(&Form::Several(&Form::Text)),
        "places with the value that must stand there, or a list of such values",
    ),
    opt("text", Form::Text, "words in the answer, for one that is no JSON"),
];

/// The last status that says yes.
const STATUS_MAX: usize = 299;

pub(super) fn read(reader: &mut Reader<'_>, node: &Node) -> Accepted {
    let fields = reader.fields(node, Text::word("the `ok` setting"), OK);
    let texts = |reader: &mut Reader<'_>, key: &str| -> Vec<String> {
        let nodes = fields.get(key).map(|node| reader.list(node)).unwrap_or_default();
        nodes.into_iter().filter_map(|node| reader.text(node).map(str::to_owned)).collect()
    };
    let (has, lacks) = (texts(reader, "has"), texts(reader, "lacks"));
    let statuses = fields.get("status").map(|node| reader.list(node)).unwrap_or_default();
    let status = statuses.into_iter().filter_map(|node| {
        reader.value(node, Text::word("a status from 200 to 299"), |text| {
            text.parse().ok().filter(|status| (200..=299).contains(status))
        })
    });
    let status = status.collect();
    let mut is = Vec::new();
    let pairs = fields.get("is").map(|node| reader.pairs(node, Text::word("`is`"))).unwrap_or_default();
    for (key, node) in pairs {
        let Some(place) = reader.text(key).map(str::to_owned) else { continue };
        let values = reader.list(node);
        is.push((
            place,
            values.into_iter().filter_map(|node| reader.text(node).map(str::to_owned)).collect(),
        ));
    }
    let text = fields.get("text").and_then(|node| reader.text(node)).map(str::to_owned);
    Accepted { status, has, lacks, is, text }
}

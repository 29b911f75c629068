//! `outgoing:`: where calls and messages may go that the company pays for, and how many.

use super::bounds::{self, COSTS, COUNTS};
use super::form::{Form, Row, opt};
use super::read::Reader;
use crate::base::diagnostic::Text;
use crate::base::yaml::Node;
use crate::centre::number::{self, Class};
use crate::centre::outgoing::{Barred, Kind, Outgoing};
use crate::say;

/// `outgoing:`
pub(crate) const OUTGOING: Row = opt(
    "outgoing",
    Form::Section(SECTION),
    "where calls and messages may go that you pay for: call backs, `transfer`, `ring`, agents' telephones, `sms`",
);

const SECTION: &[Row] = &[
    opt(
        "allow",
        Form::Several(&Form::Pattern(
            "^(fixed|mobile|overseas|free|shared|foreign|\\+[1-9][0-9]{0,14})$",
            "fixed",
        )),
        "whole kinds: fixed, mobile, overseas, free, shared (0806 to 0809), foreign, or a range abroad like +32 (fixed, mobile, overseas)",
    ),
    opt("numbers", Form::Several(&Form::Text), "single numbers besides, premium and short ones too"),
    opt(
        "per_number",
        Form::Section(COUNTS),
        "to one number that a caller has typed or shown (6 an hour, 12 a day)",
    ),
    opt("in_all", Form::Section(COUNTS), "in all (1000 an hour, 5000 a day)"),
    opt(
        "cost",
        Form::Section(COSTS),
        "what they may cost, reckoned on the safe side (100 EUR an hour, 500 EUR a day)",
    ),
];

/// Reads it.
pub(crate) fn outgoing(reader: &mut Reader<'_>, node: &Node) -> Outgoing {
    let usual = Outgoing::default();
    let fields = reader.fields(node, Text::word("the outgoing calls"), SECTION);
    let (mut kinds, mut prefixes) = (usual.kinds, usual.prefixes);
    if let Some(node) = fields.get("allow") {
        kinds.clear();
        for node in reader.list(node) {
            let Some(text) = reader.text(node) else { continue };
            let digits = text.strip_prefix('+').filter(|digits| !digits.is_empty());
            if let Some(kind) = Kind::ALL.iter().find(|(word, _)| *word == text) {
                kinds.insert(kind.1);
            } else if digits.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit())) {
                prefixes.push(text.to_owned());
            } else {
                let words = Kind::ALL.iter().map(|(word, _)| *word);
                reader.unknown(node, "unknown-name", Text::word("kind of number"), words);
            }
        }
    }
    let numbers = fields.get("numbers").map(|node| reader.list(node)).unwrap_or_default();
    let numbers = numbers.into_iter().filter_map(|node| number(reader, node)).collect();
    let (per_number, in_all) =
        (bounds::counts(reader, &fields, "per_number"), bounds::counts(reader, &fields, "in_all"));
    let micros = bounds::costs(reader, &fields, "cost");
    let (per_number, in_all) = (usual.per_number.but(per_number), usual.in_all.but(in_all));
    let micros = usual.micros.but(micros);
    Outgoing { kinds, prefixes, numbers, per_number, in_all, micros }
}

/// A number that is allowed by hand.
fn number(reader: &mut Reader<'_>, node: &Node) -> Option<String> {
    let text = reader.text(node)?;
    let normalised = number::normalise(text);
    let help = Text::word("write it as 06 12 34 56 78 or +33 6 12 34 56 78");
    match (normalised.number, normalised.class) {
        (_, Class::Emergency) => {
            let why = Text::word("an emergency number is never rung");
            reader.error(node, "emergency-number", why, Text::word("take it out"));
            None
        }
        (Some(number), class) if class != Class::Unknown => Some(number),
        (_, _) => {
            reader.error(node, "not-a-number", Text::word("this is not a telephone number"), help);
            None
        }
    }
}

/// Tells that a number may not be called. True when it may.
pub(super) fn admits(reader: &mut Reader<'_>, node: &Node, outgoing: &Outgoing, number: &str) -> bool {
    let Err(barred) = outgoing.judge(number) else { return true };
    let (why, help) = told(number, barred);
    reader.error(node, "barred-number", why, help);
    false
}

/// Why a number may not be called, and what to do.
pub(super) fn told(number: &str, barred: Barred) -> (Text, Text) {
    let shown = number::display(number);
    if barred == Barred::Emergency {
        return (Text::word("an emergency number is never rung"), Text::word("write another number"));
    }
    (
        say!("nothing goes to `{}`: it is {}", shown, barred.text()),
        say!("if it is meant, list it in site.yaml: `outgoing: { numbers: [{}] }`", shown),
    )
}

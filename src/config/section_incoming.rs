//! `incoming:`: whose calls the line takes, and how many; what is done when a machine calls.

use super::bounds::{self, COSTS, COUNTS};
use super::form::{DATE, EUROS, Form, Row, need, opt, words};
use super::read::Reader;
use crate::base::diagnostic::Text;
use crate::base::limit::{CALLS_BOUND_MAX, DURATION_MAX};
use crate::base::time::Date;
use crate::base::yaml::Node;
use crate::centre::incoming::{Answer, Bounds, CallerKind, Incoming, Price, Pumping, Rule, Who};

/// `incoming:`
pub(crate) const INCOMING: Row = opt(
    "incoming",
    Form::Section(SECTION),
    "whose calls are taken, and how many: what is refused is refused before the answer, and costs nothing",
);

const SECTION: &[Row] = &[
    opt("rules", Form::Items(RULE), "the first that fits a call decides"),
    opt("per_caller", Form::Section(BOUNDS), "bounds of one caller (none)"),
    opt(
        "per_range",
        Form::Section(BOUNDS),
        "bounds of callers whose numbers differ in the last four digits alone; all secret callers are one range (none)",
    ),
    opt("per_number", Form::Section(BOUNDS), "bounds of one of your numbers (none)"),
    opt("price", EUROS, "what a minute counts as, for the bounds of cost (0.10 EUR)"),
    opt(
        "pumping",
        Form::Word(&words(&PUMPING)),
        "what is done when a machine calls, 20 calls of one range in five minutes in which nothing is pressed or said, all of one length: refuse more of them, but for callers who have pressed a key or talked to somebody of late or who call again, one a minute (alarm)",
    ),
];

const RULE: &[Row] = &[
    opt(
        "from",
        Form::Several(&Form::Text),
        "who calls: a number, a range like `01 62*` or `+32*`, or secret, fixed, mobile, overseas, foreign, premium (anybody)",
    ),
    opt("to", Form::Several(&Form::Text), "which of your numbers is called (any)"),
    opt("until", DATE, "the last day on which it counts (for ever)"),
    need(
        "answer",
        Form::Word(&words(&Answer::ALL)),
        "what becomes of the call: it is taken whatever the bounds say, or refused with 486, 480 or 603",
    ),
];

const BOUNDS: &[Row] = &[
    opt("at_once", Form::Count(CALLS_BOUND_MAX), "calls that go on"),
    opt("calls", Form::Section(COUNTS), "calls"),
    opt("time", Form::Section(TIMES), "time on the line, what goes on included"),
    opt("cost", Form::Section(COSTS), "what that costs, by `price`"),
];

const TIMES: &[Row] = &[opt("hour", Form::Duration, "in an hour"), opt("day", Form::Duration, "in 24 hours")];

const PUMPING: [(&str, Pumping); 3] =
    [("ignore", Pumping::Ignore), ("alarm", Pumping::Alarm), ("refuse", Pumping::Refuse)];

/// Reads it.
pub(crate) fn incoming(reader: &mut Reader<'_>, node: &Node) -> Incoming {
    let usual = Incoming::default();
    let fields = reader.fields(node, Text::word("the incoming calls"), SECTION);
    let nodes = fields.get("rules").map(|node| reader.list(node)).unwrap_or_default();
    let rules = nodes.into_iter().filter_map(|node| rule(reader, node)).collect();
    let mut of = |key| fields.get(key).map(|node| all_bounds(reader, node)).unwrap_or_default();
    let (per_caller, per_range, per_number) = (of("per_caller"), of("per_range"), of("per_number"));
    let price = fields.get("price").and_then(|node| bounds::micros(reader, node)).map_or(usual.price, Price);
    let pumping = fields
        .get("pumping")
        .and_then(|node| reader.word(node, "unknown-name", Text::word("answer"), &PUMPING));
    Incoming { rules, per_caller, per_range, per_number, price, pumping: pumping.unwrap_or(usual.pumping) }
}

fn rule(reader: &mut Reader<'_>, node: &Node) -> Option<Rule> {
    let fields = reader.fields(node, Text::word("the rule"), RULE);
    let nodes = fields.get("from").map(|node| reader.list(node)).unwrap_or_default();
    let (asked, mut from) = (nodes.len(), Vec::new());
    for node in nodes {
        let Some(text) = reader.text(node) else { continue };
        match Who::parse(text) {
            Some(who) => from.push(who),
            None => {
                let kinds = CallerKind::ALL.iter().map(|(word, _)| *word);
                reader.unknown(node, "unknown-name", Text::word("number or kind of caller"), kinds);
            }
        }
    }
    let nodes = fields.get("to").map(|node| reader.list(node)).unwrap_or_default();
    let wanted = nodes.len();
    let to: Vec<String> = nodes.into_iter().filter_map(|node| reader.own_number(node)).collect();
    let until = fields
        .get("until")
        .and_then(|node| reader.value(node, Text::word("a date like 2026-09-01"), Date::parse));
    let answer = fields.need(reader, "answer")?;
    let answer = reader.word(answer, "unknown-name", Text::word("answer"), &Answer::ALL)?;
    // A rule that lost what it was about would be one for everybody.
    (from.len() == asked && to.len() == wanted).then_some(Rule { from, to, until, answer })
}

fn all_bounds(reader: &mut Reader<'_>, node: &Node) -> Bounds {
    let fields = reader.fields(node, Text::word("the bounds"), BOUNDS);
    let at_once = fields.get("at_once").and_then(|node| reader.count(node, CALLS_BOUND_MAX));
    let calls = bounds::counts(reader, &fields, "calls");
    let time = bounds::periods(reader, &fields, "time", TIMES, |reader, node| {
        reader.duration_within(node, DURATION_MAX)
    });
    let micros = bounds::costs(reader, &fields, "cost");
    Bounds { at_once, calls, time, micros }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::base::diagnostic::Source;
    use crate::base::time::Duration;

    const FLOW: &str =
        "svi: 1\nname: a\nnumbers: [01 23 45 67 89]\nstart: fin\nblocks:\n  fin:\n    - hangup: normal\n";

    fn read(section: &str) -> (Incoming, String) {
        let texts = [Source::new("a.yaml", format!("{FLOW}incoming:\n{section}"))];
        let (site, report) = crate::config::read(&texts, &BTreeSet::new(), true, &|_| None);
        (site.shared.incoming.clone(), report.to_string())
    }

    #[test]
    fn a_section_says_who_is_heard() {
        let (incoming, told) = read(
            "  rules:\n    - { from: [01 62*, secret], to: 01 23 45 67 89, until: 2026-12-31, answer: declined }\n    - { answer: accept }\n  per_caller: { at_once: 3, calls: { hour: 20 }, time: { day: 2h } }\n  per_number: { cost: { day: 50 EUR } }\n  price: 0.05 EUR\n  pumping: refuse\n",
        );
        assert_eq!(told, "");
        let first = &incoming.rules[0];
        assert_eq!(first.from, [Who::Range("+33162".into()), Who::Kind(CallerKind::Secret)]);
        assert_eq!(
            (first.to.as_slice(), first.until),
            (["+33123456789".to_owned()].as_slice(), Date::parse("2026-12-31"))
        );
        assert_eq!((first.answer, incoming.rules.len()), (Answer::Declined, 2));
        let bounds = incoming.per_caller;
        assert_eq!((bounds.at_once, bounds.calls.hour, bounds.calls.day), (Some(3), Some(20), None));
        assert_eq!(bounds.time.day, Some(Duration::from_secs(7_200)));
        assert_eq!((incoming.per_number.micros.day, incoming.price), (Some(50_000_000), Price(50_000)));
        assert!(incoming.pumping == Pumping::Refuse && incoming.per_range.is_open());
    }

    #[test]
    fn a_rule_that_is_not_understood_is_told_and_is_no_rule_for_all() {
        for (rule, wrong) in [
            ("{ from: bavards, answer: busy }", "unknown-name"),
            ("{ to: 12, answer: busy }", "own-number"),
            ("{ from: secret }", "missing-key"),
            ("{ from: secret, answer: peut-être }", "unknown-"),
        ] {
            let (incoming, told) = read(&format!("  rules: [{rule}]\n"));
            assert!(
                told.starts_with(&format!("error[{wrong}")) && incoming.rules.is_empty(),
                "{rule}: {told}"
            );
        }
    }
}

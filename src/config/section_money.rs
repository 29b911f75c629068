//! `campaigns:` and `tariffs:`. What is reckoned by them is `figures/cost.rs`.

use std::collections::BTreeMap;

use super::bounds;
use super::form::{DATE, EUROS, Form, Row, need, opt};
use super::read::Reader;
use super::site::Campaign;
use crate::base::diagnostic::Text;
use crate::base::limit::DURATION_MAX;
use crate::base::name::Name;
use crate::base::time::Date;
use crate::base::yaml::Node;
use crate::centre::incoming::Who;
use crate::centre::number;
use crate::figures::money::Money;
use crate::figures::origin::Origin;
use crate::figures::tariff::{Rate, Target, Tariff};

/// `campaigns:`
pub(crate) const CAMPAIGNS: Row =
    opt("campaigns", Form::Each(CAMPAIGN), "numbers that are told apart in reports, by name");

const CAMPAIGN: &[Row] = &[
    need("number", Form::Text, "the number dialled"),
    opt("from", DATE, "its first day"),
    opt("until", DATE, "its last day"),
    opt("flow", Form::Text, "the flow that it reaches (the only one)"),
    opt("tariff", Form::Text, "what its calls cost (what its number costs)"),
];

/// `tariffs:`
pub(crate) const TARIFFS: Row = opt(
    "tariffs",
    Form::Each(TARIFF),
    "what operators charge, by name: each record tells what its call costs, as an estimate",
);

const TARIFF: &[Row] = &[
    opt("numbers", Form::Several(&Form::Text), "your numbers whose calls go by it"),
    opt("setup", EUROS, "once"),
    opt("monthly", EUROS, "each month, by days"),
    opt("from_fixed", Form::Section(RATE), "calls from fixed lines (the dearest of these rates)"),
    opt("from_mobile", Form::Section(RATE), "calls from mobiles (the dearest of these rates)"),
    opt("from_overseas", Form::Section(RATE), "calls from overseas (the dearest of these rates)"),
    opt("from_abroad", Form::Section(RATE), "calls from abroad (the dearest of these rates)"),
    opt("from_secret", Form::Section(RATE), "calls with a hidden number (the dearest of these rates)"),
    opt(
        "to",
        Form::Map(&Form::Section(RATE)),
        "calls that leave by a trunk of this tariff, by how their number begins (`06`, `+32`) or by its kind: fixed, mobile, overseas, abroad; the longest beginning counts, and the dearest rate when nothing fits",
    ),
    opt("sms", EUROS, "a text message"),
];

const RATE: &[Row] = &[
    opt("per_call", EUROS, "each call"),
    opt("per_minute", EUROS, "each minute"),
    opt("first", Form::DurationOrNone, "what the first moments count as (1s)"),
    opt("step", Form::Duration, "the step of billing (1s)"),
];

const FROM: [(&str, Origin); 5] = [
    ("from_fixed", Origin::Fixed),
    ("from_mobile", Origin::Mobile),
    ("from_overseas", Origin::Overseas),
    ("from_abroad", Origin::Abroad),
    ("from_secret", Origin::Secret),
];

/// Reads one campaign.
pub(crate) fn campaign(reader: &mut Reader<'_>, node: &Node) -> Option<Campaign> {
    let fields = reader.fields(node, Text::word("the campaign"), CAMPAIGN);
    let number = fields.need(reader, "number").and_then(|node| reader.own_number(node));
    let mut date = |key| {
        fields.get(key).and_then(|node| reader.value(node, Text::word("a date like 2026-09-01"), Date::parse))
    };
    let (from, until) = (date("from"), date("until"));
    if let (Some(from), Some(until), Some(node)) = (from, until, fields.get("until"))
        && until < from
    {
        reader.error(
            node,
            "campaign-backwards",
            Text::word("the campaign ends before it begins"),
            Text::word("exchange `from` and `until`"),
        );
    }
    let mut name = |key| fields.get(key).and_then(|node| reader.text(node)).map(Name::from);
    let (flow, tariff) = (name("flow"), name("tariff"));
    Some(Campaign { number: number?, from, until, flow, tariff })
}

/// Reads one tariff, and the numbers that go by it.
pub(crate) fn tariff(reader: &mut Reader<'_>, node: &Node) -> Option<(Tariff, Vec<String>)> {
    let fields = reader.fields(node, Text::word("the tariff"), TARIFF);
    let nodes = fields.get("numbers").map(|node| reader.list(node)).unwrap_or_default();
    let numbers = nodes.into_iter().filter_map(|node| reader.own_number(node)).collect();
    let mut amount = |key| fields.get(key).and_then(|node| bounds::micros(reader, node)).map(Money::micros);
    let (setup, monthly, sms) = (amount("setup"), amount("monthly"), amount("sms"));
    let from =
        FROM.iter().filter_map(|(key, origin)| Some((*origin, rate(reader, fields.get(key)?)))).collect();
    let targets = fields.get("to").map(|node| reader.pairs(node, Text::word("the calls that leave")));
    let mut to = BTreeMap::new();
    for (key, node) in targets.unwrap_or_default() {
        let rate = rate(reader, node);
        if let Some(target) = target(reader, key) {
            to.insert(target, rate);
        }
    }
    let (setup, monthly) = (setup.unwrap_or_default(), monthly.unwrap_or_default());
    Some((Tariff { setup, monthly, from, to, sms }, numbers))
}

/// A kind of lines, or how numbers begin; nobody can call a hidden number.
fn target(reader: &mut Reader<'_>, key: &Node) -> Option<Target> {
    let kinds = Origin::ALL.iter().filter(|(_, origin)| *origin != Origin::Secret);
    let text = reader.text(key)?.trim();
    if let Some((_, kind)) = kinds.clone().find(|(word, _)| *word == text) {
        return Some(Target::Kind(*kind));
    }
    let text = text.trim_end_matches('*');
    match Who::parse(&format!("{text}*")) {
        Some(Who::Range(prefix)) => Some(Target::Prefix(overseas(text).unwrap_or(prefix))),
        _ => {
            let words = kinds.map(|(word, _)| *word);
            reader.unknown(key, "unknown-name", Text::word("beginning of a number or kind of line"), words);
            None
        }
    }
}

/// The overseas parts have country codes of their own: what begins with 0690 begins with +590690 in normal form.
fn overseas(text: &str) -> Option<String> {
    const LENGTH: usize = 10;
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let missing = LENGTH.checked_sub(digits.len()).filter(|_| digits.starts_with('0'))?;
    let normal = number::normalise(&format!("{digits}{}", "0".repeat(missing)));
    if Origin::of(normal.class) != Some(Origin::Overseas) {
        return None;
    }
    let number = normal.number?;
    number.get(..number.len().checked_sub(missing)?).map(str::to_owned)
}

fn rate(reader: &mut Reader<'_>, node: &Node) -> Rate {
    let fields = reader.fields(node, Text::word("the rate"), RATE);
    let usual = Rate::default();
    let mut amount = |key| {
        let micros = fields.get(key).and_then(|node| bounds::micros(reader, node));
        micros.map(Money::micros).unwrap_or_default()
    };
    let (per_call, per_minute) = (amount("per_call"), amount("per_minute"));
    let mut length = |key| fields.get(key).and_then(|node| reader.duration_or_none(node, DURATION_MAX));
    let (first, step) = (length("first").unwrap_or(usual.first), length("step").unwrap_or(usual.step));
    if step.is_zero() {
        let why = Text::word("a step of no time would bill for ever");
        reader.error(node, "step-zero", why, Text::word("write `step: 1s`"));
    }
    Rate { per_call, per_minute, first, step }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::base::diagnostic::Source;
    use crate::base::time::Duration;
    use crate::figures::cost::Tariffs;

    const FLOW: &str =
        "svi: 1\nname: a\nnumbers: [01 23 45 67 89]\nstart: fin\nblocks:\n  fin:\n    - hangup: normal\n";

    fn read(sections: &str) -> (Tariffs, String) {
        let texts = [Source::new("a.yaml", format!("{FLOW}{sections}"))];
        let (site, report) = crate::config::read(&texts, &BTreeSet::new(), true, &|_| None);
        (site.shared.tariffs.clone(), report.to_string())
    }

    #[test]
    fn a_tariff_says_what_each_call_costs_and_what_goes_by_it() {
        let (tariffs, told) = read(
            "campaigns: { c: { number: 01 23 45 67 88, tariff: t } }\ntrunks: { o: { peers: 192.0.2.1, tariff: t } }\n\
             tariffs:\n  t:\n    numbers: [01 23 45 67 89]\n    setup: 50 EUR\n    monthly: 25 EUR\n    sms: 0.045 EUR\n    \
             from_mobile: { per_call: 0.01 EUR, per_minute: 0.07 EUR, first: 30s, step: 6s }\n    \
             from_secret: { per_minute: 0.08 EUR }\n    \
             to: { 06: { per_minute: 0.1 EUR }, +32: { per_minute: 0.2 EUR }, fixed: { per_minute: 0.01 EUR } }\n",
        );
        assert_eq!(told, "");
        let tariff = &tariffs.all["t"];
        assert_eq!((tariff.setup, tariff.monthly), (Money::micros(50_000_000), Money::micros(25_000_000)));
        let mobile = Rate {
            per_call: Money::micros(10_000),
            per_minute: Money::micros(70_000),
            first: Duration::from_secs(30),
            step: Duration::from_secs(6),
        };
        assert_eq!((tariff.from[&Origin::Mobile], tariff.sms), (mobile, Some(Money::micros(45_000))));
        assert_eq!(tariff.from.keys().collect::<Vec<_>>(), [&Origin::Mobile, &Origin::Secret]);
        let prefix = |text: &str| Target::Prefix(text.to_owned());
        let targets = [prefix("+32"), prefix("+336"), Target::Kind(Origin::Fixed)];
        assert_eq!(tariff.to.keys().cloned().collect::<Vec<_>>(), targets);
        assert_eq!(tariffs.numbers, [("+33123456789".to_owned(), Name::from("t"))].into());
        assert_eq!((&tariffs.campaigns["c"], &tariffs.trunks["o"]), (&Name::from("t"), &Name::from("t")));
    }

    #[test]
    fn a_beginning_is_that_of_the_normal_form() {
        for (text, normal) in [
            ("06", "+336"),
            ("01 62*", "+33162"),
            ("0690", "+590690"),
            ("0508", "+508"),
            ("+590", "+590"),
            ("0032", "+32"),
            ("06 12 34 56 78", "+33612345678"),
        ] {
            let (tariffs, told) = read(&format!("tariffs: {{ t: {{ to: {{ '{text}': {{}} }} }} }}\n"));
            assert_eq!(told, "", "{text}");
            let targets: Vec<_> = tariffs.all["t"].to.keys().cloned().collect();
            assert_eq!(targets, [Target::Prefix(normal.to_owned())], "{text}");
        }
    }

    #[test]
    fn a_tariff_that_is_not_understood_is_told() {
        for (sections, wrong) in [
            ("tariffs: { t: { to: { secret: {} } } }", "unknown-name"),
            ("tariffs: { t: { to: { mobiles: {} } } }", "unknown-name"),
            ("tariffs: { t: { numbers: [112] } }", "own-number"),
            ("tariffs: { t: { from_mars: {} } }", "unknown-key"),
            (
                "tariffs: { t: { numbers: 01 23 45 67 88 }, u: { numbers: [+33 1 23 45 67 88] } }",
                "number-twice",
            ),
            ("tariffs: { t: { to: { 06: { step: 0s } } } }", "step-zero"),
            ("tariffs: { t: {} }\ntrunks: { o: { peers: 192.0.2.1, tariff: u } }", "unknown-name"),
            (
                "tariffs: { t: {} }\nsms: { url: 'https://sms.example/?{to}{text}', tariff: u }",
                "unknown-name",
            ),
        ] {
            let (_, told) = read(&format!("{sections}\n"));
            assert!(told.starts_with(&format!("error[{wrong}")), "{sections}: {told}");
        }
    }
}

//! `campaigns:` and `tariffs:`: read strictly; costs are not computed here.

use super::form::{DATE, EUROS, Form, Row, need, not_yet, opt};
use super::read::Reader;
use super::site::{Campaign, Rate, Tariff};
use crate::base::diagnostic::Text;
use crate::base::limit::DURATION_MAX;
use crate::base::name::Name;
use crate::base::time::Date;
use crate::base::yaml::Node;

/// `campaigns:`
pub(crate) const CAMPAIGNS: Row =
    opt("campaigns", Form::Each(CAMPAIGN), "numbers that are told apart in reports, by name");

const CAMPAIGN: &[Row] = &[
    need("number", Form::Text, "the number dialled"),
    opt("from", DATE, "its first day"),
    opt("until", DATE, "its last day"),
    opt("flow", Form::Text, "the flow that it reaches (the only one)"),
    not_yet("tariff", Form::Text, "what its calls cost"),
];

/// `tariffs:`
pub(crate) const TARIFFS: Row = not_yet("tariffs", Form::Each(TARIFF), "what the operator charges, by name");

const TARIFF: &[Row] = &[
    opt("setup", EUROS, "once"),
    opt("monthly", EUROS, "each month"),
    opt("from_fixed", Form::Section(RATE), "calls from fixed lines"),
    opt("from_mobile", Form::Section(RATE), "calls from mobiles"),
];

const RATE: &[Row] = &[
    opt("per_call", EUROS, "each call"),
    opt("per_minute", EUROS, "each minute"),
    opt("first", Form::DurationOrNone, "what the first moments count as (1s)"),
    opt("step", Form::Duration, "the step of billing (1s)"),
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

/// Reads one tariff.
pub(crate) fn tariff(reader: &mut Reader<'_>, node: &Node) -> Option<Tariff> {
    let fields = reader.fields(node, Text::word("the tariff"), TARIFF);
    let mut amount = |key| fields.get(key).and_then(|node| reader.euros(node)).unwrap_or(0);
    let (setup_micros, monthly_micros) = (amount("setup"), amount("monthly"));
    let mut calls = |key| fields.get(key).map(|node| rate(reader, node)).unwrap_or_default();
    let (from_fixed, from_mobile) = (calls("from_fixed"), calls("from_mobile"));
    Some(Tariff { setup_micros, monthly_micros, from_fixed, from_mobile })
}

fn rate(reader: &mut Reader<'_>, node: &Node) -> Rate {
    let fields = reader.fields(node, Text::word("the rate"), RATE);
    let usual = Rate::default();
    let mut amount = |key| fields.get(key).and_then(|node| reader.euros(node)).unwrap_or(0);
    let (per_call_micros, per_minute_micros) = (amount("per_call"), amount("per_minute"));
    let mut length = |key| fields.get(key).and_then(|node| reader.duration_or_none(node, DURATION_MAX));
    let (first, step) = (length("first").unwrap_or(usual.first), length("step").unwrap_or(usual.step));
    if step.is_zero() {
        let why = Text::word("a step of no time would bill for ever");
        reader.error(node, "step-zero", why, Text::word("write `step: 1s`"));
    }
    Rate { per_call_micros, per_minute_micros, first, step }
}

//! Bounds by the hour and by the day, of calls that come in and of what leaves.

use super::form::{EUROS, Form, Row, opt};
use super::read::Reader;
use crate::base::diagnostic::Text;
use crate::base::limit::CALLS_BOUND_MAX;
use crate::base::read::Fields;
use crate::base::yaml::Node;
use crate::centre::incoming::Periods;

/// Of calls and messages.
pub(super) const COUNTS: &[Row] = &[
    opt("hour", Form::Count(CALLS_BOUND_MAX), "in an hour"),
    opt("day", Form::Count(CALLS_BOUND_MAX), "in 24 hours"),
];

/// Of what they cost.
pub(super) const COSTS: &[Row] = &[opt("hour", EUROS, "in an hour"), opt("day", EUROS, "in 24 hours")];

/// Reads a bound of calls and messages.
pub(super) fn counts(reader: &mut Reader<'_>, fields: &Fields<'_>, key: &str) -> Periods<usize> {
    periods(reader, fields, key, COUNTS, |reader, node| reader.count(node, CALLS_BOUND_MAX))
}

/// Reads a bound of cost, in millionths of a euro.
pub(super) fn costs(reader: &mut Reader<'_>, fields: &Fields<'_>, key: &str) -> Periods<u64> {
    periods(reader, fields, key, COSTS, micros)
}

/// An amount that is not less than nothing.
pub(super) fn micros(reader: &mut Reader<'_>, node: &Node) -> Option<u64> {
    reader.euros(node).and_then(|micros| u64::try_from(micros).ok())
}

/// Reads any bound; what is not written has none.
pub(super) fn periods<T>(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    key: &str,
    table: &[Row],
    read: impl Fn(&mut Reader<'_>, &Node) -> Option<T>,
) -> Periods<T> {
    let Some(node) = fields.get(key) else { return Periods { hour: None, day: None } };
    let fields = reader.fields(node, Text::word("the bounds"), table);
    let mut period = |key| fields.get(key).and_then(|node| read(reader, node));
    Periods { hour: period("hour"), day: period("day") }
}

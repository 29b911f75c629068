//! Which calls are wanted.

use super::db::Value;

/// Which calls are wanted: all conditions together. Numbers are in normal form.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    /// Begun at this moment or later, in milliseconds since 1970.
    pub(crate) since_ms: Option<i64>,
    /// Begun before this moment.
    pub(crate) until_ms: Option<i64>,
    /// Ended at this moment or later.
    pub(crate) ended_ms: Option<i64>,
    /// The number dialled.
    pub(crate) number: Option<String>,
    /// Who called.
    pub(crate) caller: Option<String>,
    /// `served`, `abandoned-queue`…
    pub(crate) outcome: Option<String>,
    /// Who talked to the caller.
    pub(crate) agent: Option<String>,
    /// A label.
    pub(crate) tag: Option<String>,
    /// The campaign.
    pub(crate) campaign: Option<String>,
    /// A queue that the caller waited in.
    pub(crate) queue: Option<String>,
    /// Something in a number, a reference or a label.
    pub(crate) text: Option<String>,
}

impl Filter {
    /// Its conditions, and their values; the first of them is `$first`.
    pub(super) fn sql<'a>(&'a self, first: usize) -> (String, Vec<Value<'a>>) {
        let mut conditions = Vec::new();
        let mut values = Vec::new();
        let mut add = |condition: &str, value: Option<Value<'a>>| {
            let Some(value) = value else { return };
            conditions.push(condition.replace("$n", &format!("${}", first + values.len())));
            values.push(value);
        };
        let text = |text: &'a Option<String>| text.as_deref().map(Value::from);
        add("c.started_ms >= $n", self.since_ms.map(Value::from));
        add("c.started_ms < $n", self.until_ms.map(Value::from));
        add("c.ended_ms >= $n", self.ended_ms.map(Value::from));
        add("c.number = $n", text(&self.number));
        add("c.caller = $n", text(&self.caller));
        add("c.outcome = $n", text(&self.outcome));
        add("c.campaign = $n", text(&self.campaign));
        add("c.id IN (SELECT call_id FROM call_agents WHERE agent = $n)", text(&self.agent));
        add("c.id IN (SELECT call_id FROM call_tags WHERE tag = $n)", text(&self.tag));
        add("(c.queue = $n OR c.id IN (SELECT call_id FROM visits WHERE queue = $n))", text(&self.queue));
        let like = self.text.as_deref().map(|text| Value::from(format!("%{}%", escaped(text))));
        add(
            "(c.number LIKE $n ESCAPE '~' OR c.caller LIKE $n ESCAPE '~' OR c.reference LIKE $n ESCAPE '~' OR c.tags LIKE $n ESCAPE '~')",
            like,
        );
        conditions.insert(0, "TRUE".to_owned());
        (conditions.join(" AND "), values)
    }
}

/// `%` and `_` mean themselves.
fn escaped(text: &str) -> String {
    text.replace('~', "~~").replace('%', "~%").replace('_', "~_")
}

//! What can stand in `site.yaml` and nowhere else: amounts, hours, dates, rhythms. The forms that all files share, and the
//! language of tables, are those of `base/form.rs`.

use serde_json::{Value as Json, json};

pub(super) use crate::base::form::{Form, Own, Row, SVI, need, not_yet, opt, words};
use crate::base::time::DURATION_PATTERN;

/// `15 EUR`, `0.015 EUR`.
pub(super) const EUROS: Form = Form::Pattern("^\\s*[0-9]{1,9}([.,][0-9]{0,6})?\\s*(EUR|€)\\s*$", "15 EUR");
/// `2026-09-01`.
pub(super) const DATE: Form = Form::Pattern("^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "2026-09-01");
/// `Europe/Paris`.
pub(super) const ZONE: Form = Form::Pattern("^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*$", "Europe/Paris");
/// A password, or where it stands.
pub(super) const SECRET: Form =
    Form::Scalar("a text, or `credential:NAME` for one that stands in no file of the site");
/// `sav@exemple.fr`.
pub(super) const EMAIL: Form = Form::Pattern("^[^\\s@]+@[^\\s@]+$", "sav@exemple.fr");
/// An address, and a port if it is not the usual one.
pub(super) const LISTEN: Form = Form::Pattern("^\\s*[0-9A-Fa-f.:\\[\\]]+\\s*$", "0.0.0.0:5060");

/// `every 45s`.
pub(super) const EVERY: Form = Form::Own(&Own {
    define: "",
    words: || "written like `every 45s`".to_owned(),
    schema: |_| after("^\\s*every ", "[1-9]"),
});

/// `80% in 20s`.
pub(super) const SERVICE_LEVEL: Form = Form::Own(&Own {
    define: "",
    words: || "written like `80% in 20s`".to_owned(),
    schema: |_| after("^\\s*[0-9]{1,3}\\s*%\\s*in ", "in .*[0-9]"),
});

/// A duration behind other words.
fn after(before: &str, figure: &str) -> Json {
    let duration = DURATION_PATTERN.trim_start_matches('^');
    json!({ "type": "string", "allOf": [{ "pattern": format!("{before}{duration}") }, { "pattern": figure }] })
}

/// Days of the week with hours.
pub(super) const WEEK: Form = Form::Own(&Own {
    define: "",
    words: || "days with hours".to_owned(),
    schema: |_| spans("^[A-Za-z]{3,9}(\\s*[-,]\\s*[A-Za-z]{3,9})*$"),
});

/// Dates with hours.
pub(super) const EXCEPT: Form = Form::Own(&Own {
    define: "",
    words: || "dates with hours".to_owned(),
    schema: |_| spans("^([0-9]{4}-)?[0-9]{2}-[0-9]{2}(\\s*\\.\\.\\s*[0-9]{4}-[0-9]{2}-[0-9]{2})?$"),
});

/// Days with hours: `9h-12h30, 14h-18h`, `24h/24`, `fermé`, or a list.
fn spans(days: &str) -> Json {
    let hours = "^\\s*(24[hH]/24|[Ff]erm[ée]|[Cc]losed|[0-9]{1,2}[hH:]([0-9]{2})?\\s*[-–]\\s*[0-9]{1,2}[hH:]([0-9]{2})?(\\s*,\\s*[0-9]{1,2}[hH:]([0-9]{2})?\\s*[-–]\\s*[0-9]{1,2}[hH:]([0-9]{2})?)*)\\s*$";
    let spans = json!({ "type": "string", "pattern": hours });
    json!({
        "type": "object",
        "patternProperties": { days: { "anyOf": [spans, { "type": "array", "items": spans }, { "type": "null" }] } },
        "additionalProperties": false,
    })
}

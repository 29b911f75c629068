//! What can stand in a flow and nowhere else: texts to be said, blocks, variables, conditions. The forms that all files
//! share, and the language of tables, are those of `base/form.rs`; that of a step, which knows the verbs, is in
//! `form_of_blocks.rs`.

use serde_json::{Map, Value as Json, json};

use super::errand::Method;
use super::value::Kind;
pub(super) use crate::base::form::{Form, Own, Row, SVI, need, not_yet, opt, page};

/// A text to be said, or one for each language.
pub(super) const SPEECH: Form = Form::Own(&Own {
    define: "speech",
    words: || "a text to be said, or `{ fr: …, en: … }`".to_owned(),
    schema: |schema| {
        let text = schema.of(Form::Text);
        json!({ "anyOf": [text, by_language(&text)] })
    },
});

/// A prompt file, or one for each language.
pub(super) const FILE: Form = Form::Own(&Own {
    define: "file",
    words: || "a prompt file, or `{ fr: …, en: … }`".to_owned(),
    schema: |_| {
        let file = json!({ "type": "string" });
        json!({ "anyOf": [file, by_language(&file)] })
    },
});

/// Languages, each with its text or file.
pub(super) const LANGUAGES: &[Row] =
    &[opt("fr", Form::Text, "in French"), opt("en", Form::Text, "in English")];

/// A prompt file, or `operator`.
pub(super) const ANNOUNCEMENT: Form = Form::Own(&Own {
    define: "",
    words: || "a prompt file, or `operator`".to_owned(),
    schema: |schema| schema.of(FILE),
});

/// A written text with placeholders.
pub(super) const TEMPLATE: Form = Form::Scalar("a text with placeholders");

/// The name of a block of this flow.
pub(super) const BLOCK: Form = Form::Scalar("a block");

/// A condition, or a value: `statut == "prete"`.
pub(super) const CONDITION: Form = Form::Scalar("a condition or a value");

/// A number, agent, or SIP address.
pub(super) const TARGET: Form = Form::Scalar("a number, a `sip:` address, or an agent");

/// An address, or a mailbox of the site.
pub(super) const RECIPIENT: Form = Form::Scalar("an address or a mailbox");

/// A telephone number of the company.
pub(super) const NUMBER: Form = Form::Scalar("a number as people dial it");

/// The name of a flow.
pub(super) const FLOW_NAME: Form = Form::Own(&Own {
    define: "",
    words: || "the name of a flow".to_owned(),
    schema: |_| json!({ "type": ["string", "number"], "pattern": "^[^\\s.,:;/\\\\{}()\\[\\]\"'|<>=!?*#&%@+~^$`]{1,64}$" }),
});

/// The name of a variable: one word; braces around it where a value is read. Which letters there are, a pattern of all
/// editors cannot say.
pub(super) const VARIABLE: Form = Form::Own(&Own {
    define: "variable",
    words: || "a variable".to_owned(),
    schema: |_| json!({ "type": "string", "pattern": "^\\{?[^\\s0-9{}.,:;|()\\[\\]\"'<>=!-][^\\s{},:;|()\\[\\]\"'<>=!]*\\}?$" }),
});

/// How many digits: `8`, `4..10`.
pub(super) const RANGE: Form = Form::Own(&Own {
    define: "",
    words: || "`8` or `4..10`".to_owned(),
    schema: |_| {
        json!({ "anyOf": [
            { "type": "integer", "minimum": 1, "maximum": 32 },
            { "type": "string", "pattern": "^[0-9]{1,2}\\s*\\.\\.\\s*[0-9]{1,2}$" },
        ] })
    },
});

/// Keys from one to another.
pub(super) const SCALE: Form = Form::Pattern("^[0-9]\\s*\\.\\.\\s*[1-9]$", "1..5");

/// Values that lead to a block.
pub(super) const CASES: Form = Form::Own(&Own {
    define: "",
    words: || "`{ value: BLOCK }`".to_owned(),
    schema: |schema| schema.map(BLOCK),
});

/// Blocks with their share of the calls.
pub(super) const SHARES: Form = Form::Own(&Own {
    define: "",
    words: || "`{ BLOCK: 70%, BLOCK: 30% }`".to_owned(),
    schema: |_| {
        json!({ "type": "object", "additionalProperties": { "anyOf": [
            { "type": "integer", "minimum": 0, "maximum": 100 },
            { "type": "string", "pattern": "^\\s*(100|[0-9]{1,2})\\s*%\\s*$" },
        ] } })
    },
});

/// A method and an address whose host is written out.
pub(super) const REQUEST: Form = Form::Own(&Own {
    define: "",
    words: || "a method and an address: `GET https://…`".to_owned(),
    schema: |_| {
        let methods = Method::ALL.map(Method::as_str).join("|");
        json!({ "type": "string", "pattern": format!("^\\s*({methods})\\s+https?://[^\\s/?#@{{}}]+") })
    },
});

/// Variables, each with the place of its value in the answer.
pub(super) const SAVES: Form = Form::Own(&Own {
    define: "",
    words: || {
        "`{ variable: place.in.answer }`; `place?` may be missing; `{ place: euros }` has a type".to_owned()
    },
    schema: |_| {
        json!({ "type": "object", "additionalProperties": { "anyOf": [{ "type": "string" }, {
            "type": "object",
            "additionalProperties": kinds(),
            "minProperties": 1,
            "maxProperties": 1,
        }] } })
    },
});

/// Names with values.
pub(super) const VALUES: Form = Form::Own(&Own {
    define: "",
    words: || "`{ name: value }`; a value is a text, a number, `true`, `false`, or `\"{name}\"`".to_owned(),
    // `{autre}` without quotes is a map for YAML; svi understands it.
    schema: |schema| {
        json!({ "type": ["object", "null"], "additionalProperties": { "anyOf": [schema.of(Form::Text), {
            "type": "object", "additionalProperties": { "type": "null" }, "minProperties": 1, "maxProperties": 1,
        }] } })
    },
});

/// Names with written texts.
pub(super) const TEXTS: Form = Form::Own(&Own {
    define: "",
    words: || "`{ name: text }`".to_owned(),
    schema: |schema| schema.map(Form::Text),
});

/// Names of variables, with their types when they are no texts.
pub(super) const TYPED: Form = Form::Own(&Own {
    define: "",
    words: || {
        let types = page::list(&Kind::NAMED.map(|(word, _)| word));
        format!("`[name, name]`, or `{{ name: type }}`; types: {types}")
    },
    schema: |schema| {
        json!({ "anyOf": [
            schema.of(VARIABLE),
            { "type": "array", "items": schema.of(VARIABLE) },
            { "type": "object", "additionalProperties": kinds() },
        ] })
    },
});

fn by_language(what: &Json) -> Json {
    let languages: Map<String, Json> =
        LANGUAGES.iter().map(|row| (row.name.to_owned(), what.clone())).collect();
    json!({ "type": "object", "properties": languages, "additionalProperties": false, "minProperties": 1 })
}

/// The types that a flow can name.
fn kinds() -> Json {
    json!({ "enum": Kind::NAMED.map(|(word, _)| word) })
}

//! JSON Schema of a table: by it an editor completes, explains and underlines.
//!
//! Draft 7: the newest that the YAML extensions of editors (yaml-language-server, which builds on VS Code's JSON service) know
//! whole; of later drafts they know parts. A schema cannot follow names and ways: that is what `svi check` does.
//!
//! Editors read YAML 1.2, where `8` is a number and `0800` too; svi takes both as they are written. So a place of a text
//! takes scalars of all kinds.

use serde_json::{Map, Value as Json, json};

use super::{Form, Row};
use crate::base::time::DURATION_PATTERN;

/// The draft that the schemas are written in.
const DRAFT: &str = "http://json-schema.org/draft-07/schema#";

/// A schema in the making: its definitions, to which forms refer by name.
#[derive(Default)]
pub(crate) struct Schema {
    definitions: Map<String, Json>,
}

impl Schema {
    /// The schema of a kind of file, of one table or of several.
    pub(crate) fn file(title: &str, tables: &[&[Row]]) -> Json {
        let mut schema = Self::default();
        let rows: Vec<Row> = tables.iter().flat_map(|table| table.iter().copied()).collect();
        let mut root = schema.object(&rows);
        root["$schema"] = json!(DRAFT);
        root["title"] = json!(title);
        root["definitions"] = Json::Object(schema.definitions);
        root
    }

    /// A definition, which is made the first time that it is asked for; the reference to it.
    pub(crate) fn define(&mut self, name: &str, make: impl FnOnce(&mut Self) -> Json) -> Json {
        if !self.definitions.contains_key(name) {
            // It may refer to itself.
            self.definitions.insert(name.to_owned(), Json::Null);
            let made = make(self);
            self.definitions.insert(name.to_owned(), made);
        }
        json!({ "$ref": format!("#/definitions/{name}") })
    }

    /// A map with these keys and no others.
    pub(crate) fn object(&mut self, table: &[Row]) -> Json {
        let mut properties = Map::new();
        for row in table {
            let mut schema = self.of(row.form);
            describe(&mut schema, &row.says());
            properties.insert(row.name.to_owned(), schema);
        }
        let required: Vec<&str> = table.iter().filter(|row| row.needed).map(|row| row.name).collect();
        let mut schema = json!({ "type": "object", "properties": properties, "additionalProperties": false });
        if !required.is_empty() {
            schema["required"] = json!(required);
        }
        schema
    }

    /// A map of names that the operator chose.
    pub(crate) fn map(&mut self, values: Form) -> Json {
        json!({ "type": "object", "additionalProperties": self.of(values) })
    }

    /// What a form allows.
    pub(crate) fn of(&mut self, form: Form) -> Json {
        match form {
            Form::Version => json!({ "enum": [1, "1"] }),
            Form::Text | Form::Scalar(_) | Form::Name(_) => {
                self.define("text", |_| json!({ "type": ["string", "number", "boolean"] }))
            }
            Form::Pattern(pattern, _) => json!({ "type": "string", "pattern": pattern }),
            Form::Word(words) => json!({ "enum": words }),
            Form::Number => json!({ "type": "integer", "minimum": 0 }),
            Form::Count(most) => json!({ "type": "integer", "minimum": 1, "maximum": most }),
            Form::Duration => self.define("duration", |_| duration("[1-9]")),
            Form::DurationOrNone => self.define("duration-or-none", |_| duration("[0-9]")),
            Form::YesNo => json!({ "enum": [true, false, "yes", "no", "oui", "non"] }),
            Form::Key => {
                self.define("key", |_| json!({ "enum": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, "star", "hash"] }))
            }
            Form::Any => json!({}),
            Form::OneOrMore(one) => {
                let one = self.of(*one);
                json!({ "anyOf": [one, { "type": "array", "items": one, "minItems": 1 }] })
            }
            Form::Several(one) => {
                let one = self.of(*one);
                json!({ "anyOf": [one, { "type": "array", "items": one }] })
            }
            Form::Map(values) => self.map(*values),
            Form::Keys(values) => json!({
                "type": "object",
                "patternProperties": { "^([0-9]|star|hash)$": self.of(*values) },
                "additionalProperties": false,
                "minProperties": 1,
            }),
            Form::Section(table) => self.object(table),
            Form::Short(form, table) => json!({ "anyOf": [self.of(*form), self.object(table)] }),
            Form::Each(table) => json!({ "type": "object", "additionalProperties": self.object(table) }),
            Form::Items(table) => json!({ "type": "array", "items": self.object(table), "minItems": 1 }),
            Form::Own(own) if own.define.is_empty() => (own.schema)(self),
            Form::Own(own) => self.define(own.define, own.schema),
        }
    }
}

/// A duration in which a figure of these stands.
fn duration(figure: &str) -> Json {
    json!({ "type": "string", "allOf": [{ "pattern": DURATION_PATTERN }, { "pattern": figure }] })
}

/// What is read beside a key. Validators leave out what stands beside a reference, editors show it.
pub(crate) fn describe(schema: &mut Json, says: &str) {
    schema["description"] = json!(says);
}

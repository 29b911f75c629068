//! The JSON Schema of a flow, from the table of verbs: by it an editor completes, explains and underlines.
//!
//! Draft 7: the newest that the YAML extensions of editors (yaml-language-server, which builds on VS Code's JSON service) know
//! whole; of later drafts they know parts. A schema cannot follow names and ways: that is what `svi check` does.
//!
//! Editors read YAML 1.2, where `8` is a number and `0800` too; svi takes both as they are written. So a place of a text
//! takes scalars of all kinds.

use serde_json::{Map, Value as Json, json};

use super::compile::SECTIONS;
use super::errand::Method;
use super::read::TRIES_MAX;
use super::speech::Language;
use super::value::Kind;
use super::verb::shape::{Opt, Shape};
use super::verb::{VERBS, Verb};

/// The draft that the schemas are written in.
pub const DRAFT: &str = "http://json-schema.org/draft-07/schema#";

/// A flow's file.
pub fn flow() -> Json {
    let mut schema = object(SECTIONS);
    schema.insert("$schema".into(), json!(DRAFT));
    schema.insert("title".into(), json!("svi: a flow"));
    schema.insert("definitions".into(), Json::Object(definitions()));
    Json::Object(schema)
}

/// What other schemas of svi point to as well: texts, names, durations, keys, and every step.
fn definitions() -> Map<String, Json> {
    let key = json!({ "enum": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, "star", "hash"] });
    let by_language = |what: Json| {
        let languages: Map<String, Json> =
            Language::ALL.map(|language| (language.as_str().to_owned(), what.clone())).into_iter().collect();
        json!({ "type": "object", "properties": languages, "additionalProperties": false, "minProperties": 1 })
    };
    let mut definitions = Map::new();
    let mut define = |name: &str, schema: Json| drop(definitions.insert(name.to_owned(), schema));
    define("text", json!({ "type": ["string", "number", "boolean"] }));
    define("speech", json!({ "anyOf": [reference("text"), by_language(reference("text"))] }));
    define("file", json!({ "anyOf": [{ "type": "string" }, by_language(json!({ "type": "string" }))] }));
    define("duration", json!({ "type": "string", "pattern": "^\\s*0*[1-9][0-9]*(ms|s|min|m|h)\\s*$" }));
    define("variable", json!({ "type": "string", "pattern": VARIABLE }));
    define("key", key);
    define("block", json!({ "type": "array", "items": reference("step"), "minItems": 1 }));
    define(
        "step",
        json!({ "anyOf": VERBS.iter().map(|verb| reference(&step_name(verb))).collect::<Json>() }),
    );
    for verb in VERBS {
        define(&step_name(verb), step(verb));
    }
    definitions
}

/// One word; braces around it where a value is read. Which letters there are, a pattern of all editors cannot say.
const VARIABLE: &str = "^\\{?[^\\s0-9{}.,:;|()\\[\\]\"'<>=!-][^\\s{},:;|()\\[\\]\"'<>=!]*\\}?$";
/// The name of a flow; of a site's things too.
const NAME: &str = "^[^\\s.,:;/\\\\{}()\\[\\]\"'|<>=!?*#&%@+~^$`]{1,64}$";

fn step_name(verb: &Verb) -> String {
    format!("step-{}", verb.name)
}

fn reference(definition: &str) -> Json {
    json!({ "$ref": format!("#/definitions/{definition}") })
}

/// A step: the verb with what stands behind it, and its options.
fn step(verb: &Verb) -> Json {
    let mut schema = object(verb.options);
    let mut argument = of(verb.argument);
    describe(&mut argument, verb.says);
    argument["markdownDescription"] = json!(format!("{}\n\n```yaml\n{}\n```", verb.says, verb.example));
    insert(&mut schema, "properties", verb.name, argument);
    if let Some(Json::Array(required)) = schema.get_mut("required") {
        required.insert(0, json!(verb.name));
    } else {
        schema.insert("required".into(), json!([verb.name]));
    }
    Json::Object(schema)
}

fn insert(schema: &mut Map<String, Json>, section: &str, key: &str, value: Json) {
    if let Some(Json::Object(section)) = schema.get_mut(section) {
        section.insert(key.to_owned(), value);
    }
}

/// A map with these keys and no others.
fn object(table: &[Opt]) -> Map<String, Json> {
    let property = |row: &Opt| {
        let mut schema = of(row.shape);
        describe(&mut schema, &row.says());
        (row.name.to_owned(), schema)
    };
    let properties: Map<String, Json> = table.iter().map(property).collect();
    let required: Vec<&str> = table.iter().filter(|row| row.needed).map(|row| row.name).collect();
    let mut schema = Map::new();
    schema.insert("type".into(), json!("object"));
    schema.insert("properties".into(), Json::Object(properties));
    schema.insert("additionalProperties".into(), json!(false));
    if !required.is_empty() {
        schema.insert("required".into(), json!(required));
    }
    schema
}

/// What is read beside a key. Validators leave out what stands beside a reference, editors show it.
pub fn describe(schema: &mut Json, says: &str) {
    schema["description"] = json!(says);
}

/// What a shape allows.
fn of(shape: Shape) -> Json {
    let text = || reference("text");
    let map = |values: Json| json!({ "type": "object", "additionalProperties": values });
    let one_or_list = |one: Json| json!({ "anyOf": [one, { "type": "array", "items": one, "minItems": 1 }] });
    match shape {
        Shape::Speech => reference("speech"),
        Shape::Titles => json!({ "anyOf": [reference("speech"), {
            "type": "object",
            "properties": { "first": reference("speech"), "again": reference("speech") },
            "required": ["first"],
            "additionalProperties": false,
        }] }),
        Shape::File | Shape::Announcement => reference("file"),
        Shape::Text | Shape::Block | Shape::Condition | Shape::Target => text(),
        Shape::Name("flow") => json!({ "type": ["string", "number"], "pattern": NAME }),
        Shape::Name(_) => text(),
        Shape::Variable => reference("variable"),
        Shape::Duration => reference("duration"),
        Shape::Number => json!({ "type": "integer", "minimum": 0 }),
        Shape::Tries => json!({ "type": "integer", "minimum": 1, "maximum": TRIES_MAX }),
        Shape::YesNo => json!({ "enum": [true, false, "yes", "no", "oui", "non"] }),
        Shape::Range => json!({ "anyOf": [
            { "type": "integer", "minimum": 1, "maximum": 32 },
            { "type": "string", "pattern": "^[0-9]{1,2}\\s*\\.\\.\\s*[0-9]{1,2}$" },
        ] }),
        Shape::Scale => json!({ "type": "string", "pattern": "^[0-9]\\s*\\.\\.\\s*[1-9]$" }),
        Shape::Word(words) => json!({ "enum": words }),
        Shape::Check => json!({ "anyOf": [
            { "enum": ["luhn", "siren", "siret", "date", "phone"] },
            { "type": "object", "properties": { "regex": text() }, "required": ["regex"], "additionalProperties": false },
        ] }),
        Shape::Choices => choices(),
        Shape::Ways => ways(),
        Shape::Cases => map(text()),
        Shape::Shares => map(json!({ "anyOf": [
            { "type": "integer", "minimum": 0, "maximum": 100 },
            { "type": "string", "pattern": "^\\s*(100|[0-9]{1,2})\\s*%\\s*$" },
        ] })),
        Shape::Offer => offer(),
        Shape::Targets | Shape::Recipients | Shape::Numbers => one_or_list(text()),
        Shape::Request => request(),
        Shape::Saves => map(json!({ "anyOf": [{ "type": "string" }, {
            "type": "object",
            "additionalProperties": kinds(),
            "minProperties": 1,
            "maxProperties": 1,
        }] })),
        // `{autre}` without quotes is a map for YAML; svi understands it.
        Shape::Values => json!({ "type": ["object", "null"], "additionalProperties": { "anyOf": [text(), {
            "type": "object", "additionalProperties": { "type": "null" }, "minProperties": 1, "maxProperties": 1,
        }] } }),
        Shape::Texts => map(text()),
        Shape::Body => json!({}),
        Shape::Version => json!({ "enum": [1, "1"] }),
        Shape::Typed => json!({ "anyOf": [
            reference("variable"),
            { "type": "array", "items": reference("variable") },
            { "type": "object", "additionalProperties": kinds() },
        ] }),
        Shape::Section(table) => Json::Object(object(table)),
        Shape::Blocks => {
            json!({ "type": "object", "additionalProperties": reference("block"), "minProperties": 1 })
        }
    }
}

/// The keys of a menu.
fn choices() -> Json {
    by_key(json!({
        "type": "object",
        "properties": { "label": reference("speech"), "goto": reference("text") },
        "required": ["label", "goto"],
        "additionalProperties": false,
    }))
}

/// Keys that lead to a block.
fn ways() -> Json {
    let step = json!({
        "type": "object",
        "properties": { "goto": reference("text") },
        "required": ["goto"],
        "additionalProperties": false,
    });
    by_key(json!({ "anyOf": [reference("text"), step] }))
}

/// An offer to be called back.
fn offer() -> Json {
    json!({
        "type": "object",
        "properties": { "after": reference("duration"), "key": reference("key"), "goto": reference("text") },
        "required": ["after", "key", "goto"],
        "additionalProperties": false,
    })
}

/// A method and an address whose host is written out.
fn request() -> Json {
    let methods = Method::ALL.map(Method::as_str).join("|");
    json!({ "type": "string", "pattern": format!("^\\s*({methods})\\s+https?://[^\\s/?#@{{}}]+") })
}

/// The types that a flow can name.
fn kinds() -> Json {
    json!({ "enum": Kind::NAMED.map(|(word, _)| word) })
}

/// A map by keys of the telephone.
fn by_key(value: Json) -> Json {
    json!({
        "type": "object",
        "patternProperties": { "^([0-9]|star|hash)$": value },
        "additionalProperties": false,
        "minProperties": 1,
    })
}

/// A file of scenarios, `*.test.yaml`.
pub fn scenarios() -> Json {
    let text = json!({ "type": ["string", "number", "boolean"] });
    let list = json!({ "type": "array", "items": text });
    json!({
        "$schema": DRAFT,
        "title": "svi: scenarios of a flow",
        "type": "object",
        "required": ["tests"],
        "properties": {
            "svi": { "enum": [1, "1"], "description": "the version of the language" },
            "flow": { "type": "string", "description": "the flow that is tried" },
            "tests": { "type": "array", "minItems": 1, "items": {
                "type": "object",
                "required": ["name"],
                "properties": {
                    "name": { "type": "string", "description": "what the scenario shows" },
                    "call": {
                        "type": "object",
                        "description": "the call; what is left out has a sensible default",
                        "properties": {
                            "to": { "type": ["string", "number"], "description": "the number dialled" },
                            "from": { "type": ["string", "number"], "description": "the caller's number, or `secret`" },
                            "at": { "type": "string", "description": "the moment, by the clock of the site: `2026-11-24 10h`" },
                        },
                    },
                    "http": { "type": "object", "description": "answers of the company's system, by request: a body, a status, `timeout`" },
                    "steps": {
                        "type": "array",
                        "description": "what the caller does and hears, in order; when they end the caller hangs up",
                        "items": { "anyOf": [
                            { "type": "string", "description": "`hangup`, `wait`" },
                            { "type": "object", "minProperties": 1, "properties": {
                                "hear": { "type": ["string", "number"], "description": "words or a prompt file; other speech may come before" },
                                "press": { "type": ["string", "number"], "description": "keys" },
                            } },
                        ] },
                    },
                    "expect": {
                        "type": "object",
                        "description": "what must have come of it",
                        "properties": { "tags": list, "path": list, "queue": { "type": "string" } },
                    },
                },
            } },
        },
    })
}

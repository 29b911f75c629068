//! The JSON Schema of `site.yaml` and its reference, from the tables of its readers; and the schema of a flow's file, which may
//! hold the sections of its site too.

use serde_json::{Map, Value as Json, json};

use super::form::{DURATION, Field, Form};
use super::{section_calendar, section_money, section_outside, section_people, section_server, section_sms};
use crate::flow::schema::{self, describe};

/// The sections of a site, in the order of the reference page.
pub const SITE: &[Field] = &[
    super::form::field("site", Form::Text, "the name of the site"),
    section_server::SERVER_SECTION,
    section_server::TRUNKS,
    section_people::AGENTS,
    section_calendar::HOURS,
    section_people::QUEUES,
    section_people::MAILBOXES,
    section_money::CAMPAIGNS,
    section_money::TARIFFS,
    section_outside::APIS,
    section_sms::SMS_SECTION,
    section_outside::MAIL_SECTION,
];

/// `site.yaml`.
pub fn site() -> Json {
    let mut root = object(SITE);
    root["$schema"] = json!(schema::DRAFT);
    root["title"] = json!("svi: a site");
    root["properties"]["svi"] = json!({ "enum": [1, "1"], "description": "the version of the language" });
    root["required"] = json!(["svi"]);
    root
}

/// A flow's file: the flow, and whatever it holds of its site.
pub fn flow() -> Json {
    let mut root = schema::flow();
    if let (Some(properties), Json::Object(sections)) =
        (root["properties"].as_object_mut(), object(SITE)["properties"].take())
    {
        properties.extend(sections);
    }
    root
}

/// The reference page of the site: its keys as a table.
pub fn page() -> String {
    let mut page = String::from("| key | what stands there | for |\n|---|---|---|\n");
    rows(&mut page, "", SITE);
    page
}

fn rows(page: &mut String, above: &str, table: &[Field]) {
    for row in table {
        let needed = if row.needed { ", required" } else { "" };
        page.push_str(&format!("| `{above}{}` | {}{needed} | {} |\n", row.name, words(row.form), row.says()));
        match row.form {
            Form::Section(inner) | Form::Holidays(inner) => {
                rows(page, &format!("{above}{}.", row.name), inner)
            }
            Form::Each(inner) => rows(page, &format!("{above}{}.NAME.", row.name), inner),
            _ => {}
        }
    }
}

/// What a form allows, in words.
fn words(form: Form) -> String {
    let list = |words: &[&str]| words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
    match form {
        Form::Text => "a text".to_owned(),
        Form::Texts => "a text, or a list of them".to_owned(),
        Form::Written(_, example) => format!("written like `{example}`"),
        Form::WrittenList(_, example) => format!("written like `{example}`; one or a list"),
        Form::Count(most) => format!("1 to {most}"),
        Form::Duration => "a duration: `45s`, `8m`, `2h`, `30d`".to_owned(),
        Form::Key => "a figure, 0 to 9".to_owned(),
        Form::YesNo => "`true` or `false`".to_owned(),
        Form::Word(of) => list(of),
        Form::Words(of) => format!("{}; one or a list", list(of)),
        Form::Week => "days with hours".to_owned(),
        Form::Except => "dates with hours".to_owned(),
        Form::Holidays(_) => "a region, or keys of its own".to_owned(),
        Form::Command => "a list of words, or `{ fr: […], en: […] }`".to_owned(),
        Form::Pairs => "names with texts".to_owned(),
        Form::Body => "a text, or a map".to_owned(),
        Form::Section(_) => "keys of its own".to_owned(),
        Form::Each(_) => "names, each with keys of its own".to_owned(),
    }
}

/// A map with these keys and no others.
fn object(table: &[Field]) -> Json {
    let property = |row: &Field| {
        let mut schema = of(row.form);
        describe(&mut schema, &row.says());
        (row.name.to_owned(), schema)
    };
    let properties: Map<String, Json> = table.iter().map(property).collect();
    let required: Vec<&str> = table.iter().filter(|row| row.needed).map(|row| row.name).collect();
    let mut schema = json!({ "type": "object", "properties": properties, "additionalProperties": false });
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}

/// What a form allows.
fn of(form: Form) -> Json {
    let text = || json!({ "type": ["string", "number", "boolean"] });
    let one_or_list = |one: Json| json!({ "anyOf": [one, { "type": "array", "items": one }] });
    match form {
        Form::Text => text(),
        Form::Texts => one_or_list(text()),
        Form::Written(pattern, _) => written(pattern),
        Form::WrittenList(pattern, _) => one_or_list(written(pattern)),
        Form::Count(most) => json!({ "type": "integer", "minimum": 1, "maximum": most }),
        Form::Duration => json!({ "type": "string", "pattern": DURATION }),
        Form::Key => json!({ "enum": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] }),
        Form::YesNo => json!({ "type": "boolean" }),
        Form::Word(words) => json!({ "enum": words }),
        Form::Words(words) => one_or_list(json!({ "enum": words })),
        Form::Week => spans("^[A-Za-z]{3,9}(\\s*[-,]\\s*[A-Za-z]{3,9})*$"),
        Form::Except => spans("^([0-9]{4}-)?[0-9]{2}-[0-9]{2}(\\s*\\.\\.\\s*[0-9]{4}-[0-9]{2}-[0-9]{2})?$"),
        Form::Holidays(table) => {
            let region = table.first().map_or(json!({}), |row| of(row.form));
            json!({ "anyOf": [region, object(table)] })
        }
        Form::Command => {
            let words = one_or_list(text());
            let each = json!({ "fr": words, "en": words });
            json!({ "anyOf": [words, { "type": "object", "properties": each, "additionalProperties": false }] })
        }
        Form::Pairs => json!({ "type": "object", "additionalProperties": text() }),
        Form::Body => json!({ "anyOf": [text(), { "type": "object" }] }),
        Form::Section(table) => object(table),
        Form::Each(table) => json!({ "type": "object", "additionalProperties": object(table) }),
    }
}

/// A text of a pattern.
fn written(pattern: &str) -> Json {
    json!({ "type": "string", "pattern": pattern })
}

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

#[cfg(test)]
mod tests {
    use super::super::shared::SECTIONS;
    use super::*;

    #[test]
    fn every_section_that_is_read_is_in_the_schema() {
        let mut in_schema: Vec<&str> = SITE.iter().map(|row| row.name).collect();
        let mut read = SECTIONS.to_vec();
        in_schema.sort_unstable();
        read.sort_unstable();
        assert_eq!(in_schema, read, "a new section has a table of its keys: see `form.rs`");
    }
}

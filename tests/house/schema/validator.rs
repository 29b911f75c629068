//! A validator of the part of JSON Schema (draft 7) that svi's schemas use. A word that it does not know fails the test, so
//! that a schema cannot say what is not checked here.

use regex_lite::Regex;
use serde_json::{Map, Value as Json, json};
use svi::base::yaml::{Node, Value};

/// A tree as editors read it: by the core schema of YAML 1.2 (10.3.2), in which `8` is a number.
pub fn as_editors_read(node: &Node) -> Json {
    match &node.value {
        Value::Null => Json::Null,
        Value::Text { text, plain } => scalar(text, *plain),
        Value::List(items) => items.iter().map(as_editors_read).collect(),
        Value::Map(entries) => {
            let entry =
                |(key, value): &(Node, Node)| (key.text().unwrap_or("").to_owned(), as_editors_read(value));
            Json::Object(entries.iter().map(entry).collect())
        }
    }
}

fn scalar(text: &str, plain: bool) -> Json {
    let is = |pattern: &str| plain && Regex::new(pattern).unwrap().is_match(text);
    if is("^(~|null|Null|NULL)$") {
        Json::Null
    } else if is("^(true|True|TRUE|false|False|FALSE)$") {
        json!(text.eq_ignore_ascii_case("true"))
    } else if is("^[-+]?[0-9]+$") {
        text.trim_start_matches('+').parse::<i64>().map_or(json!(text), |number| json!(number))
    } else if is("^[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?$") {
        text.parse::<f64>().map_or(json!(text), |number| json!(number))
    } else {
        json!(text)
    }
}

/// What a schema has against a value: places and reasons.
pub fn mistakes(schema: &Json, value: &Json) -> Vec<String> {
    let mut found = Vec::new();
    Judge { root: schema }.judge(schema, value, "", &mut found);
    found
}

struct Judge<'s> {
    root: &'s Json,
}

/// Words that explain and bind nothing.
const SILENT: [&str; 6] =
    ["$schema", "title", "description", "markdownDescription", "definitions", "examples"];

impl Judge<'_> {
    fn judge(&self, schema: &Json, value: &Json, place: &str, found: &mut Vec<String>) {
        let rules = schema.as_object().expect("a schema is an object");
        if let Some(pointer) = rules.get("$ref") {
            // Draft 7, 8.3: what stands beside a reference is not read.
            let pointer = pointer.as_str().unwrap().trim_start_matches('#');
            let target = self.root.pointer(pointer).unwrap_or_else(|| panic!("{pointer} is not there"));
            return self.judge(target, value, place, found);
        }
        for (word, rule) in rules.iter().filter(|(word, _)| !SILENT.contains(&word.as_str())) {
            let fits = match word.as_str() {
                "type" => rule
                    .as_array()
                    .map_or_else(|| is(rule, value), |all| all.iter().any(|one| is(one, value))),
                "enum" => rule.as_array().unwrap().contains(value),
                "pattern" => value.as_str().is_none_or(|text| matches(rule, text)),
                "minimum" => value.as_f64().is_none_or(|number| number >= rule.as_f64().unwrap()),
                "maximum" => value.as_f64().is_none_or(|number| number <= rule.as_f64().unwrap()),
                "minItems" => {
                    value.as_array().is_none_or(|items| items.len() as u64 >= rule.as_u64().unwrap())
                }
                "minProperties" => {
                    value.as_object().is_none_or(|map| map.len() as u64 >= rule.as_u64().unwrap())
                }
                "maxProperties" => {
                    value.as_object().is_none_or(|map| map.len() as u64 <= rule.as_u64().unwrap())
                }
                "required" => {
                    let missing = |map: &Map<String, Json>| {
                        rule.as_array()
                            .unwrap()
                            .iter()
                            .find(|key| !map.contains_key(key.as_str().unwrap()))
                            .cloned()
                    };
                    if let Some(key) = value.as_object().and_then(missing) {
                        found.push(format!("{place}: {key} is missing"));
                    }
                    true
                }
                "allOf" => {
                    rule.as_array().unwrap().iter().for_each(|one| self.judge(one, value, place, found));
                    true
                }
                "anyOf" => {
                    self.any(rule, value, place, found);
                    true
                }
                "items" => {
                    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                        self.judge(rule, item, &format!("{place}/{index}"), found);
                    }
                    true
                }
                "properties" | "patternProperties" => true,
                "additionalProperties" => {
                    self.properties(rules, value, place, found);
                    true
                }
                other => panic!("the test knows nothing of `{other}`"),
            };
            if !fits {
                found.push(format!("{place}: {value} against {word} {rule}"));
            }
        }
        if !rules.contains_key("additionalProperties") {
            self.properties(rules, value, place, found);
        }
    }

    /// The alternative that has most of the keys is the one that was meant, as editors guess too.
    fn any(&self, rule: &Json, value: &Json, place: &str, found: &mut Vec<String>) {
        let tried: Vec<(usize, Vec<String>)> = rule
            .as_array()
            .unwrap()
            .iter()
            .map(|one| {
                let mut own = Vec::new();
                self.judge(one, value, place, &mut own);
                (self.known_keys(one, value), own)
            })
            .collect();
        if tried.iter().any(|(_, own)| own.is_empty()) {
            return;
        }
        let nearest = tried.iter().max_by_key(|(known, own)| (*known, usize::MAX - own.len())).unwrap();
        found.push(format!("{place}: none of the forms fits; nearest: {}", nearest.1.join(", ")));
    }

    fn known_keys(&self, schema: &Json, value: &Json) -> usize {
        let target =
            schema["$ref"].as_str().and_then(|pointer| self.root.pointer(pointer.trim_start_matches('#')));
        let properties = target.unwrap_or(schema)["properties"].as_object();
        let keys = value.as_object().map(Map::keys).into_iter().flatten();
        properties.map_or(0, |properties| keys.filter(|key| properties.contains_key(*key)).count())
    }

    fn properties(&self, rules: &Map<String, Json>, value: &Json, place: &str, found: &mut Vec<String>) {
        for (key, value) in value.as_object().into_iter().flatten() {
            let place = format!("{place}/{key}");
            let own = rules.get("properties").and_then(|properties| properties.get(key));
            let patterns = rules.get("patternProperties").and_then(Json::as_object).into_iter().flatten();
            let matched = patterns.filter(|(pattern, _)| Regex::new(pattern).unwrap().is_match(key));
            let all: Vec<&Json> = own.into_iter().chain(matched.map(|(_, schema)| schema)).collect();
            match (all.is_empty(), rules.get("additionalProperties")) {
                (false, _) => all.into_iter().for_each(|schema| self.judge(schema, value, &place, found)),
                (true, None | Some(Json::Bool(true))) => {}
                (true, Some(Json::Bool(false))) => {
                    let above = place.rsplit_once('/').map_or("", |(above, _)| above);
                    found.push(format!("{above}: `{key}` is not known"));
                }
                (true, Some(schema)) => self.judge(schema, value, &place, found),
            }
        }
    }
}

fn matches(pattern: &Json, text: &str) -> bool {
    Regex::new(pattern.as_str().unwrap()).unwrap_or_else(|error| panic!("{pattern}: {error}")).is_match(text)
}

fn is(kind: &Json, value: &Json) -> bool {
    match kind.as_str().unwrap() {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64(),
        other => panic!("what is {other}?"),
    }
}

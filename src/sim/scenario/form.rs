//! What can stand in a file of scenarios: the tables by which it is read, and of which its schema and reference are made.

use serde_json::{Value as Json, json};

use super::expect::ENDINGS;
use crate::base::form::schema::Schema;
use crate::base::form::{Form, Own, Row, need, opt, page, words};
use crate::base::limit::QUEUE_LENGTH_MAX;
use crate::flow::errand::Method;

/// A file of scenarios, `*.test.yaml`.
pub(super) const FILE: &[Row] = &[
    opt("svi", Form::Version, "the version of the language"),
    need("flow", Form::Name("flow"), "the flow that the calls begin in"),
    need("tests", Form::Items(TEST), "the scenarios"),
];

pub(super) const TEST: &[Row] = &[
    need("name", Form::Text, "what the scenario shows"),
    opt("call", Form::Section(CALL), "the call; what is left out has a sensible default"),
    opt("http", ANSWERS, "what the company's own system answers"),
    opt("steps", STEPS, "what the caller does and hears, in order; when they end the caller hangs up"),
    opt("expect", Form::Section(EXPECT), "what must have come of it; an empty list expects none"),
];

pub(super) const CALL: &[Row] = &[
    opt("to", Form::Text, "the number dialled (the flow's first free one)"),
    opt("from", Form::Text, "the caller's number, or `anonymous` (a mobile)"),
    opt("at", MOMENT, "when, by the clock of the site (a Tuesday at 10 h)"),
    opt("agents", COUNTS, "how many agents are there, in all queues or in some (all)"),
    opt("waiting", COUNTS, "how many callers wait, in all queues or in some (none)"),
];

/// An answer that is not the body itself.
pub(super) const ANSWER: &[Row] = &[
    opt("status", Form::Count(599), "its status (200)"),
    opt("body", Form::Any, "what it says"),
    opt("after", Form::DurationOrNone, "how long it takes (at once)"),
];

/// What a step does. What is needed behind a word cannot be left out.
pub(super) const STEP: &[Row] = &[
    need(
        "hear",
        WORDS,
        "the call goes on by itself until this is heard; not past a wait for somebody. Case, accents and punctuation do not matter, nor whether a number is in figures or in letters. Other speech may come between; what was heard before the last key no longer counts",
    ),
    need("not_heard", WORDS, "this is not heard until the flow waits for its caller or for somebody"),
    need(
        "press",
        KEYS,
        "keys, once the flow takes them: speech that cannot be cut, and `say`, are heard to their end; a menu's or question's own words are cut",
    ),
    need("wait", Form::DurationOrNone, "time passes, with all that comes in it"),
    opt("silence", NOTHING, "nothing is pressed until the flow gives this wait up"),
    opt("answer", Form::Name("agent"), "somebody whom the flow waits for answers"),
    opt("busy", NOTHING, "whom the flow waits for is busy"),
    opt("no_answer", NOTHING, "whom the flow waits for does not answer"),
    opt("unreachable", NOTHING, "whom the flow waits for cannot be reached"),
    need("position", Form::Count(QUEUE_LENGTH_MAX), "the caller's place in line"),
    need("say", Form::DurationOrNone, "the caller talks to a recording; without it, a message lasts 10 s"),
    need("clock", MOMENT, "the civil clock moves"),
    opt(
        "hangup",
        NOTHING,
        "what is being said is heard to its end, and the caller hangs up; directly behind `wait`, at once. It is also what happens when the steps end",
    ),
];

pub(super) const EXPECT: &[Row] = &[
    opt("tags", Form::Several(&Form::Name("tag")), "labels that the call got"),
    opt(
        "path",
        Form::Several(&Form::Scalar("a block, `…` for anything")),
        "its way through the blocks, exact",
    ),
    opt("visits", Form::Several(&Form::Scalar("a block")), "blocks that it came through"),
    opt("queue", Form::Name("queue"), "where it waited"),
    opt("mailbox", Form::Name("mailbox"), "where it left a message"),
    opt("agents", Form::Several(&Form::Name("agent")), "who talked with the caller"),
    opt("keys", KEYS, "all keys that were pressed"),
    opt("ended", Form::Word(&words(&ENDINGS)), "how it ended"),
    opt("sms", Form::Several(&Form::Section(SMS)), "text messages"),
    opt("email", Form::Several(&Form::Section(EMAIL)), "e-mails"),
    opt("events", Form::Several(&EVENT), "events"),
    opt("answers", Form::Map(&Form::Number), "answers to surveys"),
    opt("callback", Form::Section(CALLBACK), "a promise to call back"),
    opt("card", Form::Text, "the address of the caller's card"),
    opt("requests", Form::Several(&REQUEST), "requests to the company's own system"),
];

pub(super) const SMS: &[Row] = &[opt("to", Form::Text, "to whom"), opt("text", Form::Text, "words in it")];

pub(super) const EMAIL: &[Row] = &[
    opt("to", Form::Text, "to whom"),
    opt("subject", Form::Text, "words of its subject"),
    opt("text", Form::Text, "words in it"),
];

pub(super) const CALLBACK: &[Row] =
    &[opt("queue", Form::Name("queue"), "by whom"), opt("number", Form::Text, "the number that is called")];

const MOMENT: Form = Form::Scalar("a moment: `2026-11-24 10h`");
const KEYS: Form = Form::Scalar("keys: `1`, `12#`, `star`, `hash`");
const WORDS: Form = Form::Scalar("words, or a prompt file");

const NOTHING: Form =
    Form::Own(&Own { define: "", words: || "nothing".to_owned(), schema: |_| json!({ "type": "null" }) });

const COUNTS: Form = Form::Own(&Own {
    define: "",
    words: || "a whole number, or `{ queue: number }`".to_owned(),
    schema: |schema| json!({ "anyOf": [schema.of(Form::Number), schema.map(Form::Number)] }),
});

const EVENT: Form = Form::Own(&Own {
    define: "",
    words: || "the name of an event, or `{ name: { field: value } }`".to_owned(),
    schema: |schema| json!({ "anyOf": [schema.of(Form::Text), { "type": "object", "minProperties": 1, "maxProperties": 1 }] }),
});

const REQUEST: Form = Form::Own(&Own {
    define: "",
    words: || "`METHOD /path` or `METHOD https://host/path`; `*` is anything".to_owned(),
    schema: |_| json!({ "type": "string", "pattern": request() }),
});

const ANSWERS: Form = Form::Own(&Own {
    define: "",
    words: || {
        "`{ METHOD /path: answer }`; an answer is `timeout`, `unreachable`, `{ status: …, body: …, after: … }`, or the body itself".to_owned()
    },
    schema: |_| json!({ "type": "object", "patternProperties": { request(): {} }, "additionalProperties": false }),
});

/// `METHOD /path` or `METHOD https://host/path`.
fn request() -> String {
    let methods = Method::ALL.map(Method::as_str).join("|");
    format!("^\\s*({methods}) +(https?://|/|\\*)")
}

const STEPS: Form = Form::Own(&Own {
    define: "",
    words: || "a list of steps".to_owned(),
    schema: |schema| {
        let alone: Vec<&str> = STEP.iter().filter(|row| !row.needed).map(|row| row.name).collect();
        let mut any = vec![json!({ "enum": alone })];
        any.extend(STEP.iter().map(|row| step(schema, row)));
        json!({ "type": "array", "items": { "anyOf": any } })
    },
});

/// A word with what stands behind it, if anything must.
fn step(schema: &mut Schema, row: &Row) -> Json {
    let mut step = schema.object(&[Row { needed: true, ..*row }]);
    if !row.needed {
        let what = step["properties"][row.name].take();
        step["properties"][row.name] =
            json!({ "anyOf": [what, { "type": "null" }], "description": row.says() });
    }
    step
}

/// The JSON Schema of a file of scenarios.
pub fn schema() -> Json {
    Schema::file("svi: scenarios of a flow", &[FILE])
}

/// The keys of a file of scenarios, as a table.
pub fn keys() -> String {
    page::table("key", FILE)
}

/// The steps of a scenario, as a table.
pub fn steps() -> String {
    page::table("step", STEP)
}

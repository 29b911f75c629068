//! A question to the company's own system, and what its answer brings.

use super::super::errand::Fetched;
use super::super::graph::Flow;
use super::super::next::Next;
use super::super::template::Place as Written;
use super::super::turn::{Ahead, Turn};
use super::super::verb::http::Http;
use super::super::vocabulary::{Action, Trace};

/// Asks, or takes the answer of what was asked ahead. It stays while the answer is awaited.
pub(super) fn enter(http: &Http, flow: &Flow, turn: &mut Turn<'_>) -> Next<()> {
    match turn.memory.ahead.take() {
        Some(Ahead::Answered(fetched)) => return answered(http, fetched, flow, turn),
        Some(Ahead::Asked) => {}
        None if !ask(http, turn) => return Next::Step,
        None => {}
    }
    Next::Stay(())
}

/// Sends the question; false when there is nobody to look up: the caller's number is secret.
pub(super) fn ask(http: &Http, turn: &mut Turn<'_>) -> bool {
    let looks_caller_up = http.exits.is_none() && http.url.reads().any(|path| &*path.0 == "caller");
    if looks_caller_up && turn.cx.call().caller.is_none() {
        return false;
    }
    let fetch = http.fetch(&turn.reading());
    turn.act(Action::Fetch(fetch));
    true
}

/// What the answer brings, and where the call goes.
pub(super) fn answered(http: &Http, fetched: Fetched, flow: &Flow, turn: &mut Turn<'_>) -> Next<()> {
    let outcome = match &fetched {
        Fetched::Answer { status, .. } => status.to_string(),
        Fetched::Failed(why) => why.as_str().to_owned(),
    };
    turn.trace(Trace::Lookup(http.host(), outcome));
    let body = match (fetched, http.exits) {
        (Fetched::Answer { status: 200..=299, body }, _) => body,
        (Fetched::Answer { status: 404 | 410, .. }, Some(exits)) => return Next::Goto(exits.not_found),
        (Fetched::Answer { .. } | Fetched::Failed(_), Some(exits)) => return Next::Goto(exits.error),
        (Fetched::Answer { .. } | Fetched::Failed(_), None) => return Next::Step,
    };
    for save in &http.saves {
        let wanted = flow.wants.get(&save.variable);
        let value =
            at(&body, &save.path).and_then(|json| wanted.and_then(|want| want.accept(json, &flow.zone)));
        match (value, http.exits) {
            (Some(value), _) => turn.set(&save.variable, value, false),
            (None, Some(exits)) if !save.optional => {
                turn.scope.variables.remove(&save.variable);
                turn.scope.missing.insert(save.variable.clone(), exits.error);
            }
            (None, _) => drop(turn.scope.variables.remove(&save.variable)),
        }
    }
    if let Some(card) = &http.card {
        let variables = &turn.scope.variables;
        let whole = card.reads().all(|path| path.fact().is_some() || variables.contains_key(&path.0));
        if whole {
            let card = card.fill(Written::Address, &turn.reading());
            turn.trace(Trace::Card(card));
        }
    }
    Next::Step
}

/// A value of an answer: by keys, and by places in lists.
fn at<'j>(body: &'j serde_json::Value, path: &[String]) -> Option<&'j serde_json::Value> {
    path.iter().try_fold(body, |json, key| match json {
        serde_json::Value::Array(items) => items.get(key.parse::<usize>().ok()?),
        json => json.get(key),
    })
}

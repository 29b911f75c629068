//! A walk that is written down in the middle of a call, and goes on from what was written.

use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::END;
use super::further::{CALLED, with_called};
use crate::flow::graph::Flow;
use crate::flow::testing::{Stroll, text};
use crate::flow::vocabulary::{Event, QueueNews};
use crate::flow::walk::FrozenWalk;

const CALLER: &str = "  debut:
    - set: { n: 3, montant: 2.50 }
    - ask: code
      say: Votre code ?
      digits: 4
      secret: true
      otherwise: fin
    - call: sous
      with: { essais: \"{n}\" }
    - if: rendu == \"trois\" and n == 3 and code == \"0042\"
      then: file
    - hangup: busy
  file:
    - queue: conseillers
      max_wait: 60s
      no_agent: fin
      too_long: fin
";

fn call() -> Stroll {
    with_called(&text(&format!("{CALLER}{END}")), CALLED)
}

/// The flows of a call by name.
fn flows(call: &Stroll) -> impl Fn(&str) -> Option<Arc<Flow>> + use<> {
    let (own, others) = (Arc::clone(&call.walk.flow), call.world.flows.clone());
    move |name| if own.name == name { Some(Arc::clone(&own)) } else { others.get(name).cloned() }
}

/// The call goes on from what was written of it.
fn thawed(call: &mut Stroll, find: &dyn Fn(&str) -> Option<Arc<Flow>>) {
    let written = serde_json::to_string(&call.walk.freeze()).unwrap();
    let read: FrozenWalk = serde_json::from_str(&written).unwrap();
    assert!(read == call.walk.freeze(), "{written}");
    call.walk = read.thaw(find).unwrap();
}

#[test]
fn a_call_goes_on_in_the_flow_that_was_called_and_comes_back_to_the_one_that_called() {
    let mut call = call();
    let find = flows(&call);
    call.begin();
    call.press("00");
    thawed(&mut call, &find);
    assert!(call.press("42").contains(&"Block(\"sous/debut\")".to_owned()));
    thawed(&mut call, &find);
    let lines = call.press("1");
    assert_eq!(lines[3..], ["Block(\"file\")", "enqueue conseillers", "wake 60s"], "{lines:?}");
    thawed(&mut call, &find);
    let answered = call.on(Event::Queue(QueueNews::Answered("alice".into())));
    assert_eq!(answered, ["sleep"]);
}

#[test]
fn what_is_written_is_read_by_names() {
    let mut call = call();
    call.begin();
    call.press("0042");
    let written: Json = serde_json::to_value(call.walk.freeze()).unwrap();
    let caller = &written["callers"][0];
    assert_eq!((&written["at"]["flow"], &written["at"]["block"]), (&json!("sous"), &json!("trois")));
    assert_eq!(
        (&caller["flow"], &caller["block"], &caller["step"]),
        (&json!("essai"), &json!("debut"), &json!(2))
    );
    assert_eq!(caller["variables"]["montant"], json!({ "number": "2.5" }));
    assert_eq!(caller["variables"]["code"], json!({ "text": "0042" }), "the call goes on with it");
    assert_eq!(caller["secrets"], json!(["code"]));
    assert_eq!(written["state"], json!({ "choosing": { "wrong": 0, "silent": 0, "speaking": true } }));
}

#[test]
fn of_a_frozen_walk_only_the_place_is_printed() {
    let mut call = call();
    call.begin();
    call.press("0042");
    let printed = format!("{:?}", call.walk.freeze());
    assert!(printed.contains("trois step 0, 1 callers") && !printed.contains("0042"), "{printed}");
}

#[test]
fn a_flow_that_is_gone_or_another_thaws_nothing() {
    let mut call = call();
    call.begin();
    let frozen = call.walk.freeze();
    assert!(frozen.clone().thaw(&|_| None).is_none());
    let other = with_called(&text(&format!("{CALLER}{END}")).replace("2.50", "2.51"), CALLED);
    assert!(frozen.clone().thaw(&flows(&other)).is_none());
    assert!(frozen.thaw(&flows(&call)).is_some());
}

const SURVEY: &str = "  debut:
    - survey: note
      say: Quelle note ?
      tries: 3
    - hangup: busy
";

#[test]
fn a_verb_of_its_own_is_written_with_what_it_waits_in() {
    let mut call = Stroll::new(SURVEY);
    let find = flows(&call);
    call.begin();
    call.press("9");
    let written = serde_json::to_value(call.walk.freeze()).unwrap();
    assert_eq!(written["state"], json!({ "conversing": { "times": 2, "speaking": true } }));
    thawed(&mut call, &find);
    assert_eq!(call.press("4").last().unwrap(), "hang up Busy");
}

#[test]
fn a_moment_that_its_verb_does_not_know_any_more_passes_the_step_over() {
    let mut call = Stroll::new(SURVEY);
    let find = flows(&call);
    call.begin();
    let mut written = serde_json::to_value(call.walk.freeze()).unwrap();
    written["state"] = json!({ "conversing": { "of": "another version" } });
    call.walk = serde_json::from_value::<FrozenWalk>(written).unwrap().thaw(&find).unwrap();
    assert_eq!(call.played(), ["hang up Busy"]);
}

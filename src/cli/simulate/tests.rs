use super::order::Order;
use super::session::answer;
use crate::base::digit::Digit;
use crate::base::time::Duration;
use crate::flow::errand::{FetchFailure, Fetched};
use crate::sim::conversation::Reply;

#[test]
fn orders_are_read_long_and_short() {
    let press = |keys: &str| Some(Order::Press(keys.chars().filter_map(Digit::from_char).collect()));
    for (text, order) in [
        ("", Some(Order::Wait)),
        ("wait", Some(Order::Wait)),
        ("+30s", Some(Order::Elapse(Duration::from_secs(30)))),
        ("wait 2m", Some(Order::Elapse(Duration::from_secs(120)))),
        ("1", press("1")),
        ("12345678#", press("12345678#")),
        ("*", press("*")),
        ("hash", press("#")),
        ("a", Some(Order::Reply(Reply::Answer(None)))),
        ("answer alice", Some(Order::Reply(Reply::Answer(Some("alice".into()))))),
        ("none", Some(Order::Reply(Reply::NoAnswer))),
        ("b", Some(Order::Reply(Reply::Busy))),
        ("unreachable", Some(Order::Reply(Reply::Unreachable))),
        ("position 3", Some(Order::Position(3))),
        ("position 0", None),
        ("say 10s", Some(Order::Say(Duration::from_secs(10)))),
        ("clock 2026-11-24 12h31", Some(Order::Clock("2026-11-24 12h31".into()))),
        ("hangup", Some(Order::HangUp)),
        ("danse", None),
        ("+30", None),
    ] {
        assert_eq!(Order::parse(text), order, "{text}");
    }
}

#[test]
fn an_answer_is_typed_as_a_word_a_status_or_json() {
    let status = |status| Some(Fetched::Answer { status, body: serde_json::Value::Null });
    assert_eq!(answer("timeout"), Some(Fetched::Failed(FetchFailure::Timeout)));
    assert_eq!(answer(""), Some(Fetched::Failed(FetchFailure::Unreachable)));
    assert_eq!(answer("404"), status(404));
    let body = serde_json::json!({"statut": "expediee"});
    assert_eq!(answer(r#"{"statut": "expediee"}"#), Some(Fetched::Answer { status: 200, body }));
    assert_eq!(answer("expediee"), None);
}

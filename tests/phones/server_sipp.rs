//! The server as SIPp meets it: a caller of many habits, and an agent's telephone.

use std::time::Duration;

use serde_json::json;
use svi::phone::DialOptions;
use svi::phone::call::End;
use tokio::task::JoinSet;

use crate::ear::{Ear, assert_one_stream, gaps};
use crate::peer::{SIPP, free_port, listening};
use crate::scenario::{Over, Scenario, answers_before_ack};
use crate::site::{ALICE, FREE, KEYS, PLAIN, Server, dial, staying};

#[tokio::test]
async fn a_caller_of_many_habits() {
    let server = Server::start("habits").await;
    let mut playing = JoinSet::new();
    for name in ["answer_bye", "offerless", "options", "stray_bye", "no_codec", "required", "unknown_method"]
    {
        playing.spawn(Scenario::new(name, FREE, server.udp).play());
        playing.spawn(Scenario::new(name, FREE, server.tcp).over(Over::Tcp).play());
    }
    playing.spawn(Scenario::new("unknown_number", "0123456799", server.udp).play());
    playing.spawn(Scenario::new("stranger", FREE, server.udp).from("127.0.0.2").play());
    let played = playing.join_all().await;
    if played.iter().any(Option::is_none) {
        return;
    }
    // Two calls by each transport were answered, and none is left over; one without a codec was refused by each, and one to a
    // number that is not served.
    let records = server.records(7).await;
    let with = |status: u16| records.iter().filter(|record| record["status"] == status).count();
    assert_eq!((with(200), with(488), with(404)), (4, 2, 1), "{records:?}");
}

#[tokio::test]
async fn an_answer_is_repeated_until_it_is_acknowledged() {
    let server = Server::start("late-ack").await;
    let Some(messages) = Scenario::new("late_ack", FREE, server.udp).play().await else { return };
    assert_eq!(answers_before_ack(&messages), 3, "{messages}");
    let records = server.records(1).await;
    assert_eq!(records[0]["ended_by"], "caller", "{}", records[0]);
}

/// SIPp's key files begin at the same number and time each, and end three times with one number: each is one key all the same.
#[tokio::test]
async fn each_key_of_sipp_is_taken_once() {
    for (name, keys) in [("keys", "0123456789*#"), ("info_keys", "1*")] {
        let server = Server::start(name).await;
        if Scenario::new(name, KEYS, server.udp).play().await.is_none() {
            return;
        }
        let records = server.records(1).await;
        assert_eq!(records[0]["keys"], keys, "{name}: {}", records[0]);
    }
}

/// On hold nothing is sent, whichever way it is said; afterwards the same stream goes on.
#[tokio::test]
async fn hold_is_silence_and_resume_is_sound() {
    let server = Server::start("hold").await;
    let mut holding = JoinSet::new();
    for (address, direction, answer) in [
        ("127.0.0.1", "sendonly", "a=recvonly"),
        ("127.0.0.1", "inactive", "a=inactive"),
        ("0.0.0.0", "sendrecv", "SIP/2.0 200"),
    ] {
        let scenario = Scenario::new("hold", PLAIN, server.udp).with("hold_address", address);
        holding.spawn(async move {
            let ear = Ear::open().await;
            let messages = scenario.with("hold_direction", direction).with("ear", ear.port).play().await?;
            let (came, longest) = (ear.came(), Duration::from_millis(700));
            assert_eq!(gaps(&came, longest), 1, "{direction} at {address}: {} packets", came.len());
            assert_one_stream(&came);
            let during = messages.split("CSeq: 2 INVITE").skip(1).any(|text| text.contains(answer));
            assert!(during, "{direction} at {address}: {messages}");
            Some(())
        });
    }
    holding.join_all().await;
}

/// Another codec, then another port: the sound follows, as one stream without a packet missing.
#[tokio::test]
async fn the_sound_follows_to_another_codec_and_port() {
    let server = Server::start("change").await;
    let (ear, moved) = (Ear::open().await, Ear::open().await);
    let scenario = Scenario::new("change", PLAIN, server.udp).with("ear", ear.port).with("moved", moved.port);
    if scenario.play().await.is_none() {
        return;
    }
    let (first, then) = (ear.came(), moved.came());
    let types: Vec<u8> = first.iter().map(|came| came.payload_type).collect();
    assert!(types.len() > 30 && types.starts_with(&[8]) && types.ends_with(&[0]), "{types:?}");
    assert!(types.is_sorted_by(|before, after| before >= after), "{types:?}");
    assert!(then.len() > 15 && then.iter().all(|came| came.payload_type == 0), "{}", then.len());
    assert_one_stream(&[first, then].concat());
    let records = server.records(1).await;
    assert_eq!(records[0]["ended_by"], "caller", "{}", records[0]);
}

#[tokio::test]
async fn a_wrong_password_is_never_let_in() {
    let server = Server::start("wrong-password").await;
    let register = |name| Scenario::new(name, "alice", server.udp);
    if register("register_wrong").play().await.is_none() {
        return;
    }
    register("register").play().await;
}

/// Alice's telephone as SIPp plays it, while `seconds` of a call to her go by; gives the record.
async fn alice_plays(name: &str, seconds: u64) -> Option<serde_json::Value> {
    SIPP.find()?;
    let server = Server::start(name).await;
    let port = free_port();
    // A telephone is reached where its REGISTER came from: both scenarios take the same port.
    Scenario::new("register", "alice", server.udp).at(port).play().await?;
    let phone = tokio::spawn(Scenario::new(name, "alice", server.udp).at(port).play());
    listening(([127, 0, 0, 1], port).into()).await;
    let script = staying(seconds);
    let outcome = dial(DialOptions { script, ..DialOptions::new(server.udp, ALICE) }).await;
    assert_eq!(outcome.end, End::HungUp, "{}", outcome.ladder.join("\n"));
    phone.await.unwrap()?;
    Some(server.records(1).await.remove(0))
}

#[tokio::test]
async fn an_agent_that_rings_is_cancelled_when_the_caller_goes() {
    let Some(record) = alice_plays("agent_cancelled", 2).await else { return };
    assert_eq!((&record["agents"], &record["ended_by"]), (&json!([]), &json!("caller")), "{record}");
}

#[tokio::test]
async fn an_agent_who_answers_is_hung_up_with_the_caller() {
    let Some(record) = alice_plays("agent_answers", 2).await else { return };
    assert_eq!((&record["agents"], &record["ended_by"]), (&json!(["alice"]), &json!("caller")), "{record}");
}

#[tokio::test]
async fn an_agent_who_is_busy_leaves_the_caller_to_the_flow() {
    let Some(record) = alice_plays("agent_busy", 2).await else { return };
    assert_eq!(
        (&record["agents"], &record["path"]),
        (&json!([]), &json!(["accueil", "message"])),
        "{record}"
    );
}

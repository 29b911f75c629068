//! The server as baresip meets it: an agent in the queue, a caller, a caller who must prove who he is.

use std::net::SocketAddr;

use serde_json::json;
use svi::phone::DialOptions;
use svi::phone::call::End;
use svi::phone::script::Script;

use crate::baresip::{Baresip, assert_alike, baresip_has_heard, log};
use crate::peer::{Folder, eventually, free_port};
use crate::site::{FREE, PLAIN, QUEUE, Server, announcement, dial, greeting, staying};
use crate::sound::speech;

fn loopback() -> SocketAddr {
    ([127, 0, 0, 1], free_port()).into()
}

#[tokio::test]
async fn baresip_is_an_agent_in_the_queue() {
    let server = Server::start("baresip-agent").await;
    let folder = Folder::new("baresip-alice");
    let (caller, agent) = (speech(23, 2_000), speech(24, 3_000));
    let account =
        format!("<sip:alice@{}>;auth_user=alice;auth_pass=secret;answermode=auto;regint=60", server.udp);
    let baresip = Baresip { account, says: &agent, commands: &[], seconds: 25, address: loopback() };
    let Some(_peer) = baresip.start(&folder) else { return };
    let what = || format!("baresip registers:\n{}", log(&folder));
    eventually(what, || log(&folder).contains("200 OK").then_some(())).await;
    let script = Script { say: caller.clone(), repeat: true, ..staying(8) };
    let outcome = dial(DialOptions { script, ..DialOptions::new(server.udp, QUEUE) }).await;
    assert_eq!(outcome.end, End::HungUp, "{}", outcome.ladder.join("\n"));
    assert_alike("the caller", &outcome.heard, &agent);
    baresip_has_heard(&folder, &caller).await;
    let record = server.records(1).await.remove(0);
    assert_eq!((&record["agents"], &record["queue"]), (&json!(["alice"]), &json!("conseillers")), "{record}");
}

/// baresip calls until its file ends, and hangs up; gives the record.
async fn baresip_calls(server: &Server, name: &str, number: &str, at: SocketAddr, says: &[Vec<i16>]) -> bool {
    let folder = Folder::new(name);
    let account = format!("<sip:alice@{at}>;auth_user=alice;auth_pass=secret;regint=0");
    let commands = [format!("/dial sip:{number}@{}", server.udp)];
    let seconds = 2 + says.iter().map(Vec::len).sum::<usize>() / 8_000;
    let baresip = Baresip { account, says: &[], commands: &commands, seconds, address: at };
    let Some(_peer) = baresip.start(&folder) else { return false };
    for sound in says {
        baresip_has_heard(&folder, sound).await;
    }
    let record = server.records(1).await.remove(0);
    assert_eq!(record["ended_by"], "caller", "{record}\n{}", log(&folder));
    assert_eq!(record["media"]["lost"], 0, "{record}");
    true
}

#[tokio::test]
async fn baresip_is_a_caller() {
    let server = Server::start("baresip-caller").await;
    baresip_calls(&server, "baresip-caller", FREE, loopback(), &[announcement(), greeting()]).await;
}

/// From an address that is no peer, the password of an agent opens the door (RFC 3261 section 22.2).
#[tokio::test]
async fn baresip_is_an_agent_who_calls() {
    let server = Server::start("baresip-digest").await;
    let at = ([127, 0, 0, 3], free_port()).into();
    baresip_calls(&server, "baresip-digest", PLAIN, at, &[greeting()]).await;
}

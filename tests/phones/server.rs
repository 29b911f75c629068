//! The server as our own phone and plain sockets meet it: what is heard, packet by packet.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::time::Duration;

use svi::audio::{correlate, g711};
use svi::phone::call::End;
use svi::phone::message::Transport;
use svi::phone::script::{KeysBy, Script};
use svi::phone::{AnswerOptions, DialOptions, Outcome, Phone};
use tokio::net::UdpSocket;

use crate::baresip::assert_alike;
use crate::peer::free_port;
use crate::site::{ALICE, CODE, FREE, PLAIN, QUEUE, Server, announcement, dial, greeting, question, staying};
use crate::sound::speech;

/// That `heard` holds each sound of `said` to the bit, in this order; gives where each begins.
fn assert_exact(outcome: &Outcome, said: &[(&str, Vec<i16>)]) -> Vec<usize> {
    let (codec, heard) = (outcome.codec.expect("answered"), &outcome.heard);
    let mut begins = vec![];
    for (name, samples) in said {
        let sent = g711::decode_all(codec, &g711::encode_all(codec, samples));
        let found = correlate::best_match(heard, &sent).map_or(0, |found| found.lag);
        let differing =
            heard.iter().skip(found).zip(&sent).position(|(heard, sent)| heard != sent).map(|at| at / 8);
        assert_eq!(differing, None, "{name}: not as sent after … ms\n{}", outcome.ladder.join("\n"));
        assert!(heard.len() >= found + sent.len(), "{name} is cut short");
        begins.push(found);
    }
    assert!(begins.is_sorted(), "{begins:?}");
    begins
}

#[tokio::test]
async fn our_phone_hears_the_prompts_to_the_bit_and_in_order() {
    let server = Server::start("prompts").await;
    let ways = [
        (Transport::Udp, KeysBy::Rtp),
        (Transport::Udp, KeysBy::Info),
        (Transport::Tcp, KeysBy::Rtp),
        (Transport::Tcp, KeysBy::Info),
    ];
    let mut calls = tokio::task::JoinSet::new();
    for (transport, keys_by) in ways {
        let address = if transport == Transport::Udp { server.udp } else { server.tcp };
        let script = Script { keys: ",,,,,,12".parse().unwrap(), keys_by, ..staying(25) };
        calls.spawn(dial(DialOptions { transport, script, ..DialOptions::new(address, CODE) }));
    }
    for outcome in calls.join_all().await {
        let drawing = outcome.ladder.join("\n");
        assert_eq!(outcome.end, End::HungUpThere, "{drawing}");
        let said =
            [("the announcement", announcement()), ("the question", question()), ("bonjour", greeting())];
        let begins = assert_exact(&outcome, &said);
        // The announcement is the first sound of the call: before it there is silence only.
        assert!(outcome.heard[..begins[0]].iter().all(|sample| sample.abs() <= 8), "{drawing}");
        assert_eq!(outcome.statistics.lost, 0, "{drawing}");
        assert!(outcome.statistics.steps.keys().eq([&160]), "{:?}", outcome.statistics.steps);
    }
    for record in server.records(ways.len()).await {
        assert_eq!(record["keys"], "12", "{record}");
        assert_eq!(record["announcement"]["full"], true, "{record}");
        assert_eq!(record["ended_by"], "flow", "{record}");
    }
}

#[tokio::test]
async fn a_caller_and_our_agent_hear_each_other() {
    let server = Server::start("agent").await;
    let (caller, agent) = (speech(21, 3_000), speech(22, 3_000));
    for number in [ALICE, QUEUE] {
        let options = AnswerOptions {
            calls: Some(1),
            script: Script { say: agent.clone(), ring_for: Duration::from_millis(500), ..Script::default() },
            ..AnswerOptions::new(server.udp, "alice", "secret")
        };
        let (mut alice, _) = Phone::answer(options).await.unwrap();
        alice.registered().await.unwrap();
        let script = Script { say: caller.clone(), repeat: true, ..staying(9) };
        let outcome = dial(DialOptions { script, ..DialOptions::new(server.udp, number) }).await;
        let drawing = outcome.ladder.join("\n");
        let answered = tokio::time::timeout(Duration::from_secs(10), alice.ended()).await;
        let answered = answered.unwrap_or_else(|_| panic!("Alice has no call\n{drawing}")).unwrap();
        assert_eq!((&outcome.end, &answered.end), (&End::HungUp, &End::HungUpThere), "{drawing}");
        assert_alike("the caller", &outcome.heard, &agent);
        assert_alike("Alice", &answered.heard, &caller);
    }
    for record in server.records(2).await {
        assert_eq!(record["agents"], serde_json::json!(["alice"]), "{record}");
    }
}

/// A caller without a phone: a socket, and requests written by hand.
struct Bare {
    socket: UdpSocket,
    local: SocketAddr,
    server: SocketAddr,
}

impl Bare {
    async fn new(server: SocketAddr) -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let local = socket.local_addr().unwrap();
        Self { socket, local, server }
    }

    async fn send(&self, method: &str, cseq: u32, branch: &str, tag: Option<&str>) {
        let Self { local, server, .. } = self;
        let tag = tag.map_or(String::new(), |tag| format!(";tag={tag}"));
        let sdp = format!(
            "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n\
             m=audio {} RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n",
            free_port()
        );
        let body = if method == "INVITE" { sdp.as_str() } else { "" };
        let text = format!(
            "{method} sip:{PLAIN}@{server} SIP/2.0\r\nVia: SIP/2.0/UDP {local};branch=z9hG4bK{branch};rport\r\n\
             From: <sip:0612345678@{local}>;tag=a\r\nTo: <sip:{PLAIN}@{server}>{tag}\r\nCall-ID: bare@{local}\r\n\
             CSeq: {cseq} {method}\r\nMax-Forwards: 70\r\nContact: <sip:0612345678@{local}>\r\n\
             Content-Type: application/sdp\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        self.socket.send_to(text.as_bytes(), self.server).await.unwrap();
    }

    /// All responses until none has come for half a second, each as (status, method, tag of the To).
    async fn responses(&self) -> Vec<(u16, String, Option<String>)> {
        let (mut all, mut bytes) = (vec![], [0; 4_096]);
        let quiet = Duration::from_millis(400);
        while let Ok(Ok(length)) = tokio::time::timeout(quiet, self.socket.recv(&mut bytes)).await {
            let text = String::from_utf8_lossy(&bytes[..length]).into_owned();
            let line = |name: &str| text.lines().find(|line| line.starts_with(name)).unwrap_or_default();
            let status = line("SIP/2.0 ").split(' ').nth(1).and_then(|status| status.parse().ok());
            let method = line("CSeq:").rsplit(' ').next().unwrap_or_default().to_string();
            let tag = line("To:").split(";tag=").nth(1).map(String::from);
            all.extend(status.map(|status| (status, method, tag)));
        }
        all
    }

    async fn hang_up(&self, tag: &str) {
        self.send("ACK", 1, "ack", Some(tag)).await;
        self.send("BYE", 2, "bye", Some(tag)).await;
        let byes = self.responses().await;
        assert!(
            byes.iter().any(|(status, method, _)| (*status, method.as_str()) == (200, "BYE")),
            "{byes:?}"
        );
    }
}

#[tokio::test]
async fn the_same_invite_three_times_is_one_call() {
    let server = Server::start("repeated").await;
    let caller = Bare::new(server.udp).await;
    for _ in 0..3 {
        caller.send("INVITE", 1, "invite", None).await;
    }
    let responses = caller.responses().await;
    let answers = responses.iter().filter(|(status, ..)| *status == 200);
    let tags: BTreeSet<_> = answers.map(|(_, _, tag)| tag.clone().expect("a tag")).collect();
    assert_eq!(tags.len(), 1, "{responses:?}");
    caller.hang_up(tags.first().unwrap()).await;
    let records = server.records(1).await;
    assert_eq!((&records[0]["ended_by"], &records[0]["status"]), (&"caller".into(), &200.into()));
}

/// A CANCEL that comes with its INVITE, before or after the answer: whichever wins, there is one final response to each, one
/// record, and no call left.
#[tokio::test]
async fn a_cancel_at_the_moment_of_the_answer() {
    let server = Server::start("cancelled").await;
    for count in 1..=4 {
        let caller = Bare::new(server.udp).await;
        caller.send("INVITE", 1, "invite", None).await;
        if count % 2 == 0 {
            // The later the CANCEL, the likelier the answer is there first.
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        caller.send("CANCEL", 1, "invite", None).await;
        let responses = caller.responses().await;
        let last = |method: &str| {
            let of_method = |(status, of, tag): &(u16, String, Option<String>)| {
                (of == method && *status >= 200).then(|| (*status, tag.clone().unwrap_or_default()))
            };
            responses.iter().filter_map(of_method).collect::<BTreeSet<_>>()
        };
        assert!(last("CANCEL").iter().all(|(status, _)| *status == 200), "{responses:?}");
        assert_eq!((last("CANCEL").len(), last("INVITE").len()), (1, 1), "{responses:?}");
        let (status, tag) = last("INVITE").first().unwrap().clone();
        match status {
            200 => caller.hang_up(&tag).await,
            487 => caller.send("ACK", 1, "invite", Some(&tag)).await,
            other => panic!("{other}: {responses:?}"),
        }
        server.records(count).await;
    }
    let outcome = dial(DialOptions { script: staying(1), ..DialOptions::new(server.udp, FREE) }).await;
    assert_eq!(outcome.end, End::HungUp);
}

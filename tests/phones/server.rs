//! The server itself, `svi serve`, as real telephones meet it: started on loopback with a site of its own, called, and
//! judged by what was heard and by the call records that it wrote.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use svi::audio::wav;
use svi::phone::call::End;
use svi::phone::message::Transport;
use svi::phone::script::{KeysBy, Script};
use svi::phone::{AnswerOptions, DialOptions, Outcome, Phone, fingerprint};

use crate::baresip::{Baresip, assert_alike, heard_by_baresip};
use crate::peer::{Folder, Peer, free_port};
use crate::scenario::{Over, answers_before_ack, play};
use crate::sound::speech;

/// The number of a flow that speaks and then plays music for ever.
const MUSIC: &str = "0800123456";
/// The number of a flow that asks for two keys.
const KEYS: &str = "0800123457";
/// The number of a flow that rings Alice, with a message for when she is away.
const ALICE: &str = "0800123458";

const SITE: &str = "\
svi: 1
site: essai
server:
  sip: { udp: 127.0.0.1:0, tcp: 127.0.0.1:0 }
  media: { ports: 32768-48999 }
trunks:
  local: { peers: [127.0.0.1] }
agents:
  alice: { name: Alice, sip: alice, password: secret }
mailboxes:
  accueil: { longest: 1m }
";

const FLOWS: [(&str, &str); 3] = [
    (
        "musique",
        "start: accueil\nblocks:\n  accueil:\n    - play: bonjour.wav\n    - wait: 10m\n    - hangup: normal\n",
    ),
    (
        "touches",
        "start: accueil\nblocks:\n  accueil:\n    - ask: code\n      say: choix.wav\n      digits: 2\n      \
         otherwise: fin\n    - play: bonjour.wav\n    - hangup: normal\n  fin:\n    - hangup: normal\n",
    ),
    (
        "alice",
        "start: accueil\nblocks:\n  accueil:\n    - ring: [alice]\n      timeout: 15s\n      failed: message\n  \
         message:\n    - voicemail: accueil\n    - hangup: normal\n",
    ),
];

/// A server of this test, ended by its own id when the test ends.
struct Server {
    folder: Folder,
    udp: SocketAddr,
    tcp: SocketAddr,
    _peer: Peer,
}

impl Server {
    /// Starts it, and waits until it is ready.
    async fn start(name: &str) -> Self {
        let folder = Folder::new(&format!("server-{name}"));
        folder.write("site/site.yaml", SITE);
        for ((flow, text), number) in FLOWS.into_iter().zip([MUSIC, KEYS, ALICE]) {
            let head = format!(
                "svi: 1\nname: {flow}\nnumbers: [{number}]\nlegal: {{ free_call: appel-gratuit.wav }}\n"
            );
            folder.write(&format!("site/{flow}.yaml"), &(head + text));
        }
        for (name, samples) in [("bonjour", greeting()), ("choix", question())] {
            folder.write(&format!("site/prompts/{name}.wav"), "");
            std::fs::write(folder.file(&format!("site/prompts/{name}.wav")), wav::to_file(&samples).unwrap())
                .unwrap();
        }
        let mut command = Command::new(env!("CARGO_BIN_EXE_svi"));
        command.arg("serve").arg("--state").arg(folder.file("state"));
        command.arg("--control").arg(folder.file("svi.sock")).arg(folder.file("site"));
        command.env("RUST_LOG", "warn").stdout(Stdio::null()).stderr(Stdio::piped());
        let mut peer = Peer::start("svi serve", &mut command);
        let stderr = peer.child().stderr.take().expect("piped");
        let (udp, tcp) = tokio::task::spawn_blocking(move || ready(BufReader::new(stderr))).await.unwrap();
        Self { folder, udp, tcp, _peer: peer }
    }

    /// The call records, once there are `count` of them.
    async fn records(&self, count: usize) -> Vec<serde_json::Value> {
        let until = Instant::now() + Duration::from_secs(10);
        loop {
            let text = std::fs::read_to_string(self.folder.file("state/records.jsonl")).unwrap_or_default();
            if text.lines().count() >= count {
                return text.lines().map(|line| serde_json::from_str(line).expect("a record")).collect();
            }
            assert!(Instant::now() < until, "{count} records are not there: {text}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

/// Reads what the server says until it is ready: its addresses. What it says later is let go.
fn ready(stderr: impl BufRead + Send + 'static) -> (SocketAddr, SocketAddr) {
    let (mut udp, mut tcp, mut said) = (None, None, String::new());
    let mut lines = stderr.lines();
    for line in lines.by_ref().map_while(Result::ok) {
        if let Some(rest) = line.strip_prefix("svi: listening on ") {
            let address = rest.split(' ').next().and_then(|text| text.parse().ok());
            *(if rest.ends_with("(tcp)") { &mut tcp } else { &mut udp }) = address;
        }
        said += &format!("{line}\n");
        if line == "svi: ready" {
            std::thread::spawn(move || lines.for_each(drop));
            return (udp.expect("a UDP address"), tcp.expect("a TCP address"));
        }
    }
    panic!("the server did not start:\n{said}");
}

fn greeting() -> Vec<i16> {
    speech(101, 1_500)
}

fn question() -> Vec<i16> {
    speech(102, 1_200)
}

/// The prompts of the site, and the announcement that svi ships.
fn known() -> Vec<(String, Vec<i16>)> {
    vec![("bonjour".into(), greeting()), ("choix".into(), question())]
}

async fn dial(options: DialOptions) -> Outcome {
    let mut call = Phone::dial(options).await.unwrap();
    tokio::time::timeout(Duration::from_secs(60), call.ended()).await.expect("the call ends").unwrap()
}

fn staying(seconds: u64) -> Script {
    Script { hang_up_after: Some(Duration::from_secs(seconds)), ..Script::default() }
}

#[tokio::test]
async fn sipp_plays_every_scenario() {
    let server = Server::start("scenarios").await;
    let names =
        ["answer_bye", "hold", "change", "offerless", "options", "stray_bye", "info_keys", "no_codec"];
    for name in names.into_iter().chain(["required", "unknown_method"]) {
        if play(name, MUSIC, server.udp, Over::Udp, free_port()).await.is_none() {
            return;
        }
    }
    for name in ["answer_bye", "hold", "offerless"] {
        play(name, MUSIC, server.tcp, Over::Tcp, free_port()).await;
    }
    let late = play("late_ack", MUSIC, server.udp, Over::Udp, free_port()).await.unwrap_or_default();
    assert!(answers_before_ack(&late) >= 2, "{late}");
}

#[tokio::test]
async fn keys_of_sipp_and_of_info_are_taken_once() {
    let server = Server::start("keys").await;
    for (count, name) in ["keys", "info_keys"].into_iter().enumerate() {
        if play(name, KEYS, server.udp, Over::Udp, free_port()).await.is_none() {
            return;
        }
        let records = server.records(count + 1).await;
        assert_eq!(records[count]["keys"], "1*", "{name}: {}", records[count]);
    }
}

#[tokio::test]
async fn our_phone_hears_the_prompts_in_full_and_in_order() {
    for transport in [Transport::Udp, Transport::Tcp] {
        for keys_by in [KeysBy::Rtp, KeysBy::Info] {
            let server = Server::start(&format!("prompts-{transport:?}-{keys_by:?}")).await;
            let address = if transport == Transport::Udp { server.udp } else { server.tcp };
            let script = Script { keys: ",,,,,,,,12".parse().unwrap(), keys_by, ..staying(25) };
            let outcome = dial(DialOptions { transport, script, ..DialOptions::new(address, KEYS) }).await;
            let drawing = outcome.ladder.join("\n");
            assert_eq!(outcome.end, End::HungUpThere, "{drawing}");
            let heard = fingerprint(&outcome.heard, &known());
            let names: Vec<_> = heard.iter().map(|h| (h.name.as_str(), h.full)).collect();
            assert_eq!(names, [("choix", true), ("bonjour", true)], "{drawing}\n{heard:?}");
            assert_eq!(outcome.statistics.lost, 0, "{drawing}");
            assert!(outcome.statistics.steps.keys().eq([&160]), "{:?}", outcome.statistics.steps);
            let records = server.records(1).await;
            assert_eq!(records[0]["keys"], "12");
            assert_eq!(records[0]["announcement"]["full"], true, "{}", records[0]);
        }
    }
}

#[tokio::test]
async fn the_same_invite_three_times_is_one_call() {
    let server = Server::start("repeated").await;
    let socket = tokio::net::UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let local = socket.local_addr().unwrap();
    let sdp = format!(
        "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n\
                       m=audio {} RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n",
        free_port()
    );
    let request = |method: &str, cseq: u32, branch: &str, tag: &str, body: &str| {
        format!(
            "{method} sip:{MUSIC}@{} SIP/2.0\r\nVia: SIP/2.0/UDP {local};branch=z9hG4bK{branch};rport\r\n\
             From: <sip:0612345678@{local}>;tag=a\r\nTo: <sip:{MUSIC}@{}>{tag}\r\nCall-ID: three@{local}\r\n\
             CSeq: {cseq} {method}\r\nMax-Forwards: 70\r\nContact: <sip:0612345678@{local}>\r\n\
             Content-Type: application/sdp\r\nContent-Length: {}\r\n\r\n{body}",
            server.udp,
            server.udp,
            body.len()
        )
    };
    for _ in 0..3 {
        socket.send_to(request("INVITE", 1, "i", "", &sdp).as_bytes(), server.udp).await.unwrap();
    }
    let mut tags = std::collections::BTreeSet::new();
    let mut bytes = [0; 4_096];
    let until = tokio::time::Instant::now() + Duration::from_millis(1_200);
    while let Ok(Ok(length)) = tokio::time::timeout_at(until, socket.recv(&mut bytes)).await {
        let text = String::from_utf8_lossy(&bytes[..length]).into_owned();
        let to = text.lines().find(|line| line.starts_with("To:")).unwrap_or_default();
        tags.extend(to.split(";tag=").nth(1).map(String::from));
    }
    assert_eq!(tags.len(), 1, "{tags:?}");
    let tag = format!(";tag={}", tags.first().unwrap());
    socket.send_to(request("ACK", 1, "a", &tag, "").as_bytes(), server.udp).await.unwrap();
    socket.send_to(request("BYE", 2, "b", &tag, "").as_bytes(), server.udp).await.unwrap();
    assert_eq!(server.records(1).await.len(), 1);
}

#[tokio::test]
async fn a_caller_and_our_agent_hear_each_other() {
    let server = Server::start("agent").await;
    let (caller, agent) = (speech(21, 3_000), speech(22, 3_000));
    let options = AnswerOptions {
        calls: Some(1),
        script: Script { say: agent.clone(), ring_for: Duration::from_millis(500), ..Script::default() },
        ..AnswerOptions::new(server.udp, "alice", "secret")
    };
    let (mut alice, _) = Phone::answer(options).await.unwrap();
    alice.registered().await.unwrap();
    let script = Script { say: caller.clone(), repeat: true, ..staying(16) };
    let outcome = dial(DialOptions { script, ..DialOptions::new(server.udp, ALICE) }).await;
    let answered = alice.ended().await.unwrap();
    assert_eq!(
        (&outcome.end, &answered.end),
        (&End::HungUp, &End::HungUpThere),
        "{}",
        outcome.ladder.join("\n")
    );
    assert_alike("the caller", &outcome.heard, &agent);
    assert_alike("Alice", &answered.heard, &caller);
}

#[tokio::test]
async fn baresip_is_an_agent() {
    let server = Server::start("baresip-agent").await;
    let folder = Folder::new("baresip-alice");
    let (caller, agent) = (speech(23, 3_000), speech(24, 3_000));
    let account =
        format!("<sip:alice@{}>;auth_user=alice;auth_pass=secret;answermode=auto;regint=60", server.udp);
    let baresip = Baresip { account, says: &agent, commands: &[], port: free_port() };
    let Some(_peer) = baresip.start(&folder) else { return };
    registered(&folder).await;
    let script = Script { say: caller.clone(), repeat: true, ..staying(16) };
    let outcome = dial(DialOptions { script, ..DialOptions::new(server.udp, ALICE) }).await;
    assert_eq!(outcome.end, End::HungUp, "{}", outcome.ladder.join("\n"));
    assert_alike("the caller", &outcome.heard, &agent);
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_alike("baresip", &heard_by_baresip(&folder).expect("baresip writes what it hears"), &caller);
}

/// baresip writes a line when its REGISTER has been answered.
async fn registered(folder: &Folder) {
    let log = folder.file("baresip.log");
    let read = |file: &Path| String::from_utf8_lossy(&std::fs::read(file).unwrap_or_default()).into_owned();
    for _ in 0..100 {
        if read(&log).contains("200 OK") {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("baresip has not registered:\n{}", read(&log));
}

#[tokio::test]
async fn baresip_is_a_caller() {
    let server = Server::start("baresip-caller").await;
    let folder = Folder::new("baresip-caller");
    let port = free_port();
    let account = format!("<sip:0612345678@127.0.0.1:{port}>;regint=0");
    let commands = [format!("/dial sip:{MUSIC}@{}", server.udp)];
    let baresip = Baresip { account, says: &[0; 8_000], commands: &commands, port };
    let Some(peer) = baresip.start(&folder) else { return };
    tokio::time::sleep(Duration::from_secs(12)).await;
    let heard = heard_by_baresip(&folder).expect("baresip writes what it hears");
    drop(peer);
    assert_alike("baresip", &heard, &greeting());
}

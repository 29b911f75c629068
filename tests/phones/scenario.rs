//! SIPp's scenarios, `sipp/*.xml`: each is one caller, and fails when what comes back is not what it expects.
//!
//! They are played to the phone of `svi dial`, which proves the scenarios, and to the server (`server.rs`), which they
//! are for.

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use svi::phone::script::Script;
use svi::phone::{AnswerOptions, Happening, Phone};

use crate::peer::{Folder, Peer, SIPP, free_port};

/// How SIPp carries its SIP.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Over {
    Udp,
    Tcp,
}

/// One scenario, and how it is to be played.
#[derive(Clone, Debug)]
pub struct Scenario {
    name: String,
    service: String,
    target: SocketAddr,
    over: Over,
    from: &'static str,
    port: u16,
    keywords: Vec<(&'static str, String)>,
}

impl Scenario {
    /// The scenario of this name, calling `service` at `target` from 127.0.0.1 over UDP.
    pub fn new(name: &str, service: &str, target: SocketAddr) -> Self {
        let (name, service) = (name.to_string(), service.to_string());
        Self {
            name,
            service,
            target,
            over: Over::Udp,
            from: "127.0.0.1",
            port: free_port(),
            keywords: vec![],
        }
    }

    pub fn over(self, over: Over) -> Self {
        Self { over, ..self }
    }

    /// From another address of loopback.
    pub fn from(self, from: &'static str) -> Self {
        Self { from, ..self }
    }

    /// From this port.
    pub fn at(self, port: u16) -> Self {
        Self { port, ..self }
    }

    /// Writes `value` where the scenario says `[keyword]`.
    pub fn with(mut self, keyword: &'static str, value: impl ToString) -> Self {
        self.keywords.push((keyword, value.to_string()));
        self
    }

    /// Plays it; gives the messages that SIPp saw, or nothing without SIPp.
    ///
    /// # Panics
    /// If it fails, with the messages that SIPp saw.
    pub async fn play(self) -> Option<String> {
        let Self { name, service, target, over, from, port, keywords } = self;
        let program = SIPP.find()?;
        let folder = Folder::new(&format!("sipp-{name}-{port}"));
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/phones/sipp/{name}.xml"));
        let transport = if over == Over::Tcp { "t1" } else { "u1" };
        let mut command = Command::new(program);
        command.arg("-sf").arg(file).args(["-s", &service, "-t", transport, "-i", from]);
        command.args(["-p", &port.to_string(), "-mp", &free_port().to_string(), "-m", "1", "-l", "1"]);
        for (keyword, value) in &keywords {
            command.args(["-key", keyword, value]);
        }
        command.args(["-timeout", "25", "-timeout_error", "-nostdin", "-trace_err", "-trace_msg"]);
        command.args(["-message_file", "messages.log", "-error_file", "errors.log", &target.to_string()]);
        command.current_dir(folder.path()).stdout(Stdio::null()).stderr(Stdio::null());
        let status = Peer::start("sipp", &mut command).ended(Duration::from_secs(40)).await;
        let read = |name| std::fs::read_to_string(folder.file(name)).unwrap_or_default();
        let (errors, messages) = (read("errors.log"), read("messages.log"));
        assert!(status.success(), "{name} {over:?} {keywords:?}: {status}\n{errors}\n{messages}");
        Some(messages)
    }
}

/// The phone answers what a phone can: a second of ringing when the scenario needs it.
async fn play_to_phone(name: &str, ring_for: Duration) -> Option<Played> {
    let port = free_port();
    let server: SocketAddr = ([127, 0, 0, 1], port).into();
    let script = Script { ring_for, ..Script::default() };
    let options = AnswerOptions { register_for: None, script, ..AnswerOptions::new(server, "alice", "") };
    let (mut phone, at) = Phone::answer(options).await.unwrap();
    let media = free_port();
    let scenario = Scenario::new(name, "alice", at).at(port).with("ear", media).with("moved", media + 2);
    let messages =
        scenario.with("hold_address", "127.0.0.1").with("hold_direction", "sendonly").play().await?;
    phone.leave();
    let mut keys = String::new();
    while let Some(happening) = phone.next().await {
        if let Happening::Key(key) = happening {
            keys.push(key.as_char());
        }
    }
    Some(Played { messages, keys })
}

/// What came of a scenario: what SIPp saw, and the keys that the phone heard.
struct Played {
    messages: String,
    keys: String,
}

macro_rules! played_to_the_phone {
    ($($name:ident ringing $ms:literal),* $(,)?) => {$(
        #[tokio::test]
        async fn $name() {
            play_to_phone(stringify!($name), Duration::from_millis($ms)).await;
        }
    )*};
}

played_to_the_phone! {
    answer_bye ringing 0,
    cancel ringing 10_000,
    hold ringing 0,
    change ringing 0,
    offerless ringing 0,
    options ringing 0,
    stray_bye ringing 0,
    no_codec ringing 0,
}

/// The 200 to an INVITE comes again until it is acknowledged.
#[tokio::test]
async fn late_ack() {
    if let Some(played) = play_to_phone("late_ack", Duration::ZERO).await {
        assert!(answers_before_ack(&played.messages) >= 3, "{}", played.messages);
    }
}

/// Each key is heard once, whether it came by RTP (with SIPp's three ends of one sequence number) or by INFO.
#[tokio::test]
async fn keys() {
    for (name, keys) in [("keys", "0123456789*#"), ("info_keys", "1*")] {
        if let Some(played) = play_to_phone(name, Duration::ZERO).await {
            assert_eq!(played.keys, keys, "{name}");
        }
    }
}

/// How often the 200 to the INVITE came before SIPp sent its ACK.
pub fn answers_before_ack(messages: &str) -> usize {
    let before = messages.split("\nACK ").next().unwrap_or_default();
    before.matches("SIP/2.0 200 OK").count()
}

//! The phone of `svi dial` against SIPp's own caller and callee, and against itself.

use std::net::SocketAddr;
use std::process::{Command, Stdio};
use std::time::Duration;

use svi::phone::call::End;
use svi::phone::load::{self, LoadOptions};
use svi::phone::message::Transport;
use svi::phone::script::{Cue, KeysBy, Script};
use svi::phone::{AnswerOptions, CallHandle, DialOptions, Happening, Phone, fingerprint};

use crate::peer::{Folder, Peer, SIPP, free_port, listening};
use crate::sound::speech;

/// SIPp as a callee on a port of its own.
fn sipp_callee(folder: &Folder, arguments: &[&str]) -> Option<(Peer, SocketAddr)> {
    let program = SIPP.find()?;
    let port = free_port();
    let mut command = Command::new(program);
    command.args(arguments).args(["-i", "127.0.0.1", "-p", &port.to_string(), "-m", "1", "-nostdin"]);
    command.args(["-timeout", "30", "-timeout_error"]).current_dir(folder.path());
    command.stdout(Stdio::null()).stderr(Stdio::null());
    Some((Peer::start("sipp", &mut command), ([127, 0, 0, 1], port).into()))
}

fn hang_up_after(ms: u64) -> Script {
    Script { hang_up_after: Some(Duration::from_millis(ms)), ..Script::default() }
}

#[tokio::test]
async fn it_calls_sipp_and_hangs_up() {
    for transport in [Transport::Udp, Transport::Tcp] {
        let folder = Folder::new("calls-sipp");
        let tcp: &[&str] =
            if transport == Transport::Tcp { &["-sn", "uas", "-t", "t1"] } else { &["-sn", "uas"] };
        let Some((mut sipp, server)) = sipp_callee(&folder, tcp) else { return };
        listening(server).await;
        let options =
            DialOptions { script: hang_up_after(300), transport, ..DialOptions::new(server, "0800123456") };
        let mut call = Phone::dial(options).await.unwrap();
        let outcome = call.ended().await.unwrap();
        assert_eq!(outcome.end, End::HungUp, "{}", outcome.ladder.join("\n"));
        assert!(outcome.answered_after.is_some() && outcome.sent >= 10, "{outcome:?}");
        assert!(sipp.ended(Duration::from_secs(10)).await.success());
    }
}

#[tokio::test]
async fn sipp_calls_it_and_hangs_up() {
    let folder = Folder::new("sipp-calls");
    let Some(program) = SIPP.find() else { return };
    let port = free_port();
    let server: SocketAddr = ([127, 0, 0, 1], port).into();
    let options =
        AnswerOptions { register_for: None, calls: Some(1), ..AnswerOptions::new(server, "alice", "") };
    let (mut phone, at) = Phone::answer(options).await.unwrap();
    let mut command = Command::new(program);
    command.args(["-sn", "uac", "-s", "alice", "-i", "127.0.0.1", "-p", &port.to_string(), "-m", "1"]);
    command.args(["-d", "500", "-timeout", "30", "-timeout_error", "-nostdin", &at.to_string()]);
    command.current_dir(folder.path()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut sipp = Peer::start("sipp", &mut command);
    let outcome = phone.ended().await.unwrap();
    assert_eq!(outcome.end, End::HungUpThere, "{}", outcome.ladder.join("\n"));
    assert!(outcome.talked >= Duration::from_millis(400), "{outcome:?}");
    assert!(sipp.ended(Duration::from_secs(10)).await.success());
}

#[tokio::test]
async fn nobody_at_the_port_is_said_at_once() {
    let server = ([127, 0, 0, 1], free_port()).into();
    let error = match Phone::dial(DialOptions::new(server, "0800123456")).await {
        Ok(mut call) => call.ended().await.unwrap_err(),
        Err(error) => error,
    };
    let said = format!("nobody listens at {server}: is the server running, and on that port?");
    assert_eq!(error.to_string(), said);
}

/// Two phones of ours, one calling the other through nothing but loopback.
async fn pair(caller: Script, called: Script) -> (CallHandle, CallHandle) {
    let port = free_port();
    // The caller's address must be known to the called one, whose wire takes datagrams from one address only.
    let relay = relay(port).await;
    let options = AnswerOptions {
        register_for: None,
        calls: Some(1),
        script: called,
        ..AnswerOptions::new(relay.0, "alice", "")
    };
    let (phone, at) = Phone::answer(options).await.unwrap();
    relay.1.send(at).unwrap();
    let call =
        Phone::dial(DialOptions { script: caller, ..DialOptions::new(relay.0, "alice") }).await.unwrap();
    (call, phone)
}

/// Passes datagrams between the phone that is told and whoever else writes: a proxy without a mind.
async fn relay(port: u16) -> (SocketAddr, tokio::sync::oneshot::Sender<SocketAddr>) {
    let socket = tokio::net::UdpSocket::bind(("127.0.0.1", port)).await.unwrap();
    let address = socket.local_addr().unwrap();
    let (tell, told) = tokio::sync::oneshot::channel();
    tokio::spawn(async move {
        let called: SocketAddr = told.await.unwrap();
        let mut caller = None;
        let mut bytes = vec![0; 65_536];
        while let Ok((length, from)) = socket.recv_from(&mut bytes).await {
            if from != called {
                caller = Some(from);
            }
            let to = if from == called { caller } else { Some(called) };
            if let Some(to) = to {
                let _ = socket.send_to(&bytes[..length], to).await;
            }
        }
    });
    (address, tell)
}

#[tokio::test]
async fn a_cue_is_waited_for_before_its_keys_are_pressed() {
    let cue = |seed, ms, keys: &str| Cue {
        sounds: vec![("other".into(), speech(9, 600)), ("cue".into(), speech(seed, ms))],
        keys: keys.parse().unwrap(),
    };
    let caller = Script {
        cues: vec![cue(2, 1_200, "1"), cue(3, 900, "2#")],
        hang_up_after: Some(Duration::from_millis(3_500)),
        ..Script::default()
    };
    let say = [speech(2, 1_200), vec![0; 2_400], speech(3, 900)].concat();
    let called = Script { say, ring_for: Duration::from_millis(100), ..Script::default() };
    let (mut call, mut phone) = pair(caller, called).await;
    let mut keys = String::new();
    while let Some(happening) = phone.next().await {
        match happening {
            Happening::Key(key) => keys.push(key.as_char()),
            Happening::Ended(_) => break,
            _ => {}
        }
    }
    call.ended().await.unwrap();
    assert_eq!(keys, "12#");
}

#[tokio::test]
async fn two_phones_hear_each_other_and_their_keys() {
    for keys_by in [KeysBy::Rtp, KeysBy::Info] {
        let caller = Script {
            keys: "159#".parse().unwrap(),
            keys_by,
            say: speech(1, 900),
            hang_up_after: Some(Duration::from_millis(1_800)),
            ..Script::default()
        };
        let called =
            Script { say: speech(2, 1_200), ring_for: Duration::from_millis(100), ..Script::default() };
        let (mut call, mut phone) = pair(caller, called).await;
        let mut keys = String::new();
        let answered = loop {
            match phone.next().await.unwrap() {
                Happening::Key(key) => keys.push(key.as_char()),
                Happening::Ended(outcome) => break outcome,
                _ => {}
            }
        };
        let outcome = call.ended().await.unwrap();
        assert_eq!(keys, "159#", "{keys_by:?}");
        assert_eq!((&outcome.end, &answered.end), (&End::HungUp, &End::HungUpThere));
        let heard =
            fingerprint(&outcome.heard, &[("two".into(), speech(2, 1_200)), ("one".into(), speech(1, 900))]);
        assert_eq!(heard.iter().map(|h| (h.name.as_str(), h.full)).collect::<Vec<_>>(), [("two", true)]);
        assert!(heard[0].r > 0.99, "{heard:?}");
        assert_eq!((outcome.statistics.lost, answered.statistics.lost), (0, 0));
        assert!(outcome.statistics.steps.keys().eq([&160]), "{:?}", outcome.statistics.steps);
    }
}

#[tokio::test]
async fn a_call_that_rings_is_taken_back() {
    let caller = Script { cancel_after: Some(Duration::from_millis(200)), ..Script::default() };
    let called = Script { ring_for: Duration::from_secs(60), ..Script::default() };
    let (mut call, mut phone) = pair(caller, called).await;
    assert_eq!(call.ended().await.unwrap().end, End::Cancelled);
    assert_eq!(phone.ended().await.unwrap().end, End::Cancelled);
}

#[tokio::test]
async fn a_call_that_is_refused_says_so() {
    let (mut call, mut phone) =
        pair(Script::default(), Script { refuse: Some(603), ..Script::default() }).await;
    let outcome = call.answered().await.unwrap().unwrap_err();
    assert_eq!(outcome.end, End::Refused(603));
    assert_eq!(phone.ended().await.unwrap().end, End::Refused(603));
}

#[tokio::test]
async fn many_callers_call_sipp() {
    let folder = Folder::new("many");
    let Some(program) = SIPP.find() else { return };
    let port = free_port();
    let server: SocketAddr = ([127, 0, 0, 1], port).into();
    let mut command = Command::new(program);
    command.args(["-sn", "uas", "-rtp_echo", "-i", "127.0.0.1", "-p", &port.to_string(), "-nostdin"]);
    command.args(["-m", "60", "-timeout", "60"]).current_dir(folder.path());
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let _sipp = Peer::start("sipp", &mut command);
    listening(server).await;
    let options = LoadOptions {
        server,
        number: "0800123456".into(),
        calls: 60,
        rate: 60,
        at_once: 40,
        hold: Duration::from_millis(600),
        media: true,
        keys: "1".parse().unwrap(),
        seed: 1,
    };
    let report = load::run(options).await.unwrap();
    assert_eq!((report.dialled, report.answered, report.completed), (60, 60, 60), "{report}");
    assert!(report.setup.percentile(990) < Duration::from_secs(1), "{report}");
    assert!((20..=40).contains(&report.at_once), "{report}");
    // SIPp echoes what we send: the sound of this bench comes back.
    assert!(report.sent > 1_000 && report.packets > report.sent / 2, "{report}");
}

//! The program in the hands of who runs it: a loose umask, a kill, an impatient Ctrl-C, a pipe that is closed, guessed passwords.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use svi::phone::{DialOptions, Phone};

use crate::server::{Server, VOICEMAIL, folder, until, waiting_folder};

/// All files and folders below, that others or a group may read.
fn open_to_others(folder: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let metadata = entry.metadata().unwrap();
        if metadata.permissions().mode() & 0o077 != 0 {
            found.push(format!("{:o} {}", metadata.permissions().mode() & 0o777, entry.path().display()));
        }
        if metadata.is_dir() {
            open_to_others(&entry.path(), found);
        }
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

#[test]
fn what_callers_leave_is_the_services_alone_whatever_the_umask() {
    let (folder, address) = folder("umask");
    let site = folder.join("site/site.yaml");
    let text = std::fs::read_to_string(&site).unwrap();
    std::fs::write(&site, format!("{text}mailboxes:\n  accueil: {{ longest: 3s }}\n")).unwrap();
    std::fs::write(folder.join("site/essai.yaml"), VOICEMAIL).unwrap();
    let mut command = Command::new("sh");
    command.args(["-c", "umask 000; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_svi")]);
    let server = Server::start_by(folder.clone(), None, command);
    server.hears("READY=1");
    runtime().block_on(async {
        let mut options = DialOptions::new(address, "0800123456");
        options.script.say = svi::audio::tone::tone(&[600.0], Duration::from_secs(10), -12.0);
        let mut call = Phone::dial(options).await.unwrap();
        call.ended().await.unwrap();
        until(|| (!server.records().is_empty()).then_some(())).await;
    });
    let mut found = Vec::new();
    open_to_others(&folder.join("state"), &mut found);
    assert!(folder.join("state/voicemail/accueil").is_dir() && folder.join("state/versions").is_dir());
    let state = std::fs::metadata(folder.join("state")).unwrap().permissions().mode();
    let socket = std::fs::metadata(folder.join("svi.sock")).unwrap().permissions().mode();
    assert_eq!((found, state & 0o077, socket & 0o077), (Vec::new(), 0, 0));
}

#[test]
fn a_kill_leaves_nobody_alone_on_the_line_and_a_record_of_each_call() {
    let (folder, address) = waiting_folder("killed");
    let mut server = Server::start_in(folder.clone(), None);
    server.hears("READY=1");
    let open = folder.join("state/open.jsonl");
    runtime().block_on(async {
        let mut options = DialOptions::new(address, "0800123456");
        options.from = "0612345678".to_owned();
        let mut call = Phone::dial(options).await.unwrap();
        until(|| std::fs::read_to_string(&open).ok().filter(|text| text.contains("call_id"))).await;
        server.child.kill().unwrap();
        server.child.wait().unwrap();
        let again = Server::start_in(folder.clone(), None);
        again.hears("READY=1");
        // The phone hears a BYE of the new process, in the dialog of the old one.
        let outcome = tokio::time::timeout(Duration::from_secs(5), call.ended()).await;
        let outcome = outcome.expect("the far end is told").unwrap();
        assert!(outcome.answered_after.is_some());
        let [record] = until(|| <[String; 1]>::try_from(again.records()).ok()).await;
        let record: serde_json::Value = serde_json::from_str(&record).unwrap();
        assert_eq!((&record["reason"], &record["caller"]), (&"interrupted".into(), &"+33612345678".into()));
        assert!(record["ended"].is_string() && record["answered"].is_string(), "{record}");
        assert!(record["flow_ms"].is_u64() && record["ended_by"] == "server", "{record}");
        // It is written once: the process after the next one finds nothing.
        again.signal("TERM");
        let (code, log) = again.ends();
        assert_eq!(code, Some(0), "{log}");
    });
}

#[test]
fn a_kill_while_calls_end_costs_no_record_and_doubles_none() {
    let (folder, address) = waiting_folder("killed-ending");
    let mut server = Server::start_in(folder.clone(), None);
    server.hears("READY=1");
    let open = folder.join("state/open.jsonl");
    runtime().block_on(async {
        let mut calls = Vec::new();
        for _ in 0..8 {
            calls.push(Phone::dial(DialOptions::new(address, "0800123456")).await.unwrap());
        }
        let going_on = || std::fs::read_to_string(&open).unwrap_or_default().matches("\"call_id\"").count();
        until(|| (going_on() >= 8).then_some(())).await;
        // Half of them end, and in the midst of their records the process.
        calls.truncate(4);
        server.child.kill().unwrap();
        server.child.wait().unwrap();
        let again = Server::start_in(folder.clone(), None);
        again.hears("READY=1");
        let records = until(|| Some(again.records()).filter(|records| records.len() >= 8)).await;
        let id = |line: &String| serde_json::from_str::<serde_json::Value>(line).unwrap()["id"].to_string();
        let ids: std::collections::BTreeSet<_> = records.iter().map(id).collect();
        assert_eq!((records.len(), ids.len()), (8, 8));
        drop(calls);
    });
}

#[test]
fn the_records_of_an_earlier_version_are_taken_in_and_a_copy_can_be_put_back() {
    let (folder, _) = folder("upgraded");
    let state = folder.join("state");
    std::fs::create_dir_all(&state).unwrap();
    let line = r#"{"id":"01","call_id":"a","reference":"042137","trunk":null,"peer":null,"number":"+33800123456","called_raw":{"request_uri":"","to":""},"campaign":null,"caller":"+33612345678","caller_class":"mobile","identity":null,"started":"2026-11-24T10:00:00.250+01:00","answered":null,"ended":null,"ring_ms":1,"flow_ms":2,"wait_ms":3,"talk_ms":4,"flow":null,"flow_version":null,"site_version":null,"path":[],"keys":"","tags":[],"announcement":null,"queue":null,"agents":[],"message":null,"ended_by":"caller","reason":null,"status":200,"codec":null,"media":null}"#;
    std::fs::write(state.join("records.jsonl"), format!("{line}\n{{\"id\":\"02\",\"ca")).unwrap();
    let server = Server::start_in(folder.clone(), None);
    server.hears("READY=1");
    assert_eq!(server.records(), [line]);
    assert!(state.join("records.jsonl.imported").is_file());
    let svi = |words: &[&str]| {
        let command =
            Command::new(env!("CARGO_BIN_EXE_svi")).args(words).env("LC_ALL", "C").output().unwrap();
        let told = String::from_utf8_lossy(&command.stdout).into_owned();
        (command.status.code(), told + &String::from_utf8_lossy(&command.stderr))
    };
    let (copy, other) = (folder.join("copy.db"), folder.join("other"));
    let (copy, other, state) = (copy.to_str().unwrap(), other.to_str().unwrap(), state.to_str().unwrap());
    let (code, told) = svi(&["backup", copy, "--state", state]);
    assert!(code == Some(0) && told.contains("is copied to"), "{told}");
    assert_eq!(svi(&["calls", "export", "--state", copy]), (Some(0), format!("{line}\n")));
    let exported = folder.join("exported.jsonl");
    std::fs::write(&exported, format!("{line}\nno record\n")).unwrap();
    let (code, told) = svi(&["calls", "import", exported.to_str().unwrap(), "--state", other]);
    assert!(
        code == Some(1) && told.contains("1 records taken in, 0 were there, 1 lines are no record"),
        "{told}"
    );
    assert_eq!(svi(&["calls", "export", "--state", other]).1, format!("{line}\n"));
    let (code, told) = svi(&["calls", "export", "--state", folder.join("nowhere").to_str().unwrap()]);
    assert!(code == Some(2) && told.contains("there are no call records in it"), "{told}");
}

#[test]
fn ctrl_c_twice_ends_at_once_with_the_records() {
    let (folder, address) = waiting_folder("twice");
    let server = Server::start_in(folder, None);
    server.hears("READY=1");
    runtime().block_on(async {
        let call = Phone::dial(DialOptions::new(address, "0800123456")).await.unwrap();
        until(|| server.svi("status").1.contains("1 now").then_some(())).await;
        server.signal("INT");
        server.hears("STOPPING=1");
        server.signal("INT");
        until(|| server.records().concat().contains("drain limit").then_some(())).await;
        drop(call);
        let (code, log) = server.ends();
        assert_eq!(code, Some(0), "{log}");
    });
}

#[test]
fn a_closed_pipe_is_no_panic() {
    for command in
        [&["verbs"][..], &["--help"], &["schema", "site"], &["speech", "--kinds"], &["check"], &["hours"]]
    {
        let mut child = Command::new(env!("CARGO_BIN_EXE_svi"))
            .args(command)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(!complaint.contains("panicked"), "{command:?}: {complaint}");
    }
}

#[test]
fn a_start_that_renders_texts_asks_its_manager_to_wait() {
    let (folder, _) = folder("patience");
    let flow = folder.join("site/essai.yaml");
    let text = std::fs::read_to_string(&flow).unwrap();
    std::fs::write(&flow, text.replace("- play: bip.wav", "- say: Bonjour à tous.")).unwrap();
    let site = folder.join("site/site.yaml");
    let text = std::fs::read_to_string(&site).unwrap();
    let command = "  speech: [sh, -c, \"sleep 7; cp prompts/bip.wav \\\"$0\\\"\", \"{out}\", \"{text}\"]\n";
    std::fs::write(&site, text.replace("server:\n", &format!("server:\n{command}"))).unwrap();
    let server = Server::start_in(folder, None);
    let asked = server.hears("EXTEND_TIMEOUT_USEC=");
    assert!(!asked.contains("READY"), "{asked}");
    server.hears("EXTEND_TIMEOUT_USEC=");
    server.hears("READY=1");
}

#[test]
fn who_guesses_passwords_is_banned_listed_and_let_in_again() {
    let (folder, address) = folder("bans");
    let site = folder.join("site/site.yaml");
    let text = std::fs::read_to_string(&site).unwrap();
    let text = text.replace("peers: [127.0.0.1]", "peers: [192.0.2.1]");
    std::fs::write(
        &site,
        format!("{text}agents:\n  alice: {{ name: Alice, sip: alice, password: rose-des-vents }}\n"),
    )
    .unwrap();
    let server = Server::start_in(folder, None);
    server.hears("READY=1");
    assert!(server.svi("bans").1.contains("no address is banned"));
    runtime().block_on(async {
        for _ in 0..12 {
            let options = svi::phone::AnswerOptions::new(address, "alice", "wrong");
            let Ok((mut phone, _)) = Phone::answer(options).await else { continue };
            let _ = tokio::time::timeout(Duration::from_millis(300), phone.registered()).await;
        }
    });
    let (well, told) = server.svi("bans");
    assert!(well && told.contains("127.0.0.1: 10 wrong passwords"), "{told}");
    let (_, status) = server.svi("status");
    assert!(status.contains("bans     1 addresses") && status.contains("127.0.0.1 is banned"), "{status}");
    assert!(server.svi("bans --lift 127.0.0.1").0 && !server.svi("bans --lift 127.0.0.1").0);
    assert!(server.svi("bans").1.contains("no address is banned"));
    server.signal("TERM");
    let (_, log) = server.ends();
    let lines: Vec<&str> =
        log.lines().filter(|line| line.contains("wrong password from=\"127.0.0.1\"")).collect();
    assert_eq!(lines.len(), 10, "{log}");
    assert!(log.contains("banned from=\"127.0.0.1\""), "{log}");
}

/// A `.socket` unit holds the socket while nobody serves: what comes meanwhile waits in it.
#[test]
fn a_call_that_came_before_the_server_is_answered_from_the_socket_that_was_passed() {
    let (folder, address) = folder("passed");
    // Held by somebody else: a server that binds for itself cannot have it.
    let held = std::net::UdpSocket::bind(address).unwrap();
    let caller = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    caller.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let local = caller.local_addr().unwrap();
    let options = format!(
        "OPTIONS sip:{address} SIP/2.0\r\nVia: SIP/2.0/UDP {local};branch=z9hG4bK1\r\nFrom: <sip:a@{local}>;tag=1\r\n\
         To: <sip:{address}>\r\nCall-ID: passed\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n"
    );
    caller.send_to(options.as_bytes(), address).unwrap();
    let mut command = Command::new("sh");
    let script = "exec 3<&0 </dev/null; LISTEN_PID=$$ LISTEN_FDS=1 exec \"$0\" \"$@\"";
    command.args(["-c", script, env!("CARGO_BIN_EXE_svi")]);
    command.stdin(std::os::fd::OwnedFd::from(held.try_clone().unwrap()));
    let server = Server::start_by(folder, None, command);
    server.hears("READY=1");
    let mut answer = [0; 2_000];
    let length = caller.recv(&mut answer).expect("what came before the server is answered");
    let answer = String::from_utf8_lossy(&answer[..length]).into_owned();
    assert!(answer.starts_with("SIP/2.0 200") && answer.contains("Call-ID: passed"), "{answer}");
    server.signal("TERM");
    let (code, log) = server.ends();
    assert_eq!(code, Some(0), "{log}");
    drop(held);
}

/// Who was leaving a message when the server was killed is heard all the same: the next process mends it, and mails it.
#[test]
fn a_message_that_a_kill_cut_off_is_mailed_by_the_next_process() {
    let (folder, address) = folder("cut-off");
    let site = folder.join("site/site.yaml");
    let text = std::fs::read_to_string(&site).unwrap();
    let mail = "mailboxes:\n  accueil: { email: sav@exemple.fr }\n\
                mail: { server: 127.0.0.1, port: 9, from: svi@exemple.fr, security: none }\n";
    std::fs::write(&site, format!("{text}{mail}")).unwrap();
    std::fs::write(folder.join("site/essai.yaml"), VOICEMAIL).unwrap();
    let mut server = Server::start_in(folder.clone(), None);
    server.hears("READY=1");
    let mailbox = folder.join("state/voicemail/accueil");
    let half = || {
        let mut files = std::fs::read_dir(&mailbox).ok()?.flatten();
        files.find(|file| file.metadata().is_ok_and(|metadata| metadata.len() > 20_000))
    };
    runtime().block_on(async {
        let mut options = DialOptions::new(address, "0800123456");
        options.from = "0612345678".to_owned();
        options.script.say = svi::audio::tone::tone(&[600.0], Duration::from_secs(10), -12.0);
        let call = Phone::dial(options).await.unwrap();
        until(half).await;
        server.child.kill().unwrap();
        server.child.wait().unwrap();
        let again = Server::start_in(folder.clone(), None);
        again.hears("READY=1");
        let letter = || {
            let files = std::fs::read_dir(folder.join("state/outbox")).ok()?.flatten();
            let texts = files.filter_map(|file| std::fs::read_to_string(file.path()).ok());
            texts.into_iter().find(|text| text.contains("sav@exemple.fr"))
        };
        let letter = until(letter).await;
        for part in ["06 12 34 56 78", "0 800 123 456", "incomplet", "accueil/"] {
            assert!(letter.contains(part), "{part} is not in {letter}");
        }
        drop(call);
    });
}

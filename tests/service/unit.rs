//! The promises of the unit, over a real `NOTIFY_SOCKET` and with real signals: readiness, status, watchdog, reload, drain.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::server::{Server, VOICEMAIL, folder, write_site};

#[test]
fn it_says_when_it_is_ready_answers_status_and_drains_on_sigterm() {
    let server = Server::start("ready", None);
    let ready = server.hears("READY=1");
    assert!(ready.contains("STATUS=0 calls, 0 waiting"), "{ready}");
    let (well, status) = server.svi("status");
    assert!(well && status.contains("calls    0 now"), "{status}");
    server.signal("TERM");
    let stopping = server.hears("STOPPING=1");
    assert!(stopping.contains("EXTEND_TIMEOUT_USEC="), "{stopping}");
    let (code, log) = server.ends();
    assert_eq!(code, Some(0), "{log}");
}

#[test]
fn it_feeds_the_watchdog() {
    let server = Server::start("watchdog", Some(Duration::from_millis(200)));
    server.hears("READY=1");
    let begun = Instant::now();
    for _ in 0..5 {
        server.hears("WATCHDOG=1");
    }
    // Fed every 100 ms: five in half a second, with room for a busy machine.
    assert!(begun.elapsed() < Duration::from_secs(5));
}

#[test]
fn reload_is_all_or_nothing() {
    let server = Server::start("reload", None);
    server.hears("READY=1");
    let flow = server.folder.join("site/essai.yaml");
    let good = std::fs::read_to_string(&flow).unwrap();
    std::fs::write(&flow, good.replace("start: bienvenue", "start: bienvenu")).unwrap();
    let (well, answer) = server.svi("reload");
    assert!(!well && answer.contains("refused") && answer.contains("bienvenu"), "{answer}");
    std::fs::write(&flow, good.replace("bip.wav", "appel-enregistre.wav")).unwrap();
    server.signal("HUP");
    server.hears("RELOADING=1");
    server.hears("READY=1");
    let (well, answer) = server.svi("reload");
    assert!(well && answer.starts_with("ok: 1 flow"), "{answer}");
}

#[test]
fn a_kill_in_the_middle_of_a_message_leaves_a_file_that_can_be_heard() {
    let (folder, address) = folder("kill");
    let site = folder.join("site/site.yaml");
    let text = std::fs::read_to_string(&site).unwrap();
    std::fs::write(&site, format!("{text}mailboxes:\n  accueil: {{ longest: 1m }}\n")).unwrap();
    std::fs::write(folder.join("site/essai.yaml"), VOICEMAIL).unwrap();

    let mut server = Server::start_in(folder.clone(), None);
    server.hears("READY=1");
    let mailbox = folder.join("state/voicemail/accueil");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let written = runtime.block_on(async {
        let mut options = svi::phone::DialOptions::new(address, "0800123456");
        options.script.say = svi::audio::tone::tone(&[600.0], Duration::from_secs(30), -12.0);
        let call = svi::phone::Phone::dial(options).await.unwrap();
        let long_enough = async {
            let mut look = tokio::time::interval(Duration::from_millis(20));
            loop {
                look.tick().await;
                // Three seconds of 16 bits at 8 kHz.
                if let Some(size) = part_of(&mailbox).filter(|size| *size > 48_000) {
                    return size;
                }
            }
        };
        let size = tokio::time::timeout(Duration::from_secs(20), long_enough).await.expect("it records");
        drop(call);
        size
    });
    server.child.kill().unwrap();
    server.child.wait().unwrap();

    let again = Server::start_in(folder.clone(), None);
    again.hears("READY=1");
    let saved = std::fs::read_dir(&mailbox).unwrap().map(|entry| entry.unwrap().path());
    let saved: Vec<PathBuf> = saved.filter(|path| path.extension().is_some_and(|end| end == "wav")).collect();
    let [message] = saved.as_slice() else { panic!("one message is recovered: {saved:?}") };
    let sound = svi::audio::sound::Sound::load(&std::fs::read(message).unwrap(), "message").unwrap();
    let kept = sound.duration().as_millis() as u64 * 16;
    assert!(kept + 16_000 >= written, "{kept} octets of {written}: more than a second is lost");
    let note = std::fs::read_to_string(message.with_extension("json")).unwrap();
    assert!(note.contains("\"recovered\""), "{note}");
}

/// The size of the message that is being written.
fn part_of(mailbox: &Path) -> Option<u64> {
    let mut files = std::fs::read_dir(mailbox).ok()?.flatten();
    let part = files.find(|entry| entry.path().extension().is_some_and(|end| end == "part"))?;
    Some(part.metadata().ok()?.len())
}

#[test]
fn a_busy_port_is_a_clear_error() {
    let busy = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    let folder = std::env::temp_dir().join(format!("svi-service-busy-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    write_site(&folder, "Bonjour.");
    let site = folder.join("site/site.yaml");
    let text = std::fs::read_to_string(&site).unwrap();
    let taken = busy.local_addr().unwrap().to_string();
    std::fs::write(&site, text.replace("udp: 127.0.0.1:0", &format!("udp: {taken}"))).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_svi"))
        .args(["serve", "--state"])
        .arg(folder.join("state"))
        .arg("--control")
        .arg(folder.join("svi.sock"))
        .arg(folder.join("site"))
        .stderr(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let lines: Vec<String> =
        BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok).collect();
    let code = child.wait().unwrap().code();
    let _ = std::fs::remove_dir_all(&folder);
    let log = lines.join("\n");
    assert_eq!(code, Some(1), "{log}");
    assert!(log.contains(&format!("cannot listen on {taken} (udp)")), "{log}");
}

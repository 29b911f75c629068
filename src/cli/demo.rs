//! `svi demo`: the whole story on loopback. A server, an agent's phone that registers, a caller who is announced, walks the
//! menu and talks to the agent, and one who leaves a message. Real SIP, real RTP; the recordings stay.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use super::logging;
use crate::audio::{tone, wav};
use crate::base::digit::Digit;
use crate::io::driver::{Driver, Options};
use crate::io::load::{self, SiteSource};
use crate::io::store::Place;
use crate::io::terminal::{errln, outln};
use crate::io::{disk, kept_calls};
use crate::phone::script::{Keys, Script, Stroke};
use crate::phone::{AnswerOptions, DialOptions, Heard, Outcome, Phone, PhoneError, fingerprint};
use crate::sip::transport::Protocol;

/// `svi demo`
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Where the recordings, the voicemail and the call records are left.
    #[arg(long, value_name = "FOLDER", default_value = "svi-demo")]
    folder: PathBuf,
}

/// The number that the built-in site serves.
const NUMBER: &str = "0800123456";

/// Plays the story; fails when a part of it did not happen.
pub(crate) async fn run(args: Args) -> ExitCode {
    logging::start("warn");
    match play(&args.folder).await {
        Ok(missing) if missing.is_empty() => {
            outln!(
                "\nEverything that a numéro vert needs has happened. Listen to the WAVs in {}.",
                args.folder.display()
            );
            ExitCode::SUCCESS
        }
        Ok(missing) => {
            for what in missing {
                errln!("svi demo: {what}");
            }
            ExitCode::FAILURE
        }
        Err(why) => {
            errln!("svi demo: {why}");
            ExitCode::FAILURE
        }
    }
}

async fn play(folder: &Path) -> Result<Vec<String>, String> {
    disk::folder(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let records = Place::of(folder, None);
    records.remove().map_err(|error| format!("{records}: {error}"))?;
    let mut edition = load::edition(&SiteSource::new(None)).map_err(|report| report.to_string())?;
    edition.listen = vec![(Protocol::Udp, SocketAddr::from(([127, 0, 0, 1], 0)))];
    let known = edition.phrases();
    let options = Options {
        tongue: crate::base::diagnostic::Tongue::English,
        watch: Vec::new(),
        open_calls: folder.join("open.jsonl"),
        outbox: folder.join("outbox"),
        control: None,
        store: records.clone(),
        old_records: folder.join("records.jsonl"),
        mailboxes: folder.join("voicemail"),
        drain_max: Duration::from_secs(5),
        reload: std::sync::Arc::new(|| Err("the demo does not reload".into())),
    };
    let driver = Driver::start(edition, options).await.map_err(|error| error.to_string())?;
    let (_, server) = *driver.addresses().first().ok_or("no address to listen on")?;
    outln!("svi listens on {server}; Alice's phone registers; a caller dials {NUMBER}\n");
    let (stop, stopped) = tokio::sync::oneshot::channel();
    let story = async {
        let told = story(server, folder, &known).await;
        let _ = stop.send(());
        told
    };
    let (served, told) = tokio::join!(driver.run(stopped), story);
    served.map_err(|error| error.to_string())?;
    let mut missing = told.map_err(|error| error.to_string())?;
    missing.extend(written(folder, &records)?);
    Ok(missing)
}

/// Two calls. Gives what should have happened and did not.
async fn story(
    server: SocketAddr,
    folder: &Path,
    known: &[(String, Vec<i16>)],
) -> Result<Vec<String>, PhoneError> {
    let mut missing = Vec::new();
    let mut alice = AnswerOptions::new(server, "alice", "alice");
    alice.script = Script { say: melody(), ring_for: Duration::from_secs(1), ..Script::default() };
    alice.calls = Some(1);
    let (mut alice, _) = Phone::answer(alice).await?;
    alice.registered().await?;

    outln!("── a caller asks for an agent");
    let mut first = DialOptions::new(server, NUMBER);
    first.script = Script {
        keys: keys(8, '1'),
        say: tone::tone(&[600.0], Duration::from_secs(30), -12.0),
        hang_up_after: Some(Duration::from_secs(17)),
        ..Script::default()
    };
    first.print = true;
    let outcome = Phone::dial(first).await?.ended().await?;
    let heard = report(&outcome, known);
    keep(&outcome.heard, &folder.join("caller-heard.wav"));
    if heard.first().is_none_or(|heard| !heard.name.contains("gratuit") || !heard.full) {
        missing.push("the announcement was not the first thing heard, in full".to_owned());
    }
    let with_alice = alice.ended().await?;
    keep(&with_alice.heard, &folder.join("alice-heard.wav"));
    outln!("   Alice talked for {:.1} s and heard the caller", with_alice.talked.as_secs_f64());
    if with_alice.talked < Duration::from_secs(1) || with_alice.heard.is_empty() {
        missing.push("Alice was not reached".to_owned());
    }

    outln!("\n── another caller leaves a message");
    let mut second = DialOptions::new(server, NUMBER);
    second.from = "0145678901".into();
    second.script = Script {
        keys: keys(8, '2'),
        say: melody().repeat(4),
        repeat: true,
        hang_up_after: Some(Duration::from_secs(22)),
        ..Script::default()
    };
    second.print = true;
    let outcome = Phone::dial(second).await?.ended().await?;
    report(&outcome, known);
    keep(&outcome.heard, &folder.join("second-caller-heard.wav"));
    Ok(missing)
}

/// The records and the message that must be on disk now.
fn written(folder: &Path, records: &Place) -> Result<Vec<String>, String> {
    let mut missing = Vec::new();
    outln!("\n── the call records ({records})");
    let mut count = 0;
    let read = kept_calls::each(&records.file, |record| {
        count += 1;
        outln!(
            "   {} → {}: flow {} ms, wait {} ms, talk {} ms; path {}; keys {}; announcement heard in full: {}; ended by {}",
            record["caller"].as_str().unwrap_or("secret"),
            record["number"].as_str().unwrap_or("?"),
            record["flow_ms"],
            record["wait_ms"],
            record["talk_ms"],
            record["path"],
            record["keys"],
            record["announcement"]["full"],
            record["ended_by"],
        );
        if record["announcement"]["full"] != serde_json::Value::Bool(true) {
            missing.push("a record does not say that the announcement was heard in full".to_owned());
        }
    });
    read.map_err(|error| error.to_text().english())?;
    if count != 2 {
        missing.push(format!("{count} call records instead of 2"));
    }
    let messages = messages(&folder.join("voicemail"));
    for message in &messages {
        outln!("── voicemail: {}", message.display());
    }
    if messages.is_empty() {
        missing.push("no voicemail message was left".to_owned());
    }
    Ok(missing)
}

fn messages(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(messages(&path));
        } else if path.extension().is_some_and(|extension| extension == "wav") {
            found.push(path);
        }
    }
    found
}

fn report(outcome: &Outcome, known: &[(String, Vec<i16>)]) -> Vec<Heard> {
    let heard = fingerprint(&outcome.heard, known);
    for heard in &heard {
        let part = if heard.full { "" } else { " (cut by a key)" };
        outln!("   heard at {:>5.1} s: {}{part}", heard.at_ms as f64 / 1_000.0, heard.name);
    }
    heard
}

/// Pauses of a second, then a key.
fn keys(seconds: usize, key: char) -> Keys {
    let mut strokes = vec![Stroke::Pause(Duration::from_secs(1)); seconds];
    strokes.extend(Digit::from_char(key).map(Stroke::Key));
    Keys(strokes)
}

/// What a demo voice says: four notes.
fn melody() -> Vec<i16> {
    let notes = [523.25, 659.25, 783.99, 1_046.5];
    notes.iter().flat_map(|note| tone::tone(&[*note], Duration::from_millis(300), -12.0)).collect()
}

fn keep(samples: &[i16], path: &Path) {
    let written = wav::to_file(samples).and_then(|bytes| disk::write(path, &bytes));
    match written {
        Ok(()) => outln!("   → {}", path.display()),
        Err(error) => errln!("svi demo: {}: {error}", path.display()),
    }
}

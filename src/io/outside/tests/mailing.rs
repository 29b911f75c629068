//! E-mails, against a mail server that misbehaves and against a real one.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use super::smtp::{CUT, FakeSmtp, Says};
use super::*;
use crate::config::outside::{Mail, Security};
use crate::config::site::Secret;
use crate::io::outside::mail::Postman;
use crate::io::outside::spool::{Content, Refusal, Written};

fn letter(subject: &str, attachments: &[&str]) -> Written {
    Written {
        id: "1800000000000.abc".into(),
        written_ms: 1_800_000_000_000,
        due_ms: 0,
        tries: 0,
        why: None,
        letter: Content::Email {
            recipient: "sav@exemple.fr".into(),
            to: vec!["sav@exemple.fr".into(), "zoe@exemple.fr".into()],
            subject: subject.into(),
            text: "Un appel de +33612345678\n.\nà rappeler".into(),
            attachments: attachments.iter().map(|path| (*path).to_owned()).collect(),
        },
    }
}

async fn deliver(says: Says) -> Result<(), Refusal> {
    let server = FakeSmtp::start(says).await;
    let postman = Postman::new(&server.mail()).unwrap();
    postman.deliver(&letter("x", &[]), std::path::Path::new("/nowhere")).await
}

#[tokio::test]
async fn a_letter_is_handed_over_whole() {
    let mut server = FakeSmtp::start(|_| None).await;
    let postman = Postman::new(&server.mail()).unwrap();
    let evil = letter("Réclamation\r\nBcc: evil@exemple.fr", &[]);
    assert_eq!(postman.deliver(&evil, std::path::Path::new("/nowhere")).await, Ok(()));
    let handed = server.handed.recv().await.unwrap();
    assert_eq!(handed.recipients, ["<sav@exemple.fr>"], "the other one has a letter of his own");
    let (head, body) = handed.message.split_once("\r\n\r\n").unwrap();
    assert!(!head.to_lowercase().contains("\nbcc"), "{head}");
    for line in [
        "From: \"Maison Lavande\" <svi@exemple.fr>",
        "To: sav@exemple.fr, zoe@exemple.fr",
        "Message-ID: <1800000000000.abc@exemple.fr>",
        "Date: Fri, 15 Jan 2027 08:00:00 +0000",
        "Auto-Submitted: auto-generated",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
    ] {
        assert!(head.lines().any(|found| found == line), "{line} in\n{head}");
    }
    assert!(body.contains("Un appel de +33612345678"), "{body}");
}

#[tokio::test]
async fn what_a_server_says_decides_whether_it_is_tried_again() {
    let for_good = |result: Result<(), Refusal>| result.map_err(|refusal| refusal.for_good);
    let rcpt_450: Says = |command| command.starts_with("RCPT").then_some("450 busy");
    let rcpt_550: Says = |command| command.starts_with("RCPT").then_some("550 nobody of that name");
    let mail_552: Says = |command| command.starts_with("MAIL").then_some("552 too large");
    let end_451: Says = |command| (command == "END").then_some("451 no room");
    let end_554: Says = |command| (command == "END").then_some("554 spam");
    let greeting_421: Says = |command| (command == "CONNECT").then_some("421 come back");
    let cut_in_data: Says = |command| (command == "DATA").then_some(CUT);
    let cut_at_once: Says = |command| (command == "CONNECT").then_some(CUT);
    assert_eq!(for_good(deliver(rcpt_450).await), Err(false));
    assert_eq!(for_good(deliver(rcpt_550).await), Err(true));
    assert_eq!(for_good(deliver(mail_552).await), Err(true));
    assert_eq!(for_good(deliver(end_451).await), Err(false));
    assert_eq!(for_good(deliver(end_554).await), Err(true));
    assert_eq!(for_good(deliver(greeting_421).await), Err(false));
    assert_eq!(for_good(deliver(cut_in_data).await), Err(false));
    assert_eq!(for_good(deliver(cut_at_once).await), Err(false));
    let why = deliver(rcpt_550).await.unwrap_err().why;
    assert!(why.contains("550") && why.contains("nobody of that name"), "{why}");
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mail = Mail { port: free.port(), ..FakeSmtp::start(|_| None).await.mail() };
    let refused = Postman::new(&mail).unwrap().deliver(&letter("x", &[]), std::path::Path::new("/")).await;
    assert_eq!(for_good(refused), Err(false), "nobody listens");
}

#[tokio::test]
async fn without_starttls_nothing_is_handed_over() {
    let mut server = FakeSmtp::start(|_| None).await;
    let mail = Mail { security: Security::StartTls, ..server.mail() };
    let postman = Postman::new(&mail).unwrap();
    assert!(postman.deliver(&letter("x", &[]), std::path::Path::new("/")).await.is_err());
    assert!(server.handed.try_recv().is_err());
}

#[tokio::test]
async fn recordings_come_from_the_folder_of_messages_only() {
    let folder = Folder::new("attach");
    let messages = folder.folders().messages;
    std::fs::create_dir_all(messages.join("sav")).unwrap();
    std::fs::write(messages.join("sav/1.wav"), b"RIFF....WAVE").unwrap();
    std::fs::write(folder.0.join("secret.wav"), b"secret").unwrap();
    std::os::unix::fs::symlink(folder.0.join("secret.wav"), messages.join("sav/link.wav")).unwrap();
    let huge = std::fs::File::create(messages.join("sav/huge.wav")).unwrap();
    huge.set_len(crate::base::limit::LETTER_ATTACHED_BYTES_MAX + 1).unwrap();
    let mut server = FakeSmtp::start(|_| None).await;
    let postman = Postman::new(&server.mail()).unwrap();
    for path in ["../secret", "/etc/passwd", "sav/../../secret", "", "sav/link", "sav/huge"] {
        let refused = postman.deliver(&letter("x", &[path]), &messages).await;
        assert_eq!(refused.map_err(|refusal| refusal.for_good), Err(true), "{path}");
    }
    let missing = postman.deliver(&letter("x", &["sav/2"]), &messages).await;
    assert_eq!(missing.map_err(|refusal| refusal.for_good), Err(false), "it may still be written");
    assert!(server.handed.try_recv().is_err());
    std::fs::write(messages.join("sav/20261124-101500-042137-7F3K2M-17.wav"), b"RIFF....WAVE").unwrap();
    assert_eq!(
        postman.deliver(&letter("x", &["sav/20261124-101500-042137-7F3K2M-17"]), &messages).await,
        Ok(())
    );
    let message = server.handed.recv().await.unwrap().message;
    assert!(
        message.contains("attachment; filename=\"20261124-101500-042137.wav\""),
        "one that all can read: {message}"
    );
    assert_eq!(postman.deliver(&letter("x", &["sav/1"]), &messages).await, Ok(()));
    let message = server.handed.recv().await.unwrap().message;
    for part in [
        "Content-Type: multipart/mixed",
        "Content-Type: audio/wav",
        "Content-Disposition: attachment; filename=\"1.wav\"",
        "UklGRi4uLi5XQVZF",
    ] {
        assert!(message.contains(part), "{part} in\n{message}");
    }
}

#[tokio::test]
async fn each_recipient_has_a_letter_of_their_own() {
    let mut server =
        FakeSmtp::start(|command| (command == "RCPT TO:<gone@exemple.fr>").then_some("550 gone")).await;
    let folder = Folder::new("each");
    let shared = Shared { mail: Some(server.mail()), ..Shared::default() };
    let (outside, mut news) = Outside::start(Arc::new(shared), folder.folders(), Rng::seeded(1)).unwrap();
    outside.send(Letter::Email {
        to: vec!["gone@exemple.fr".into(), "here@exemple.fr".into()],
        subject: "x".into(),
        text: "y".into(),
        attachments: vec![],
    });
    assert_eq!(server.handed.recv().await.unwrap().recipients, ["<here@exemple.fr>"]);
    let Some(News::Alarm(text)) = news.recv().await else { panic!("an alarm") };
    assert!(text.english().contains("550"), "{}", text.english());
}

/// aiosmtpd, or nothing after having said how to install it.
fn aiosmtpd() -> Option<(Real, u16)> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).any(|folder| folder.join("aiosmtpd").is_file());
    if !found {
        let required = std::env::var("SVI_REQUIRE").unwrap_or_default();
        let is_required = required.split(',').any(|name| name.trim() == "aiosmtpd");
        assert!(!is_required, "SVI_REQUIRE names aiosmtpd: apt-get install python3-aiosmtpd");
        eprintln!("SKIPPED: apt-get install python3-aiosmtpd");
        return None;
    }
    // Debian's Python: the package is its.
    let child = Command::new("/usr/bin/python3")
        .args(["-W", "ignore", "tests/data/outside/smtpd.py", "tests/data/tls"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 starts");
    let mut real = Real { child, lines: None };
    real.lines = real.child.stdout.take().map(BufReader::new);
    let port = real.line().trim().parse().expect("it prints its port");
    Some((real, port))
}

struct Real {
    child: Child,
    lines: Option<BufReader<std::process::ChildStdout>>,
}

impl Real {
    fn line(&mut self) -> String {
        let mut line = String::new();
        self.lines.as_mut().expect("its output").read_line(&mut line).expect("a line");
        line
    }
}

impl Drop for Real {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test]
async fn a_real_server_takes_a_letter_over_starttls_with_a_login() {
    let Some((mut server, port)) = aiosmtpd() else { return };
    let mail = Mail {
        server: "localhost".into(),
        port,
        security: Security::StartTls,
        login: Some(("svi".into(), Secret::new("secret"))),
        from: "svi@exemple.fr".into(),
        certificate: Some("tests/data/tls/ca.pem".into()),
    };
    let folder = Folder::new("real");
    let messages = folder.folders().messages;
    std::fs::create_dir_all(messages.join("sav")).unwrap();
    std::fs::write(messages.join("sav/1.wav"), b"RIFF....WAVE").unwrap();
    let postman = Postman::new(&mail).unwrap();
    assert_eq!(postman.deliver(&letter("Réclamation", &["sav/1"]), &messages).await, Ok(()));
    let taken: serde_json::Value = serde_json::from_str(&server.line()).unwrap();
    assert_eq!(
        (&taken["from"], &taken["to"]),
        (&"svi@exemple.fr".into(), &serde_json::json!(["sav@exemple.fr"]))
    );
    assert_eq!(taken["tls"], true);
    let message = taken["message"].as_str().unwrap();
    assert!(message.contains("Message-ID: <1800000000000.abc@exemple.fr>"), "{message}");
    assert!(message.contains("UklGRi4uLi5XQVZF"), "{message}");
    // A wrong password, and an authority that nobody named.
    let wrong = Mail { login: Some(("svi".into(), Secret::new("no"))), ..mail.clone() };
    let refused = Postman::new(&wrong).unwrap().deliver(&letter("x", &[]), &messages).await.unwrap_err();
    assert!(refused.for_good && refused.why.contains("535"), "{refused:?}");
    let stranger = Mail { certificate: None, ..mail };
    let refused = Postman::new(&stranger).unwrap().deliver(&letter("x", &[]), &messages).await.unwrap_err();
    assert!(!refused.for_good, "{refused:?}");
}

//! A mail server that says what a test wants to hear, and keeps the letters it was handed.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufStream};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

use crate::config::outside::{Mail, Security};

/// A letter as it was handed over.
#[derive(Debug)]
pub(crate) struct Handed {
    pub(crate) recipients: Vec<String>,
    /// Header and body, without the dots of SMTP.
    pub(crate) message: String,
}

/// A running server; it ends with its runtime.
pub(crate) struct FakeSmtp {
    pub(crate) address: SocketAddr,
    pub(crate) handed: mpsc::UnboundedReceiver<Handed>,
}

/// What it says to a command, if not what is usual; `CUT` closes the connection, in the midst of a letter after `DATA`.
pub(crate) type Says = fn(&str) -> Option<&'static str>;
pub(crate) const CUT: &str = "cut";

impl FakeSmtp {
    pub(crate) async fn start(says: Says) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (sender, handed) = mpsc::unbounded_channel();
        let sender = Arc::new(sender);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let sender = Arc::clone(&sender);
                tokio::spawn(async move {
                    let _ = session(stream, says, &sender).await;
                });
            }
        });
        Self { address, handed }
    }

    /// How a site describes it.
    pub(crate) fn mail(&self) -> Mail {
        Mail {
            server: self.address.ip().to_string(),
            port: self.address.port(),
            security: Security::Nothing,
            login: None,
            from: "Maison Lavande <svi@exemple.fr>".to_owned(),
            certificate: None,
        }
    }
}

async fn session(
    stream: TcpStream,
    says: Says,
    sender: &mpsc::UnboundedSender<Handed>,
) -> std::io::Result<()> {
    let mut stream = BufStream::new(stream);
    let mut recipients = Vec::new();
    let mut command = "CONNECT".to_owned();
    loop {
        let said = says(&command);
        let usual = match command.split(' ').next().unwrap_or_default() {
            "CONNECT" => "220 fake ESMTP",
            "EHLO" => "250-fake\r\n250 8BITMIME",
            "DATA" => "354 go on",
            "QUIT" => "221 bye",
            _ => "250 OK",
        };
        let is_data = command == "DATA";
        if said == Some(CUT) && !is_data {
            return Ok(());
        }
        let reply = said.filter(|said| *said != CUT).unwrap_or(usual);
        stream.write_all(format!("{reply}\r\n").as_bytes()).await?;
        stream.flush().await?;
        if command == "QUIT" {
            return Ok(());
        }
        if let Some(recipient) = command.strip_prefix("RCPT TO:") {
            recipients.push(recipient.to_owned());
        }
        if is_data && reply.starts_with("354") {
            let mut message = String::new();
            loop {
                let mut line = String::new();
                if stream.read_line(&mut line).await? == 0 || said == Some(CUT) {
                    return Ok(());
                }
                if line == ".\r\n" {
                    break;
                }
                message.push_str(line.strip_prefix('.').unwrap_or(&line));
            }
            let end = says("END").unwrap_or("250 taken");
            let _ = sender.send(Handed { recipients: std::mem::take(&mut recipients), message });
            stream.write_all(format!("{end}\r\n").as_bytes()).await?;
            stream.flush().await?;
        }
        command.clear();
        if stream.read_line(&mut command).await? == 0 {
            return Ok(());
        }
        command = command.trim_end().to_owned();
    }
}

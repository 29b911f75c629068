//! An e-mail: a letter made into a message of MIME, and handed to the site's mail server (SMTP, RFC 5321).

use std::fs;
use std::path::{Component, Path, PathBuf};
use std::time::SystemTime;

use lettre::address::Envelope;
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, Body, Mailbox, Message, MultiPart, SinglePart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Tokio1Executor};

use super::spool::{Content, Refusal, Written};
use crate::base::diagnostic::Text;
use crate::base::limit::{LETTER_ATTACHED_BYTES_MAX, MAIL_DURATION_MAX};
use crate::base::time::Duration;
use crate::config::outside::{Mail, Security};
use crate::say;

/// A command of SMTP, or the connection, may take this long.
const PATIENCE: Duration = Duration::from_secs(30);

/// The way to the mail server.
#[derive(Clone)]
pub(crate) struct Postman {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Postman {
    /// Ready to go.
    ///
    /// # Errors
    /// The address of the sender is none, or the certificates cannot be read.
    pub(crate) fn new(mail: &Mail) -> Result<Self, Text> {
        let from: Mailbox = mail.from.parse().map_err(|why| say!("mail: `{}`: {}", &mail.from, why))?;
        let tls = match mail.security {
            Security::Nothing => Tls::None,
            Security::StartTls => Tls::Required(parameters(mail)?),
            Security::Tls => Tls::Wrapper(parameters(mail)?),
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&mail.server)
            .port(mail.port)
            .tls(tls)
            .timeout(Some(PATIENCE))
            .hello_name(hello());
        if let Some((user, password)) = &mail.login {
            builder = builder.credentials(Credentials::new(user.clone(), password.reveal().to_owned()));
        }
        Ok(Self { transport: builder.build(), from })
    }

    /// Hands over a letter, with recordings from below `messages`.
    ///
    /// # Errors
    /// The server said no, or was not reached; or the letter cannot be made.
    pub(crate) async fn deliver(&self, letter: &Written, messages: &Path) -> Result<(), Refusal> {
        let (envelope, message) = self.message(letter, messages)?;
        let sent = self.transport.send_raw(&envelope, &message);
        match tokio::time::timeout(MAIL_DURATION_MAX, sent).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(why)) if why.is_permanent() => Err(Refusal::for_good(in_full(&why))),
            Ok(Err(why)) => Err(Refusal::passing(in_full(&why))),
            Err(_) => Err(Refusal::passing("the mail server takes too long")),
        }
    }

    fn message(&self, letter: &Written, messages: &Path) -> Result<(Envelope, Vec<u8>), Refusal> {
        let Content::Email { recipient, to, subject, text, attachments } = &letter.letter else {
            return Err(for_good("this is no e-mail"));
        };
        let recipient: Address =
            recipient.parse().map_err(|why| for_good(format!("`{recipient}`: {why}")))?;
        let domain = self.from.email.domain();
        let mut builder = Message::builder()
            .from(self.from.clone())
            .subject(subject.replace(char::is_control, " "))
            .message_id(Some(format!("<{}@{domain}>", letter.id)))
            .date(
                SystemTime::UNIX_EPOCH + Duration::from_millis(u64::try_from(letter.written_ms).unwrap_or(0)),
            );
        for address in to {
            // One that is no address is told where it is the recipient.
            if let Ok(address) = address.parse() {
                builder = builder.to(Mailbox::new(None, address));
            }
        }
        let mut parts = MultiPart::mixed().singlepart(SinglePart::plain(text.clone()));
        let mut left = LETTER_ATTACHED_BYTES_MAX;
        for attachment in attachments {
            let (name, sound) = recording(messages, attachment, &mut left)?;
            let kind = ContentType::parse("audio/wav").map_err(for_good)?;
            // In base64 whatever it holds: mail servers mend the ends of lines.
            let sound = Body::new_with_encoding(sound, ContentTransferEncoding::Base64);
            let sound = sound.map_err(|_| for_good("a recording cannot be attached"))?;
            parts = parts.singlepart(Attachment::new(name).body(sound, kind));
        }
        let made = if attachments.is_empty() {
            builder.singlepart(SinglePart::plain(text.clone()))
        } else {
            builder.multipart(parts)
        };
        let mut message = made.map_err(for_good)?;
        // RFC 3834 §5: no machine shall answer this.
        let name = HeaderName::new_from_ascii_str("Auto-Submitted");
        message.headers_mut().insert_raw(HeaderValue::new(name, "auto-generated".to_owned()));
        let envelope = Envelope::new(Some(self.from.email.clone()), vec![recipient]).map_err(for_good)?;
        Ok((envelope, message.formatted()))
    }
}

fn parameters(mail: &Mail) -> Result<TlsParameters, Text> {
    let mut builder = TlsParameters::builder(mail.server.clone());
    if let Some(path) = &mail.certificate {
        let refused = |why: &dyn std::fmt::Display| {
            say!("mail: the certificates of {} cannot be read: {}", path.display(), why)
        };
        let pem = fs::read(path).map_err(|why| refused(&why))?;
        builder = builder.add_root_certificate(Certificate::from_pem(&pem).map_err(|why| refused(&why))?);
    }
    builder.build_rustls().map_err(|why| say!("mail: {}", in_full(&why)))
}

/// A recording below the folder of messages; no path, and no link, leads out of it.
fn recording(messages: &Path, path: &str, left: &mut u64) -> Result<(String, Vec<u8>), Refusal> {
    let inside = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
    if !inside || path.is_empty() {
        return Err(for_good(format!("the recording `{path}` is not in the folder of messages")));
    }
    let file = PathBuf::from(format!("{path}.wav"));
    // It may be on its way to the disk still.
    let not_there = |why| Refusal::passing(format!("{}: {why}", file.display()));
    let real = fs::canonicalize(messages.join(&file)).map_err(not_there)?;
    let folder = fs::canonicalize(messages).map_err(not_there)?;
    if !real.starts_with(&folder) {
        return Err(for_good(format!("the recording `{path}` is not in the folder of messages")));
    }
    let length = fs::metadata(&real).map_err(not_there)?.len();
    *left = left.checked_sub(length).ok_or_else(|| for_good("the recordings are too large for an e-mail"))?;
    let name = file.file_name().and_then(|name| name.to_str()).unwrap_or("message.wav");
    let name = shown(name);
    Ok((name, fs::read(&real).map_err(not_there)?))
}

/// The name by which a recording goes with a letter: when, and the reference that was said. What only keeps files apart is left
/// out, for a longer name is cut into parts (RFC 2231 §3), and not every reader of mail puts them together again.
fn shown(name: &str) -> String {
    let stem = name.trim_end_matches(".wav");
    let parts: Vec<&str> = stem.split('-').collect();
    match parts[..] {
        [day, time, reference, _, _] => format!("{day}-{time}-{reference}.wav"),
        _ => name.to_owned(),
    }
}

fn for_good(why: impl std::fmt::Display) -> Refusal {
    Refusal::for_good(why.to_string())
}

/// An error with what caused it.
fn in_full(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        source = cause.source();
    }
    text.replace(char::is_control, " ")
}

/// Who we say we are (RFC 5321 §4.1.1.1): the machine's name if it is one of DNS, else the usual address literal.
fn hello() -> ClientId {
    let name = rustix::system::uname().nodename().to_string_lossy().into_owned();
    match crate::base::url::authority(&name) {
        Some(name) if name.contains('.') => ClientId::Domain(name),
        _ => ClientId::default(),
    }
}

//! What the site says of the outside: companies' own systems (`apis`), the gateway of text messages (`sms`), the mail
//! server (`mail`). `io/outside` goes there.

use std::fmt;
use std::path::PathBuf;

use super::short_text::is_unicode;
use super::site::Secret;
use crate::base::time::Duration;
use crate::flow::errand::Method;

/// A host that flows may ask, with what is not written in flows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Api {
    /// Headers that go to this host and to no other.
    pub(crate) headers: Vec<(String, Secret)>,
    /// An answer may take this long, even if a flow would wait longer.
    pub(crate) timeout: Option<Duration>,
    /// The host may be of this machine or of the local network.
    pub(crate) private: bool,
    /// A file of certificates (PEM) that are trusted for this host beside those of the system.
    pub(crate) certificate: Option<PathBuf>,
}

/// The gateway of text messages: one request that sends one message.
#[derive(Clone, Debug)]
pub(crate) struct Sms {
    /// How.
    pub(crate) method: Method,
    /// Where. Its host holds no placeholder.
    pub(crate) url: Template,
    /// Headers.
    pub(crate) headers: Vec<(String, Template)>,
    /// What is sent.
    pub(crate) body: SmsBody,
    /// How the gateway knows us, beside headers.
    pub(crate) login: Login,
    /// The gateway may be of this machine or of the local network.
    pub(crate) private: bool,
    /// An answer may take this long.
    pub(crate) timeout: Duration,
    /// What its answer must be like for the message to be sent.
    pub(crate) accepted: Accepted,
    /// A file of certificates (PEM) that are trusted for the gateway beside those of the system.
    pub(crate) certificate: Option<PathBuf>,
}

/// What a gateway calls success, beside a status of 200 to 299: places in its answer, by keys and by numbers in lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Accepted {
    /// The status; any of 200 to 299 when there is none.
    pub(crate) status: Vec<u16>,
    /// Something must stand there: no null, false, 0, nor anything empty.
    pub(crate) has: Vec<String>,
    /// Nothing may.
    pub(crate) lacks: Vec<String>,
    /// One of these values must.
    pub(crate) is: Vec<(String, Vec<String>)>,
    /// The answer has this text.
    pub(crate) text: Option<String>,
}

/// The body of a gateway's request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SmsBody {
    /// None: all stands in the address.
    Nothing,
    /// `application/x-www-form-urlencoded`.
    Form(Vec<(String, Template)>),
    /// `application/json`.
    Json(Json),
}

/// JSON with placeholders in its strings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Json {
    /// Null, a truth, or a number, as JSON writes it.
    Literal(String),
    /// A string.
    Text(Template),
    /// An array.
    List(Vec<Json>),
    /// An object.
    Map(Vec<(String, Json)>),
}

/// How a gateway knows us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Login {
    /// By what stands in the request itself.
    Nothing,
    /// RFC 7617.
    Basic {
        /// User.
        user: Secret,
        /// Password.
        password: Secret,
    },
    /// RFC 6750.
    Bearer(Secret),
    /// Each request is signed, as the API of OVH wants it.
    Ovh {
        /// Key of the application.
        application: Secret,
        /// Its secret.
        secret: Secret,
        /// Key of whom it acts for.
        consumer: Secret,
    },
}

/// A text with placeholders.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Template(pub Vec<Part>);

/// A part of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// As it was written.
    Fixed(String),
    /// `{from}`, or a value of `auth`.
    Value(Secret),
    /// `{to}`: the number as E.164 writes it, `+33612345678`.
    To,
    /// `{to.digits}`: the same without `+`.
    ToDigits,
    /// `{text}`: the message.
    Text,
    /// `{unicode}`: whether the message has signs that the alphabet of text messages lacks; alone in JSON `true` or `false`.
    Unicode,
}

impl Template {
    /// Fills the placeholders; `escape` makes a value fit for the place where it will stand.
    pub(crate) fn fill(&self, to: &str, text: &str, escape: impl Fn(&str) -> String) -> String {
        let part = |part: &Part| match part {
            Part::Fixed(fixed) => fixed.clone(),
            Part::Value(value) => escape(value.reveal()),
            Part::To => escape(to),
            Part::ToDigits => escape(to.trim_start_matches('+')),
            Part::Text => escape(text),
            Part::Unicode => is_unicode(text).to_string(),
        };
        self.0.iter().map(part).collect()
    }

    /// Whether a placeholder stands in it.
    pub(crate) fn has(&self, wanted: &Part) -> bool {
        self.0.contains(wanted)
    }
}

impl fmt::Debug for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in &self.0 {
            match part {
                // An address may have a key in its query, written out.
                Part::Fixed(fixed) => match fixed.split_once('?') {
                    Some((open, _)) => write!(f, "{open}?…")?,
                    None => f.write_str(fixed)?,
                },
                Part::Value(_) => f.write_str("***")?,
                Part::To => f.write_str("{to}")?,
                Part::ToDigits => f.write_str("{to.digits}")?,
                Part::Text => f.write_str("{text}")?,
                Part::Unicode => f.write_str("{unicode}")?,
            }
        }
        Ok(())
    }
}

/// The mail server that takes our letters.
#[derive(Clone, Debug)]
pub(crate) struct Mail {
    /// Its name or address.
    pub(crate) server: String,
    /// Its port.
    pub(crate) port: u16,
    /// How the connection is kept secret.
    pub(crate) security: Security,
    /// User and password; none: the server takes letters from our address.
    pub(crate) login: Option<(String, Secret)>,
    /// Whom letters are from: `svi <svi@exemple.fr>`.
    pub(crate) from: String,
    /// A file of certificates (PEM) that are trusted for the server beside those of the system.
    pub(crate) certificate: Option<PathBuf>,
}

/// How a connection to a mail server is kept secret.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Security {
    /// It begins in clear and must turn to TLS (RFC 3207); port 587 (RFC 6409).
    StartTls,
    /// It is TLS from the beginning (RFC 8314); port 465.
    Tls,
    /// It is not; port 25.
    Nothing,
}

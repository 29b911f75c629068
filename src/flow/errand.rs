//! Errands: what a walk wants done outside, and how it went. `io` carries them out; the simulator fakes them.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::base::pii::Pii;
use crate::base::time::Duration;

/// A question to the company's own system: the verbs `http` and `identify`.
#[derive(Clone, PartialEq, Eq)]
pub struct Fetch {
    /// How.
    pub(crate) method: Method,
    /// Where: `https://api.exemple.fr/commandes/12345678`, values percent-encoded already.
    pub url: String,
    /// Headers of the step; those of the host (with its secrets) are added by `io` from the site's `apis`.
    pub(crate) headers: Vec<(String, String)>,
    /// What is sent, with its content type.
    pub(crate) body: Option<Body>,
    /// How long the answer may take in all, names and redirects included.
    pub(crate) timeout: Duration,
}

/// A caller's number may stand anywhere in the address and the body: of those only the host is printed.
impl fmt::Debug for Fetch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = self.url.find("://").map_or(0, |at| at + 3);
        let host = self.url[scheme..].split(['/', '?', '#']).next().unwrap_or("");
        write!(f, "Fetch({} {}{host}/…, {:?})", self.method.as_str(), &self.url[..scheme], self.timeout)
    }
}

/// The body of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Body {
    /// `application/json`, or `text/plain; charset=utf-8`.
    pub(crate) content_type: &'static str,
    /// What it says.
    pub(crate) text: String,
}

/// The method of a request, RFC 9110 §9.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub(crate) enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

impl Method {
    /// All of them.
    pub(crate) const ALL: [Self; 5] = [Self::Get, Self::Post, Self::Put, Self::Patch, Self::Delete];

    /// As it is written: `GET`.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// How a question was answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fetched {
    /// By a status and a body; `Null` when the body is empty.
    Answer {
        /// The status code.
        status: u16,
        /// The body, read as JSON; a body that is no JSON is a `String`.
        body: serde_json::Value,
    },
    /// It was not.
    Failed(FetchFailure),
}

/// Why a question was not answered.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FetchFailure {
    /// In time.
    Timeout,
    /// The host is not found, refuses the connection, or breaks it.
    Unreachable,
    /// Its certificate or TLS is not to be trusted.
    Untrusted,
    /// Its address is one of this machine or network, and the site does not allow that for this host.
    Private,
    /// It leads elsewhere too often, or to another host.
    Redirected,
    /// Its answer is larger than a caller's question deserves.
    TooLarge,
    /// This host has failed so often that it is left alone for a while.
    Resting,
    /// We ask too much at once.
    Overloaded,
}

impl FetchFailure {
    /// All of them.
    pub(crate) const ALL: [Self; 8] = [
        Self::Timeout,
        Self::Unreachable,
        Self::Untrusted,
        Self::Private,
        Self::Redirected,
        Self::TooLarge,
        Self::Resting,
        Self::Overloaded,
    ];

    /// Its word in scenarios, journals and logs.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Timeout => "timeout",
            Self::Unreachable => "unreachable",
            Self::Untrusted => "untrusted",
            Self::Private => "private",
            Self::Redirected => "redirected",
            Self::TooLarge => "too-large",
            Self::Resting => "resting",
            Self::Overloaded => "overloaded",
        }
    }
}

/// Something that is told to somebody: the verbs `sms` and `email`. It is sent beside the call, and tried again for hours.
#[derive(Clone, PartialEq, Eq)]
pub enum Letter {
    /// A text message.
    Sms {
        /// The number, E.164.
        to: String,
        /// What it says.
        text: String,
    },
    /// An e-mail.
    Email {
        /// Addresses.
        to: Vec<String>,
        /// The subject.
        subject: String,
        /// What it says.
        text: String,
        /// Recordings that go with it: paths below the folder of messages, without extension.
        attachments: Vec<String>,
    },
}

/// Whom it goes to is masked, what it says is left out.
impl fmt::Debug for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sms { to, .. } => write!(f, "Sms({})", Pii::new(to)),
            Self::Email { to, attachments, .. } => {
                write!(
                    f,
                    "Email({:?}, {} recordings)",
                    to.iter().map(Pii::new).collect::<Vec<_>>(),
                    attachments.len()
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errands_print_no_number_and_no_word_of_a_letter() {
        let fetch = Fetch {
            method: Method::Get,
            url: "https://api.exemple.fr/clients/+33612345678?tel=0612345678".to_owned(),
            headers: vec![("X-Caller".to_owned(), "+33612345678".to_owned())],
            body: Some(Body { content_type: "application/json", text: "\"+33612345678\"".to_owned() }),
            timeout: Duration::from_secs(3),
        };
        assert_eq!(format!("{fetch:?}"), "Fetch(GET https://api.exemple.fr/…, 3s)");
        let sms = Letter::Sms { to: "+33612345678".to_owned(), text: "Votre code : 4711".to_owned() };
        assert_eq!(format!("{sms:?} {sms:#?}"), "Sms(+3361*****78) Sms(+3361*****78)");
        let email = Letter::Email {
            to: vec!["camille.dubois@exemple.fr".to_owned()],
            subject: "De 0612345678".to_owned(),
            text: "Rappelez le 0612345678".to_owned(),
            attachments: vec!["sav/1".to_owned()],
        };
        assert_eq!(format!("{email:?}"), "Email([camil******************fr], 1 recordings)");
    }
}

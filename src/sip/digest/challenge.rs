//! A challenge: WWW-Authenticate, Proxy-Authenticate (RFC 7616 §3.3).

use super::super::message::quoted;
use super::{Algorithm, Fields, Hash};

/// Quality of protection.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Qop {
    /// The method and the URI are proved.
    Auth,
    /// The body too.
    AuthInt,
}

impl Qop {
    /// As it is written.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Auth => "auth",
            Self::AuthInt => "auth-int",
        }
    }

    /// Reads one value, in any case.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        [Self::Auth, Self::AuthInt].into_iter().find(|qop| qop.as_str().eq_ignore_ascii_case(text.trim()))
    }
}

/// A challenge that we can answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Challenge {
    /// Whose password is asked for.
    pub(crate) realm: String,
    /// What the answer is bound to.
    pub(crate) nonce: String,
    /// To be given back as it came.
    pub(crate) opaque: Option<String>,
    /// The algorithm; MD5 when none is written.
    pub(crate) algorithm: Algorithm,
    /// What we would protect: `auth` when it is offered, else `auth-int`; none in the way of RFC 2069.
    pub(crate) qop: Option<Qop>,
    /// The credentials were right but their nonce too old.
    pub(crate) stale: bool,
}

impl Challenge {
    /// All challenges of a header line that we can answer: those of unknown schemes and algorithms, and those that offer
    /// only unknown protections, are skipped (RFC 7616 §3.3).
    pub(crate) fn all(line: &str) -> Vec<Self> {
        let digests = Fields::all(line).into_iter().filter(|(scheme, _)| scheme == "digest");
        digests.filter_map(|(_, fields)| Self::of(&fields)).collect()
    }

    fn of(fields: &Fields) -> Option<Self> {
        let algorithm = match fields.value("algorithm") {
            Some(name) => Algorithm::parse(name)?,
            None if fields.has("algorithm") => return None,
            None => Algorithm { hash: Hash::Md5, session: false },
        };
        let qop = match fields.value("qop") {
            Some(list) => {
                let offered = |wanted: Qop| list.split(',').any(|qop| Qop::parse(qop) == Some(wanted));
                Some([Qop::Auth, Qop::AuthInt].into_iter().find(|qop| offered(*qop))?)
            }
            None => None,
        };
        Some(Self {
            realm: fields.value("realm")?.to_owned(),
            nonce: fields.value("nonce")?.to_owned(),
            opaque: fields.value("opaque").map(str::to_owned),
            algorithm,
            qop,
            stale: fields.value("stale").is_some_and(|stale| stale.eq_ignore_ascii_case("true")),
        })
    }

    /// The header value.
    pub(crate) fn to_value(&self) -> String {
        let mut text = format!("Digest realm={}, nonce={}", quoted(&self.realm), quoted(&self.nonce));
        if let Some(opaque) = &self.opaque {
            text += &format!(", opaque={}", quoted(opaque));
        }
        if self.stale {
            text += ", stale=true";
        }
        // `algorithm` and `stale` stand without quotes, `qop` of a challenge with them (RFC 7616 §3.3).
        text += &format!(", algorithm={}", self.algorithm.as_str());
        if let Some(qop) = self.qop {
            text += &format!(", qop=\"{}\"", qop.as_str());
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back() {
        let challenge = Challenge {
            realm: r#"a "b" \ c"#.to_owned(),
            nonce: "n,1".to_owned(),
            opaque: Some(String::new()),
            algorithm: Algorithm { hash: Hash::Sha256, session: true },
            qop: Some(Qop::Auth),
            stale: true,
        };
        assert_eq!(Challenge::all(&challenge.to_value()), [challenge]);
    }

    #[test]
    fn lists_of_qop_and_unknown_algorithms_are_understood() {
        let line = r#"Digest realm="r", nonce="n", algorithm=SHA-512-256, qop="auth", Digest realm="r", nonce="n",
            qop="auth-int , token", algorithm=sha-256, stale=TRUE, Digest realm="r",nonce="n""#;
        let all = Challenge::all(&line.replace('\n', " "));
        assert_eq!(all.len(), 2);
        assert_eq!(
            (all[0].algorithm.as_str(), all[0].qop, all[0].stale),
            ("SHA-256", Some(Qop::AuthInt), true)
        );
        assert_eq!((all[1].algorithm.as_str(), all[1].qop, all[1].stale), ("MD5", None, false));
        assert_eq!(Challenge::all(r#"Digest realm="r", nonce="n", qop="token""#), []);
        assert_eq!(Challenge::all(r#"Basic realm="r""#), []);
        assert_eq!(Challenge::all(r#"Digest realm="r""#), []);
    }
}

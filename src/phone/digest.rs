//! The answer to a challenge: HTTP digest with MD5 and SHA-256 (RFC 7616, RFC 8760), our own because `rsip` computes
//! SHA-256 only under a name that no server uses. Read first: RFC 7616 §3.4.

use md5::Md5;
use sha2::{Digest as _, Sha256};

use crate::base::pii::Secret;

/// A user and a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credentials {
    /// The user name.
    pub(crate) user: String,
    /// The password.
    pub(crate) password: Secret,
}

/// The hash that a challenge asks for.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Algorithm {
    /// MD5, what is meant when nothing is said.
    Md5,
    /// SHA-256.
    Sha256,
}

/// What a server asks for with a 401 or a 407.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Challenge {
    realm: String,
    nonce: String,
    opaque: Option<String>,
    algorithm: Algorithm,
    /// `qop=auth` is offered; without it the old form of RFC 2069 is answered.
    auth: bool,
}

impl Challenge {
    /// Reads the value of one WWW-Authenticate or Proxy-Authenticate; `None` when we cannot answer it.
    pub(crate) fn read(value: &str) -> Option<Self> {
        let rest = value.trim_start();
        let (scheme, rest) = rest.split_at_checked(6)?;
        if !scheme.eq_ignore_ascii_case("digest") {
            return None;
        }
        let mut challenge = Self {
            realm: String::new(),
            nonce: String::new(),
            opaque: None,
            algorithm: Algorithm::Md5,
            auth: false,
        };
        for (name, value) in parameters(rest) {
            match name.to_ascii_lowercase().as_str() {
                "realm" => challenge.realm = value,
                "nonce" => challenge.nonce = value,
                "opaque" => challenge.opaque = Some(value),
                "qop" => challenge.auth = value.split(',').any(|q| q.trim().eq_ignore_ascii_case("auth")),
                "algorithm" if value.eq_ignore_ascii_case("md5") => challenge.algorithm = Algorithm::Md5,
                "algorithm" if value.eq_ignore_ascii_case("sha-256") => {
                    challenge.algorithm = Algorithm::Sha256;
                }
                "algorithm" => return None,
                _ => {}
            }
        }
        (!challenge.nonce.is_empty()).then_some(challenge)
    }

    /// The value of the Authorization header for `method` on `uri`. `cnonce` is fresh chance; `count` is how often
    /// this nonce has been used, from 1.
    pub(crate) fn answer(
        &self,
        who: &Credentials,
        method: &str,
        uri: &str,
        cnonce: &str,
        count: u32,
    ) -> String {
        let hash = |text: String| match self.algorithm {
            Algorithm::Md5 => hex(&Md5::digest(text.as_bytes())),
            Algorithm::Sha256 => hex(&Sha256::digest(text.as_bytes())),
        };
        let secret = hash(format!("{}:{}:{}", who.user, self.realm, who.password.reveal()));
        let asked = hash(format!("{method}:{uri}"));
        let nonce = &self.nonce;
        let response = if self.auth {
            hash(format!("{secret}:{nonce}:{count:08x}:{cnonce}:auth:{asked}"))
        } else {
            hash(format!("{secret}:{nonce}:{asked}"))
        };
        let algorithm = match self.algorithm {
            Algorithm::Md5 => "MD5",
            Algorithm::Sha256 => "SHA-256",
        };
        let mut value = format!(
            "Digest username=\"{}\", realm=\"{}\", nonce=\"{nonce}\", uri=\"{uri}\", response=\"{response}\", \
             algorithm={algorithm}",
            quoted(&who.user),
            quoted(&self.realm),
        );
        if self.auth {
            value += &format!(", qop=auth, nc={count:08x}, cnonce=\"{cnonce}\"");
        }
        if let Some(opaque) = &self.opaque {
            value += &format!(", opaque=\"{}\"", quoted(opaque));
        }
        value
    }
}

/// `name=value, name="value"`: quotes may hold commas and escaped quotes (RFC 3261 §25.1).
fn parameters(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((name, after)) = rest.split_once('=') {
        let name = name.trim_matches([' ', '\t', ',']).to_string();
        let after = after.trim_start();
        let (value, tail) = match after.strip_prefix('"') {
            Some(inside) => unquoted(inside),
            None => {
                let end = after.find(',').unwrap_or(after.len());
                (after[..end].trim().to_string(), &after[end..])
            }
        };
        found.push((name, value));
        rest = tail;
    }
    found
}

/// The text of a quoted string up to its closing quote, and what follows.
fn unquoted(inside: &str) -> (String, &str) {
    let mut value = String::new();
    let mut chars = inside.char_indices();
    while let Some((place, c)) = chars.next() {
        match c {
            '"' => return (value, &inside[place + 1..]),
            '\\' => value.extend(chars.next().map(|(_, escaped)| escaped)),
            c => value.push(c),
        }
    }
    (value, "")
}

fn quoted(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of RFC 7616 §3.9.1, both algorithms.
    #[test]
    fn the_example_of_the_rfc_comes_out() {
        let who = Credentials { user: "Mufasa".into(), password: Secret::new("Circle of Life") };
        let ask = |algorithm| {
            let nonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v";
            let text = format!(
                "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm={algorithm}, \
                 nonce=\"{nonce}\", opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\""
            );
            let cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
            Challenge::read(&text).unwrap().answer(&who, "GET", "/dir/index.html", cnonce, 1)
        };
        assert!(ask("MD5").contains("response=\"8ca523f5e9506fed4657c9700eebdbec\""));
        let sha = "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1";
        assert!(ask("SHA-256").contains(sha));
    }

    /// RFC 2617 without qop, the form that old exchanges still ask for.
    #[test]
    fn without_qop_the_short_form_is_answered() {
        let who = Credentials { user: "bob".into(), password: Secret::new("zanzibar") };
        let challenge =
            Challenge::read("Digest realm=\"biloxi.com\",nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\"")
                .unwrap();
        let answer = challenge.answer(&who, "INVITE", "sip:bob@biloxi.com", "x", 1);
        assert!(answer.contains("response=\"bf57e4e0d0bffc0fbaedce64d59add5e\""), "{answer}");
        assert!(!answer.contains("cnonce"));
    }

    #[test]
    fn quotes_commas_and_unknown_algorithms() {
        let challenge = Challenge::read(r#"Digest realm="a \"b\", c", nonce="n,1", qop="auth-int""#).unwrap();
        assert_eq!((challenge.realm.as_str(), challenge.nonce.as_str()), ("a \"b\", c", "n,1"));
        assert!(!challenge.auth);
        assert_eq!(Challenge::read("Basic realm=\"x\""), None);
        assert_eq!(Challenge::read("Digest realm=\"x\", nonce=\"n\", algorithm=SHA-512-256"), None);
        assert_eq!(Challenge::read("Digest realm=\"x\""), None);
    }
}

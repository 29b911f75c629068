//! Digest authentication (RFC 7616, RFC 8760), both sides: `server` for our registrar, `client` for what operators ask.
//!
//! Algorithms MD5 and SHA-256, each also `-sess`; quality of protection `auth`, `auth-int` and none (RFC 2069). Not here:
//! SHA-512-256 and `userhash`, which no telephone asks for, and `Authentication-Info`.

mod challenge;
mod client;
mod server;

use md5::{Digest as _, Md5};
use sha2::Sha256;

pub(crate) use challenge::{Challenge, Qop};
pub(crate) use client::answer;
pub(crate) use server::{Challenger, Verdict};

use super::message::{is_token, split_open, unquoted};
use crate::base::limit::SIP_DIGEST_FIELDS_MAX;

/// The hash of a digest, the weaker first.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Hash {
    /// What every telephone knows.
    Md5,
    /// RFC 8760.
    Sha256,
}

/// The `algorithm` parameter.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Algorithm {
    /// The hash.
    pub(crate) hash: Hash,
    /// `-sess`: the password's hash is bound to the nonces of the session (RFC 7616 §3.4.2).
    pub(crate) session: bool,
}

impl Algorithm {
    /// Reads `SHA-256-sess`, in any case; `None` if we do not know it.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let all = [Hash::Md5, Hash::Sha256]
            .into_iter()
            .flat_map(|hash| [false, true].map(|session| Self { hash, session }));
        all.into_iter().find(|algorithm| algorithm.as_str().eq_ignore_ascii_case(text))
    }

    /// As it is written.
    pub(crate) const fn as_str(self) -> &'static str {
        match (self.hash, self.session) {
            (Hash::Md5, false) => "MD5",
            (Hash::Md5, true) => "MD5-sess",
            (Hash::Sha256, false) => "SHA-256",
            (Hash::Sha256, true) => "SHA-256-sess",
        }
    }
}

impl Hash {
    /// The hash of all parts with `:` between them, in lower-case hexadecimal.
    fn of(self, parts: &[&[u8]]) -> String {
        match self {
            Self::Md5 => hex(&Md5::digest(parts.join(&b':'))),
            Self::Sha256 => hex(&Sha256::digest(parts.join(&b':'))),
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |value: u8| char::from(DIGITS[usize::from(value & 15)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(*byte)]).collect()
}

/// All that enters the response of a digest (RFC 7616 §3.4.1).
struct Proof<'a> {
    algorithm: Algorithm,
    user: &'a str,
    realm: &'a str,
    password: &'a str,
    method: &'a str,
    uri: &'a str,
    body: &'a [u8],
    nonce: &'a str,
    /// `qop`, `nc` and `cnonce`; none in the way of RFC 2069.
    protection: Option<Protection<'a>>,
    /// The client's nonce, for `-sess` without a `qop`.
    cnonce: &'a str,
}

#[derive(Copy, Clone)]
struct Protection<'a> {
    qop: Qop,
    nc: &'a str,
}

impl Proof<'_> {
    fn response(&self) -> String {
        let hash = self.algorithm.hash;
        let mut secret = hash.of(&[self.user.as_bytes(), self.realm.as_bytes(), self.password.as_bytes()]);
        if self.algorithm.session {
            secret = hash.of(&[secret.as_bytes(), self.nonce.as_bytes(), self.cnonce.as_bytes()]);
        }
        let (method, uri) = (self.method.as_bytes(), self.uri.as_bytes());
        let request = match self.protection.map(|protection| protection.qop) {
            Some(Qop::AuthInt) => hash.of(&[method, uri, hash.of(&[self.body]).as_bytes()]),
            Some(Qop::Auth) | None => hash.of(&[method, uri]),
        };
        let (secret, nonce, request) = (secret.as_bytes(), self.nonce.as_bytes(), request.as_bytes());
        match self.protection {
            None => hash.of(&[secret, nonce, request]),
            Some(Protection { qop, nc }) => {
                let qop = qop.as_str().as_bytes();
                hash.of(&[secret, nonce, nc.as_bytes(), self.cnonce.as_bytes(), qop, request])
            }
        }
    }
}

/// The `name=value` fields of a challenge or of credentials, unquoted; names in lower case.
struct Fields(Vec<(String, String)>);

impl Fields {
    /// Cuts a header value into its schemes, each with its fields. Several challenges may share a line (RFC 7235 §4.1).
    fn all(text: &str) -> Vec<(String, Self)> {
        let mut schemes: Vec<(String, Self)> = Vec::new();
        for piece in split_open(text, b',').filter(|piece| !piece.is_empty()) {
            let (scheme, field) = begins_scheme(piece);
            if let Some(scheme) = scheme {
                if schemes.len() == SIP_DIGEST_FIELDS_MAX {
                    break;
                }
                schemes.push((scheme.to_ascii_lowercase(), Self(Vec::new())));
            }
            if let (Some((_, fields)), Some((name, value))) = (schemes.last_mut(), field.split_once('='))
                && fields.0.len() < SIP_DIGEST_FIELDS_MAX
            {
                let name = name.trim().to_ascii_lowercase();
                fields.0.push((name, unquoted(value.trim()).into_owned()));
            }
        }
        schemes
    }

    /// The value of a field; `None` if it is absent or stands twice.
    fn value(&self, name: &str) -> Option<&str> {
        let mut found = self.0.iter().filter(|(field, _)| field == name);
        let (_, value) = found.next()?;
        found.next().is_none().then_some(value)
    }

    fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(field, _)| field == name)
    }
}

/// `Digest realm="x"` begins a scheme; `realm="x"` goes on with the last one.
fn begins_scheme(piece: &str) -> (Option<&str>, &str) {
    let word_end = piece.find([' ', '\t', '=']).unwrap_or(piece.len());
    let (word, rest) = (&piece[..word_end], piece[word_end..].trim_start());
    if !is_token(word.as_bytes()) || rest.starts_with('=') {
        return (None, piece);
    }
    (Some(word), rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proof<'a>(algorithm: &str, protection: Option<Protection<'a>>) -> Proof<'a> {
        Proof {
            algorithm: Algorithm::parse(algorithm).unwrap(),
            user: "Mufasa",
            realm: "http-auth@example.org",
            password: "Circle of Life",
            method: "GET",
            uri: "/dir/index.html",
            body: b"",
            nonce: "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
            protection,
            cnonce: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
        }
    }

    #[test]
    fn the_examples_of_rfc_7616_3_9_1() {
        let auth = Some(Protection { qop: Qop::Auth, nc: "00000001" });
        assert_eq!(proof("MD5", auth).response(), "8ca523f5e9506fed4657c9700eebdbec");
        assert_eq!(
            proof("SHA-256", auth).response(),
            "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"
        );
    }

    #[test]
    fn the_example_of_rfc_2617_3_5() {
        let proof = Proof {
            realm: "testrealm@host.com",
            password: "Circle Of Life",
            nonce: "dcd98b7102dd2f0e8b11d0f600bfb0c093",
            cnonce: "0a4f113b",
            ..proof("md5", Some(Protection { qop: Qop::Auth, nc: "00000001" }))
        };
        assert_eq!(proof.response(), "6629fae49393a05397450978507c4ef1");
        // The same without qop, as RFC 2069 (with its erratum) has it.
        assert_eq!(Proof { protection: None, ..proof }.response(), "670fd8c2df070c60b045671b8b24ff02");
    }

    #[test]
    fn sessions_and_bodies_enter_the_proof() {
        let auth = Some(Protection { qop: Qop::Auth, nc: "00000001" });
        let int = Some(Protection { qop: Qop::AuthInt, nc: "00000001" });
        assert_ne!(proof("MD5", auth).response(), proof("MD5-sess", auth).response());
        let with_body = Proof { body: b"v=0", ..proof("SHA-256", int) };
        assert_ne!(with_body.response(), proof("SHA-256", int).response());
        assert_eq!(with_body.response().len(), 64);
    }

    #[test]
    fn schemes_on_one_line_are_told_apart() {
        let text = r#"Basic realm="a, \"b\"", Digest realm="c",nonce = "n" , qop="auth,auth-int",NTLM, Digest realm=d"#;
        let all = Fields::all(text);
        let names: Vec<_> = all.iter().map(|(scheme, _)| scheme.as_str()).collect();
        assert_eq!(names, ["basic", "digest", "ntlm", "digest"]);
        assert_eq!(all[0].1.value("realm"), Some(r#"a, "b""#));
        assert_eq!(all[1].1.value("nonce"), Some("n"));
        assert_eq!(all[1].1.value("qop"), Some("auth,auth-int"));
        assert_eq!(all[3].1.value("realm"), Some("d"));
    }

    #[test]
    fn a_field_that_stands_twice_says_nothing() {
        let all = Fields::all("Digest username=a, username=b, nonce=c");
        assert_eq!(all[0].1.value("username"), None);
        assert!(all[0].1.has("username"));
    }
}

//! Our answer to a challenge (RFC 7616 §3.4, RFC 8760 §2.4).

use super::super::endpoint::Credentials;
use super::super::message::{Method, quoted};
use super::{Challenge, Proof, Protection};

/// The Authorization (or Proxy-Authorization) value that answers the strongest of the challenges: `None` if none of them
/// can be answered.
///
/// `challenges` are the header lines of one kind as they came. `uri` is the Request-URI, octet for octet. `nc` counts the
/// requests with this nonce from 1; `cnonce` is fresh, and for `-sess` the same as long as the nonce is.
pub(crate) fn answer<'a>(
    challenges: impl IntoIterator<Item = &'a str>,
    credentials: &Credentials,
    method: &Method,
    uri: &str,
    body: &[u8],
    cnonce: &str,
    nc: u32,
) -> Option<String> {
    let all = challenges.into_iter().flat_map(Challenge::all);
    // The strongest; of equal ones the first, which the far end prefers (RFC 8760 §2.4).
    let challenge =
        all.reduce(|best, next| if next.algorithm.hash > best.algorithm.hash { next } else { best })?;
    let nc = format!("{nc:08x}");
    let proof = Proof {
        algorithm: challenge.algorithm,
        user: &credentials.user,
        realm: &challenge.realm,
        password: credentials.password.reveal(),
        method: method.as_str(),
        uri,
        body,
        nonce: &challenge.nonce,
        protection: challenge.qop.map(|qop| Protection { qop, nc: &nc }),
        cnonce,
    };
    let mut text = format!(
        "Digest username={}, realm={}, nonce={}, uri={}, response=\"{}\", algorithm={}",
        quoted(&credentials.user),
        quoted(&challenge.realm),
        quoted(&challenge.nonce),
        quoted(uri),
        proof.response(),
        challenge.algorithm.as_str(),
    );
    match challenge.qop {
        Some(qop) => text += &format!(", cnonce={}, qop={}, nc={nc}", quoted(cnonce), qop.as_str()),
        // The session's key depends on it even when nothing else does.
        None if challenge.algorithm.session => text += &format!(", cnonce={}", quoted(cnonce)),
        None => {}
    }
    if let Some(opaque) = &challenge.opaque {
        text += &format!(", opaque={}", quoted(opaque));
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mufasa() -> Credentials {
        Credentials { user: "Mufasa".to_owned(), password: crate::base::pii::Secret::new("Circle of Life") }
    }

    #[test]
    fn the_strongest_challenge_is_answered() {
        let nonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v";
        let line = |algorithm: &str| {
            format!(
                r#"Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm={algorithm}, nonce="{nonce}", opaque="FQhe""#
            )
        };
        let (md5, sha) = (line("MD5"), line("SHA-256"));
        let get = Method::Other("GET".into());
        let cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
        let value = answer([&*md5, &*sha], &mufasa(), &get, "/dir/index.html", b"", cnonce, 1).unwrap();
        assert_eq!(
            value,
            format!(
                "Digest username=\"Mufasa\", realm=\"http-auth@example.org\", nonce=\"{nonce}\", uri=\"/dir/index.html\", \
                 response=\"753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1\", algorithm=SHA-256, \
                 cnonce=\"{cnonce}\", qop=auth, nc=00000001, opaque=\"FQhe\""
            )
        );
    }

    #[test]
    fn nc_is_hexadecimal_and_rfc_2069_has_none() {
        let with =
            |line: &str, nc| answer([line], &mufasa(), &Method::Register, "sip:r", b"", "c", nc).unwrap();
        assert!(with(r#"Digest realm="r", nonce="n", qop="auth""#, 0x1ff).contains("nc=000001ff"));
        let old = with(r#"Digest realm="r", nonce="n""#, 1);
        assert!(!old.contains("nc=") && !old.contains("cnonce") && !old.contains("qop"));
        assert!(answer(["Bearer x"], &mufasa(), &Method::Register, "sip:r", b"", "c", 1).is_none());
    }
}

//! Our own challenges, and the check of what answers them.
//!
//! A nonce carries its moment and our seal, so that challenging costs no memory however many ask. Only nonces of proved
//! users are remembered, with the counts that they have used, so that credentials cannot be replayed (RFC 7616 §3.4.5,
//! §5.12).

use std::collections::BTreeMap;
use std::net::IpAddr;

use sha2::{Digest as _, Sha256};

use super::super::message::{Method, Uri};
use super::{Algorithm, Challenge, Fields, Hash, Proof, Protection, Qop, hex};
use crate::base::limit::{SIP_NONCE_LIFE, SIP_NONCES_MAX};
use crate::base::rng::Rng;
use crate::base::time::{Instant, Now};

/// Makes challenges and checks credentials.
pub(crate) struct Challenger {
    secret: [u8; 32],
    /// The moment in the last nonce, in microseconds: no two nonces have the same.
    last: u64,
    /// Nonces in use by their moment, and the counts used of each.
    used: BTreeMap<u64, Window>,
    /// Nonces of this moment and before that are not in `used` were forgotten: they count as stale.
    forgotten: u64,
}

/// The outcome of [`Challenger::verify`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// This user has proved the password.
    Granted(String),
    /// The nonce is ours but cannot serve: too old, used, or given to another address. Challenge with `stale`.
    Stale,
    /// This user, known or not, has not proved the password.
    Wrong(String),
    /// No, without a reason that would tell known users from unknown ones.
    Denied,
}

/// Which counts of a nonce were used: the greatest, and the 64 below it.
#[derive(Copy, Clone, Debug, Default)]
struct Window {
    greatest: u32,
    seen: u64,
}

/// Credentials as they came.
struct Answer<'a> {
    user: &'a str,
    realm: &'a str,
    nonce: &'a str,
    uri: &'a str,
    response: &'a str,
    algorithm: Algorithm,
    protection: Option<Protection<'a>>,
    cnonce: &'a str,
}

impl Challenger {
    /// With a secret of its own.
    pub(crate) fn new(rng: &mut Rng) -> Self {
        let mut secret = [0; 32];
        for chunk in secret.chunks_mut(8) {
            chunk.copy_from_slice(&rng.u64().to_be_bytes());
        }
        Self { secret, last: 0, used: BTreeMap::new(), forgotten: 0 }
    }

    /// The WWW-Authenticate values to send, one for each of `hashes`, in their order. RFC 8760 §2.3 offers SHA-256 before
    /// MD5, but telephones in use give up at an algorithm that they do not know, wherever it stands (baresip 1.0 does, and
    /// so never registers): what to offer is the operator's choice. `stale`: after [`Verdict::Stale`].
    pub(crate) fn challenge(
        &mut self,
        now: Now,
        source: IpAddr,
        realm: &str,
        hashes: &[Hash],
        stale: bool,
    ) -> Vec<String> {
        self.last = now.at.as_micros().max(self.last + 1);
        let nonce = self.sealed(self.last, realm, source);
        let challenge = |hash| Challenge {
            realm: realm.to_owned(),
            nonce: nonce.clone(),
            opaque: None,
            algorithm: Algorithm { hash, session: false },
            qop: Some(Qop::Auth),
            stale,
        };
        hashes.iter().map(|hash| challenge(*hash).to_value()).collect()
    }

    /// Checks an Authorization value against the request that it came with. Give the line whose realm is ours, when there
    /// are several. Known and unknown users cost the same. A password is judged only by a nonce that was given to this very
    /// address: who has none learns nothing, and who forges an address brings no failure upon it.
    pub(crate) fn verify<'p>(
        &mut self,
        now: Now,
        source: IpAddr,
        (method, uri, body): (&Method, &Uri, &[u8]),
        authorization: &str,
        password_of: impl Fn(&str) -> Option<&'p str>,
    ) -> Verdict {
        let schemes = Fields::all(authorization);
        let [(scheme, fields)] = &schemes[..] else { return Verdict::Denied };
        let Some(answer) = Answer::of(fields).filter(|_| scheme == "digest") else { return Verdict::Denied };
        match self.issued(&answer) {
            None => return Verdict::Denied,
            Some(issued) if !self.is_fresh(now.at, issued, &answer, source) => return Verdict::Stale,
            Some(_) => {}
        }
        let password = password_of(answer.user);
        let proof = Proof {
            algorithm: answer.algorithm,
            user: answer.user,
            realm: answer.realm,
            // An unknown user is hashed like a known one: time tells nothing.
            password: password.unwrap_or("no such user"),
            method: method.as_str(),
            uri: answer.uri,
            body,
            nonce: answer.nonce,
            protection: answer.protection,
            cnonce: answer.cnonce,
        };
        let is_right = same(proof.response().as_bytes(), answer.response.to_ascii_lowercase().as_bytes());
        if !is_right || password.is_none() {
            return Verdict::Wrong(answer.user.to_owned());
        }
        // RFC 7616 §3.4.6: the proof must be for this resource, not for another of which it was overheard.
        if answer.uri != uri.text() && !Uri::parse(answer.uri).is_some_and(|proved| proved.is_equivalent(uri))
        {
            return Verdict::Denied;
        }
        if self.take(now.at, &answer) { Verdict::Granted(answer.user.to_owned()) } else { Verdict::Stale }
    }

    /// How many nonces are remembered.
    #[cfg(test)]
    pub(crate) fn nonces_len(&self) -> usize {
        self.used.len()
    }

    /// The moment of a nonce that looks like one of ours.
    fn issued(&self, answer: &Answer<'_>) -> Option<u64> {
        let moment = answer.nonce.get(..16).filter(|_| answer.nonce.len() == 48)?;
        u64::from_str_radix(moment, 16).ok()
    }

    /// Whether a nonce is ours, given to this address, and young enough.
    fn is_fresh(&self, now: Instant, issued: u64, answer: &Answer<'_>, source: IpAddr) -> bool {
        let is_ours = same(self.sealed(issued, answer.realm, source).as_bytes(), answer.nonce.as_bytes());
        is_ours && now.since(Instant::from_micros(issued)) <= SIP_NONCE_LIFE
    }

    /// Uses a nonce and its count; false when that cannot be (again).
    fn take(&mut self, now: Instant, answer: &Answer<'_>) -> bool {
        let Some(issued) = self.issued(answer) else { return false };
        self.forget_old(now);
        if issued <= self.forgotten && !self.used.contains_key(&issued) {
            return false;
        }
        // Without qop there is no count: such a nonce serves once.
        let count = match answer.protection {
            Some(protection) => u32::from_str_radix(protection.nc, 16).unwrap_or(0),
            None => 1,
        };
        if !self.used.entry(issued).or_default().take(count) {
            return false;
        }
        while self.used.len() > SIP_NONCES_MAX
            && let Some((oldest, _)) = self.used.pop_first()
        {
            self.forgotten = self.forgotten.max(oldest);
        }
        true
    }

    fn forget_old(&mut self, now: Instant) {
        while let Some(oldest) = self.used.first_entry() {
            if now.since(Instant::from_micros(*oldest.key())) <= SIP_NONCE_LIFE {
                return;
            }
            oldest.remove();
        }
    }

    /// The nonce of a moment: the moment, and our seal on it, on the realm and on whom it was given to.
    fn sealed(&self, moment: u64, realm: &str, source: IpAddr) -> String {
        let inner = Sha256::new()
            .chain_update(self.secret)
            .chain_update(moment.to_be_bytes())
            .chain_update(source.to_canonical().to_string())
            .chain_update(realm);
        let seal = Sha256::new().chain_update(self.secret).chain_update(inner.finalize()).finalize();
        format!("{moment:016x}{}", hex(&seal[..16]))
    }
}

impl std::fmt::Debug for Challenger {
    /// Without the secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Challenger({} nonces)", self.used.len())
    }
}

impl Window {
    /// Uses a count; false when it was used, is 0, or too far below the greatest to know.
    fn take(&mut self, count: u32) -> bool {
        if count == 0 {
            return false;
        }
        if count > self.greatest {
            let step = count - self.greatest;
            self.seen = self.seen.checked_shl(step).unwrap_or(0) | 1;
            self.greatest = count;
            return true;
        }
        let Some(bit) = 1_u64.checked_shl(self.greatest - count) else { return false };
        let is_new = self.seen & bit == 0;
        self.seen |= bit;
        is_new
    }
}

impl<'a> Answer<'a> {
    fn of(fields: &'a Fields) -> Option<Self> {
        let algorithm = match fields.value("algorithm") {
            Some(name) => Algorithm::parse(name)?,
            None if fields.has("algorithm") => return None,
            None => Algorithm { hash: Hash::Md5, session: false },
        };
        let protection = match fields.value("qop") {
            Some(qop) => {
                let nc = fields.value("nc")?;
                // `nc` is eight hexadecimal digits (RFC 7616 §3.4); fewer are let through, they mean the same.
                if nc.is_empty() || nc.len() > 8 || !nc.bytes().all(|octet| octet.is_ascii_hexdigit()) {
                    return None;
                }
                fields.value("cnonce")?;
                Some(Protection { qop: Qop::parse(qop)?, nc })
            }
            None if fields.has("qop") => return None,
            None => None,
        };
        Some(Self {
            user: fields.value("username")?,
            realm: fields.value("realm")?,
            nonce: fields.value("nonce")?,
            uri: fields.value("uri")?,
            response: fields.value("response")?,
            algorithm,
            protection,
            cnonce: fields.value("cnonce").unwrap_or_default(),
        })
    }
}

/// Equality in a time that does not depend on where the first difference is.
fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |difference, (a, b)| difference | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::super::super::endpoint::Credentials;
    use super::super::answer;
    use super::*;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);
    use crate::base::time::{Duration, at};

    fn now(millis: u64) -> Now {
        Now { at: at(millis), ..Now::default() }
    }

    fn challenger() -> Challenger {
        Challenger::new(&mut Rng::seeded(1))
    }

    fn credentials(challenges: &[String], user: &str, password: &str, nc: u32) -> String {
        let who = Credentials { user: user.to_owned(), password: crate::base::pii::Secret::new(password) };
        let lines = challenges.iter().map(String::as_str);
        answer(lines, &who, &Method::Register, "sip:svi.example", b"body", "cn", nc).unwrap()
    }

    fn verify(challenger: &mut Challenger, millis: u64, authorization: &str) -> Verdict {
        verify_at(challenger, millis, "sip:svi.example", authorization)
    }

    fn verify_at(challenger: &mut Challenger, millis: u64, uri: &str, authorization: &str) -> Verdict {
        let uri = Uri::parse(uri).unwrap();
        let password_of = |user: &str| (user == "alice").then_some("secret");
        challenger.verify(now(millis), HERE, (&Method::Register, &uri, b"body"), authorization, password_of)
    }

    #[test]
    fn who_knows_the_password_is_let_in_by_either_algorithm() {
        let mut ours = challenger();
        let challenges = ours.challenge(now(0), HERE, "svi", &[Hash::Sha256, Hash::Md5], false);
        assert!(challenges[0].contains("algorithm=SHA-256") && challenges[1].contains("algorithm=MD5"));
        for (nc, lines) in [(1, &challenges[..]), (2, &challenges[1..])] {
            let good = credentials(lines, "alice", "secret", nc);
            assert_eq!(verify(&mut ours, 10, &good), Verdict::Granted("alice".to_owned()));
        }
        for (user, password) in [("alice", "wrong"), ("bob", "secret"), ("bob", "no such user")] {
            let proof = credentials(&challenges, user, password, 3);
            assert_eq!(verify(&mut ours, 10, &proof), Verdict::Wrong(user.to_owned()));
        }
        for nonsense in ["", "Basic abc", "Digest", "Digest username=\"alice\"", "Digest x, Digest y"] {
            assert_eq!(verify(&mut ours, 10, nonsense), Verdict::Denied, "{nonsense}");
        }
    }

    #[test]
    fn a_count_serves_once_in_any_order() {
        let mut ours = challenger();
        let challenges = ours.challenge(now(0), HERE, "svi", &[Hash::Md5], false);
        let granted = Verdict::Granted("alice".to_owned());
        for (nc, wanted) in [
            (1, &granted),
            (1, &Verdict::Stale),
            (0x100, &granted),
            (0xff, &granted),
            (0xff, &Verdict::Stale),
            (2, &Verdict::Stale),
            (0, &Verdict::Stale),
        ] {
            assert_eq!(
                verify(&mut ours, 10, &credentials(&challenges, "alice", "secret", nc)),
                *wanted,
                "{nc}"
            );
        }
    }

    #[test]
    fn a_nonce_grows_old_and_one_of_another_life_is_stale() {
        let mut ours = challenger();
        let challenges = ours.challenge(now(0), HERE, "svi", &[Hash::Md5], false);
        let good = credentials(&challenges, "alice", "secret", 1);
        assert_eq!(verify(&mut ours, 300_001, &good), Verdict::Stale);
        let mut restarted = Challenger::new(&mut Rng::seeded(2));
        assert_eq!(verify(&mut restarted, 10, &good), Verdict::Stale);
        let again = ours.challenge(now(300_001), HERE, "svi", &[Hash::Md5], true);
        assert!(again[0].contains("stale=true"));
        let good = credentials(&again, "alice", "secret", 1);
        assert_eq!(verify(&mut ours, 300_002, &good), Verdict::Granted("alice".to_owned()));
    }

    #[test]
    fn a_proof_for_another_resource_or_realm_is_none() {
        let mut ours = challenger();
        let challenges = ours.challenge(now(0), HERE, "svi", &[Hash::Md5], false);
        let good = credentials(&challenges, "alice", "secret", 1);
        assert_eq!(verify_at(&mut ours, 10, "sip:other.example", &good), Verdict::Denied);
        let moved = [challenges[0].replace("realm=\"svi\"", "realm=\"x\"")];
        assert_eq!(verify(&mut ours, 10, &credentials(&moved, "alice", "secret", 1)), Verdict::Stale);
        assert_eq!(verify_at(&mut ours, 10, "sip:SVI.example", &good), Verdict::Granted("alice".to_owned()));
    }

    #[test]
    fn old_ways_are_taken_once_a_nonce() {
        let mut ours = challenger();
        let challenges =
            [ours.challenge(now(0), HERE, "svi", &[Hash::Md5], false)[0].replace(", qop=\"auth\"", "")];
        let good = credentials(&challenges, "alice", "secret", 1);
        assert!(!good.contains("nc="));
        assert_eq!(verify(&mut ours, 10, &good), Verdict::Granted("alice".to_owned()));
        assert_eq!(verify(&mut ours, 10, &good), Verdict::Stale);
        for (from, to) in [("qop=\"auth\"", "qop=\"auth-int\""), ("algorithm=MD5", "algorithm=MD5-sess")] {
            let challenges = [ours.challenge(now(0), HERE, "svi", &[Hash::Md5], false)[0].replace(from, to)];
            let good = credentials(&challenges, "alice", "secret", 1);
            assert_eq!(verify(&mut ours, 10, &good), Verdict::Granted("alice".to_owned()), "{to}");
        }
    }

    #[test]
    fn memory_is_bounded_and_what_is_forgotten_cannot_be_replayed() {
        let mut ours = challenger();
        let first = ours.challenge(now(0), HERE, "svi", &[Hash::Md5], false);
        let replayed = credentials(&first, "alice", "secret", 1);
        assert_eq!(verify(&mut ours, 0, &replayed), Verdict::Granted("alice".to_owned()));
        for _ in 0..SIP_NONCES_MAX {
            let challenges = ours.challenge(now(1), HERE, "svi", &[Hash::Md5], false);
            let good = credentials(&challenges, "alice", "secret", 1);
            assert_eq!(verify(&mut ours, 1, &good), Verdict::Granted("alice".to_owned()));
        }
        assert_eq!(ours.nonces_len(), SIP_NONCES_MAX);
        assert_eq!(verify(&mut ours, 2, &replayed), Verdict::Stale);
        let late = SIP_NONCE_LIFE + Duration::from_secs(1);
        let challenges = ours.challenge(now(0).later(late), HERE, "svi", &[Hash::Md5], false);
        let good = credentials(&challenges, "alice", "secret", 1);
        assert_eq!(verify(&mut ours, 301_000, &good), Verdict::Granted("alice".to_owned()));
        assert_eq!(ours.nonces_len(), 1);
    }
}

//! By what a request is known again: RFC 3261 §17.2.3 (branch, sent-by, method), with the RFC 2543 rule for peers whose
//! Via has no branch, no magic cookie, or nothing behind it.

use std::sync::Arc;

/// The key of a server transaction; ordered, so that a table may be a map.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ServerKey(Arc<[u8]>);

/// What RFC 2543 tells requests apart by.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Old<'a> {
    /// The Request-URI.
    pub(crate) uri: &'a [u8],
    /// The tag of From.
    pub(crate) from_tag: &'a [u8],
    /// The Call-ID.
    pub(crate) call_id: &'a [u8],
    /// The CSeq number.
    pub(crate) cseq: u32,
    /// The top Via, whole.
    pub(crate) via: &'a [u8],
}

/// The magic cookie of RFC 3261 §8.1.1.7.
pub(crate) const COOKIE: &[u8] = b"z9hG4bK";

impl ServerKey {
    /// The key of a request. `method` is that of the transaction sought: `INVITE` for an ACK, and for what a CANCEL
    /// cancels.
    pub(crate) fn new(
        method: &[u8],
        branch: Option<&[u8]>,
        host: &[u8],
        port: Option<u16>,
        old: Old<'_>,
    ) -> Self {
        match branch {
            Some(branch) if is_unique(branch) => {
                // A host compares without case, and a missing port is not 5060: both ends write the same Via.
                let port = port.map_or([0; 2], u16::to_be_bytes);
                Self::joined(&[branch, &host.to_ascii_lowercase(), &port, method])
            }
            // The To tag stays out, so that the ACK of a non-2xx, which has one, finds its INVITE, which had none.
            _ => {
                Self::joined(&[old.via, old.uri, old.from_tag, old.call_id, &old.cseq.to_be_bytes(), method])
            }
        }
    }

    /// The key by which the same request, come by another path, is known: RFC 3261 §8.2.2.2.
    pub(crate) fn merged(method: &[u8], from_tag: &[u8], call_id: &[u8], cseq: u32) -> Self {
        Self::joined(&[from_tag, call_id, &cseq.to_be_bytes(), method])
    }

    fn joined(parts: &[&[u8]]) -> Self {
        let mut key = Vec::with_capacity(parts.iter().map(|part| part.len() + 4).sum());
        for part in parts {
            // The length before each part: no choice of octets makes two different requests alike.
            key.extend_from_slice(&(part.len() as u32).to_be_bytes());
            key.extend_from_slice(part);
        }
        Self(key.into())
    }
}

fn is_unique(branch: &[u8]) -> bool {
    branch.len() > COOKIE.len() && branch[..COOKIE.len()].eq_ignore_ascii_case(COOKIE)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: Old<'static> =
        Old { uri: b"sip:a@b", from_tag: b"1", call_id: b"c", cseq: 1, via: b"SIP/2.0/UDP h" };

    fn key(method: &[u8], branch: Option<&[u8]>, old: Old<'_>) -> ServerKey {
        ServerKey::new(method, branch, b"Host", Some(5060), old)
    }

    #[test]
    fn a_branch_with_the_cookie_decides_alone() {
        let one = key(b"INVITE", Some(b"z9hG4bK1"), OLD);
        assert_eq!(one, key(b"INVITE", Some(b"z9hG4bK1"), Old { cseq: 2, ..OLD }));
        assert_ne!(one, key(b"CANCEL", Some(b"z9hG4bK1"), OLD));
        assert_ne!(one, key(b"INVITE", Some(b"z9hG4bK2"), OLD));
        assert_eq!(one, ServerKey::new(b"INVITE", Some(b"z9hG4bK1"), b"HOST", Some(5060), OLD));
    }

    #[test]
    fn without_branch_or_with_the_bare_cookie_rfc_2543_decides() {
        for branch in [None, Some(b"z9hG4bK".as_slice()), Some(b"old"), Some(b"")] {
            let one = key(b"INVITE", branch, OLD);
            assert_eq!(one, key(b"INVITE", branch, OLD));
            assert_ne!(one, key(b"INVITE", branch, Old { cseq: 2, ..OLD }));
            assert_ne!(one, key(b"INVITE", branch, Old { call_id: b"d", ..OLD }));
        }
    }

    #[test]
    fn parts_do_not_run_into_each_other() {
        assert_ne!(
            ServerKey::merged(b"INVITE", b"ab", b"c", 1),
            ServerKey::merged(b"INVITE", b"a", b"bc", 1)
        );
    }
}

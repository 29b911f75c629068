//! The ladder of a simulated world: its SIP messages and what was heard, as a drawing that a reviewer reads.

use std::fmt::Write;
use std::net::SocketAddr;

use crate::base::time::Instant;

/// One line of a ladder.
#[derive(Clone, Debug)]
struct Rung {
    at: Instant,
    from: SocketAddr,
    to: SocketAddr,
    title: String,
}

/// Messages in the order in which they were sent.
#[derive(Debug, Default)]
pub struct Ladder {
    rungs: Vec<Rung>,
    names: Vec<(SocketAddr, String)>,
    /// The moment that is drawn as 0.
    origin: Instant,
}

/// Rungs that a ladder keeps: a chaos run draws none of its calls whole.
const RUNGS_MAX: usize = 2_000;

impl Ladder {
    /// What was drawn so far is forgotten; time counts from here.
    pub(crate) fn begin(&mut self, now: Instant) {
        self.rungs.clear();
        self.origin = now;
    }

    /// Gives an address a name.
    pub(crate) fn name(&mut self, address: SocketAddr, name: &str) {
        self.names.push((address, name.to_owned()));
    }

    /// A SIP message was sent: its first line, shortened to what one wants to read.
    pub(crate) fn sip(&mut self, at: Instant, from: SocketAddr, to: SocketAddr, bytes: &[u8]) {
        let first = bytes.split(|byte| *byte == b'\r').next().unwrap_or(bytes);
        let line = String::from_utf8_lossy(first);
        let title = match line.strip_prefix("SIP/2.0 ") {
            Some(status) => format!("{status} ({})", cseq_method(bytes)),
            None => line.split(' ').next().unwrap_or("?").to_owned(),
        };
        let body = bytes
            .windows(4)
            .position(|window| window == b"\r\n\r\n")
            .is_some_and(|end| bytes.len() > end + 4);
        let title = if body { format!("{title} +SDP") } else { title };
        let title = match reason(bytes) {
            Some(reason) => format!("{title} {reason}"),
            None => title,
        };
        self.push(Rung { at, from, to, title });
    }

    /// Something that is no message: what a phone hears, what it does.
    pub(crate) fn note(&mut self, at: Instant, who: SocketAddr, what: &str) {
        self.push(Rung { at, from: who, to: who, title: what.to_owned() });
    }

    /// The drawing: a line a rung, with seconds.
    pub fn draw(&self) -> String {
        let mut text = String::new();
        for rung in &self.rungs {
            let (from, to) = (self.who(rung.from), self.who(rung.to));
            let at = rung.at.earlier(self.origin.since(Instant::ZERO)).to_string();
            let _ = if rung.from == rung.to {
                writeln!(text, "{at:>8}  {from:<8} · {}", rung.title)
            } else {
                writeln!(text, "{at:>8}  {from:<8} → {to:<8} {}", rung.title)
            };
        }
        text
    }

    fn push(&mut self, rung: Rung) {
        if self.rungs.len() < RUNGS_MAX {
            self.rungs.push(rung);
        }
    }

    fn who(&self, address: SocketAddr) -> String {
        let known = self.names.iter().find(|(known, _)| *known == address);
        known.map_or_else(|| address.to_string(), |(_, name)| name.clone())
    }
}

/// The words of a Reason header (RFC 3326).
fn reason(bytes: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(bytes);
    let line = text.lines().find(|line| line.starts_with("Reason:"))?;
    Some(line.split('"').nth(1)?.to_owned())
}

fn cseq_method(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let line = text.lines().find(|line| line.starts_with("CSeq:")).unwrap_or("");
    line.rsplit(' ').next().unwrap_or("").to_owned()
}

//! Session timers: RFC 4028. We ask for none; we answer those that are asked for, and keep them. A call whose peer has
//! vanished thus ends, and its operator does not end ours.

use super::Timer;
use crate::base::time::{Duration, Instant};
use crate::sip::message::{HeaderName, Headers, Refresher, RequestBuilder, ResponseBuilder, SessionExpires};

/// The shortest interval (RFC 4028 §4: SHOULD NOT be below 90 seconds).
pub(crate) const MIN_SE: u32 = 90;
/// The longest interval that is kept: a day. What is longer guards nothing.
const MAX_SE: u32 = 86_400;

/// A session timer that runs.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) struct SessionTimer {
    /// The interval.
    pub(crate) interval: u32,
    duty: Duty,
    expires: Instant,
}

/// Who refreshes.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Duty {
    /// We do, at this moment.
    Ours(Instant),
    /// The peer does.
    Theirs,
}

/// What an INVITE or UPDATE of theirs asks for.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// Nothing.
    Nothing,
    /// An interval below ours, by a peer that can ask again: 422 (RFC 4028 §9).
    TooSmall,
    /// A timer.
    Timer(Wanted),
}

/// A timer to be agreed upon.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    interval: u32,
    refresher: Refresher,
}

impl Asked {
    /// Reads a request.
    pub(crate) fn of(headers: &Headers) -> Self {
        let Some(SessionExpires { seconds, refresher }) = headers.session_expires() else {
            return Self::Nothing;
        };
        let peer_knows = headers.lists(HeaderName::Supported, "timer");
        if seconds < MIN_SE && peer_knows {
            return Self::TooSmall;
        }
        // RFC 4028 §9, table 2: a peer that knows no timers cannot refresh; else as asked, by default the caller.
        let refresher = match (peer_knows, refresher) {
            (false, _) => Refresher::Uas,
            (true, Some(refresher)) => refresher,
            (true, None) => Refresher::Uac,
        };
        Self::Timer(Wanted { interval: seconds.clamp(MIN_SE, MAX_SE), refresher })
    }
}

impl Wanted {
    /// Writes it into our 2xx.
    pub(crate) fn write(self, response: ResponseBuilder) -> ResponseBuilder {
        let who = match self.refresher {
            Refresher::Uac => "uac",
            Refresher::Uas => "uas",
        };
        let response =
            response.header(HeaderName::SessionExpires, format!("{};refresher={who}", self.interval));
        // RFC 4028 §9: Require, when the peer is to refresh.
        match self.refresher {
            Refresher::Uac => response.header(HeaderName::Require, "timer"),
            Refresher::Uas => response,
        }
    }

    /// The timer that runs from now on; we are the server of the request.
    pub(crate) fn start(self, now: Instant) -> SessionTimer {
        SessionTimer::new(now, self.interval, self.refresher == Refresher::Uas)
    }
}

impl SessionTimer {
    fn new(now: Instant, interval: u32, is_ours: bool) -> Self {
        let whole = Duration::from_secs(interval.into());
        if is_ours {
            Self { interval, duty: Duty::Ours(now + whole / 2), expires: now + whole }
        } else {
            // RFC 4028 §10: BYE a little before, so that it still finds the peer's dialog.
            let margin = (whole / 3).min(Duration::from_secs(32));
            Self { interval, duty: Duty::Theirs, expires: now + (whole - margin) }
        }
    }

    /// The timer that a 2xx to a request of ours starts; `None`: the peer wants none any more.
    pub(crate) fn of_response(now: Instant, headers: &Headers) -> Option<Self> {
        let SessionExpires { seconds, refresher } = headers.session_expires()?;
        let is_ours = refresher != Some(Refresher::Uas);
        Some(Self::new(now, seconds.clamp(MIN_SE, MAX_SE), is_ours))
    }

    /// The next timer and when it fires.
    pub(crate) fn next(&self) -> (Instant, Timer) {
        match self.duty {
            Duty::Ours(at) => (at, Timer::Refresh).min((self.expires, Timer::Expiry)),
            Duty::Theirs => (self.expires, Timer::Expiry),
        }
    }

    /// A refresh of ours has begun; should it fail, half of what is left later is the next try.
    pub(crate) fn refreshing(&mut self, now: Instant) {
        let left = self.expires.since(now);
        self.duty = Duty::Ours(now + (left / 2).max(Duration::from_secs(5)));
    }

    /// Writes it into a re-INVITE of ours, which refreshes it (RFC 4028 §7.4).
    pub(crate) fn write(&mut self, now: Instant, request: RequestBuilder) -> RequestBuilder {
        self.refreshing(now);
        request
            .header(HeaderName::SessionExpires, format!("{};refresher=uac", self.interval))
            .header(HeaderName::MinSe, MIN_SE.to_string())
    }

    /// The peer wants a longer interval (422).
    pub(crate) fn lengthen(&mut self, now: Instant, min_se: u32) {
        self.interval = self.interval.max(min_se).min(MAX_SE);
        self.duty = Duty::Ours(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::time::at;
    use crate::sip::message::{Framing, Message, parse};

    fn asked(headers: &str) -> Asked {
        let text = format!(
            "INVITE sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:a@h>;tag=1\r\n\
             To: <sip:b@h>\r\nCall-ID: c\r\nCSeq: 1 INVITE\r\n{headers}\r\n"
        );
        match parse(text.as_bytes().into(), Framing::Datagram) {
            Ok(Message::Request(request)) => Asked::of(request.headers()),
            other => panic!("{other:?}"),
        }
    }

    fn timer(headers: &str) -> SessionTimer {
        match asked(headers) {
            Asked::Timer(wanted) => wanted.start(at(0)),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_refresher_is_as_asked_and_else_the_caller() {
        let mine = timer("Supported: timer\r\nSession-Expires: 90;refresher=uas\r\n");
        assert_eq!(mine.next(), (at(45_000), Timer::Refresh));
        let theirs = timer("Supported: timer\r\nSession-Expires: 90\r\n");
        assert_eq!(theirs.next(), (at(60_000), Timer::Expiry), "90 - min(32, 90/3)");
        let theirs = timer("Supported: timer\r\nx: 1800;refresher=uac\r\n");
        assert_eq!(theirs.next(), (at(1_768_000), Timer::Expiry), "1800 - min(32, 600)");
        let ignorant = timer("Session-Expires: 1800;refresher=uac\r\n");
        assert_eq!(ignorant.next(), (at(900_000), Timer::Refresh), "who knows no timers cannot refresh");
    }

    #[test]
    fn too_small_is_refused_only_to_those_who_can_ask_again() {
        assert_eq!(asked("Supported: timer\r\nSession-Expires: 60\r\n"), Asked::TooSmall);
        assert_eq!(timer("Session-Expires: 60\r\n").interval, MIN_SE);
        assert_eq!(asked(""), Asked::Nothing);
    }

    #[test]
    fn a_refresh_that_fails_is_tried_again_before_the_end() {
        let mut mine = timer("Supported: timer\r\nSession-Expires: 100;refresher=uas\r\n");
        mine.refreshing(at(50_000));
        assert_eq!(mine.next(), (at(75_000), Timer::Refresh));
        mine.refreshing(at(96_000));
        assert_eq!(mine.next(), (at(100_000), Timer::Expiry));
    }
}

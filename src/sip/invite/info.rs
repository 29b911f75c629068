//! DTMF by INFO (RFC 6086 legacy usage): `application/dtmf-relay` and `application/dtmf`. No key comes out of garbage.

use crate::base::digit::Digit;
use crate::base::limit::SIP_INFO_BYTES_MAX;
use crate::base::time::Instant;
use crate::sip::endpoint::wire::{ACCEPT, Asked};
use crate::sip::endpoint::{Endpoint, Event, InviteId};
use crate::sip::message::HeaderName;

/// What an INFO body is.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Key {
    Digit(Digit),
    /// A flash: legal, and no key.
    Flash,
    Garbage,
}

impl Endpoint {
    /// An INFO of theirs came in a dialog, in order.
    pub(in crate::sip) fn info(&mut self, now: Instant, id: InviteId, asked: &Asked) {
        let body = asked.request.body();
        if body.is_empty() {
            return self.wire.reply(now, asked, 200, |it| it);
        }
        let kind = asked.request.headers().content_type().map(|kind| kind.essence).unwrap_or_default();
        let key = match kind.as_str() {
            _ if body.len() > SIP_INFO_BYTES_MAX => Key::Garbage,
            "application/dtmf-relay" => relay(&String::from_utf8_lossy(body)),
            "application/dtmf" => key(String::from_utf8_lossy(body).trim()),
            _ => return self.wire.reply(now, asked, 415, |it| it.header(HeaderName::Accept, ACCEPT)),
        };
        match key {
            Key::Digit(digit) => {
                self.wire.reply(now, asked, 200, |it| it);
                self.wire.emit(Event::Digit(id, digit));
            }
            Key::Flash => self.wire.reply(now, asked, 200, |it| it),
            Key::Garbage => self.wire.reply(now, asked, 400, |it| it),
        }
    }
}

/// `Signal=5` among other lines, `Duration=160` say; with `:` as some write it.
fn relay(body: &str) -> Key {
    let mut signals = body.lines().filter_map(|line| {
        let (name, value) = line.split_once(['=', ':'])?;
        name.trim().eq_ignore_ascii_case("signal").then(|| value.trim())
    });
    match (signals.next(), signals.next()) {
        (Some(signal), None) => key(signal),
        _ => Key::Garbage,
    }
}

/// A key as a character, or as its event number where that has two digits (RFC 4733 §3.2).
fn key(text: &str) -> Key {
    let mut chars = text.chars();
    let digit = match (chars.next(), chars.next()) {
        (Some(c), None) => Digit::from_char(c),
        _ => match text {
            "10" | "11" | "12" | "13" | "14" | "15" => text.parse().ok().and_then(Digit::from_event),
            "16" => return Key::Flash,
            _ => None,
        },
    };
    digit.map_or(Key::Garbage, Key::Digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digit(c: char) -> Key {
        Key::Digit(Digit::from_char(c).unwrap())
    }

    #[test]
    fn keys_come_as_characters_and_as_numbers() {
        assert_eq!(relay("Signal=5\r\nDuration=160\r\n"), digit('5'));
        assert_eq!(relay("Signal=  * \r\nDuration=160"), digit('*'));
        assert_eq!(relay("signal: #\n"), digit('#'));
        assert_eq!(relay("Signal=10\r\n"), digit('*'));
        assert_eq!(key("a"), digit('A'));
        assert_eq!(key("16"), Key::Flash);
    }

    #[test]
    fn no_key_comes_out_of_garbage() {
        for garbage in ["", "Signal=", "Signal=99", "Signal=55", "Duration=160", "Signal=1\r\nSignal=2", "5"]
        {
            assert_eq!(relay(garbage), Key::Garbage, "{garbage:?}");
        }
        for garbage in ["", "x", "05", "+1", "1 2"] {
            assert_eq!(key(garbage), Key::Garbage, "{garbage:?}");
        }
    }
}

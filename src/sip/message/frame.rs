//! Messages out of a stream (RFC 3261 §18.3, RFC 5626 §4.4.1): pure, in any split of the octets, in linear time.
//!
//! Where a message ends is decided by `lex::body_length`, the same for the parser: nobody can hide a request in a body.

use std::sync::Arc;

use super::Framing;
use super::fault::Fault;
use super::lex::{body_length, head};
use crate::base::limit::SIP_MESSAGE_BYTES_MAX;

/// Cuts a stream into frames. One for each connection.
#[derive(Debug, Default)]
pub struct Framer {
    buffer: Vec<u8>,
    /// Octets of `buffer` that are behind us.
    start: usize,
    /// How far behind `start` the end of the head was looked for.
    search: Search,
    /// The length of the message at `start`, once its head is there.
    whole: Option<usize>,
    /// The stream is beyond repair.
    broken: bool,
}

/// Where the search for the end of a head stands, so that each octet is looked at once however they come.
#[derive(Debug, Default)]
struct Search {
    /// Where the line begins that has no end yet.
    line: usize,
    /// Up to here there is no further end of line.
    at: usize,
}

/// What stands between two messages.
enum Gap {
    /// A ping.
    Ping,
    /// Nothing, or what may become a ping: more must come.
    Open,
    /// A message has begun.
    Closed,
}

/// What a stream holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// A whole message, for `parse(_, Framing::Stream)`.
    Message(Arc<[u8]>),
    /// A ping, CRLF CRLF between messages: answer CRLF (RFC 5626 §4.4.1).
    KeepAlive,
}

/// The stream has lost its beat: answer `head` if there is one (parsing it gives the same fault), then close.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrameError {
    /// Why.
    pub(crate) fault: Fault,
    /// The head of the message that broke it.
    pub(crate) head: Option<Arc<[u8]>>,
}

impl Framer {
    /// For a new connection.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes octets as they were read. Call `next` until `None` before the next `push`; what is pushed after an error is
    /// dropped.
    pub fn push(&mut self, octets: &[u8]) {
        if self.broken {
            return;
        }
        if self.start > 0 {
            self.buffer.drain(..self.start);
            self.start = 0;
        }
        self.buffer.extend_from_slice(octets);
    }

    /// The next frame, or `None` until more octets come.
    ///
    /// # Errors
    /// The head is too long, its Content-Length is bad or missing, or it holds no header lines. No frame follows.
    #[allow(clippy::should_implement_trait)] // it is no iterator: `None` is not the end
    pub fn next(&mut self) -> Result<Option<Frame>, FrameError> {
        if self.broken {
            return Ok(None);
        }
        if self.whole.is_none() {
            match self.skip_empty_lines() {
                Gap::Ping => return Ok(Some(Frame::KeepAlive)),
                Gap::Open => return Ok(None),
                Gap::Closed => {}
            }
            self.measure()?;
        }
        let rest = &self.buffer[self.start..];
        match self.whole {
            Some(length) if length <= rest.len() => {
                let message = rest[..length].into();
                self.start += length;
                self.search = Search::default();
                self.whole = None;
                Ok(Some(Frame::Message(message)))
            }
            Some(_) | None => Ok(None),
        }
    }

    /// Whether no message has begun; empty lines are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.buffer[self.start..].iter().all(|octet| matches!(octet, b'\r' | b'\n'))
    }

    /// Octets that wait for the rest of their message.
    #[cfg(test)]
    pub(crate) fn pending(&self) -> usize {
        self.buffer.len() - self.start
    }

    /// Skips empty lines between messages. A CRLF that is no half of a ping is a pong, and answers nothing.
    fn skip_empty_lines(&mut self) -> Gap {
        loop {
            let rest = &self.buffer[self.start..];
            if rest.starts_with(b"\r\n\r\n") {
                self.start += 4;
                return Gap::Ping;
            }
            if b"\r\n\r\n".starts_with(rest) {
                return Gap::Open;
            }
            match rest {
                [b'\r', b'\n', ..] => self.start += 2,
                [b'\r' | b'\n', ..] => self.start += 1,
                _ => return Gap::Closed,
            }
        }
    }

    /// Finds the end of the head, and with it the length of the message.
    fn measure(&mut self) -> Result<(), FrameError> {
        let rest = &self.buffer[self.start..];
        let Some(end) = self.search.head_end(rest) else {
            if rest.len() > SIP_MESSAGE_BYTES_MAX {
                return Err(self.fail(Fault::TooLarge, None));
            }
            return Ok(());
        };
        let octets = &rest[..end];
        let head = head(octets);
        let length = body_length(&head, octets, Framing::Stream).map(|body| end + body);
        match length {
            Ok(length) if length <= SIP_MESSAGE_BYTES_MAX => {
                self.whole = Some(length);
                Ok(())
            }
            Ok(_) => Err(self.fail(Fault::TooLarge, Some(end))),
            Err(fault) => Err(self.fail(fault, Some(end))),
        }
    }

    fn fail(&mut self, fault: Fault, head_end: Option<usize>) -> FrameError {
        let head = head_end.map(|end| self.buffer[self.start..self.start + end].into());
        *self = Self { broken: true, ..Self::default() };
        FrameError { fault, head }
    }
}

impl Search {
    /// Where the head ends: behind the first empty line.
    fn head_end(&mut self, octets: &[u8]) -> Option<usize> {
        while let Some(length) = octets[self.at..].iter().position(|octet| *octet == b'\n') {
            let line = &octets[self.line..self.at + length];
            self.at += length + 1;
            self.line = self.at;
            if line.is_empty() || line == b"\r" {
                return Some(self.at);
            }
        }
        self.at = octets.len();
        None
    }
}

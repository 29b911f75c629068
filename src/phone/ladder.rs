//! A call as one sees it: a line for each message, key and sound, between the two who talk.
//!
//! Headers are not shown, so no password hash can be: what a line tells of a message is its title and its sound.

use crate::base::digit::Digit;
use crate::base::time::Duration;
use crate::phone::fingerprint::Heard;
use crate::phone::message::Message;

/// Columns between the two names.
const WIDTH: usize = 44;
/// Columns of a name.
const NAME: usize = 14;

/// Draws one call.
#[derive(Clone, Debug)]
pub(crate) struct Ladder {
    ours: String,
    theirs: String,
}

/// Something to draw.
#[derive(Clone, Debug)]
pub(crate) enum Rung<'a> {
    /// We sent a message.
    Sent(&'a Message),
    /// A message came.
    Came(&'a Message),
    /// Something came that is not a message we can read.
    Noise(usize),
    /// We pressed a key.
    Pressed(Digit),
    /// A key came.
    Key(Digit),
    /// We began to say something this long.
    Saying(Duration),
    /// A known sound was heard.
    Heard(&'a Heard),
    /// Words of our own.
    Note(&'a str),
}

impl Ladder {
    /// Between two names.
    pub(crate) fn new(ours: &str, theirs: &str) -> Self {
        Self { ours: short(ours), theirs: short(theirs) }
    }

    /// The first line: who is who.
    pub(crate) fn head(&self) -> String {
        let gap = WIDTH + 1 - NAME;
        format!("{:9}  {:^NAME$}{:gap$}{:^NAME$}", "", self.ours, "", self.theirs).trim_end().to_string()
    }

    /// The line of something that happened `at` this long after the call began.
    pub(crate) fn line(&self, at: Duration, rung: &Rung<'_>) -> String {
        let (title, arrow) = match rung {
            Rung::Sent(message) => (summary(message), Arrow::Right('-')),
            Rung::Came(message) => (summary(message), Arrow::Left('-')),
            Rung::Noise(bytes) => (format!("unreadable, {bytes} octets"), Arrow::Left('?')),
            Rung::Pressed(key) => (format!("key {key}"), Arrow::Right('~')),
            Rung::Key(key) => (format!("key {key}"), Arrow::Left('~')),
            Rung::Saying(length) => (format!("says {:.1} s", length.as_secs_f64()), Arrow::Right('=')),
            Rung::Heard(heard) => {
                let whole = if heard.full { "" } else { ", cut" };
                let seconds = heard.heard_ms as f64 / 1_000.0;
                (format!("♪ {} ({seconds:.1} s{whole})", heard.name), Arrow::Left('='))
            }
            Rung::Note(words) => return self.frame(at, &format!("{words:^WIDTH$}")),
        };
        self.frame(at, &arrow.around(&title))
    }

    fn frame(&self, at: Duration, middle: &str) -> String {
        format!("{:9.3}  {:half$}|{middle}|", at.as_secs_f64(), "", half = NAME / 2)
    }
}

enum Arrow {
    Right(char),
    Left(char),
}

impl Arrow {
    fn around(&self, title: &str) -> String {
        let room = WIDTH.saturating_sub(title.chars().count() + 4);
        let (before, after) = (room / 2, room - room / 2);
        let stroke = |line: &char, count: usize| line.to_string().repeat(count);
        match self {
            Self::Right(line) => format!("{} {title} {}>", stroke(line, before + 1), stroke(line, after)),
            Self::Left(line) => format!("<{} {title} {}", stroke(line, before), stroke(line, after + 1)),
        }
    }
}

fn short(name: &str) -> String {
    name.chars().take(NAME).collect()
}

/// The title of a message, and where it wants its sound.
fn summary(message: &Message) -> String {
    let mut title = message.title();
    if message.status().is_some() {
        let (_, method) = message.cseq();
        title = format!("{title} ({method})");
    }
    if let Some(sdp) = message.sdp() {
        let port = sdp.lines().find_map(|line| line.strip_prefix("m=audio ")?.split(' ').next());
        let way = ["sendonly", "recvonly", "inactive"]
            .into_iter()
            .find(|way| sdp.lines().any(|line| line.trim() == format!("a={way}")));
        title +=
            &format!(" [audio {}{}]", port.unwrap_or("?"), way.map_or(String::new(), |w| format!(", {w}")));
    }
    title
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::phone::message::{Method, Outgoing, SDP, Transport};

    fn invite() -> Message {
        let outgoing = Outgoing {
            method: Method::Invite,
            uri: "sip:0800123456@127.0.0.1",
            transport: Transport::Udp,
            sent_by: "127.0.0.1:5090".parse().unwrap(),
            branch: "z9hG4bK1",
            from: "<sip:0612345678@127.0.0.1>;tag=1",
            to: "<sip:0800123456@127.0.0.1>",
            call_id: "c",
            cseq: 1,
            routes: &[],
            contact: None,
            authorization: Some((false, "Digest response=\"cafe\"")),
            expires: None,
            body: Some((SDP, "v=0\r\nm=audio 4000 RTP/AVP 8\r\na=sendonly\r\n")),
        };
        Message::read(&outgoing.bytes().unwrap()).unwrap()
    }

    #[test]
    fn a_call_is_drawn_and_shows_no_secret() {
        let ladder = Ladder::new("0612345678", "0800123456");
        let at = Duration::from_millis;
        let invite = invite();
        let ringing = Message::read(&invite.answer(180, "b", None, None)).unwrap();
        let heard = Heard { name: "appel-gratuit".into(), at_ms: 0, heard_ms: 2_340, full: true, r: 1.0 };
        let drawn = [
            ladder.head(),
            ladder.line(at(0), &Rung::Sent(&invite)),
            ladder.line(at(12), &Rung::Came(&ringing)),
            ladder.line(at(1_500), &Rung::Heard(&heard)),
            ladder.line(at(4_000), &Rung::Pressed(Digit::STAR)),
            ladder.line(at(61_000), &Rung::Note("we hung up")),
        ];
        let expected = [
            "             0612345678                                   0800123456",
            "    0.000         |------ INVITE [audio 4000, sendonly] ------>|",
            "    0.012         |<---------- 180 Ringing (INVITE) -----------|",
            "    1.500         |<======== ♪ appel-gratuit (2.3 s) ==========|",
            "    4.000         |~~~~~~~~~~~~~~~~~~ key * ~~~~~~~~~~~~~~~~~~>|",
            "   61.000         |                 we hung up                 |",
        ];
        assert_eq!(drawn.join("\n"), expected.join("\n"), "\n{}", drawn.join("\n"));
    }
}

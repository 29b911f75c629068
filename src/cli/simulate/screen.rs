//! How a call looks in the terminal: words as they are spoken, what svi does beside them, colours where they can be seen.

use std::io::{IsTerminal, Write};

use crate::base::diagnostic::{Text, Tongue};
use crate::base::time::Now;
use crate::centre::number;
use crate::flow::errand::{Fetch, Letter};
use crate::flow::vocabulary::{HangUp, RecordInto};
use crate::io::terminal::outln;
use crate::say;
use crate::sim::conversation::Scene;

/// See the module.
pub(super) struct Screen {
    pub(super) tongue: Tongue,
    zone: String,
    color: bool,
}

/// Colours, ECMA-48 §8.3.117 (SGR).
const BOLD: &str = "1";
const DIM: &str = "2";
const GREEN: &str = "32";
const CYAN: &str = "36";
const YELLOW: &str = "33";

impl Screen {
    pub(super) fn new(tongue: Tongue, zone: &str) -> Self {
        let color =
            std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|set| set.is_empty());
        Self { tongue, zone: zone.to_owned(), color }
    }

    /// A line.
    pub(super) fn line(&self, mark: &str, color: &str, text: &str) {
        let text = if self.color { format!("\x1b[{color}m{text}\x1b[0m") } else { text.to_owned() };
        let line = format!("{mark:<3}{text}");
        outln!("{}", line.trim_end());
        let _ = std::io::stdout().flush();
    }

    /// A line of svi's own.
    pub(super) fn tell(&self, text: &Text) {
        self.line("", DIM, &text.to(self.tongue));
    }

    /// Who calls whom, when.
    pub(super) fn head(&self, to: &str, from: Option<&str>, flow: &str, now: Now) {
        let from = from.map_or_else(|| Text::word("a withheld number").to(self.tongue), number::display);
        let text = say!("{} calls {}, flow `{}`, {}", from, number::display(to), flow, self.clock(now));
        self.line("☎", BOLD, &text.to(self.tongue));
    }

    /// The civil moment: `2026-11-24 10:00:07`.
    pub(super) fn clock(&self, now: Now) -> String {
        now.wall.rfc3339(&self.zone).get(..19).unwrap_or_default().replace('T', " ")
    }

    /// What an order was, when it did not come from live keys.
    pub(super) fn order(&self, text: &str) {
        self.line("→", CYAN, text);
    }

    /// What happens.
    pub(super) fn scene(&self, scene: &Scene) {
        let told = |text: Text| text.to(self.tongue);
        match scene {
            Scene::Hears(heard) if heard.announcement => {
                let note = told(Text::word("the announcement that the call is free"));
                self.line("🔊", GREEN, &format!("{}   [{note}]", heard.text()));
            }
            Scene::Hears(heard) => self.line("🔊", GREEN, &heard.text()),
            Scene::Music(music) => self.line("♪", DIM, &music.text),
            Scene::Block(block) => self.line("", DIM, &format!("── {block}")),
            Scene::Tag(tag) => self.tell(&say!("tag: {}", tag)),
            Scene::Event(name, fields) => {
                let fields: Vec<String> =
                    fields.iter().map(|(field, value)| format!("{field}: {value}")).collect();
                self.tell(&say!("event: {} {}", name, fields.join(", ")));
            }
            Scene::Answers(survey, digit) => self.tell(&say!("answer to `{}`: {}", survey, digit)),
            Scene::Asks(fetch) => self.asks(fetch),
            Scene::Answered(host, outcome) => self.tell(&say!("{} answers: {}", host, outcome)),
            Scene::Card(card) => self.tell(&say!("card: {}", card)),
            Scene::Sends(letter) => self.letter(letter),
            Scene::Promises(request) => {
                let text = say!(
                    "a call back to {} is promised, in `{}`",
                    number::display(request.number.reveal()),
                    request.queue
                );
                self.line("📞", YELLOW, &told(text));
            }
            Scene::Waits(queue) => self.line("⏳", YELLOW, &told(say!("waits in `{}`", queue))),
            Scene::Rings(whom) => self.line("🔔", YELLOW, &told(say!("rings {}", whom.join(", ")))),
            Scene::Talks(who) => self.line("💬", YELLOW, &told(say!("{} answers, talks, and hangs up", who))),
            Scene::Records(RecordInto::Mailbox(mailbox)) => {
                self.line("●", YELLOW, &told(say!("is recorded, for the mailbox `{}`", mailbox)));
            }
            Scene::Records(RecordInto::Variable(variable)) => {
                self.line("●", YELLOW, &told(say!("is recorded, into `{}`", variable)));
            }
            Scene::Over(how) => {
                let how = match how {
                    HangUp::Normal => "normal",
                    HangUp::Busy => "busy",
                    HangUp::Technical => "technical",
                    HangUp::Rejected => "rejected",
                };
                self.line("☎", BOLD, &told(say!("svi hangs up ({})", how)));
            }
        }
    }

    fn asks(&self, fetch: &Fetch) {
        self.line("⇄", CYAN, &format!("{} {}", fetch.method.as_str(), fetch.url));
        for (name, value) in &fetch.headers {
            self.line("", DIM, &format!("{name}: {value}"));
        }
        if let Some(body) = &fetch.body {
            self.line("", DIM, &body.text);
        }
    }

    fn letter(&self, letter: &Letter) {
        match letter {
            Letter::Sms { to, text } => {
                let head = say!("text message to {}:", number::display(to)).to(self.tongue);
                self.line("✉", YELLOW, &format!("{head} {text}"));
            }
            Letter::Email { to, subject, text, attachments } => {
                let head = say!("e-mail to {}: {}", to.join(", "), subject).to(self.tongue);
                self.line("✉", YELLOW, &head);
                text.lines().for_each(|line| self.line("", DIM, line));
                attachments.iter().for_each(|file| self.tell(&say!("with {}", file)));
            }
        }
    }
}

//! A call that is played at the terminal, by a script or live.

use std::io::Write;
use std::time::{Duration, Instant};

use tokio::signal::unix::{SignalKind, signal};

use super::Outside;
use super::order::Order;
use super::screen::Screen;
use super::terminal::Keyboard;
use crate::base::diagnostic::Text;
use crate::base::digit::Digit;
use crate::base::limit::SCENARIO_TURNS_MAX;
use crate::flow::errand::{Fetch, FetchFailure, Fetched};
use crate::flow::walk::Posture;
use crate::io::outside;
use crate::io::terminal::{self, outln};
use crate::say;
use crate::sim::conversation::{Conversation, Reply, Scene};
use crate::sim::scenario::moment;

/// How often the keyboard and the clock are looked at.
const TICK: Duration = Duration::from_millis(20);

/// See the module.
pub(super) struct Session {
    call: Conversation,
    outside: Outside,
    screen: Screen,
    /// The company's own system is asked, and who sits there answers.
    asked: Option<Fetch>,
    /// Somebody sits there.
    is_live: bool,
}

/// A line that is being typed.
struct Line {
    wants: Wants,
    text: String,
}

#[derive(Copy, Clone, PartialEq, Eq)]
enum Wants {
    Order,
    Answer,
}

impl Session {
    pub(super) fn new(call: Conversation, outside: Outside, screen: Screen) -> Self {
        Self { call, outside, screen, asked: None, is_live: false }
    }

    pub(super) fn call(&self) -> &Conversation {
        &self.call
    }

    /// The caller is connected.
    pub(super) fn begin(&mut self) {
        let facts = self.call.facts();
        let caller = facts.caller.as_ref().map(|caller| caller.reveal().clone());
        self.screen.head(&facts.number, caller.as_deref(), &self.call.flow().name, self.call.now());
    }

    /// Does what a script says; what is being said is heard to its end before each order, so that it reads like a call.
    pub(super) fn by_script(&mut self, script: &[(String, Order)]) {
        let scenes = self.call.begin();
        self.show(scenes);
        for (word, order) in script {
            self.listen();
            if self.call.is_over() {
                self.screen.tell(&say!("{}: the call is over already", word));
                continue;
            }
            self.screen.order(if word.is_empty() { "wait" } else { word });
            self.obey(order);
        }
        self.listen();
    }

    fn listen(&mut self) {
        for _ in 0..SCENARIO_TURNS_MAX {
            if !self.call.is_speaking() || self.call.is_over() {
                break;
            }
            let scenes = self.call.wait();
            self.show(scenes);
        }
    }

    /// The caller hangs up, if the flow has not.
    pub(super) fn end(&mut self) {
        if !self.call.is_over() {
            let scenes = self.call.hang_up();
            self.screen.line("☎", "1", &Text::word("the caller hangs up").to(self.screen.tongue));
            self.show(scenes);
        }
    }

    fn obey(&mut self, order: &Order) {
        let scenes = match order {
            Order::Press(keys) => {
                for key in keys {
                    let scenes = self.call.press(*key);
                    self.show(scenes);
                }
                return;
            }
            Order::Wait => self.call.wait(),
            Order::Elapse(time) => return self.elapse(*time),
            Order::Clock(text) => {
                match moment::parse(text, self.call.edition()) {
                    Some(wall) => self.call.set_wall(wall),
                    None => {
                        return self.screen.tell(&say!(
                            "`{}` is not a moment; write `{}`",
                            text,
                            "2026-11-24 10h30"
                        ));
                    }
                }
                return self.screen.tell(&say!("it is {}", self.screen.clock(self.call.now())));
            }
            Order::Reply(reply) => {
                if !self.call.awaits_somebody() {
                    return self.screen.tell(&Text::word("the flow waits for nobody"));
                }
                if let Reply::Answer(Some(agent)) = reply
                    && !self.call.edition().site.shared.agents.contains_key(agent)
                {
                    return self.screen.tell(&say!("there is no agent `{}`", agent));
                }
                self.call.reply(reply.clone())
            }
            Order::Position(position) => self.call.position(*position, None),
            Order::Say(_) if !self.call.is_recording() => {
                return self.screen.tell(&Text::word("nothing is recorded"));
            }
            Order::Say(time) => self.call.talk(*time),
            Order::Talk(_) => {
                return self.screen.tell(&Text::word(
                    "in words, who answers has hung up by now; `--ladder` and `--pcap` let them talk",
                ));
            }
            Order::HangUp => return self.end(),
        };
        self.show(scenes);
    }

    fn elapse(&mut self, time: Duration) {
        let end = self.call.now().at + time;
        for _ in 0..SCENARIO_TURNS_MAX {
            match self.call.next_until(end) {
                Some(scenes) => self.show(scenes),
                None => break,
            }
        }
    }

    /// Shows what has happened; what the company's own system is asked is answered, or asked of who sits there.
    fn show(&mut self, scenes: Vec<Scene>) {
        let mut asked = None;
        for scene in scenes {
            self.screen.scene(&scene);
            match scene {
                Scene::Asks(fetch) => asked = Some(fetch),
                Scene::Waits(_) | Scene::Rings(_) if self.is_live => {
                    self.screen.tell(&Text::word("a: somebody answers   n: nobody does   b: all are busy"));
                }
                Scene::Records(_) if self.is_live => {
                    self.screen.tell(&Text::word("s: talk for five seconds   #: end the message"));
                }
                _ => {}
            }
        }
        let Some(fetch) = asked.filter(|_| self.call.awaits_answer()) else { return };
        let (fetched, after) = match &self.outside {
            Outside::Real => {
                let began = Instant::now();
                let fetched = outside::fetch_blocking(&self.call.edition().site.shared, fetch);
                (fetched, began.elapsed())
            }
            Outside::Faked(answers) => match answers.find(&fetch) {
                Some(answer) => (answer.fetched, answer.after),
                None if self.is_live => {
                    self.screen.tell(&Text::word(
                        "what does it answer? 404, timeout, unreachable, or JSON such as {\"statut\": \"expediee\"}",
                    ));
                    self.asked = Some(fetch);
                    return;
                }
                None => {
                    self.screen.tell(&Text::word("no answer is given with --http: counted as unreachable"));
                    (Fetched::Failed(FetchFailure::Unreachable), Duration::ZERO)
                }
            },
        };
        let scenes = self.call.respond(fetched, after);
        self.show(scenes);
    }

    /// Plays the call with live keys, its time passing as it does.
    pub(super) async fn live(&mut self) {
        let Some(keyboard) = Keyboard::take() else { return };
        let signals = (signal(SignalKind::terminate()), signal(SignalKind::hangup()));
        let (Ok(mut terminate), Ok(mut hangup)) = signals else { return };
        self.is_live = true;
        self.screen
            .tell(&Text::word("keys are live: 0-9 * #   Enter: go on   p: pause   h: hang up   ?: all keys"));
        let scenes = self.call.begin();
        self.show(scenes);
        let (mut line, mut paused, mut seen) = (None, false, Instant::now());
        while !self.call.is_over() || self.asked.is_some() {
            tokio::select! {
                () = tokio::time::sleep(TICK) => {}
                _ = terminate.recv() => break,
                _ = hangup.recv() => break,
            }
            let passed = seen.elapsed();
            seen += passed;
            if self.asked.is_some() && line.is_none() {
                line = Some(Line { wants: Wants::Answer, text: String::new() });
                self.prompt("< ");
            }
            if !paused && line.is_none() {
                self.elapse(passed);
            }
            for key in keyboard.keys() {
                match line.take() {
                    Some(typed) => line = self.type_on(typed, key),
                    None => match key {
                        '\u{3}' | '\u{4}' | 'h' | 'q' => return,
                        'p' => {
                            paused = !paused;
                            self.screen.tell(&match paused {
                                true => Text::word("time stands still; p goes on"),
                                false => Text::word("time goes on"),
                            });
                        }
                        '+' | ':' => {
                            let text = if key == '+' { "+" } else { "" };
                            line = Some(Line { wants: Wants::Order, text: text.to_owned() });
                            self.prompt(&format!(": {text}"));
                        }
                        key => self.key(key),
                    },
                }
            }
        }
    }

    fn prompt(&self, text: &str) {
        terminal::out(text);
        let _ = std::io::stdout().flush();
    }

    /// One live key.
    fn key(&mut self, key: char) {
        let order = match key {
            '\r' | '\n' | ' ' => Order::Wait,
            'a' => Order::Reply(Reply::Answer(None)),
            'n' => Order::Reply(Reply::NoAnswer),
            'b' => Order::Reply(Reply::Busy),
            'u' => Order::Reply(Reply::Unreachable),
            's' => Order::Say(Duration::from_secs(5)),
            't' => return self.screen.tell(&say!("it is {}", self.screen.clock(self.call.now()))),
            '?' => return self.help(),
            key => match Digit::from_char(key).filter(|_| !key.is_ascii_lowercase()) {
                Some(digit) => {
                    self.screen.order(&key.to_string());
                    if self.call.posture() == Posture::Speaking {
                        self.screen.tell(&Text::word("the key is kept for the next question"));
                    }
                    Order::Press(vec![digit])
                }
                None => {
                    return self
                        .screen
                        .tell(&say!("`{}` is no key here; ? shows them", key.escape_default()));
                }
            },
        };
        self.obey(&order);
    }

    /// One key of a line that is being typed; the line, unless it is done.
    fn type_on(&mut self, mut line: Line, key: char) -> Option<Line> {
        match key {
            '\r' | '\n' => {
                outln!("");
                return self.typed(&line);
            }
            // Escape or Ctrl-C: no line after all.
            '\u{1b}' | '\u{3}' => {
                outln!("");
                line.text.clear();
                return self.typed(&line);
            }
            '\u{7f}' | '\u{8}' if line.text.pop().is_some() => self.prompt("\u{8} \u{8}"),
            key if !key.is_control() => {
                line.text.push(key);
                self.prompt(&key.to_string());
            }
            _ => {}
        }
        Some(line)
    }

    /// A line was typed.
    fn typed(&mut self, line: &Line) -> Option<Line> {
        match line.wants {
            Wants::Order => {
                match Order::parse(&line.text).filter(|_| !line.text.is_empty()) {
                    Some(order) => self.obey(&order),
                    None => self.screen.tell(&say!("`{}` is not an order; ? shows them", line.text)),
                }
                None
            }
            Wants::Answer => {
                let Some(fetched) = answer(&line.text) else {
                    self.screen.tell(&Text::word("this is no status, no `timeout`, and no JSON"));
                    self.prompt("< ");
                    return Some(Line { wants: Wants::Answer, text: String::new() });
                };
                self.asked = None;
                let scenes = self.call.respond(fetched, Duration::ZERO);
                self.show(scenes);
                None
            }
        }
    }

    fn help(&self) {
        for (keys, says) in [
            ("0-9 * # A-D", Text::word("press a key of the telephone")),
            ("Enter", Text::word("listen to the end of what is said, or let time pass to what comes next")),
            ("p", Text::word("let time stand still, or go on")),
            ("+", Text::word("let so much time pass: +30s")),
            ("a n b u", Text::word("somebody answers; nobody does; all are busy; none is there")),
            ("s", Text::word("talk for five seconds while being recorded")),
            ("t", Text::word("show the clock")),
            (":", Text::word("type an order: `clock 2026-11-24 12h31`, `answer alice`, `position 3`")),
            ("h, Ctrl-C", Text::word("hang up")),
        ] {
            self.screen.line("", "2", &format!("{keys:<12}{}", says.to(self.screen.tongue)));
        }
    }
}

/// What the company's own system answers, as it is typed: nothing, a word, a status, or JSON.
pub(super) fn answer(text: &str) -> Option<Fetched> {
    let text = text.trim();
    if text.is_empty() {
        return Some(Fetched::Failed(FetchFailure::Unreachable));
    }
    if let Some(failure) = FetchFailure::ALL.into_iter().find(|failure| failure.as_str() == text) {
        return Some(Fetched::Failed(failure));
    }
    if let Some(status) = text.parse().ok().filter(|status| (100..=599).contains(status)) {
        return Some(Fetched::Answer { status, body: serde_json::Value::Null });
    }
    let body = serde_json::from_str(text).ok()?;
    Some(Fetched::Answer { status: 200, body })
}

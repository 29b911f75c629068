//! Plays a scenario: the caller does what its steps say, the world answers what they say, and what comes of it is judged.

use std::sync::Arc;

use super::hear::{Ear, Wanted};
use super::{Deed, Scenario, Step, Wrong, http};
use crate::base::diagnostic::{Diagnostic, Text};
use crate::base::digit::Digit;
use crate::base::limit::SCENARIO_TURNS_MAX;
use crate::base::time::{Duration, Instant, Now};
use crate::flow::errand::Fetch;
use crate::flow::walk::Posture;
use crate::say;
use crate::sim::conversation::{Conversation, Reply, Scene, Story};
use crate::switchboard::Edition;

/// Utterances that a message repeats: who needs more looks with `svi simulate`.
const HEARD_TOLD_MAX: usize = 12;

/// How a scenario went.
#[derive(Debug)]
pub struct Outcome {
    /// What was wrong; nothing when it has passed.
    pub failures: Vec<Diagnostic>,
    /// What came of the call.
    pub story: Story,
}

impl Outcome {
    /// Whether all was as expected.
    pub fn passed(&self) -> bool {
        self.failures.is_empty()
    }
}

/// Plays a scenario from the first ring to the last expectation.
pub fn play(scenario: &Scenario, edition: &Arc<Edition>) -> Outcome {
    let now = Now { at: Instant::ZERO, wall: scenario.wall };
    let (facts, others) = (scenario.facts.clone(), scenario.others.clone());
    let call = Conversation::new(Arc::clone(edition), Arc::clone(&scenario.flow), facts, now, others);
    let mut player = Player { scenario, call, ear: Ear::default(), before: None };
    match player.play() {
        Err(failure) => Outcome { failures: vec![*failure], story: player.call.story().clone() },
        Ok(()) => {
            let story = player.call.story().clone();
            let judged = scenario.expectations.iter();
            let failures = judged.filter_map(|expectation| expectation.judge(scenario, &story)).collect();
            Outcome { failures, story }
        }
    }
}

struct Player<'s> {
    scenario: &'s Scenario,
    call: Conversation,
    ear: Ear,
    /// The step before, as it is written.
    before: Option<&'s Step>,
}

type Played = Result<(), Wrong>;

impl<'s> Player<'s> {
    fn play(&mut self) -> Result<(), Box<Diagnostic>> {
        let scenario = self.scenario;
        let begun = self.call.begin();
        self.take(begun).map_err(|wrong| Box::new(scenario.wrong(&scenario.place, wrong)))?;
        for step in &scenario.steps {
            self.step(step).map_err(|wrong| Box::new(scenario.wrong(&step.place, wrong)))?;
            self.before = Some(step);
        }
        let last = scenario.steps.last().map_or(&scenario.place, |step| &step.place);
        self.leave().map_err(|wrong| Box::new(scenario.wrong(last, wrong)))
    }

    fn step(&mut self, step: &Step) -> Played {
        match &step.deed {
            Deed::Hear(wanted) => self.hear(wanted),
            Deed::NotHear(wanted) => self.not_hear(wanted),
            Deed::Press(keys) => self.press(keys),
            Deed::Wait(time) => self.wait(*time),
            Deed::Silence => self.silence(),
            Deed::Reply(reply) => self.reply(reply),
            Deed::Position(position) => self.position(*position),
            Deed::Say(time) => self.talk(*time),
            Deed::Clock(wall) => {
                self.call.set_wall(*wall);
                Ok(())
            }
            // Who waits and then hangs up does so at that moment.
            Deed::HangUp if matches!(self.before, Some(Step { deed: Deed::Wait(_), .. })) => {
                let scenes = self.call.hang_up();
                self.take(scenes)
            }
            Deed::HangUp => self.leave(),
        }
    }

    /// Takes in what has happened; the company's own system answers at once what it is asked.
    fn take(&mut self, scenes: Vec<Scene>) -> Played {
        let mut asked: Option<Fetch> = None;
        for scene in scenes {
            match scene {
                Scene::Hears(heard) => self.ear.hear(&heard),
                Scene::Music(music) => self.ear.hear_music(&music),
                Scene::Asks(fetch) => asked = Some(fetch),
                _ => {}
            }
        }
        let Some(fetch) = asked.filter(|_| self.call.awaits_answer()) else { return Ok(()) };
        let Some(answer) = self.scenario.answers.find(&fetch) else { return Err(unanswered(&fetch)) };
        let scenes = self.call.respond(answer.fetched, answer.after);
        self.take(scenes)
    }

    /// What comes next by itself; false when nothing does before somebody acts.
    fn go_on(&mut self) -> Result<bool, Wrong> {
        let somebody = self.call.awaits_somebody() && !self.call.is_speaking();
        if self.call.is_over() || somebody || !self.call.is_timed() {
            return Ok(false);
        }
        let scenes = self.call.wait();
        self.take(scenes).map(|()| true)
    }

    fn hear(&mut self, wanted: &Wanted) -> Played {
        for _ in 0..SCENARIO_TURNS_MAX {
            if self.ear.find(wanted) {
                return Ok(());
            }
            if !self.go_on()? {
                break;
            }
        }
        let mut help = self.heard();
        if self.ear.had(wanted) {
            help =
                say!("{}\nit was heard earlier: before the words that were matched, or before a key", help);
        } else if let Some(waits) = self.waits() {
            help = say!("{}\n{}", help, waits);
        }
        Err(Wrong { code: "not-heard", message: say!("the caller does not hear `{}`", wanted.text), help })
    }

    /// Until the flow waits for its caller or for somebody.
    fn not_hear(&mut self, wanted: &Wanted) -> Played {
        for _ in 0..SCENARIO_TURNS_MAX {
            if self.ear.has(wanted) {
                let message = say!("the caller hears `{}`", wanted.text);
                return Err(Wrong { code: "heard", message, help: self.heard() });
            }
            if self.call.posture() != Posture::Speaking || !self.go_on()? {
                break;
            }
        }
        Ok(())
    }

    fn press(&mut self, keys: &[Digit]) -> Played {
        for (place, key) in keys.iter().enumerate() {
            // A hash behind digits is pressed with them, as callers do; the flow knows whether it still means something.
            if *key != Digit::HASH || place == 0 {
                self.until_keys_count(*key)?;
            }
            self.ear.turn_page();
            let scenes = self.call.press(*key);
            self.take(scenes)?;
        }
        Ok(())
    }

    /// Listens until the flow takes keys.
    fn until_keys_count(&mut self, key: Digit) -> Played {
        for _ in 0..SCENARIO_TURNS_MAX {
            let refused = match self.call.posture() {
                Posture::Keys => return Ok(()),
                Posture::Waiting if self.call.queue().is_some() => return Ok(()),
                Posture::Talking if self.call.is_recording() => return Ok(()),
                Posture::Speaking => !self.go_on()?,
                Posture::Waiting | Posture::Talking | Posture::Over => true,
            };
            if refused {
                break;
            }
        }
        let help = self.waits().unwrap_or_default();
        Err(Wrong { code: "key-not-taken", message: say!("nothing takes the key `{}`", key), help })
    }

    fn wait(&mut self, time: Duration) -> Played {
        let end = self.call.now().at + time;
        for _ in 0..SCENARIO_TURNS_MAX {
            match self.call.next_until(end) {
                Some(scenes) => self.take(scenes)?,
                None => break,
            }
        }
        Ok(())
    }

    /// Nothing is pressed until the flow gives this wait up.
    fn silence(&mut self) -> Played {
        for _ in 0..SCENARIO_TURNS_MAX {
            if self.call.is_recording() {
                let scenes = self.call.stay_silent();
                return self.take(scenes);
            }
            let given_up = self.call.posture() == Posture::Keys && !self.call.is_speaking();
            if !self.go_on()? {
                break;
            }
            if given_up {
                return Ok(());
            }
        }
        let message = Text::word("the flow does not wait for keys");
        Err(Wrong { code: "not-awaited", message, help: self.waits().unwrap_or_default() })
    }

    fn reply(&mut self, reply: &Reply) -> Played {
        self.until(Conversation::awaits_somebody, || Text::word("the flow waits for nobody"))?;
        if let (Reply::Answer(Some(agent)), Some(queue)) = (reply, self.call.queue()) {
            let rules = self.call.edition().site.shared.queues.get(queue).map(|queue| &queue.rules);
            if rules.is_some_and(|rules| !rules.agents.contains(agent)) {
                let message = say!("`{}` does not serve the queue `{}`", agent, queue);
                let agents = rules.map(|rules| rules.agents.join(", ")).unwrap_or_default();
                return Err(Wrong { code: "not-in-queue", message, help: say!("there are: {}", agents) });
            }
        }
        let scenes = self.call.reply(reply.clone());
        self.take(scenes)
    }

    fn position(&mut self, position: usize) -> Played {
        self.until(|call| call.queue().is_some(), || Text::word("the caller is in no queue"))?;
        let scenes = self.call.position(position, None);
        self.take(scenes)
    }

    fn talk(&mut self, time: Duration) -> Played {
        self.until(Conversation::is_recording, || Text::word("nothing is recorded"))?;
        let scenes = self.call.talk(time);
        self.take(scenes)
    }

    /// Listens until the call is where a step wants it.
    fn until(&mut self, there: impl Fn(&Conversation) -> bool, not: impl FnOnce() -> Text) -> Played {
        for _ in 0..SCENARIO_TURNS_MAX {
            if there(&self.call) {
                return Ok(());
            }
            if self.call.posture() != Posture::Speaking || !self.go_on()? {
                break;
            }
        }
        Err(Wrong { code: "not-awaited", message: not(), help: self.waits().unwrap_or_default() })
    }

    /// What is being said is heard to its end, and the caller hangs up.
    fn leave(&mut self) -> Played {
        for _ in 0..SCENARIO_TURNS_MAX {
            let listening = self.call.is_speaking() && self.call.posture() == Posture::Speaking;
            if !listening || !self.go_on()? {
                break;
            }
        }
        let scenes = self.call.hang_up();
        self.take(scenes)
    }

    /// What was heard since the last words that were found, or the last key.
    fn heard(&self) -> Text {
        let heard: Vec<&str> = self.ear.rest().collect();
        if heard.is_empty() {
            return Text::word("nothing is heard from there on");
        }
        let told: Vec<String> = heard.iter().take(HEARD_TOLD_MAX).map(|text| format!("  “{text}”")).collect();
        let told = told.join("\n");
        match heard.len().saturating_sub(HEARD_TOLD_MAX) {
            0 => say!("from there on is heard:\n{}", told),
            more => say!("from there on is heard:\n{}\nand {} more", told, more),
        }
    }

    /// Where the call stands, when nothing goes on by itself.
    fn waits(&self) -> Option<Text> {
        let block = self.call.story().path.last().cloned().unwrap_or_else(|| "".into());
        if self.call.is_over() {
            return Some(say!("the call is over, its last block was `{}`", block));
        }
        if let Some(queue) = self.call.queue() {
            let orders = "`answer`, `no_answer`, `busy`, `wait: 90s`";
            return Some(say!("the caller waits in the queue `{}`: say what comes with {}", queue, orders));
        }
        if self.call.awaits_somebody() {
            let orders = "`answer`, `no_answer`, `busy`, `unreachable`";
            return Some(say!("phones ring in the block `{}`: say what comes with {}", block, orders));
        }
        (self.call.posture() == Posture::Keys).then(|| say!("the block `{}` waits for keys", block))
    }
}

/// A request that nothing in the scenario answers, and what to write.
fn unanswered(fetch: &Fetch) -> Wrong {
    let request = http::written(fetch);
    let examples = format!("http: {{ \"{request}\": {{ key: value }} }}");
    Wrong {
        code: "unanswered-request",
        message: say!("the flow asks `{} {}`, and nothing answers", fetch.method.as_str(), fetch.url),
        help: say!(
            "write `{}` in the scenario, or `{}` or `{}` as the answer",
            examples,
            "{ status: 404 }",
            "timeout"
        ),
    }
}

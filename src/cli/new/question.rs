//! Questions: asked in the terminal unless a flag has answered. An answer that is none is asked again, with the reason.

use std::io::{BufRead, Write};

use super::answer::{self, Answers};
use crate::base::diagnostic::{Text, Tongue};
use crate::say;

/// Answers that flags gave.
#[derive(Copy, Clone, Debug, Default)]
pub(crate) struct Given<'a> {
    /// `--company`
    pub(crate) company: Option<&'a str>,
    /// `--number`
    pub(crate) numbers: Option<&'a str>,
    /// `--hours`
    pub(crate) hours: Option<&'a str>,
    /// `--agents`
    pub(crate) agents: Option<&'a str>,
    /// `--email`
    pub(crate) email: Option<&'a str>,
}

/// Where questions go and answers come from.
pub(crate) struct Questions<'i, O> {
    input: Option<Box<dyn BufRead + 'i>>,
    output: O,
    /// Nobody types: each answer is shown, so that what was asked and answered can be read.
    echo: bool,
}

impl<'i, O: Write> Questions<'i, O> {
    /// Asks.
    pub(crate) fn new(input: impl BufRead + 'i, output: O) -> Self {
        Self { input: Some(Box::new(input)), output, echo: false }
    }

    /// Shows the answers too, which no terminal has shown.
    pub(crate) fn echoing(mut self, echo: bool) -> Self {
        self.echo = echo;
        self
    }

    /// Asks nothing: every question has its default.
    pub(crate) fn none(output: O) -> Self {
        Self { input: None, output, echo: false }
    }

    /// Every answer, from a flag, from the terminal, or by default.
    ///
    /// # Errors
    /// What is wrong with a flag, or with the last line of an input that ends there.
    pub(crate) fn ask(mut self, given: &Given<'_>, tongue: Tongue) -> Result<Answers, Text> {
        if self.input.is_some() {
            let hello = Text::word("A few questions; Enter takes what stands between brackets.");
            let _ = writeln!(self.output, "{}\n", hello.to(tongue));
        }
        let mut one = Asking { questions: &mut self, tongue };
        let company = Text::word("Name of the company");
        let numbers = Text::word("Numbers that callers dial, with commas between");
        let hours = Text::word("Opening hours");
        let agents = Text::word("Who answers (a mobile number after the name of who has no softphone)");
        let email = Text::word("E-mail address for messages, - for none");
        Ok(Answers {
            company: one.of(company, "Maison Lavande", given.company, answer::company)?,
            numbers: one.of(numbers, "0800 123 456", given.numbers, answer::numbers)?,
            week: one.of(hours, "lun-ven 9h-12h, 14h-18h", given.hours, answer::week)?,
            agents: one.of(agents, "Alice Martin", given.agents, answer::agents)?,
            email: one.of(email, "-", given.email, answer::email)?,
        })
    }
}

struct Asking<'q, 'i, O> {
    questions: &'q mut Questions<'i, O>,
    tongue: Tongue,
}

impl<O: Write> Asking<'_, '_, O> {
    fn of<T>(
        &mut self,
        question: Text,
        default: &str,
        given: Option<&str>,
        read: impl Fn(&str) -> Result<T, Text>,
    ) -> Result<T, Text> {
        if let Some(given) = given {
            return read(given);
        }
        let Some(input) = &mut self.questions.input else { return read(default) };
        let mut refused = None;
        loop {
            let prompt = say!("{} [{}]: ", &question, default);
            let _ = write!(self.questions.output, "{}", prompt.to(self.tongue));
            let _ = self.questions.output.flush();
            let mut line = String::new();
            let ended = !matches!(input.read_line(&mut line), Ok(octets) if octets > 0);
            if self.questions.echo {
                let _ = writeln!(self.questions.output, "{}", line.trim());
            }
            match (ended, refused.take()) {
                // Nobody is there any more: what was refused is not replaced in silence.
                (true, Some(why)) => return Err(why),
                (true, None) => return read(default),
                (false, _) => {}
            }
            let answered = if line.trim().is_empty() { read(default) } else { read(line.trim()) };
            match answered {
                Ok(answer) => return Ok(answer),
                Err(why) => {
                    let _ = writeln!(self.questions.output, "  {}", why.to(self.tongue));
                    refused = Some(why);
                }
            }
        }
    }
}

//! `svi simulate`: a call in the terminal. The same walk as real calls: keys are live, time passes by itself or on demand,
//! and who sits there also plays the agents and the company's own system.

mod order;
mod screen;
mod session;
mod terminal;
mod whole;

use std::io::{BufRead, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use self::order::Order;
use self::screen::Screen;
use self::session::Session;
use self::whole::Asked;
use super::language::{Language, tongue};
use crate::base::diagnostic::{Report, Source, Text, Tongue};
use crate::base::time::{Instant, Now, Wall};
use crate::centre::number::{self, Class};
use crate::flow::graph::Flow;
use crate::io::load::{self, SiteSource};
use crate::io::terminal::{err, errln, outln};
use crate::say;
use crate::sim::conversation::{Conversation, Others};
use crate::sim::scenario::http::Answers;
use crate::sim::scenario::{self, moment};
use crate::switchboard::Edition;

/// `svi simulate`
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The site's folder or file; by default that of this folder (./site.yaml), else the built-in example.
    site: Option<PathBuf>,
    /// The number dialled; the first free one of the site when none is given.
    #[arg(long)]
    to: Option<String>,
    /// The caller's number, or `anonymous`.
    #[arg(long, default_value = scenario::CALLER)]
    from: String,
    /// The moment of the call, `2026-11-24 10h30` in the site's zone or RFC 3339; now when none is given.
    #[arg(long)]
    at: Option<String>,
    /// Agents who are logged in, in each queue; all when none is given.
    #[arg(long)]
    agents: Option<usize>,
    /// What the caller does, comma-separated, instead of the keyboard: `1,wait,12345678#,answer,hangup`; `svi simulate --orders`
    /// lists them.
    #[arg(long, value_delimiter = ',')]
    script: Vec<String>,
    /// What the company's own system answers: a YAML file in the form of a scenario's `http`.
    #[arg(long, value_name = "FILE")]
    http: Option<PathBuf>,
    /// Ask the company's own system for real.
    #[arg(long, conflicts_with = "http")]
    real: bool,
    /// Append the record of the call, with its journal, to this file.
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
    /// Play the script through SIP and RTP, and print the ladder: each message, and what each side hears.
    #[arg(long, conflicts_with = "record")]
    ladder: bool,
    /// Play the script through SIP and RTP, and write its packets to this file, for Wireshark.
    #[arg(long, value_name = "FILE", conflicts_with = "record")]
    pcap: Option<PathBuf>,
    /// List the orders of a script, and end.
    #[arg(long)]
    orders: bool,
    /// The language of the messages; by default that of the environment (LC_ALL, LC_MESSAGES, LANG).
    #[arg(long, value_enum)]
    language: Option<Language>,
}

/// Where the answers of the company's own system come from.
pub(super) enum Outside {
    /// A file, and who sits there for what it does not say.
    Faked(Answers),
    /// The system itself.
    Real,
}

/// Runs a call until it is over. 0: it ran; 1: the site has mistakes, or a file cannot be written; 2: wrong use.
pub(crate) async fn run(mut args: Args) -> ExitCode {
    let tongue = tongue(args.language);
    if args.orders {
        outln!("{}", order::all(tongue));
        return ExitCode::SUCCESS;
    }
    args.site = super::asked::site(args.site);
    let edition = match load::words_only(&SiteSource::new(args.site.clone())) {
        Ok(edition) => Arc::new(edition),
        Err(report) => {
            err(&report.to_string());
            return ExitCode::FAILURE;
        }
    };
    if args.ladder || args.pcap.is_some() {
        return match asked(&args, &edition, tongue) {
            Ok((asked, script)) => whole::run(&args, asked, &script, tongue),
            Err(why) => {
                errln!("svi: {}", why.to(tongue));
                ExitCode::from(2)
            }
        };
    }
    match prepare(&args, &edition, tongue) {
        Ok((mut session, script)) => {
            session.begin();
            match script {
                Some(script) => session.by_script(&script),
                None => session.live().await,
            }
            session.end();
            keep(&args, &session, tongue)
        }
        Err(why) => {
            errln!("svi: {}", why.to(tongue));
            ExitCode::from(2)
        }
    }
}

type Script = Vec<(String, Order)>;

/// What is played through SIP and RTP; or what is wrong with what was asked.
fn asked(args: &Args, edition: &Arc<Edition>, tongue: Tongue) -> Result<(Asked, Script), Text> {
    let (number, _) = dialled(args, edition)?;
    known_caller(args)?;
    let script = script(args)?
        .ok_or_else(|| say!("`{}` want a script: `{}`", "--ladder, --pcap", "--script 1,wait,answer"))?;
    Ok((Asked { number, wall: wall(args, edition)?, outside: outside(args, edition, tongue)? }, script))
}

fn known_caller(args: &Args) -> Result<(), Text> {
    match number::normalise(&args.from).class {
        Class::Unknown | Class::Emergency => {
            Err(say!("`{}` is not a telephone number; `{}` hides it", args.from, "anonymous"))
        }
        _ => Ok(()),
    }
}

fn outside(args: &Args, edition: &Arc<Edition>, tongue: Tongue) -> Result<Outside, Text> {
    Ok(match &args.http {
        _ if args.real => Outside::Real,
        Some(file) => Outside::Faked(answers(file, edition, tongue)?),
        None => Outside::Faked(Answers::default()),
    })
}

/// The call as it was asked for, and its script unless it is played live; or what is wrong with what was asked.
fn prepare(args: &Args, edition: &Arc<Edition>, tongue: Tongue) -> Result<(Session, Option<Script>), Text> {
    let wall = wall(args, edition)?;
    let (number, flow) = dialled(args, edition)?;
    known_caller(args)?;
    let outside = outside(args, edition, tongue)?;
    let script = script(args)?;
    let facts = scenario::facts(edition, &number, &args.from, wall);
    let mut others = Others::all_agents(edition);
    if let Some(agents) = args.agents {
        others.agents.values_mut().for_each(|count| *count = agents);
    }
    let now = Now { at: Instant::ZERO, wall };
    let call = Conversation::new(Arc::clone(edition), flow, facts, now, others);
    let screen = Screen::new(tongue, moment::zone(edition));
    Ok((Session::new(call, outside, screen), script))
}

fn wall(args: &Args, edition: &Edition) -> Result<Wall, Text> {
    match &args.at {
        None => Ok(crate::io::clock::Clock::start().now().wall),
        Some(text) => moment::parse(text, edition)
            .ok_or_else(|| say!("`{}` is not a moment; write `{}`", text, "2026-11-24 10h30")),
    }
}

fn dialled(args: &Args, edition: &Edition) -> Result<(String, Arc<Flow>), Text> {
    edition
        .number(args.to.as_deref())
        .ok_or_else(|| say!("the site serves no such number; it serves: {}", edition.numbers().join(", ")))
}

fn answers(file: &PathBuf, edition: &Edition, tongue: Tongue) -> Result<Answers, Text> {
    let name = file.display().to_string();
    let bytes = std::fs::read(file).map_err(|error| say!("{} cannot be read: {}", name, error))?;
    let mut report = Report::default();
    let answers = match Source::from_bytes(name, &bytes) {
        Ok(source) => scenario::read_answers(&source, edition, &mut report),
        Err(diagnostic) => {
            report.push(*diagnostic);
            Answers::default()
        }
    };
    match report.has_errors() {
        true => Err(say!("these answers cannot be used\n\n{}", report.render(false, tongue).trim_end())),
        false => Ok(answers),
    }
}

/// The orders of `--script`, or the lines of a standard input that is no terminal.
fn script(args: &Args) -> Result<Option<Script>, Text> {
    let words: Vec<String> = match (args.script.is_empty(), std::io::stdin().is_terminal()) {
        (true, true) => return Ok(None),
        (true, false) => std::io::stdin().lock().lines().map_while(Result::ok).collect(),
        (false, _) => args.script.clone(),
    };
    let read = |word: String| match Order::parse(&word) {
        Some(order) => Ok((word.trim().to_owned(), order)),
        None => Err(say!("`{}` is not an order; `{}` lists them", word.trim(), "svi simulate --orders")),
    };
    words.into_iter().map(read).collect::<Result<Script, Text>>().map(Some)
}

/// Appends the record of the call.
fn keep(args: &Args, session: &Session, tongue: Tongue) -> ExitCode {
    let Some(file) = &args.record else { return ExitCode::SUCCESS };
    let began = crate::io::clock::Clock::start().now().wall.epoch_ms();
    let line = format!("{}\n", session.call().record(&format!("simulated-{began}")));
    let opened = crate::io::disk::append(file);
    match opened.and_then(|mut opened| opened.write_all(line.as_bytes())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            errln!("svi: {}", say!("{} cannot be written: {}", file.display(), error).to(tongue));
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests;

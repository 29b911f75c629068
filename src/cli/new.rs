//! `svi new`: a first site and flow, from a few questions; every question has a default, every answer can be a flag.
//!
//! What it writes is meant to be read and changed: short files, with comments. The passwords of agents are drawn here and
//! stand in `site.yaml`, which only its owner can read: a newcomer can register a phone at once.

mod answer;
mod comments;
mod question;
mod site;

use std::io::{IsTerminal, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use self::answer::{Answers, Reach};
use self::question::{Given, Questions};
use self::site::{File, Voice};
use super::language::{Language, tongue};
use super::reference;
use crate::base::diagnostic::{Text, Tongue};
use crate::base::rng::Rng;
use crate::io::terminal::{errln, outln};
use crate::say;

/// `svi new`
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The folder to write; it must not exist yet, or be empty.
    #[arg(default_value = "mon-site")]
    folder: PathBuf,
    /// Name of the company, as callers hear it.
    #[arg(long)]
    company: Option<String>,
    /// Numbers that callers dial, free or geographic, separated by commas.
    #[arg(long, value_name = "NUMBERS")]
    number: Option<String>,
    /// Opening hours: `lun-ven 9h-12h, 14h-18h; sam 9h-12h`.
    #[arg(long)]
    hours: Option<String>,
    /// Who answers, separated by commas; who has no softphone, with a mobile: `Alice Martin, Chloé 06 12 34 56 78`.
    #[arg(long, value_name = "AGENTS")]
    agents: Option<String>,
    /// Address that messages of callers are meant for; `-` for none.
    #[arg(long)]
    email: Option<String>,
    /// Ask nothing: what no flag says has its default.
    #[arg(long, short)]
    yes: bool,
    /// The language of the questions; by default that of the environment (LC_ALL, LC_MESSAGES, LANG).
    #[arg(long, value_enum)]
    language: Option<Language>,
}

/// Asks, writes, and says what to do next.
pub(crate) fn run(args: &Args) -> ExitCode {
    let tongue = tongue(args.language);
    match make(args, tongue) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Refused { why, code }) => {
            errln!("svi: {}", why.to(tongue));
            ExitCode::from(code)
        }
    }
}

/// Why no site was written; 1: the folder refuses, 2: an answer is none.
struct Refused {
    why: Text,
    code: u8,
}

fn make(args: &Args, tongue: Tongue) -> Result<(), Refused> {
    let refused = |why| Refused { why, code: 1 };
    is_free(&args.folder).map_err(refused)?;
    let given = Given {
        company: args.company.as_deref(),
        numbers: args.number.as_deref(),
        hours: args.hours.as_deref(),
        agents: args.agents.as_deref(),
        email: args.email.as_deref(),
    };
    let typed = std::io::stdin().is_terminal();
    let (input, output) = (std::io::stdin().lock(), std::io::stdout());
    let questions =
        if args.yes { Questions::none(output) } else { Questions::new(input, output).echoing(!typed) };
    let answers = questions.ask(&given, tongue).map_err(|why| Refused { why, code: 2 })?;
    let mut rng = Rng::from_entropy(crate::io::entropy::seed());
    let passwords: Vec<String> = answers.agents.iter().map(|_| password(&mut rng)).collect();
    let voice = Voice::of(|program| on_path(program, &std::env::var("PATH").unwrap_or_default()));
    let now = crate::io::clock::Clock::start().now().wall;
    let mut files = site::files(&answers, &passwords, voice, now);
    files.iter_mut().for_each(|file| in_tongue(file, tongue));
    write(&args.folder, &files).map_err(refused)?;
    outln!("{}", next_steps(&args.folder, &files, &answers, &passwords, voice, &here()).to_text(tongue));
    Ok(())
}

/// Comments, and what editors show of the schemas, in the language of who answered.
fn in_tongue(file: &mut File, tongue: Tongue) {
    match (tongue, serde_json::from_str::<serde_json::Value>(&file.text)) {
        (tongue, Ok(schema)) => file.text = format!("{:#}\n", reference::schema(schema, tongue)),
        (Tongue::English, Err(_)) => file.text = comments::in_english(&file.text),
        (Tongue::French(_), Err(_)) => {}
    }
}

/// Nothing is ever overwritten.
fn is_free(folder: &Path) -> Result<(), Text> {
    match std::fs::read_dir(folder) {
        Ok(mut entries) => match entries.next() {
            None => Ok(()),
            Some(_) => Err(say!("`{}` is not empty: choose another folder", folder.display())),
        },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(say!("`{}` cannot be used: {}", folder.display(), error)),
    }
}

fn write(folder: &Path, files: &[File]) -> Result<(), Text> {
    let refused = |error: std::io::Error| say!("`{}` cannot be written: {}", folder.display(), error);
    std::fs::create_dir_all(folder).map_err(refused)?;
    for File { name, text, secret } in files {
        let mode = if *secret { 0o600 } else { 0o644 };
        let mut options = std::fs::OpenOptions::new();
        let file = options.write(true).create_new(true).mode(mode).open(folder.join(name));
        file.and_then(|mut file| file.write_all(text.as_bytes())).map_err(refused)?;
    }
    Ok(())
}

/// 79 bits, in groups that can be typed on a telephone; without the signs that look like others.
fn password(rng: &mut Rng) -> String {
    const SIGNS: &[u8; 31] = b"abcdefghjkmnpqrstuvwxyz23456789";
    let sign = |rng: &mut Rng| char::from(SIGNS[usize::try_from(rng.below(31)).unwrap_or(0)]);
    let group = |rng: &mut Rng| (0..4).map(|_| sign(rng)).collect::<String>();
    [group(rng), group(rng), group(rng), group(rng)].join("-")
}

/// Whether a program is in a folder of `$PATH`.
fn on_path(program: &str, path: &str) -> bool {
    std::env::split_paths(path).any(|folder| folder.join(program).is_file())
}

/// The address by which phones of the same network reach this machine. Nothing is sent: a datagram's socket only chooses.
fn here() -> String {
    let chosen = std::net::UdpSocket::bind("0.0.0.0:0").and_then(|socket| {
        socket.connect("192.0.2.1:9")?;
        socket.local_addr()
    });
    chosen.map_or_else(|_| "127.0.0.1".to_owned(), |address| address.ip().to_string())
}

/// Lines that are told at the end.
struct Lines(Vec<Text>);

impl Lines {
    fn to_text(&self, tongue: Tongue) -> String {
        self.0.iter().map(|line| line.to(tongue)).collect::<Vec<_>>().join("\n")
    }
}

fn next_steps(
    folder: &Path,
    files: &[File],
    answers: &Answers,
    passwords: &[String],
    voice: Voice,
    here: &str,
) -> Lines {
    let place = site::shell_word(&folder.display().to_string());
    let names = files.iter().map(|file| file.name).collect::<Vec<_>>().join(", ");
    let mut lines = vec![say!("written to {}: {}", folder.display(), names), Text::default()];
    lines.push(Text::word("Next:"));
    lines.push(say!("  svi check {}        finds every mistake after a change", &place));
    lines.push(say!("  svi simulate {}     walks a call in this terminal, without a telephone", &place));
    lines.push(say!("  svi serve {}        answers calls", &place));
    lines.push(Text::default());
    let phones = answers.agents.iter().zip(passwords);
    let phones: Vec<_> = phones.filter(|(agent, _)| matches!(agent.reach, Reach::Softphone)).collect();
    for (agent, password) in &phones {
        lines.push(say!("Softphone of {} (Linphone, MicroSIP, Zoiper…):", &agent.title));
        lines.push(say!("  user {}   password {}   server {} (UDP, port 5060)", &agent.key, password, here));
    }
    let dialled = site::dialled(&answers.numbers[0]);
    lines.push(match phones.first() {
        Some(_) => say!("While `svi serve` runs, dial {} from such a phone to hear your flow.", &dialled),
        None => say!("While `svi serve` runs: svi dial sip:{}@127.0.0.1", &dialled),
    });
    if answers.agents.iter().any(|agent| matches!(agent.reach, Reach::Mobile(_))) {
        lines.push(Text::word("To ring mobiles, name your operator's line under `trunks:` in site.yaml."));
    }
    if let Some(email) = &answers.email {
        lines.push(say!(
            "To have messages sent to {}, name your mail server in site.yaml: the lines are there.",
            email
        ));
    }
    if voice != Voice::Espeak {
        lines.push(Text::default());
        lines.push(Text::word(
            "No text-to-speech command was found: the flow says only what svi has recorded.",
        ));
        lines.push(Text::word("To let it say your company's name: apt-get install espeak-ng, then see the lines with `speech` in the files."));
    }
    Lines(lines)
}

#[cfg(test)]
mod tests;

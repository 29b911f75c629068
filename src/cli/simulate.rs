//! `svi simulate`: a call in the terminal. The same walk as real calls; keys are typed, the clock is yours.

use std::io::{BufRead, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use crate::base::digit::Digit;
use crate::base::time::{Instant, Now, Wall};
use crate::flow::vocabulary::CallFacts;
use crate::io::load::{self, SiteSource};
use crate::sim::conversation::{Conversation, Others, Reply, Scene};

/// `svi simulate`
#[derive(clap::Args)]
pub struct Args {
    /// The site's folder or file; the built-in example site when none is given.
    site: Option<PathBuf>,
    /// The number dialled; the first of the site when none is given.
    #[arg(long)]
    to: Option<String>,
    /// The caller's number, or `secret`.
    #[arg(long, default_value = "0612345678")]
    from: String,
    /// The moment of the call: `2026-11-24T10:00:00+01:00`; now when none is given.
    #[arg(long)]
    at: Option<String>,
    /// Agents who are logged in.
    #[arg(long, default_value_t = 1)]
    agents: usize,
    /// What the caller does, comma-separated, instead of the keyboard: keys, `wait`, `answer`, `none`, `hangup`.
    #[arg(long, value_delimiter = ',')]
    script: Vec<String>,
}

/// Runs a call until it is over.
pub fn run(args: &Args) -> ExitCode {
    let source = SiteSource::new(args.site.clone());
    let edition = match load::words_only(&source) {
        Ok(edition) => Arc::new(edition),
        Err(report) => {
            eprint!("{report}");
            return ExitCode::FAILURE;
        }
    };
    let Some(wall) =
        args.at.as_deref().map_or(Some(crate::io::clock::Clock::start().now().wall), Wall::parse)
    else {
        eprintln!("svi: --at wants a moment like 2026-11-24T10:00:00+01:00");
        return ExitCode::from(2);
    };
    let Some((number, flow)) = edition.number(args.to.as_deref()) else {
        eprintln!("svi: the site serves no such number; it serves: {}", edition.numbers().join(", "));
        return ExitCode::from(2);
    };
    if let Some(wrong) = args.script.iter().find(|order| !is_order(order)) {
        eprintln!("svi: `{wrong}` is not an order; a script has keys (1, 12#), wait, answer, none, hangup");
        return ExitCode::from(2);
    }
    let facts = CallFacts { reference: "000001".into(), ..edition.facts(&number, &args.from) };
    let now = Now { at: Instant::ZERO, wall };
    println!("☎  {number}, flow {}", flow.name);
    let mut call = Conversation::new(Arc::clone(&edition), flow, facts, now, others(&edition, args.agents));
    show(&call.begin());
    if args.script.is_empty() {
        by_keyboard(&mut call)
    } else {
        by_script(&mut call, args.script.iter().map(String::as_str))
    }
    if !call.is_over() {
        show(&call.hang_up());
        println!("☎  the caller hangs up");
    }
    ExitCode::SUCCESS
}

/// What a caller can be told to do.
fn is_order(order: &str) -> bool {
    matches!(order, "" | "wait" | "a" | "answer" | "n" | "none" | "h" | "hangup")
        || order.chars().all(|key| Digit::from_char(key).is_some())
}

fn by_script<'a>(call: &mut Conversation, script: impl IntoIterator<Item = &'a str>) {
    for order in script {
        // What is being said is heard to its end first, so that a script reads like a call.
        while call.is_speaking() && !call.is_over() {
            show(&call.wait());
        }
        if call.is_over() {
            println!("   {order}: the call is over already");
            continue;
        }
        println!("→  {order}");
        obey(call, order);
    }
    while call.is_speaking() && !call.is_over() {
        show(&call.wait());
    }
}

fn by_keyboard(call: &mut Conversation) {
    let mut lines = std::io::stdin().lock().lines();
    if !std::io::stdin().is_terminal() {
        // Nobody types: the lines are a script.
        let script: Vec<String> = lines.map_while(Result::ok).collect();
        return by_script(call, script.iter().map(|line| line.trim()));
    }
    println!(
        "   keys: 0-9 * #   Enter: listen on, let time pass   a: somebody answers   n: nobody does   h: hang up"
    );
    while !call.is_over() {
        print!("{}", if call.is_recording() { "(recording) > " } else { "> " });
        let _ = std::io::stdout().flush();
        let Some(Ok(line)) = lines.next() else { return };
        let order = line.trim();
        if is_order(order) {
            obey(call, order);
        } else {
            println!("   `{order}` is not an order: keys, Enter, a, n or h");
        }
    }
}

fn obey(call: &mut Conversation, order: &str) {
    match order {
        "" | "wait" => show(&call.wait()),
        "a" | "answer" => show(&call.reply(Reply::Answer(None))),
        "n" | "none" => show(&call.reply(Reply::NoAnswer)),
        "h" | "hangup" => show(&call.hang_up()),
        keys => {
            for key in keys.chars() {
                match Digit::from_char(key) {
                    Some(digit) => show(&call.press(digit)),
                    None => println!("   `{key}` is not a key: 0-9 * # A-D, or wait, answer, none, hangup"),
                }
            }
        }
    }
}

fn show(scenes: &[Scene]) {
    for scene in scenes {
        match scene {
            Scene::Hears(heard) if heard.announcement => {
                println!("🔊 {}   [annonce de gratuité]", heard.text())
            }
            Scene::Hears(heard) => println!("🔊 {}", heard.text()),
            Scene::Music(music) => println!("♪  {}", music.text),
            Scene::Block(block) => println!("   ── {block}"),
            Scene::Waits(queue) => println!("⏳ waits in {queue}"),
            Scene::Rings(whom) => println!("🔔 rings {}", whom.join(", ")),
            Scene::Talks(who) => println!("💬 {who} answers, talks, and hangs up"),
            Scene::Over(how) => println!("☎  svi hangs up ({})", format!("{how:?}").to_lowercase()),
            other => println!("   {other:?}"),
        }
    }
}

fn others(edition: &crate::switchboard::Edition, agents: usize) -> Others {
    let queues = edition.site.shared.queues.keys();
    Others { agents: queues.map(|queue| (queue.clone(), agents)).collect(), ..Others::default() }
}

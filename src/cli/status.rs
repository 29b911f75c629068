//! `svi status` and `svi reload`: speak to the running server over its control socket.

use std::path::PathBuf;
use std::process::ExitCode;

use serde_json::Value;

use super::language;
use crate::base::diagnostic::{Text, Tongue};
use crate::io::control;
use crate::io::terminal::{self, errln};
use crate::say;

/// `svi status`
#[derive(clap::Args)]
pub(crate) struct StatusArgs {
    /// The server's control socket.
    #[arg(long, value_name = "PATH")]
    control: Option<PathBuf>,
    /// Print the JSON as it comes.
    #[arg(long)]
    json: bool,
}

/// `svi reload`
#[derive(clap::Args)]
pub(crate) struct ReloadArgs {
    /// The server's control socket.
    #[arg(long, value_name = "PATH")]
    control: Option<PathBuf>,
}

/// Prints how the running server is.
pub(crate) async fn run(args: &StatusArgs) -> ExitCode {
    let tongue = language::tongue(None);
    let Some(text) = ask(args.control.clone(), "status", tongue).await else { return ExitCode::FAILURE };
    if args.json {
        terminal::out(&text);
        return ExitCode::SUCCESS;
    }
    match serde_json::from_str::<Value>(&text) {
        Ok(status) => {
            for line in lines(&status) {
                terminal::out(&format!("{}\n", line.to(tongue)));
            }
            ExitCode::SUCCESS
        }
        Err(_) => {
            errln!("svi: {}", say!("the server gave no status: {}", text.trim()).to(tongue));
            ExitCode::FAILURE
        }
    }
}

/// Makes the running server read its site again, and prints what it says.
pub(crate) async fn reload(args: &ReloadArgs) -> ExitCode {
    let tongue = language::tongue(None);
    let Some(text) = ask(args.control.clone(), "reload", tongue).await else { return ExitCode::FAILURE };
    terminal::out(&text);
    if text.starts_with("ok") { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// What the server answers to one word; none when there is no server, and that is said.
pub(super) async fn ask(path: Option<PathBuf>, word: &str, tongue: Tongue) -> Option<String> {
    let path = path.unwrap_or_else(control::default_path);
    match control::ask(&path, word).await {
        Ok(text) => Some(text),
        Err(error) => {
            errln!("svi: {}", say!("no server answers at {}: {}", path.display(), error).to(tongue));
            let help = Text::word("start one with `svi serve`, or name its socket with --control");
            errln!("{}: {}", Text::word("help").to(tongue), help.to(tongue));
            None
        }
    }
}

/// A line for each thing that is known.
fn lines(status: &Value) -> Vec<Text> {
    let number = |key: &str| status[key].as_u64().unwrap_or(0);
    let mut lines = vec![
        say!(
            "svi      {}, up since {} ({})",
            text(&status["version"]),
            text(&status["started"]),
            length(number("uptime_s"))
        ),
        say!("site     {}, version {}", text(&status["site"]), text(&status["site_version"])),
        match status["draining"].as_bool() {
            Some(true) => Text::word("state    draining, no new calls"),
            Some(false) | None => Text::word("state    open"),
        },
        say!(
            "calls    {} now: {} ringing, {} in the flow, {} waiting, {} talking",
            number("calls"),
            number("ringing"),
            number("in_flow"),
            number("waiting"),
            number("talking")
        ),
        say!(
            "         {} since the start, {} refused; {} call backs promised",
            number("calls_total"),
            number("refused_total"),
            number("callbacks")
        ),
    ];
    let (turned, barred) = (number("turned_total"), number("barred_total"));
    if turned + barred > 0 {
        lines.push(say!(
            "         {} not let in by `incoming:`, {} not let out by `outgoing:`",
            turned,
            barred
        ));
    }
    lines.push(match number("records_waiting") {
        0 => say!("records  {} written", number("records_total")),
        waiting => say!(
            "records  {} written, {} wait because the disk refuses them",
            number("records_total"),
            waiting
        ),
    });
    lines.extend(purged(status));
    lines.push(say!("outbox   {} letters wait", number("outbox")));
    lines.push(say!("ports    {} free", number("ports_free")));
    if number("bans") > 0 {
        lines.push(say!("bans     {} addresses are not heard (`svi bans`)", number("bans")));
    }
    lines.extend(status["trunks"].as_array().into_iter().flatten().map(trunk));
    lines.extend(status["queues"].as_array().into_iter().flatten().map(queue));
    lines.extend(status["agents"].as_array().into_iter().flatten().map(agent));
    if let Some(reload) = status["reload"].as_object() {
        let at = text(&reload["at"]);
        lines.push(match reload["report"].as_str() {
            None => say!("reload   {}: well", at),
            Some(report) => say!("reload   {}: refused, the old version stays:\n{}", at, report.trim_end()),
        });
    }
    for alarm in status["alarms"].as_array().into_iter().flatten() {
        lines.push(say!("alarm    {}: {}", text(&alarm["at"]), text(&alarm["what"])));
    }
    lines
}

fn trunk(trunk: &Value) -> Text {
    let (name, calls) = (text(&trunk["name"]), trunk["calls"].as_u64().unwrap_or(0));
    let Some(registration) = trunk["registration"].as_object() else {
        return say!("trunk    {}: {} calls", name, calls);
    };
    let since = registration["since"].as_str();
    let until = text(&registration["until"]);
    match (registration["registered"].as_bool(), since, registration["error"].as_str()) {
        (Some(true), Some(since), _) => {
            say!("trunk    {}: {} calls, registered since {}, until {}", name, calls, since, until)
        }
        (_, Some(since), Some(error)) => {
            say!(
                "trunk    {}: {} calls, NOT registered since {}: {}; tried again at {}",
                name,
                calls,
                since,
                error,
                until
            )
        }
        (_, None, Some(error)) => say!("trunk    {}: {} calls, NOT registered: {}", name, calls, error),
        _ => say!("trunk    {}: {} calls, not registered yet", name, calls),
    }
}

fn queue(queue: &Value) -> Text {
    let number = |key: &str| queue[key].as_u64().unwrap_or(0);
    let name = text(&queue["name"]);
    let wait = length(number("longest_wait_s"));
    let (waiting, agents) = (number("waiting"), number("agents"));
    match service_level(queue) {
        None => say!("queue    {}: {} waiting, the longest for {}; {} agents", name, waiting, wait, agents),
        Some(level) => {
            say!(
                "queue    {}: {} waiting, the longest for {}; {} agents; {}",
                name,
                waiting,
                wait,
                agents,
                level
            )
        }
    }
}

fn agent(agent: &Value) -> Text {
    let (name, title) = (text(&agent["name"]), text(&agent["title"]));
    let known = if title == name { name.to_owned() } else { format!("{name} ({title})") };
    say!("agent    {}: {}", known, state(text(&agent["state"])))
}

fn state(word: &str) -> Text {
    match word {
        "offline" => Text::word("not registered"),
        "idle" => Text::word("free"),
        "ringing" => Text::word("rings"),
        "talking" => Text::word("talks"),
        "wrap-up" => Text::word("wraps up"),
        "paused" => Text::word("pauses"),
        other => Text::raw(other),
    }
}

/// What went for its age.
fn purged(status: &Value) -> Option<Text> {
    let at = status["purged"]["at"].as_str()?;
    let gone = |what: &str| status["purged"][what].as_u64().unwrap_or(0);
    Some(say!(
        "         {}: too old and removed: {} records, {} callers’ numbers, {} journals, {} messages",
        at,
        gone("records"),
        gone("callers"),
        gone("journals"),
        gone("messages")
    ))
}

/// `10 served, 90% in 20s (target 80%)`; none while nobody was served.
fn service_level(queue: &Value) -> Option<Text> {
    let number = |key: &str| queue[key].as_u64().unwrap_or(0);
    let (served, target) = (number("served"), number("target_percent"));
    let reached = (100 * number("served_in_target")).checked_div(served)?;
    let seconds = number("target_s");
    Some(if reached < target {
        say!("{} served, {}% in {}s (below the target of {}%)", served, reached, seconds, target)
    } else {
        say!("{} served, {}% in {}s (target {}%)", served, reached, seconds, target)
    })
}

/// `3 j`-less and short: `2h05`, `4m10`, `12s`.
pub(super) fn length(seconds: u64) -> String {
    match (seconds / 3_600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds}s"),
        (0, minutes, seconds) => format!("{minutes}m{seconds:02}"),
        (hours, minutes, _) => format!("{hours}h{minutes:02}"),
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or("?")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_queue_says_whether_its_target_is_reached() {
        let level = |served: u64, in_target: u64| {
            let queue = json!({
                "served": served, "served_in_target": in_target, "target_percent": 80, "target_s": 20,
            });
            service_level(&queue).map(|text| text.english())
        };
        assert_eq!(level(0, 0), None);
        assert_eq!(level(10, 8).as_deref(), Some("10 served, 80% in 20s (target 80%)"));
        assert_eq!(level(10, 7).as_deref(), Some("10 served, 70% in 20s (below the target of 80%)"));
    }

    #[test]
    fn what_is_wrong_is_said_in_words() {
        let status = json!({
            "trunks": [
                { "name": "ovh", "calls": 2, "registration": {
                    "registered": false, "since": "10:00", "until": "10:05",
                    "error": "403 Forbidden" } },
                { "name": "sbc", "calls": 0, "registration": null },
            ],
            "records_waiting": 3,
            "purged": { "at": "03:30", "records": 5, "callers": 4, "journals": 3, "messages": 2 },
            "reload": { "at": "09:00", "report": "error[x]: no" },
            "alarms": [{ "at": "08:00", "what": "the disk is full" }],
        });
        let told: Vec<String> = lines(&status).iter().map(Text::english).collect();
        for line in [
            "trunk    ovh: 2 calls, NOT registered since 10:00: 403 Forbidden; tried again at 10:05",
            "trunk    sbc: 0 calls",
            "records  0 written, 3 wait because the disk refuses them",
            "         03:30: too old and removed: 5 records, 4 callers’ numbers, 3 journals, 2 messages",
            "reload   09:00: refused, the old version stays:\nerror[x]: no",
            "alarm    08:00: the disk is full",
        ] {
            assert!(told.contains(&line.to_owned()), "{line}\n{told:#?}");
        }
    }

    #[test]
    fn lengths_are_short() {
        assert_eq!([12, 250, 7_500].map(length), ["12s", "4m10", "2h05"]);
    }
}

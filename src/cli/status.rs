//! `svi status` and `svi reload`: speak to the running server over its control socket.

use std::path::PathBuf;
use std::process::ExitCode;

use crate::io::control;

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
    let Some(text) = ask(args.control.clone(), "status").await else { return ExitCode::FAILURE };
    if args.json {
        print!("{text}");
        return ExitCode::SUCCESS;
    }
    match serde_json::from_str::<serde_json::Value>(&text) {
        Ok(status) => {
            print(&status);
            ExitCode::SUCCESS
        }
        Err(_) => {
            eprintln!("svi: the server gave no status: {}", text.trim());
            ExitCode::FAILURE
        }
    }
}

/// Makes the running server read its site again, and prints what it says.
pub(crate) async fn reload(args: &ReloadArgs) -> ExitCode {
    let Some(text) = ask(args.control.clone(), "reload").await else { return ExitCode::FAILURE };
    print!("{text}");
    if text.starts_with("ok") { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

async fn ask(path: Option<PathBuf>, word: &str) -> Option<String> {
    let path = path.unwrap_or_else(control::default_path);
    match control::ask(&path, word).await {
        Ok(text) => Some(text),
        Err(error) => {
            eprintln!("svi: no server answers at {}: {error}", path.display());
            eprintln!("help: start one with `svi serve`, or name its socket with --control");
            None
        }
    }
}

fn print(status: &serde_json::Value) {
    let number = |key: &str| status[key].as_u64().unwrap_or(0);
    let state = if status["draining"].as_bool().unwrap_or(false) { "draining, no new calls" } else { "open" };
    println!("site     {}", text(&status["site"]));
    println!("state    {state}");
    println!(
        "calls    {} now, {} talking; {} since the start, {} refused",
        number("calls"),
        number("talking"),
        number("calls_total"),
        number("refused_total")
    );
    println!("records  {}", number("records_total"));
    println!("ports    {} free", number("ports_free"));
    for queue in status["queues"].as_array().into_iter().flatten() {
        let (name, level) = (text(&queue["name"]), service_level(queue));
        println!("queue    {name}: {} waiting, {} agents{level}", queue["waiting"], queue["agents"]);
    }
    for agent in status["agents"].as_array().into_iter().flatten() {
        let (name, title) = (text(&agent["name"]), text(&agent["title"]));
        let known = if title == name { String::new() } else { format!(" ({title})") };
        println!("agent    {name}{known}: {}", text(&agent["state"]));
    }
}

/// `; 10 served, 90% in 20s (target 80%)`; nothing while nobody was served.
fn service_level(queue: &serde_json::Value) -> String {
    let number = |key: &str| queue[key].as_u64().unwrap_or(0);
    let (served, target) = (number("served"), number("target_percent"));
    let Some(reached) = (100 * number("served_in_target")).checked_div(served) else {
        return String::new();
    };
    let verdict = if reached < target { "below the target of" } else { "target" };
    format!("; {served} served, {reached}% in {}s ({verdict} {target}%)", number("target_s"))
}

fn text(value: &serde_json::Value) -> &str {
    value.as_str().unwrap_or("?")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_queue_says_whether_its_target_is_reached() {
        let queue = |served: u64, in_target: u64| {
            serde_json::json!({
                "served": served, "served_in_target": in_target, "target_percent": 80, "target_s": 20,
            })
        };
        assert_eq!(service_level(&queue(0, 0)), "");
        assert_eq!(service_level(&queue(10, 8)), "; 10 served, 80% in 20s (target 80%)");
        assert_eq!(service_level(&queue(10, 7)), "; 10 served, 70% in 20s (below the target of 80%)");
    }
}

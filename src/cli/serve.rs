//! `svi serve`: the server.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use super::language::tongue;
use super::{asked, logging, state_folder};
use crate::base::diagnostic::{Text, Tongue};
use crate::io::control;
use crate::io::driver::{Driver, Options};
use crate::io::load::{self, SiteSource};
use crate::io::store::Place;
use crate::io::systemd::Patience;
use crate::io::terminal::{self, errln};
use crate::io::{disk, outside, versions};
use crate::say;
use crate::switchboard::Edition;

/// `svi serve`
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The site's folder or file; by default that of this folder (./site.yaml), else the built-in example on 127.0.0.1:5060.
    site: Option<PathBuf>,
    /// Folder of what the server writes: call records, voicemail, rendered texts.
    /// [default: $STATE_DIRECTORY under systemd, else ./svi-state]
    #[arg(long, value_name = "FOLDER")]
    state: Option<PathBuf>,
    /// Where `svi status` and `svi reload` reach this server.
    #[arg(long, value_name = "PATH")]
    control: Option<PathBuf>,
    /// Read the site again only on SIGHUP and `svi reload`, not when its files change.
    #[arg(long)]
    no_watch: bool,
    /// Seconds that calls in progress may go on after SIGTERM.
    #[arg(long, value_name = "SECONDS", default_value_t = 170)]
    drain: u64,
}

/// Tells what of the outside is wrong that only files show.
fn tell_problems(edition: &Edition, tongue: Tongue) {
    let shared = &edition.site.shared;
    for problem in outside::problems(shared) {
        errln!("svi: {}", problem.to(tongue));
    }
}

/// Tells where it is reached, and where what it writes lies: records, messages, the control socket.
fn announce(
    driver: &Driver,
    numbers: &[String],
    records: &str,
    [mailboxes, control]: [&Path; 2],
    builtin: bool,
    say: &dyn Fn(Text),
) {
    for (protocol, address) in driver.addresses() {
        say(say!("listening on {} ({})", address, protocol.via().to_ascii_lowercase()));
    }
    say(say!("numbers {}; records in {}; voicemail in {}", numbers.join(", "), records, mailboxes.display()));
    say(say!("`svi status` and `svi reload` reach it at {}", control.display()));
    if builtin && let Some((_, address)) = driver.addresses().first() {
        let dial = format!("svi dial sip:0800123456@{address} --keys 2");
        say(say!("call it from another terminal:  {}", dial));
    }
}

/// Serves until it is told to stop.
pub(crate) async fn run(args: Args) -> ExitCode {
    logging::start("info");
    let tongue = tongue(None);
    let say = |told: Text| errln!("svi: {}", told.to(tongue));
    disk::close_umask();
    let state = args.state.unwrap_or_else(state_folder);
    let site = asked::site(args.site);
    let (builtin, source) = (site.is_none(), SiteSource::new(site).with_cache(state.join("voice")));
    say(Text::word("reading the site and its prompts…"));
    let patience = Patience::begin();
    let edition = match load::edition(&source) {
        Ok(edition) => edition,
        Err(report) => {
            terminal::err(&report.render(false, tongue));
            return ExitCode::FAILURE;
        }
    };
    let keep = {
        let state = state.clone();
        move |edition: &Edition, source: &SiteSource| {
            // A call can be walked again without them, if the site has not changed since.
            if let Err(error) = versions::keep(&state, &edition.site.version, source) {
                tracing::warn!(%error, "the texts of this version of the site could not be kept for replays");
            }
        }
    };
    keep(&edition, &source);
    let server = &edition.site.shared.server;
    let options = Options {
        tongue,
        control: Some(args.control.or_else(|| server.control.clone()).unwrap_or_else(control::default_path)),
        store: Place::of(&state, server.store.as_deref()),
        old_records: server.records.clone().unwrap_or_else(|| state.join("records.jsonl")),
        mailboxes: server.messages.clone().unwrap_or_else(|| state.join("voicemail")),
        open_calls: state.join("open.jsonl"),
        outbox: state.join("outbox"),
        drain_max: Duration::from_secs(args.drain),
        watch: if args.no_watch { Vec::new() } else { source.places() },
        reload: Arc::new(move || {
            let edition = load::edition(&source).map_err(|report| report.render(false, tongue))?;
            keep(&edition, &source);
            Ok(edition)
        }),
    };
    let (records, mailboxes) = (options.store.to_string(), options.mailboxes.clone());
    let control = options.control.clone().unwrap_or_default();
    let numbers = edition.numbers();
    tell_problems(&edition, tongue);
    let driver = Driver::start(edition, options).await;
    // A migration, or records of an earlier version, take their time too.
    drop(patience);
    let driver = match driver {
        Ok(driver) => driver,
        Err(error) => {
            say(error.to_text());
            return ExitCode::FAILURE;
        }
    };
    announce(&driver, &numbers, &records, [&mailboxes, &control], builtin, &say);
    say(Text::word("ready"));
    // Held open: a server of the command line ends by a signal only.
    let (_keep, stop) = tokio::sync::oneshot::channel();
    match driver.run(stop).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            errln!("svi: {error}");
            ExitCode::FAILURE
        }
    }
}

//! `svi bench`: what this machine carries. A server of its own on loopback, many callers of the built-in phone, and the
//! server's own CPU time and memory as the kernel counts them.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::Duration;

use crate::base::digit::Digit;
use crate::io::terminal::{errln, outln};
use crate::phone::load::{self, LoadOptions, LoadReport};
use crate::phone::script::{Keys, Script, Stroke};
use crate::phone::spacing::Spacing;
use crate::phone::{DialOptions, Phone};

/// `svi bench`
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Callers at once, each listening and sending RTP.
    #[arg(long, default_value_t = 500)]
    calls: usize,
    /// Seconds that each stays.
    #[arg(long, default_value_t = 30)]
    seconds: u64,
    /// Calls dialled a second.
    #[arg(long, default_value_t = 100)]
    rate: u32,
    /// Then this many calls of signalling alone (INVITE, ACK, BYE), at --signalling-rate.
    #[arg(long, default_value_t = 8_000)]
    signalling: u64,
    /// First this many calls one after another, each pressing ten keys: how quickly the server reacts when idle.
    #[arg(long, default_value_t = 4)]
    reactions: usize,
    /// Calls of signalling a second.
    #[arg(long, default_value_t = 800)]
    signalling_rate: u32,
}

/// The server under load, ended by its own id.
struct Server {
    child: Child,
    address: SocketAddr,
    folder: PathBuf,
}

/// What the kernel says of a process.
#[derive(Copy, Clone, Default)]
struct Usage {
    cpu: Duration,
    rss_kib: u64,
}

/// Measures and prints.
pub(crate) async fn run(args: Args) -> ExitCode {
    match measure(&args).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            errln!("svi bench: {why}");
            ExitCode::FAILURE
        }
    }
}

async fn measure(args: &Args) -> Result<(), String> {
    let server = Server::start().await?;
    outln!("server   {} (process {})", server.address, server.child.id());
    if args.reactions > 0 {
        errln!("svi bench: {} calls, ten keys each…", args.reactions);
        reactions(&server, args).await?;
    }
    if args.calls > 0 {
        errln!("svi bench: {} callers for {} s…", args.calls, args.seconds);
        media(&server, args).await?;
    }
    if args.signalling > 0 {
        errln!("svi bench: {} calls of signalling at {}/s…", args.signalling, args.signalling_rate);
        signalling(&server, args).await?;
    }
    Ok(())
}

/// Calls one after another on an idle server: from INVITE to 200, from the answer to the first sound, from a key to the
/// prompt that answers it.
async fn reactions(server: &Server, args: &Args) -> Result<(), String> {
    let (mut answers, mut sounds, mut keys) = (Spacing::default(), Spacing::default(), Spacing::default());
    for _ in 0..args.reactions {
        let mut options = DialOptions::new(server.address, "0800123457");
        let second = Stroke::Pause(Duration::from_secs(1));
        let key = Digit::from_char('1').map(Stroke::Key);
        let presses = (0..10).flat_map(|_| key.into_iter().chain([second]));
        options.script = Script {
            keys: Keys([second; 5].into_iter().chain(presses).collect()),
            hang_up_after: Some(Duration::from_secs(16)),
            ..Script::default()
        };
        let mut call = Phone::dial(options).await.map_err(|error| error.to_string())?;
        let outcome = call.ended().await.map_err(|error| error.to_string())?;
        outcome.answered_after.into_iter().for_each(|after| answers.record(after));
        outcome.statistics.first_packet.into_iter().for_each(|after| sounds.record(after));
        outcome.statistics.key_to_talkspurt.iter().for_each(|after| keys.record(*after));
    }
    outln!("reactions of an idle server");
    outln!(
        "  INVITE to 200      p50 {:.2} ms, p99 {:.2} ms",
        percentile_ms(&answers, 500),
        percentile_ms(&answers, 990)
    );
    outln!(
        "  200 to first sound p50 {:.1} ms, p99 {:.1} ms",
        percentile_ms(&sounds, 500),
        percentile_ms(&sounds, 990)
    );
    outln!(
        "  key to next prompt p50 {:.1} ms, p99 {:.1} ms, longest {:.1} ms ({} keys)",
        percentile_ms(&keys, 500),
        percentile_ms(&keys, 990),
        ms(keys.longest()),
        keys.count()
    );
    Ok(())
}

async fn media(server: &Server, args: &Args) -> Result<(), String> {
    let before = server.usage();
    let hold = Duration::from_secs(args.seconds);
    let options = LoadOptions {
        server: server.address,
        number: "0800123456".into(),
        calls: args.calls as u64,
        rate: args.rate,
        at_once: args.calls,
        hold,
        media: true,
        keys: Keys::default(),
        seed: 1,
    };
    let ramp = Duration::from_secs_f64(args.calls as f64 / f64::from(args.rate));
    let peak = async {
        tokio::time::sleep(ramp + hold / 2).await;
        server.usage()
    };
    let (report, peak) = tokio::join!(load::run(options), peak);
    let report = report.map_err(|error| error.to_string())?;
    let after = server.usage();
    let minutes = report.sent as f64 * 0.020 / 60.0;
    let cpu = after.cpu.saturating_sub(before.cpu).as_secs_f64();
    let memory = peak.rss_kib.saturating_sub(before.rss_kib) as f64 / args.calls as f64;
    outcome("media", &report);
    outln!(
        "  CPU                {:.4} s per minute of a full-duplex call ({cpu:.1} s for {minutes:.0} minutes)",
        cpu / minutes.max(1e-9)
    );
    outln!(
        "  memory             {memory:.1} KiB a call ({} KiB before, {} KiB at the peak)",
        before.rss_kib,
        peak.rss_kib
    );
    outln!("  packets            {} received, {} lost", report.packets, report.lost);
    outln!(
        "  spacing            p50 {:.2} ms, p99 {:.2} ms, longest {:.1} ms, {} gaps over 40 ms",
        percentile_ms(&report.spacing, 500),
        percentile_ms(&report.spacing, 990),
        ms(report.spacing.longest()),
        report.spacing.gaps()
    );
    Ok(())
}

async fn signalling(server: &Server, args: &Args) -> Result<(), String> {
    let before = server.usage();
    let options = LoadOptions {
        server: server.address,
        number: "0800123456".into(),
        calls: args.signalling,
        rate: args.signalling_rate,
        at_once: 2_000,
        hold: Duration::ZERO,
        media: false,
        keys: Keys::default(),
        seed: 2,
    };
    let report = load::run(options).await.map_err(|error| error.to_string())?;
    let cpu = server.usage().cpu.saturating_sub(before.cpu).as_secs_f64();
    outcome("signalling", &report);
    outln!(
        "  CPU                {:.3} ms per INVITE-ACK-BYE call, its media session and its record included",
        cpu * 1_000.0 / report.dialled.max(1) as f64
    );
    outln!(
        "  rate               {:.0} calls/s",
        report.dialled as f64 / report.elapsed.as_secs_f64().max(1e-9)
    );
    Ok(())
}

fn percentile_ms(spacing: &Spacing, permille: u64) -> f64 {
    ms(spacing.percentile(permille))
}

fn ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}

fn outcome(what: &str, report: &LoadReport) {
    outln!("{what}");
    outln!(
        "  calls              {} dialled, {} answered, {} completed, at most {} at once",
        report.dialled,
        report.answered,
        report.completed,
        report.at_once
    );
    for (why, count) in &report.failed {
        outln!("  failed             {count}: {why}");
    }
    outln!(
        "  INVITE to 200      p50 {:.2} ms, p99 {:.2} ms",
        percentile_ms(&report.setup, 500),
        percentile_ms(&report.setup, 990)
    );
}

impl Server {
    async fn start() -> Result<Self, String> {
        let folder = std::env::temp_dir().join(format!("svi-bench-{}", std::process::id()));
        write_site(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let program = std::env::current_exe().map_err(|error| error.to_string())?;
        let mut child = Command::new(program)
            .arg("serve")
            .arg("--state")
            .arg(folder.join("state"))
            .arg("--control")
            .arg(folder.join("svi.sock"))
            .arg(folder.join("site"))
            .env("RUST_LOG", "warn")
            .env("LC_ALL", "C")
            .stderr(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .map_err(|error| error.to_string())?;
        let stderr = child.stderr.take();
        let address = tokio::task::spawn_blocking(move || ready(stderr)).await.ok().flatten();
        match address {
            Some(address) => Ok(Self { child, address, folder }),
            None => {
                let _ = child.kill();
                let _ = child.wait();
                Err("the server did not start (run `svi serve` to see why)".into())
            }
        }
    }

    fn usage(&self) -> Usage {
        let id = self.child.id();
        let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
        // The name of the program, in brackets, may hold blanks: count from behind it. utime and stime are fields 14 and 15.
        let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or("").split(' ').collect();
        let ticks = |place: usize| fields.get(place).and_then(|field| field.parse::<u64>().ok()).unwrap_or(0);
        let per_second = rustix::param::clock_ticks_per_second();
        let cpu = Duration::from_secs_f64((ticks(11) + ticks(12)) as f64 / per_second as f64);
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
        let rss = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let rss_kib = rss.and_then(|rest| rest.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0);
        Usage { cpu, rss_kib }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Reads the server's first lines until it is ready; the UDP address that it listens on. The rest of its words are let go.
fn ready(stderr: Option<std::process::ChildStderr>) -> Option<SocketAddr> {
    use std::io::BufRead;
    let mut lines = std::io::BufReader::new(stderr?).lines();
    let mut address = None;
    for line in lines.by_ref().map_while(Result::ok) {
        if let Some(rest) = line.strip_prefix("svi: listening on ")
            && line.ends_with("(udp)")
        {
            address = rest.split(' ').next().and_then(|text| text.parse().ok());
        }
        if line == "svi: ready" {
            break;
        }
    }
    std::thread::spawn(move || lines.for_each(drop));
    address
}

fn write_site(folder: &Path) -> std::io::Result<()> {
    let site = folder.join("site");
    std::fs::create_dir_all(&site)?;
    std::fs::write(
        site.join("site.yaml"),
        "svi: 1\nsite: banc\nserver:\n  sip: { udp: 127.0.0.1:0 }\n  media: { ports: 20000-31999 }\ntrunks:\n  local: { peers: [127.0.0.1] }\n",
    )?;
    std::fs::write(
        site.join("banc.yaml"),
        "svi: 1\nname: banc\nnumbers: [0800 123 456]\nstart: musique\nlegal: { free_call: appel-gratuit.wav }\nblocks:\n  musique:\n    - wait: 10m\n    - hangup: normal\n",
    )?;
    std::fs::write(
        site.join("touches.yaml"),
        "svi: 1\nname: touches\nnumbers: [0800 123 457]\nstart: menu\nlegal: { free_call: appel-gratuit.wav }\nblocks:\n  menu:\n    - menu: Que souhaitez-vous faire ?\n      keys: { 1: { label: parler à un conseiller, goto: menu } }\n      otherwise: fin\n  fin:\n    - hangup: normal\n",
    )
}

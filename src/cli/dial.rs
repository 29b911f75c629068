//! `svi dial`: a telephone in the terminal. It calls a number, presses keys, plays, listens, and draws what happens.
//!
//! With `--answer` it waits to be called instead, as an agent of the server. It exits with 0 when the call was answered,
//! with 1 when it was not, with 2 when it was asked something that makes no sense.

use super::language::tongue;
use crate::say;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::audio::{decode, g711, wav};
use crate::base::codec::G711;
use crate::base::diagnostic::Text;
use crate::base::digit::Digit;
use crate::base::letters::unaccented;
use crate::base::pii::Secret;
use crate::base::time::Duration;
use crate::io::terminal::{errln, outln};
use crate::phone::digest::Credentials;
use crate::phone::ladder::{Ladder, Rung};
use crate::phone::message::{Address, Transport};
use crate::phone::script::{Cue, Keys, KeysBy, Script, Unreadable, duration};
use crate::phone::{AnswerOptions, CallHandle, DialOptions, Outcome, Phone, PhoneError, fingerprint};

/// Prompts that one text may be that of.
const CUE_SOUNDS_MAX: usize = 8;

/// Call a number from the terminal, or wait to be called.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "Example: svi dial sip:0800123456@127.0.0.1 --keys 1,,2 --listen heard.wav")]
pub(crate) struct Args {
    /// Whom to call, as sip:NUMBER@HOST or sip:NUMBER@HOST:PORT; with --answer, the account to answer for
    #[arg(value_name = "ADDRESS")]
    pub(crate) address: String,
    /// Send the SIP there instead of to the host of the address
    #[arg(long, value_name = "HOST:PORT")]
    pub(crate) server: Option<SocketAddr>,
    /// The number that calls
    #[arg(long, value_name = "NUMBER", default_value = "0612345678")]
    pub(crate) from: String,
    /// User name, when the server asks for one
    #[arg(long)]
    pub(crate) user: Option<String>,
    /// Password, when the server asks for one (better: the variable SVI_PASSWORD)
    #[arg(long)]
    pub(crate) password: Option<String>,
    /// Keys to press from the answer on; a comma waits one second
    #[arg(long, value_name = "KEYS", default_value = "")]
    pub(crate) keys: Keys,
    /// Press a key after a prompt with these words was heard, as "tapez 1", or "TEXT=KEYS"; may be given again for the next
    #[arg(long, value_name = "TEXT")]
    pub(crate) press_after: Vec<String>,
    /// How keys are sent: rtp (RFC 4733) or info
    #[arg(long, value_name = "WAY", default_value = "rtp")]
    pub(crate) keys_by: KeysBy,
    /// A sound file to play from the answer on, again and again
    #[arg(long, value_name = "FILE")]
    pub(crate) say: Option<PathBuf>,
    /// Write what is heard to this WAV file
    #[arg(long, value_name = "FILE")]
    pub(crate) listen: Option<PathBuf>,
    /// A folder of prompts: those that are heard are named in the drawing
    #[arg(long, value_name = "FOLDER")]
    pub(crate) prompts: Option<PathBuf>,
    /// Hang up this long after the answer, as 10s or 500ms
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(crate) hang_up_after: Option<Duration>,
    /// Take the call back this long after dialling, unless it was answered
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(crate) cancel_after: Option<Duration>,
    /// Wait to be called instead of calling: registers, takes one call, and leaves
    #[arg(long)]
    pub(crate) answer: bool,
    /// With --answer: ring this long first
    #[arg(long, value_name = "TIME", value_parser = duration, default_value = "2s", requires = "answer")]
    pub(crate) ring_for: Duration,
    /// SIP over TCP
    #[arg(long)]
    pub(crate) tcp: bool,
    /// The only codec to offer: pcma or pcmu
    #[arg(long, value_name = "NAME", value_parser = codec)]
    pub(crate) codec: Option<G711>,
}

/// Dials, or answers. `known` gives sounds that it can name, beside those of `--prompts`; it is asked when the call is
/// over, for decoding them takes time that a call should not wait for.
pub(crate) async fn run_knowing(args: Args, known: fn() -> Vec<(String, Vec<i16>)>) -> ExitCode {
    match work(args, known).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(fault) => {
            let (words, code) = match fault {
                Fault::Usage(words) => (words, 2),
                Fault::Failure(words) => (words, 1),
            };
            errln!("svi dial: {words}");
            ExitCode::from(code)
        }
    }
}

enum Fault {
    Usage(String),
    Failure(String),
}

impl From<PhoneError> for Fault {
    fn from(error: PhoneError) -> Self {
        match error {
            PhoneError::Address(words) => Self::Usage(words),
            other => Self::Failure(other.to_string()),
        }
    }
}

async fn work(args: Args, known: fn() -> Vec<(String, Vec<i16>)>) -> Result<bool, Fault> {
    let address = Address::read(&args.address).map_err(|why| Fault::Usage(why.to_string()))?;
    let server = match args.server {
        Some(server) => server,
        None => resolve(&address).await?,
    };
    let own = args.prompts.as_deref().map(prompts).transpose()?.unwrap_or_default();
    // Decoded before the call only when they are waited for.
    let waited = if args.press_after.is_empty() { Vec::new() } else { [known(), own.clone()].concat() };
    let script = script(&args, &waited)?;
    let mut handle = start(&args, &address, server, script).await?;
    if args.answer {
        handle.registered().await?;
        let told = say!("registered at {} as {}; waiting for one call", server, address.user);
        outln!("{}", told.to(tongue(None)));
    }
    let outcome = finished(&mut handle).await?;
    // An agent's phone takes its registration back before it goes, or the server would ring nobody.
    let gone = async { while handle.next().await.is_some() {} };
    let _ = tokio::time::timeout(Duration::from_secs(3), gone).await;
    let known = if outcome.heard.is_empty() { Vec::new() } else { [known(), own].concat() };
    report(&args, &outcome, &known);
    if let Some(file) = &args.listen {
        let written = wav::to_file(&outcome.heard).and_then(|bytes| crate::io::disk::write(file, &bytes));
        written.map_err(|error| Fault::Failure(format!("{}: {error}", file.display())))?;
    }
    if outcome.answered_after.is_none() {
        errln!("svi dial: {}", say!("the call was not answered ({})", outcome.end).to(tongue(None)));
    }
    Ok(outcome.answered_after.is_some())
}

async fn start(
    args: &Args,
    address: &Address,
    server: SocketAddr,
    script: Script,
) -> Result<CallHandle, Fault> {
    let transport = if args.tcp || address.tcp { Transport::Tcp } else { Transport::Udp };
    let codecs = args.codec.map_or_else(|| G711::PREFERRED.to_vec(), |codec| vec![codec]);
    let password = args.password.clone().or_else(|| std::env::var("SVI_PASSWORD").ok());
    let user = args.user.clone().unwrap_or_else(|| address.user.clone());
    let credentials = password.map(|password| Credentials { user, password: Secret::new(password) });
    if args.answer {
        let user = address.user.clone();
        let options = AnswerOptions {
            server,
            user,
            domain: Some(address.host.clone()),
            credentials,
            transport,
            codecs,
            script,
            register_for: Some(300),
            calls: Some(1),
            print: true,
        };
        return Ok(Phone::answer(options).await?.0);
    }
    let (target, from) = (args.address.clone(), args.from.clone());
    let options = DialOptions { server, target, from, credentials, transport, codecs, script, print: true };
    Ok(Phone::dial(options).await?)
}

/// Waits for the end; Ctrl-C hangs up first, and is obeyed at once the second time.
async fn finished(handle: &mut CallHandle) -> Result<Outcome, Fault> {
    tokio::select! {
        outcome = handle.ended() => return Ok(outcome?),
        _ = tokio::signal::ctrl_c() => {}
    }
    handle.leave();
    tokio::select! {
        outcome = handle.ended() => Ok(outcome?),
        _ = tokio::signal::ctrl_c() => Err(Fault::Failure("interrupted".into())),
    }
}

/// What waits for the words `text`, or `TEXT=KEYS`: without keys, the last one that the words name.
fn cue(text: &str, known: &[(String, Vec<i16>)]) -> Result<Cue, Fault> {
    let fault = |why: Text| Fault::Usage(format!("--press-after {text}: {}", why.to(tongue(None))));
    let is_key = |c: &char| !c.is_alphabetic() && Digit::from_char(*c).is_some();
    let (words, keys) = match text.rsplit_once('=') {
        Some((words, keys)) => (words, Some(keys.to_owned())),
        None => (text, text.chars().rev().find(is_key).map(String::from)),
    };
    let keys = keys.ok_or_else(|| fault(say!("the words name no key: write TEXT=KEYS")))?;
    let keys: Keys = keys.parse().map_err(|why: Unreadable| Fault::Usage(format!("--press-after: {why}")))?;
    let plain = |text: &str| unaccented(&text.to_lowercase());
    let wanted = plain(words.trim());
    let fits = known.iter().filter(|(name, _)| !wanted.is_empty() && plain(name).contains(&wanted));
    let sounds: Vec<(String, Vec<i16>)> = fits.take(CUE_SOUNDS_MAX).cloned().collect();
    if sounds.is_empty() {
        return Err(fault(say!(
            "no known prompt says that: `--prompts FOLDER` names the folder of the site's"
        )));
    }
    Ok(Cue { sounds, keys })
}

fn script(args: &Args, known: &[(String, Vec<i16>)]) -> Result<Script, Fault> {
    let say = args.say.as_deref().map(sound).transpose()?.unwrap_or_default();
    Ok(Script {
        keys: args.keys.clone(),
        keys_by: args.keys_by,
        cues: args.press_after.iter().map(|text| cue(text, known)).collect::<Result<_, _>>()?,
        say,
        repeat: true,
        hang_up_after: args.hang_up_after,
        cancel_after: args.cancel_after,
        ring_for: if args.answer { args.ring_for } else { Duration::ZERO },
        refuse: None,
    })
}

/// Names what was heard, and says how well it came.
fn report(args: &Args, outcome: &Outcome, known: &[(String, Vec<i16>)]) {
    let ladder = Ladder::new(&args.from, "");
    let first = outcome.first_packet_at.unwrap_or_default();
    for heard in fingerprint(&outcome.heard, known) {
        outln!("{}", ladder.line(first + Duration::from_millis(heard.at_ms), &Rung::Heard(&heard)));
    }
    let statistics = &outcome.statistics;
    if statistics.packets > 0 {
        let ms = |duration: Duration| format!("{:.1}", duration.as_secs_f64() * 1_000.0);
        let told = say!(
            "heard {} s in {} packets, {} lost; spacing p50 {} ms, p99 {} ms, longest {} ms",
            format!("{:.1}", outcome.heard.len() as f64 / 8_000.0),
            statistics.packets,
            statistics.lost,
            ms(statistics.spacing.percentile(500)),
            ms(statistics.spacing.percentile(990)),
            ms(statistics.spacing.longest())
        );
        outln!("{}", told.to(tongue(None)));
    }
}

async fn resolve(address: &Address) -> Result<SocketAddr, Fault> {
    let place = (address.host.as_str(), address.port);
    let failed = |why: String| Fault::Failure(format!("{} is not found: {why}", address.host));
    let found: Vec<SocketAddr> =
        tokio::net::lookup_host(place).await.map_err(|error| failed(error.to_string()))?.collect();
    // The phone writes IPv4 in its SIP; a name with both kinds of address is called by that one.
    let chosen = found.iter().find(|address| address.is_ipv4()).copied();
    chosen.ok_or_else(|| failed("it has no IPv4 address".into()))
}

fn sound(file: &Path) -> Result<Vec<i16>, Fault> {
    let fault = |why: String| Fault::Usage(format!("{}: {why}", file.display()));
    let bytes = std::fs::read(file).map_err(|error| fault(error.to_string()))?;
    let decoded =
        decode::decode(&bytes, &file.to_string_lossy()).map_err(|error| fault(error.to_string()))?;
    Ok(match decoded {
        decode::Decoded::Octets(law, octets) => g711::decode_all(law, &octets),
        decode::Decoded::Samples(samples) => samples,
    })
}

/// The WAV files of a folder, by name.
fn prompts(folder: &Path) -> Result<Vec<(String, Vec<i16>)>, Fault> {
    let fault = |error: std::io::Error| Fault::Usage(format!("{}: {error}", folder.display()));
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(fault)? {
        files.push(entry.map_err(fault)?.path());
    }
    files.retain(|file| file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("wav")));
    files.sort();
    let named = |file: PathBuf| {
        // A recording by hand has its words beside it.
        let words = std::fs::read_to_string(file.with_extension("txt")).ok();
        let stem = || file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let name = words.map_or_else(stem, |words| words.trim().to_owned());
        Ok((name, sound(&file)?))
    };
    files.into_iter().map(named).collect()
}

fn codec(name: &str) -> Result<G711, &'static str> {
    let known = G711::PREFERRED.into_iter().find(|codec| codec.name().eq_ignore_ascii_case(name));
    known.ok_or("the codecs are pcma and pcmu")
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Command {
        #[command(flatten)]
        args: Args,
    }

    #[test]
    fn what_makes_no_sense_is_refused_before_anything_is_sent() {
        let parse = |words: &[&str]| Command::try_parse_from([&["svi"], words].concat());
        let good = parse(&["sip:0800123456@127.0.0.1", "--keys", "1,,2", "--hang-up-after", "10s"]);
        assert_eq!(good.unwrap().args.hang_up_after, Some(Duration::from_secs(10)));
        for wrong in [
            &["sip:1@h", "--keys", "1x"][..],
            &["sip:1@h", "--hang-up-after", "10"],
            &["sip:1@h", "--codec", "opus"],
            &["sip:1@h", "--keys-by", "pigeon"],
            &["sip:1@h", "--ring-for", "1s"],
            &[],
        ] {
            assert!(parse(wrong).is_err(), "{wrong:?}");
        }
    }
}

//! One run of a text-to-speech command: a list of arguments without a shell, bounded in time and in what it writes.
//!
//! `{text}`, `{out}` and `{language}` in the arguments are replaced. A command without `{text}` gets the text on its standard
//! input; from a command without `{out}` the recording is taken from its standard output. What comes must be a sound.

use std::fs::File;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use super::VoiceError;
use crate::audio::sound::Sound;
use crate::base::diagnostic::Text;
use crate::base::limit::{VOICE_BYTES_MAX, VOICE_COMPLAINT_BYTES_MAX, VOICE_RENDER_MAX};
use crate::flow::speech::Language;
use crate::say;

/// Between two looks at a command that works.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// The files of one run, removed when it is over: nothing half-made is ever taken for a recording.
struct Workplace {
    out: PathBuf,
    text: PathBuf,
    complaints: PathBuf,
}

impl Drop for Workplace {
    fn drop(&mut self) {
        for file in [&self.out, &self.text, &self.complaints] {
            // Gone already, or never made: as it should be.
            let _ = std::fs::remove_file(file);
        }
    }
}

/// How long a command may think over one text.
pub(super) const PATIENCE: Duration = Duration::from_secs(VOICE_RENDER_MAX.as_secs());

/// Renders one text into `file`, within `patience`.
///
/// # Errors
/// In the operator's words, with what the command itself complained of.
pub(super) fn run(
    words: &[String],
    language: Language,
    text: &str,
    file: &Path,
    patience: Duration,
) -> Result<(), VoiceError> {
    let Some((program, arguments)) = words.split_first() else {
        return Err(VoiceError::new(Text::word("the text-to-speech command is empty")));
    };
    // Two servers may render the same text at once. The name ends in .wav: some commands choose the kind of file by it.
    let process = std::process::id();
    let place = Workplace {
        out: file.with_extension(format!("{process}.part.wav")),
        text: file.with_extension(format!("{process}.part.txt")),
        complaints: file.with_extension(format!("{process}.part.log")),
    };
    let has = |placeholder: &str| arguments.iter().any(|argument| argument.contains(placeholder));
    let out = place.out.to_string_lossy();
    // "-20 % sur tout." is no option: behind `--` no command takes it for one, nor with a space before it.
    let ends_options = arguments.iter().any(|argument| argument == "--");
    let kept_apart = match text.starts_with('-') && !ends_options {
        true => format!(" {text}"),
        false => text.to_owned(),
    };
    let filled = |argument: &String| {
        // The text last: a placeholder in it is the operator's, and is said.
        let spoken = if argument.starts_with("{text}") { &kept_apart } else { text };
        argument.replace("{out}", &out).replace("{language}", language.as_str()).replace("{text}", spoken)
    };
    let files = |error: std::io::Error| {
        let folder = place.out.parent().unwrap_or(Path::new("")).display();
        VoiceError::new(Text::raw(format!("{folder}: {error}")))
    };
    // Files, not pipes: nothing has to be read while it runs, and nothing can block.
    let stdin = if has("{text}") {
        Stdio::null()
    } else {
        std::fs::write(&place.text, text).map_err(files)?;
        Stdio::from(File::open(&place.text).map_err(files)?)
    };
    let stdout =
        if has("{out}") { Stdio::null() } else { Stdio::from(File::create(&place.out).map_err(files)?) };
    let stderr = Stdio::from(File::create(&place.complaints).map_err(files)?);
    let started = Command::new(program)
        .args(arguments.iter().map(filled))
        .stdin(stdin)
        .stdout(stdout)
        .stderr(stderr)
        // A group of its own, so that what it starts is ended with it.
        .process_group(0)
        .spawn();
    let mut child = started.map_err(|error| {
        let why = say!("the text-to-speech command `{}` cannot be run: {}", program, error);
        let help = Text::word(
            "`server: { speech: … }` in site.yaml names the command; espeak-ng is in the package espeak-ng",
        );
        VoiceError { help: Some(help), ..VoiceError::new(why) }
    })?;
    let failed = |why: Text| VoiceError {
        own_words: said(&place.complaints),
        ..VoiceError::new(say!("the text-to-speech command `{}` failed at “{}”: {}", program, text, &why))
    };
    let status = wait(&mut child, &place.out, patience).map_err(failed)?;
    if !status.success() {
        return Err(failed(Text::raw(status.to_string())));
    }
    let bytes = std::fs::read(&place.out).unwrap_or_default();
    if bytes.is_empty() {
        let why = Text::word(
            "it wrote no recording: it must write a WAV to `{out}`, or to its standard output if `{out}` is not among its arguments",
        );
        return Err(failed(why));
    }
    Sound::load(&bytes, "out.wav")
        .map_err(|error| failed(say!("what it wrote cannot be played: {}", error)))?;
    std::fs::rename(&place.out, file).map_err(files)
}

/// Waits until it ends, or has taken too long, or written too much.
fn wait(child: &mut Child, out: &Path, patience: Duration) -> Result<ExitStatus, Text> {
    let begun = Instant::now();
    loop {
        let written = std::fs::metadata(out).map_or(0, |metadata| metadata.len());
        let too_long = begun.elapsed() >= patience;
        if too_long || written > VOICE_BYTES_MAX {
            end(child);
            return Err(if too_long {
                say!("it took longer than {}", format!("{patience:?}"))
            } else {
                say!("it wrote more than {} MB", VOICE_BYTES_MAX / (1_024 * 1_024))
            });
        }
        match child.try_wait() {
            Ok(Some(_)) if written > VOICE_BYTES_MAX => {}
            Ok(Some(status)) => return Ok(status),
            Ok(None) => std::thread::sleep(LOOK_EVERY),
            Err(error) => return Err(Text::raw(error.to_string())),
        }
    }
}

/// Ends a command and all that it started.
fn end(child: &mut Child) {
    let group = i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw);
    if let Some(group) = group {
        // It may have ended meanwhile.
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    let _ = child.wait();
}

/// What a command complained of, its last words.
fn said(complaints: &Path) -> Option<String> {
    let said = std::fs::read(complaints).unwrap_or_default();
    let said = &said[said.len().saturating_sub(VOICE_COMPLAINT_BYTES_MAX)..];
    let said = String::from_utf8_lossy(said).trim().to_owned();
    Some(said).filter(|said| !said.is_empty())
}

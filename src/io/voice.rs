//! Texts become recordings by the site's own text-to-speech command, once, when the site is loaded; never in a call.
//!
//! The command is a list of arguments, run without a shell. `{text}` and `{out}` in it are replaced; a command without
//! `{text}` gets the text on its standard input.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::base::name::Name;

/// Renders every text into `<cache>/<key>`.
///
/// # Errors
/// What is missing, with the remedy, in the operator's words.
pub fn render(command: &[String], cache: &Path, texts: &BTreeMap<Name, String>) -> Result<(), String> {
    let Some((program, arguments)) = command.split_first() else {
        let mut message = format!("{} texts that a caller can reach have no voice:\n", texts.len());
        texts.values().take(10).for_each(|text| message.push_str(&format!("  {text}\n")));
        message.push_str(
            "help: name a text-to-speech command in site.yaml, for example\n      server: { speech: [espeak-ng, -v, fr, -w, \"{out}\", \"{text}\"] }\n",
        );
        return Err(message);
    };
    for (place, (key, text)) in texts.iter().enumerate() {
        eprintln!("svi: rendering text {} of {}…", place + 1, texts.len());
        let file = cache.join(key.as_str());
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}\n", folder.display()))?;
        }
        let part = file.with_extension("part.wav");
        run(program, arguments, text, &part)?;
        std::fs::rename(&part, &file).map_err(|error| {
            format!("the text-to-speech command wrote no file for “{text}”: {error}\nhelp: it must write a WAV to {{out}}\n")
        })?;
    }
    Ok(())
}

fn run(program: &str, arguments: &[String], text: &str, out: &Path) -> Result<(), String> {
    let spoken = arguments.iter().any(|argument| argument.contains("{text}"));
    let out = out.to_string_lossy();
    let arguments = arguments.iter().map(|argument| argument.replace("{out}", &out).replace("{text}", text));
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(if spoken { Stdio::null() } else { Stdio::piped() })
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("the text-to-speech command `{program}` cannot be run: {error}\nhelp: `server: {{ speech: … }}` in site.yaml names the command; espeak-ng is in the package espeak-ng\n"))?;
    if let Some(mut stdin) = child.stdin.take() {
        let _ = stdin.write_all(text.as_bytes());
    }
    let output = child.wait_with_output().map_err(|error| error.to_string())?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("the text-to-speech command `{program}` failed: {}\n", said.trim()))
}

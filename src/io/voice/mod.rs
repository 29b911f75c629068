//! Texts become recordings by the site's own text-to-speech command, once, when the site is loaded or by `svi prompts
//! render`; never in a call.
//!
//! They are kept by what they say and by what said it: `<cache>/<voice>/voix/<text>.wav`, where the voice is a hash of the
//! command. Another command, or another option of it, is another voice and renders anew; the old one's files stay until
//! `svi prompts stale --remove`, so that going back costs nothing.

mod command;

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::base::diagnostic::{Diagnostic, Mark, Source, Text};
use crate::base::name::Name;
use crate::config::site::SpeechCommands;
use crate::flow::recorded::language_of;
use crate::flow::speech::Language;
use crate::say;

/// Why a text has no voice.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct VoiceError {
    /// In the words for its operator.
    pub(crate) why: Text,
    /// What the command itself complained of.
    pub(crate) own_words: Option<String>,
    /// The remedy.
    pub(crate) help: Option<Text>,
}

impl VoiceError {
    fn new(why: Text) -> Self {
        Self { why, own_words: None, help: None }
    }

    /// As a mistake of the site, where it names the command.
    pub(super) fn diagnostic(self, commands: Option<&Mark>) -> Diagnostic {
        let own = self.own_words.map(|own| say!("its own words: {}", own));
        let help = own.or(self.help).unwrap_or_default();
        let nowhere = || Mark { source: Source::new("site.yaml", ""), range: 0..0 };
        commands.cloned().unwrap_or_else(nowhere).error("speech-failed", self.why, help)
    }
}

impl fmt::Display for VoiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.why.english())?;
        if let Some(own) = &self.own_words {
            writeln!(f, "its own words: {own}")?;
        }
        match &self.help {
            Some(help) => writeln!(f, "help: {}", help.english()),
            None => Ok(()),
        }
    }
}

/// The folder of what a command has rendered.
pub(crate) fn folder(cache: &Path, command: &[String]) -> PathBuf {
    let mut hash = Sha256::new();
    for word in command {
        // NUL stands in no argument, so that `[a b]` is not `[a, b]`.
        hash.update(word.as_bytes());
        hash.update([0]);
    }
    let hex: String = hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    cache.join(hex)
}

/// The folders of all voices of a site.
pub(crate) fn folders(cache: &Path, commands: &SpeechCommands) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = commands.0.values().map(|command| folder(cache, command)).collect();
    folders.sort();
    folders.dedup();
    folders
}

/// Everything that any voice has rendered into a cache, sorted.
pub(crate) fn rendered(cache: &Path) -> Vec<PathBuf> {
    let entries = |folder: &Path| {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        entries.map(|entry| entry.path()).collect::<Vec<PathBuf>>()
    };
    // Before voices had folders of their own, texts lay in the cache itself.
    let folders = entries(cache).into_iter().map(|voice| voice.join("voix")).chain([cache.join("voix")]);
    let files = folders.flat_map(|folder| entries(&folder));
    let mut files: Vec<PathBuf> =
        files.filter(|file| file.extension().is_some_and(|end| end == "wav")).collect();
    files.sort();
    files
}

/// Renders texts, by key, into the cache. `progress` hears of each before it is rendered.
///
/// # Errors
/// What keeps the first of them from having a voice, with the remedy. What was rendered before it is kept.
pub(crate) fn render(
    commands: &SpeechCommands,
    cache: &Path,
    texts: &BTreeMap<Name, String>,
    progress: &mut dyn FnMut(usize, &str),
) -> Result<(), VoiceError> {
    let language = |key: &Name, text: &str| language_of(key, text).unwrap_or_default();
    let voiceless: Vec<(&Name, &String)> =
        texts.iter().filter(|(key, text)| commands.of(language(key, text)).is_none()).collect();
    if let Some((key, text)) = voiceless.first() {
        return Err(no_command(&voiceless, language(key, text)));
    }
    for (place, (key, text)) in texts.iter().enumerate() {
        progress(place, text);
        let language = language(key, text);
        let Some(words) = commands.of(language) else { continue };
        let file = folder(cache, words).join(key.as_str());
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder)
                .map_err(|error| VoiceError::new(Text::raw(format!("{}: {error}", folder.display()))))?;
        }
        command::run(words, language, text, &file, command::PATIENCE)?;
    }
    Ok(())
}

fn no_command(texts: &[(&Name, &String)], language: Language) -> VoiceError {
    let list: String = texts.iter().take(10).map(|(_, text)| format!("\n  {text}")).collect();
    let why = say!("{} texts that a caller can reach have no voice:{}", texts.len(), list);
    let example = format!(
        "server: {{ speech: [espeak-ng, -v, {}, -w, \"{{out}}\", --, \"{{text}}\"] }}",
        language.as_str()
    );
    let help = say!("name a text-to-speech command in site.yaml: `{}`", example);
    VoiceError { why, own_words: None, help: Some(help) }
}

/// Has the commands speak one text of each language, unless they have: whether they can is known then. Of the texts one that
/// a command could take for an option is tried first.
///
/// # Errors
/// What keeps it from having a voice.
pub(super) fn try_out(
    commands: &SpeechCommands,
    cache: &Path,
    texts: &BTreeMap<Name, String>,
) -> Result<(), VoiceError> {
    for (language, words) in &commands.0 {
        let mut own =
            texts.iter().filter(|(key, text)| language_of(key, text).unwrap_or_default() == *language);
        let odd = own.clone().find(|(_, text)| text.starts_with('-'));
        let Some((key, text)) = odd.or_else(|| own.next()) else { continue };
        if !folder(cache, words).join(key.as_str()).is_file() {
            render(commands, cache, &BTreeMap::from([(key.clone(), text.clone())]), &mut |_, _| {})?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;

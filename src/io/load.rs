//! From a folder to an edition: texts, prompts and voices are read, mistakes of all of them told at once, sounds encoded
//! once. The built-in site comes from the program itself.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::recordings::Recordings;
use super::{assets, voice};
use crate::audio::sound::Sound;
use crate::base::diagnostic::{Diagnostic, Report, Severity, Source, Text, Tongue};
use crate::base::limit::YAML_BYTES_MAX;
use crate::base::name::Name;
use crate::base::time::Duration;
use crate::config::site::Shared;
use crate::config::{self, Site};
use crate::flow::recorded::{self, Stale};
use crate::flow::verb::Step;
use crate::flow::{prompt, speech, system};
use crate::io::terminal::errln;
use crate::say;
use crate::sip::transport::Protocol;
use crate::switchboard::{Edition, Library};

pub(crate) use self::aloud::aloud;
pub(crate) use self::here::here;

/// Where a site comes from.
#[derive(Clone, Debug)]
pub struct SiteSource {
    path: Option<PathBuf>,
    cache: Option<PathBuf>,
}

impl SiteSource {
    /// A folder, a file, or (none) the built-in site.
    pub fn new(path: Option<PathBuf>) -> Self {
        Self { path, cache: None }
    }

    /// Texts that have no voice are rendered into this folder.
    pub(crate) fn with_cache(mut self, cache: PathBuf) -> Self {
        self.cache = Some(cache);
        self
    }

    /// The files and folders that the site is read from; none for the built-in one.
    pub(crate) fn places(&self) -> Vec<PathBuf> {
        let Some(path) = &self.path else { return Vec::new() };
        let files = if path.is_dir() { vec![path.clone()] } else { with_its_site(path) };
        files.into_iter().chain(self.prompts()).collect()
    }

    /// The folder of rendered texts.
    pub(crate) fn cache(&self) -> PathBuf {
        self.cache.clone().unwrap_or_else(|| std::env::temp_dir().join("svi-voice"))
    }

    /// Whether all flows of the site are read, not one of them.
    fn is_whole(&self) -> bool {
        self.path.as_ref().is_none_or(|path| path.is_dir())
    }

    /// The folder of the site's own prompts.
    pub(crate) fn prompts(&self) -> Option<PathBuf> {
        let path = self.path.as_ref()?;
        let folder = if path.is_dir() { path.as_path() } else { path.parent()? };
        let above = folder.parent().filter(|_| folder.ends_with("flows") && !path.is_dir());
        Some(above.unwrap_or(folder).join("prompts"))
    }
}

/// Why a site cannot be served.
#[derive(Debug)]
pub enum LoadError {
    /// The operator's mistakes, all of them.
    Mistakes(Report),
    /// What the outside refuses (a voice that cannot be made), in the words for the operator.
    Outside(String),
}

impl LoadError {
    /// In words, with colours or plain.
    pub(crate) fn render(&self, color: bool, tongue: Tongue) -> String {
        match self {
            Self::Mistakes(report) => report.render(color, tongue),
            Self::Outside(why) => why.clone(),
        }
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false, Tongue::English))
    }
}

impl From<Diagnostic> for LoadError {
    fn from(diagnostic: Diagnostic) -> Self {
        let mut report = Report::default();
        report.push(diagnostic);
        Self::Mistakes(report)
    }
}

impl From<&Report> for LoadError {
    fn from(report: &Report) -> Self {
        Self::Mistakes(report.clone().sorted())
    }
}

/// What `svi check` found.
#[derive(Debug, Default)]
pub struct Checked {
    /// All mistakes, in the order in which an operator mends them.
    pub report: Report,
    /// Flows of the site.
    pub(crate) flows: usize,
    /// Blocks of all flows.
    pub(crate) blocks: usize,
    /// Numbers that reach a flow.
    pub(crate) numbers: usize,
}

/// A site that was read, with the recordings it can use.
pub(super) struct Read {
    pub(super) site: Site,
    pub(super) report: Report,
    pub(super) recordings: Recordings,
    /// Hand recordings that no text of the site fits; none are told when not all flows were read.
    pub(super) stale: Vec<Stale>,
}

/// Loads a site to be served: every text that a caller can reach has its audio, every prompt is encoded.
///
/// # Errors
/// All mistakes at once; or what keeps a text from having a voice, with the remedy.
pub(crate) fn edition(source: &SiteSource) -> Result<Edition, LoadError> {
    let mut read = read(source, &secret)?;
    served::judge(&mut read);
    if read.report.has_errors() {
        return Err(LoadError::Mistakes(read.report.sorted()));
    }
    let Read { site, mut recordings, .. } = read;
    render(source, &site, &mut recordings, false)
        .map_err(|error| error.diagnostic(site.shared.server.speech_mark.as_ref()))?;
    let library = library(&site, &recordings)?;
    Ok(assemble(site, library))
}

/// The texts of a site, as they are read.
///
/// # Errors
/// There are none, or one cannot be read.
pub(crate) fn sources_of(source: &SiteSource) -> Result<Vec<Arc<Source>>, LoadError> {
    texts(source, &mut Report::default())
}

/// Gives a voice to every text that has none (with `again`, to every text that a command has spoken or can speak). How many.
///
/// # Errors
/// What keeps a text from having a voice, with the remedy.
pub(super) fn render(
    source: &SiteSource,
    site: &Site,
    recordings: &mut Recordings,
    again: bool,
) -> Result<usize, voice::VoiceError> {
    let texts: BTreeMap<Name, String> = texts_of(site)
        .into_iter()
        .filter(|(key, _)| recordings.path(key).is_none() || (again && recordings.is_rendered(key)))
        .collect();
    let commands = &site.shared.server.speech;
    let cache = source.cache();
    let many = texts.len();
    let mut progress = |place, text: &str| errln!("svi: rendering text {} of {many}: {text}", place + 1);
    if many > 0 {
        voice::render(commands, &cache, &texts, &mut progress)?;
        recordings.add_rendered(&voice::folders(&cache, commands));
    }
    Ok(many)
}

/// Loads a site for its words alone: `svi simulate` needs no voice and no file of sound.
///
/// # Errors
/// All mistakes at once.
pub fn words_only(source: &SiteSource) -> Result<Edition, LoadError> {
    // Nor does it need to know a password or a host.
    let read = read(source, &|name| Some(secret(name).unwrap_or_default()))?;
    if read.report.has_errors() {
        return Err(LoadError::Mistakes(read.report));
    }
    let (site, library) = (read.site, Library::default());
    Ok(Edition { site: site.into(), library, hosts: BTreeMap::new(), listen: Vec::new(), workers: 1 })
}

/// An edition from texts in memory, every recording of it an empty sound: tests and simulated worlds.
///
/// # Errors
/// All mistakes at once.
pub fn from_texts(texts: &[(&str, &str)]) -> Result<Edition, LoadError> {
    let sources: Vec<Arc<Source>> = texts.iter().map(|(path, text)| Source::new(*path, *text)).collect();
    let recordings = Recordings::shipped();
    let (site, report) = config::read(&sources, &recordings.keys(), true, &|_| None);
    if report.has_errors() {
        return Err(LoadError::Mistakes(report));
    }
    let mut library = Library::default();
    let silence = Arc::new(Sound::silence(Duration::from_millis(20)));
    let bank = speech::bank().into_iter().map(|recording| Name::from(recording.key));
    for key in used(&site).into_iter().chain(svi_phrases()).chain(bank) {
        library.insert(key, Arc::clone(&silence));
    }
    Ok(assemble(site, library))
}

/// Everything that is wrong with a site, its files of sound included.
pub fn check(source: &SiteSource) -> Checked {
    let mut read = match read(source, &secret_if_any) {
        Ok(read) => read,
        Err(LoadError::Mistakes(report)) => return Checked { report: report.sorted(), ..Checked::default() },
        Err(LoadError::Outside(why)) => {
            let mut report = Report::default();
            report.push(refused("", "unreadable-file", say!("this cannot be read: {}", why), None));
            return Checked { report, ..Checked::default() };
        }
    };
    for key in used(&read.site) {
        if let Some(Err(why)) = read.recordings.load(&key, None) {
            let path = read.recordings.path(&key).unwrap_or_else(|| key.to_string());
            read.report.push(unreadable(&path, &why));
        }
    }
    read.report.extend(bank::report(&read.recordings));
    if !read.report.has_errors() {
        read.stale.iter().for_each(|stale| read.report.push(read.recordings.stale(stale)));
    }
    served::judge_aloud(source, &mut read);
    let Read { site, report, .. } = read;
    let blocks = site.flows.values().map(|flow| flow.blocks().count()).sum();
    Checked { report: report.sorted(), flows: site.flows.len(), blocks, numbers: site.numbers.len() }
}

/// The shared sections of a site alone: calendars, agents, queues. Flows are not compiled, secrets not asked for.
///
/// # Errors
/// All mistakes of the sections at once.
pub(crate) fn shared(source: &SiteSource) -> Result<Shared, LoadError> {
    let mut report = Report::default();
    let texts = texts(source, &mut report)?;
    let mut recordings = Recordings::shipped();
    if let Some(folder) = source.prompts() {
        recordings.add_site(&folder);
    }
    let known = recordings.keys();
    let sources = config::Sources { texts: &texts, prompts: &known, credentials: &|_| Some(String::new()) };
    let (site, found) = config::load::load(sources, |_, _, _| None::<()>);
    report.extend(found);
    if report.has_errors() { Err(LoadError::Mistakes(report.sorted())) } else { Ok(site.shared) }
}

/// A mistake of a file as a whole.
fn refused(path: &str, code: &'static str, message: Text, help: Option<Text>) -> Diagnostic {
    Diagnostic { severity: Severity::Error, code, message, source: Source::new(path, ""), range: 0..0, help }
}

pub(super) fn unreadable(path: &str, why: &str) -> Diagnostic {
    let help = Text::word("use a WAV, MP3 or Ogg Vorbis file");
    refused(path, "unreadable-prompt", say!("the prompt {} cannot be played: {}", path, why), Some(help))
}

pub(super) fn read(source: &SiteSource, credentials: config::Credentials<'_>) -> Result<Read, LoadError> {
    let mut report = Report::default();
    let texts = texts(source, &mut report)?;
    let mut recordings = Recordings::shipped();
    if let Some(folder) = source.prompts() {
        recordings.add_site(&folder);
    }
    let (mut site, mut found) = config::read(&texts, &recordings.keys(), false, credentials);
    recordings.add_rendered(&voice::folders(&source.cache(), &site.shared.server.speech));
    let matched = recorded::matched(&recordings.by_hand(), &texts_of(&site));
    recordings.add_matched(&matched.files);
    if !matched.files.is_empty() && site.shared.server.speech.is_empty() {
        // Which texts wait for a voice is known only now.
        (site, found) = config::read(&texts, &recordings.keys(), false, credentials);
    }
    if report.has_errors() {
        // A file that could not be read at all.
        found.drop_consequences();
    }
    report.extend(found);
    if site.flows.is_empty() && !report.has_errors() {
        let path = source.path.as_deref().map(|path| path.display().to_string()).unwrap_or_default();
        let why = Text::word("there is no flow: no file of the site has `blocks`");
        let help = Text::word("write one, or let `svi new` write a first one");
        return Err(refused(&path, "no-flow", why, Some(help)).into());
    }
    // A recording that a flow plays by its name is in use, whatever it says.
    let played = used(&site);
    let stale = matched.stale.into_iter();
    let stale = stale.filter(|stale| source.is_whole() && !played.contains(&stale.recording.file)).collect();
    Ok(Read { site, report, recordings, stale })
}

/// The site's texts: `site.yaml` and the flows beside it or in `flows/`; scenarios (`*.test.yaml`) are not among them.
fn texts(source: &SiteSource, report: &mut Report) -> Result<Vec<Arc<Source>>, LoadError> {
    let Some(path) = &source.path else {
        let builtin =
            assets::names().filter(|name| name.starts_with("flows/") && !name.ends_with(".test.yaml"));
        let text = |name| String::from_utf8_lossy(assets::asset(name).unwrap_or_default()).into_owned();
        return Ok(builtin.map(|name| Source::new(name, text(name))).collect());
    };
    let files = if path.is_dir() { yaml_files(path) } else { with_its_site(path) };
    if files.is_empty() {
        let why = Text::word("there is no YAML file in this folder or in its `flows/`");
        let help = Text::word("a site has `site.yaml` and a flow; `svi new` writes a first one");
        return Err(refused(&path.display().to_string(), "no-site", why, Some(help)).into());
    }
    let mut texts = Vec::new();
    for file in files {
        let name = file.display().to_string();
        let bytes = match bounded(&file) {
            Ok(bytes) => bytes,
            Err(error) => {
                let why = say!("this cannot be read: {}", said(&error));
                report.push(refused(&name, "unreadable-file", why, None));
                continue;
            }
        };
        if bytes.len() > YAML_BYTES_MAX {
            let why = say!("the file is larger than {} KiB", YAML_BYTES_MAX / 1_024);
            let help = Text::word("a flow is a text of some pages: split it, or is this another file?");
            report.push(refused(&name, "file-too-large", why, Some(help)));
            continue;
        }
        match Source::from_bytes(name, &bytes) {
            Ok(text) => texts.push(text),
            Err(diagnostic) => report.push(*diagnostic),
        }
    }
    Ok(texts)
}

/// A file up to one octet more than is taken: what is longer need not be read to be refused.
fn bounded(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    std::fs::File::open(path)?.take(YAML_BYTES_MAX as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A file alone; a flow that says nothing of its site comes with the `site.yaml` beside it, or above `flows/`.
fn with_its_site(path: &Path) -> Vec<PathBuf> {
    let text = bounded(path).unwrap_or_default();
    let whole = text.split(|byte| *byte == b'\n').any(|line| line.starts_with(b"site:"));
    let folder = path.parent().unwrap_or(Path::new(""));
    let places = [Some(folder), folder.parent().filter(|_| folder.ends_with("flows"))];
    let site = places.into_iter().flatten().map(|place| place.join("site.yaml")).find(|site| site.is_file());
    site.filter(|_| !whole).into_iter().chain([path.to_path_buf()]).collect()
}

fn yaml_files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = [folder.to_path_buf(), folder.join("flows")]
        .iter()
        .flat_map(|folder| std::fs::read_dir(folder).into_iter().flatten().flatten())
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml"))
        .filter(|path| !path.to_string_lossy().ends_with(".test.yaml"))
        .collect();
    files.sort();
    files
}

/// Without the number that the system gives it.
fn said(error: &std::io::Error) -> Text {
    match error.kind() {
        ErrorKind::NotFound => Text::word("there is no such file or folder"),
        ErrorKind::PermissionDenied => Text::word("this user may not read it"),
        _ => {
            let text = error.to_string();
            Text::raw(text.split(" (os error").next().unwrap_or_default().to_lowercase())
        }
    }
}

/// The secret of `credential:NAME`: a file of `$CREDENTIALS_DIRECTORY` (systemd's `LoadCredential=`).
fn secret(name: &str) -> Option<String> {
    secret_in(&std::env::var("CREDENTIALS_DIRECTORY").ok()?, name)
}

/// The same for who only looks: without a folder of credentials this is not the machine that serves, and none is missed.
fn secret_if_any(name: &str) -> Option<String> {
    match std::env::var("CREDENTIALS_DIRECTORY") {
        Ok(folder) => secret_in(&folder, name),
        Err(_) => Some(String::new()),
    }
}

fn secret_in(folder: &str, name: &str) -> Option<String> {
    if name.contains('/') {
        return None;
    }
    let read = |file: &str| std::fs::read_to_string(Path::new(folder).join(file)).ok();
    // `LoadCredential=credentials:FOLDER` puts the folder's files there under `credentials_NAME`.
    let text = read(name).or_else(|| read(&format!("credentials_{name}")))?;
    Some(text.trim_end_matches(['\r', '\n']).to_owned())
}

/// Keys of all sounds that callers and agents of a site can hear, the bank apart.
pub(super) fn used(site: &Site) -> BTreeSet<Name> {
    let own = site.flows.values().flat_map(|flow| flow.recordings()).map(|(key, _)| key);
    let whispers = speech::Language::ALL
        .into_iter()
        .map(|language| Name::from(system::file_in(language, "accepter-appel.wav")));
    own.chain(music(site)).chain(whispers).collect()
}

/// Keys of the music of who waits.
pub(super) fn music(site: &Site) -> BTreeSet<Name> {
    let queues = site.shared.queues.values().filter_map(|queue| queue.music.clone());
    let steps = site.flows.values().flat_map(|flow| flow.blocks()).flat_map(|(_, block)| &block.steps);
    let pieces = steps.filter_map(|step| match step {
        Step::Wait(wait) => Some(&wait.music),
        Step::Ring(ring) => ring.music.as_ref(),
        _ => None,
    });
    let pieces = pieces.flat_map(|music| music.fixed()).map(|clip| clip.key.clone());
    queues.chain(pieces).chain([Name::from(system::MUSIC)]).collect()
}

/// Static texts of the flows of a site, by key.
pub(super) fn texts_of(site: &Site) -> BTreeSet<(Name, String)> {
    let all = site.flows.values().flat_map(|flow| flow.recordings());
    all.filter(|(key, _)| key.starts_with("voix/")).collect()
}

fn library(site: &Site, recordings: &Recordings) -> Result<Library, LoadError> {
    let mut library = Library::default();
    let bank = speech::bank().into_iter().map(|recording| Name::from(recording.key));
    let levels = recordings.levels(music(site));
    for key in used(site).into_iter().chain(svi_phrases()).chain(bank) {
        match recordings.load(&key, Some(&levels)) {
            Some(Ok(sound)) => library.insert(key, Arc::new(sound)),
            Some(Err(why)) => return Err(unreadable(&key, &why).into()),
            None => return Err(LoadError::Outside(format!("no recording of {key}\n"))),
        }
    }
    Ok(library)
}

/// What svi says itself, in every language: a flow may turn to another one in mid call.
fn svi_phrases() -> impl Iterator<Item = Name> {
    let languages = || speech::Language::ALL.into_iter();
    let texts = system::PHRASES.iter().flat_map(move |phrase| {
        languages().map(|language| prompt::text_key(language.as_str(), phrase.text(language)))
    });
    let files = system::FILES
        .iter()
        .flat_map(move |file| languages().map(|language| Name::from(system::file_in(language, file))));
    texts.chain(files)
}

fn assemble(site: Site, library: Library) -> Edition {
    let server = &site.shared.server;
    let udp = server.udp.iter().map(|address| (Protocol::Udp, *address));
    let tcp = server.tcp.iter().map(|address| (Protocol::Tcp, *address));
    let listen = udp.chain(tcp).collect();
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    // One worker carries 1,500 calls; another core is left to everything else.
    let workers = server.workers.unwrap_or((cores / 2).max(1));
    let names = hosts::names(&site);
    let hosts = hosts::resolve(names.clone());
    for host in names.iter().filter(|host| !hosts.contains_key(*host)) {
        tracing::warn!(%host, "this host is not found; calls and registrations that need it fail until it is");
    }
    Edition { site: site.into(), library, hosts, listen, workers: u16::try_from(workers).unwrap_or(1) }
}

mod aloud;
mod announcement;
mod bank;
mod here;
pub(crate) mod hosts;
mod served;
#[cfg(test)]
mod tests;

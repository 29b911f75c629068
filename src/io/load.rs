//! From a folder to an edition: texts, prompts and voices are read, mistakes of all of them told at once, sounds encoded
//! once. The built-in site comes from the program itself.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::net::{SocketAddr, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{assets, voice};
use crate::audio::sound::Sound;
use crate::base::diagnostic::{Diagnostic, Report, Severity, Source, Text};
use crate::base::limit::{PROMPT_BYTES_MAX, YAML_BYTES_MAX};
use crate::base::name::Name;
use crate::base::time::Duration;
use crate::config::{self, Site};
use crate::flow::speech;
use crate::say;
use crate::sip::transport::Protocol;
use crate::switchboard::{Edition, Library, host_of, literal_address};

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
    pub fn with_cache(mut self, cache: PathBuf) -> Self {
        self.cache = Some(cache);
        self
    }

    /// The folder of the site's own prompts.
    fn prompts(&self) -> Option<PathBuf> {
        let path = self.path.as_ref()?;
        let folder = if path.is_dir() { path.as_path() } else { path.parent()? };
        let above = folder.parent().filter(|_| folder.ends_with("flows") && !path.is_dir());
        Some(above.unwrap_or(folder).join("prompts"))
    }
}

/// Why a site cannot be served, in the words for its operator.
#[derive(Debug)]
pub struct LoadError(String);

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What `svi check` found.
#[derive(Debug)]
pub struct Checked {
    /// Everything, drawn, with a closing line.
    pub report: String,
    /// Mistakes that keep the site from being served.
    pub errors: usize,
    /// What the operator should look at.
    pub warnings: usize,
}

/// A site that was read, with the recordings it can use.
struct Read {
    site: Site,
    report: Report,
    recordings: Recordings,
}

/// Loads a site to be served: every text that a caller can reach has its audio, every prompt is encoded.
///
/// # Errors
/// All mistakes at once; or what keeps a text from having a voice, with the remedy.
pub fn edition(source: &SiteSource) -> Result<Edition, LoadError> {
    let read = read(source, &secret)?;
    if read.report.has_errors() {
        return Err(LoadError(read.report.to_string()));
    }
    let Read { site, mut recordings, .. } = read;
    let missing = missing_texts(&site, &recordings);
    if !missing.is_empty() {
        let cache = source.cache.clone().unwrap_or_else(|| std::env::temp_dir().join("svi-voice"));
        voice::render(&site.shared.server.speech, &cache, &missing).map_err(LoadError)?;
        recordings.add_folder(&cache, "");
    }
    let library = library(&site, &recordings)?;
    Ok(assemble(site, library))
}

/// Loads a site for its words alone: `svi simulate` needs no voice and no file of sound.
///
/// # Errors
/// All mistakes at once.
pub fn words_only(source: &SiteSource) -> Result<Edition, LoadError> {
    // Nor does it need to know a password or a host.
    let read = read(source, &|name| Some(secret(name).unwrap_or_default()))?;
    if read.report.has_errors() {
        return Err(LoadError(read.report.to_string()));
    }
    let (site, library) = (read.site, Library::default());
    Ok(Edition { site, library, hosts: BTreeMap::new(), listen: Vec::new(), workers: 1 })
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
        return Err(LoadError(report.to_string()));
    }
    let mut library = Library::default();
    let silence = Arc::new(Sound::silence(Duration::from_millis(20)));
    let bank = speech::bank().into_iter().map(|recording| Name::from(recording.key));
    for key in used(&site).into_iter().chain(bank) {
        library.insert(key, Arc::clone(&silence));
    }
    Ok(assemble(site, library))
}

/// Everything that is wrong with a site, its files of sound included.
pub fn check(source: &SiteSource) -> Checked {
    let read = match read(source, &secret) {
        Ok(read) => read,
        Err(error) => return Checked { report: error.to_string(), errors: 1, warnings: 0 },
    };
    let Read { site, mut report, recordings } = read;
    for key in used(&site) {
        if let Some(Err(why)) = recordings.load(&key) {
            let path = recordings.path(&key).unwrap_or_else(|| key.to_string());
            report.push(unreadable(&path, &why));
        }
    }
    let (errors, warnings) = (report.errors(), report.warnings());
    let blocks: usize = site.flows.values().map(|flow| flow.blocks().count()).sum();
    let verdict = match (errors, warnings) {
        (0, 0) => {
            let flows = counted(site.flows.len(), "flow");
            let numbers = counted(site.numbers.len(), "number");
            format!("all well: {flows}, {}, {numbers}\n", counted(blocks, "block"))
        }
        (0, _) => format!("{}\n", counted(warnings, "warning")),
        (_, 0) => format!("{}\n", counted(errors, "error")),
        (_, _) => format!("{}, {}\n", counted(errors, "error"), counted(warnings, "warning")),
    };
    Checked { report: format!("{report}{verdict}"), errors, warnings }
}

/// `1 flow`, `2 flows`.
fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

fn unreadable(path: &str, why: &str) -> Diagnostic {
    Diagnostic {
        severity: Severity::Error,
        code: "unreadable-prompt",
        message: say!("the prompt {} cannot be played: {}", path, why),
        source: Source::new(path, ""),
        range: 0..0,
        help: Some(Text::word("use a WAV, MP3 or Ogg Vorbis file")),
    }
}

fn read(source: &SiteSource, credentials: config::Credentials<'_>) -> Result<Read, LoadError> {
    let mut report = Report::default();
    let texts = texts(source, &mut report)?;
    let mut recordings = Recordings::shipped();
    if let Some(folder) = source.prompts() {
        recordings.add_folder(&folder, "");
    }
    if let Some(cache) = &source.cache {
        recordings.add_folder(cache, "");
    }
    let (site, found) = config::read(&texts, &recordings.keys(), false, credentials);
    report.extend(found);
    if site.flows.is_empty() && !report.has_errors() {
        return Err(LoadError("there is no flow: no file of the site has `blocks`\n".to_owned()));
    }
    Ok(Read { site, report, recordings })
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
        let why = "no YAML file in it or in its `flows/`; a site has `site.yaml` and a flow";
        return Err(LoadError(format!("{}: {why}\n", path.display())));
    }
    let mut texts = Vec::new();
    for file in files {
        let name = file.display().to_string();
        let bytes = std::fs::read(&file)
            .map_err(|error| LoadError(format!("{name} cannot be read: {}\n", said(&error))))?;
        if bytes.len() > YAML_BYTES_MAX {
            return Err(LoadError(format!("{name} is larger than {} KiB\n", YAML_BYTES_MAX / 1_024)));
        }
        match Source::from_bytes(name, &bytes) {
            Ok(text) => texts.push(text),
            Err(diagnostic) => report.push(diagnostic),
        }
    }
    Ok(texts)
}

/// A file alone; a flow that says nothing of its site comes with the `site.yaml` beside it, or above `flows/`.
fn with_its_site(path: &Path) -> Vec<PathBuf> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let whole = text.lines().any(|line| line.starts_with("site:"));
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
fn said(error: &std::io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or_default().to_lowercase()
}

/// The secret of `credential:NAME`: a file of `$CREDENTIALS_DIRECTORY` (systemd's `LoadCredential=`).
fn secret(name: &str) -> Option<String> {
    if name.contains('/') {
        return None;
    }
    let folder = std::env::var("CREDENTIALS_DIRECTORY").ok()?;
    let read = |file: &str| std::fs::read_to_string(Path::new(&folder).join(file)).ok();
    // `LoadCredential=credentials:FOLDER` puts the folder's files there under `credentials_NAME`.
    let text = read(name).or_else(|| read(&format!("credentials_{name}")))?;
    Some(text.trim_end_matches(['\r', '\n']).to_owned())
}

/// Keys of all sounds that the flows of a site can play.
fn used(site: &Site) -> BTreeSet<Name> {
    let own = site.flows.values().flat_map(|flow| flow.recordings()).map(|(key, _)| key);
    let music = site.shared.queues.values().filter_map(|queue| queue.music.clone());
    let whispers = std::iter::once(Name::from("accepter-appel.wav"));
    own.chain(music).chain(whispers).collect()
}

/// Texts that have no recording yet, by key.
fn missing_texts(site: &Site, recordings: &Recordings) -> BTreeMap<Name, String> {
    let needed = site.flows.values().flat_map(|flow| flow.recordings());
    needed.filter(|(key, _)| key.starts_with("voix/") && recordings.path(key).is_none()).collect()
}

fn library(site: &Site, recordings: &Recordings) -> Result<Library, LoadError> {
    let mut library = Library::default();
    let bank = speech::bank().into_iter().map(|recording| Name::from(recording.key));
    for key in used(site).into_iter().chain(bank) {
        match recordings.load(&key) {
            Some(Ok(sound)) => library.insert(key, Arc::new(sound)),
            Some(Err(why)) => return Err(LoadError(unreadable(&key, &why).to_string())),
            None => return Err(LoadError(format!("no recording of {key}\n"))),
        }
    }
    Ok(library)
}

fn assemble(site: Site, library: Library) -> Edition {
    let server = &site.shared.server;
    let udp = server.udp.iter().map(|address| (Protocol::Udp, *address));
    let tcp = server.tcp.iter().map(|address| (Protocol::Tcp, *address));
    let listen = udp.chain(tcp).collect();
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    // One worker carries 1,500 calls; another core is left to everything else.
    let workers = server.workers.unwrap_or((cores / 2).max(1));
    let hosts = site.shared.trunks.values().flat_map(|line| {
        let registrar = line.registration.as_ref().map(|registration| registration.registrar.clone());
        std::iter::once(line.outbound.clone()).chain(registrar)
    });
    let addresses = site.flows.values().flat_map(|flow| flow.addresses());
    let hosts = hosts.chain(addresses.filter_map(|uri| host_of(&uri).map(str::to_owned)));
    let hosts = hosts.filter_map(|host| Some((host.clone(), resolve(&host)?))).collect();
    Edition { site, library, hosts, listen, workers: u16::try_from(workers).unwrap_or(1) }
}

/// The address of a host name, asked once, when the site is loaded.
fn resolve(host: &str) -> Option<SocketAddr> {
    if host.is_empty() || literal_address(host).is_some() {
        return literal_address(host);
    }
    let place = if host.contains(':') { host.to_owned() } else { format!("{host}:5060") };
    let found = place.to_socket_addrs().ok().and_then(|mut found| found.next());
    if found.is_none() {
        tracing::warn!(%host, "this host is not found; calls and registrations that need it fail until a reload finds it");
    }
    found
}

/// All recordings that can be had, by key; the site's own come before those that svi ships.
#[derive(Clone, Debug, Default)]
struct Recordings(BTreeMap<Name, Place>);

#[derive(Clone, Debug)]
enum Place {
    Shipped,
    File(PathBuf),
}

impl Recordings {
    fn shipped() -> Self {
        let prompts = assets::names().filter_map(|name| name.strip_prefix("prompts/"));
        let sounds = prompts.filter(|name| name.ends_with(".wav"));
        Self(sounds.map(|name| (Name::from(name), Place::Shipped)).collect())
    }

    /// The files of a folder and of the folders in it; two levels hold all that a site needs.
    fn add_folder(&mut self, folder: &Path, prefix: &str) {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if path.is_dir() && prefix.is_empty() {
                self.add_folder(&path, &format!("{name}/"));
            } else if path.is_file() {
                self.0.insert(Name::from(name), Place::File(path));
            }
        }
    }

    fn keys(&self) -> BTreeSet<Name> {
        self.0.keys().cloned().collect()
    }

    fn path(&self, key: &str) -> Option<String> {
        self.0.get(key).map(|place| match place {
            Place::Shipped => format!("prompts/{key}"),
            Place::File(path) => path.display().to_string(),
        })
    }

    /// The sound of a key; none when there is no recording of it.
    fn load(&self, key: &str) -> Option<Result<Sound, String>> {
        let bytes = match self.0.get(key)? {
            Place::Shipped => std::borrow::Cow::Borrowed(assets::prompt(key)?),
            Place::File(path) => match std::fs::metadata(path).map(|metadata| metadata.len()) {
                Ok(length) if length > PROMPT_BYTES_MAX as u64 => {
                    return Some(Err("the file is too large".into()));
                }
                _ => match std::fs::read(path) {
                    Ok(bytes) => std::borrow::Cow::Owned(bytes),
                    Err(error) => return Some(Err(error.to_string())),
                },
            },
        };
        Some(Sound::load(&bytes, key).map_err(|error| error.to_string()))
    }
}

#[cfg(test)]
mod tests;

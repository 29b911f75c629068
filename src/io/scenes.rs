//! The files of scenarios of a site, `*.test.yaml`, and when something of the site was changed last.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use super::assets;
use super::load::SiteSource;
use crate::base::diagnostic::{Diagnostic, Severity, Source, Text};
use crate::base::limit::YAML_BYTES_MAX;
use crate::say;

const ENDING: &str = ".test.yaml";

/// A site with its scenarios.
#[derive(Clone, Debug)]
pub struct Scenes {
    /// The site.
    pub site: SiteSource,
    /// Its folder; none for the built-in site.
    folder: Option<PathBuf>,
    /// Only this file of scenarios.
    only: Option<PathBuf>,
}

impl Scenes {
    /// Of a folder, a flow, a file of scenarios (its site is the folder beside or above `flows/`), or (none) of the built-in
    /// site.
    pub fn of(path: Option<PathBuf>) -> Self {
        let Some(path) = path else { return Self { site: SiteSource::new(None), folder: None, only: None } };
        if path.is_dir() {
            return Self { site: SiteSource::new(Some(path.clone())), folder: Some(path), only: None };
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let above =
            folder.parent().filter(|above| folder.ends_with("flows") && above.join("site.yaml").is_file());
        let folder = above.unwrap_or(folder).to_owned();
        if path.to_string_lossy().ends_with(ENDING) {
            return Self {
                site: SiteSource::new(Some(folder.clone())),
                folder: Some(folder),
                only: Some(path),
            };
        }
        Self { site: SiteSource::new(Some(path)), folder: Some(folder), only: None }
    }

    /// Whether one file was asked for.
    pub(crate) fn is_one_file(&self) -> bool {
        self.only.is_some()
    }

    /// The texts of the scenarios, in the order of their paths.
    ///
    /// # Errors
    /// Files that cannot be read or are no text, each with its path.
    pub fn texts(&self) -> Result<Vec<Arc<Source>>, Vec<Diagnostic>> {
        let Some(folder) = &self.folder else {
            let shipped = assets::names().filter(|name| name.starts_with("flows/") && name.ends_with(ENDING));
            let text = |name| String::from_utf8_lossy(assets::asset(name).unwrap_or_default()).into_owned();
            return Ok(shipped.map(|name| Source::new(name, text(name))).collect());
        };
        let files = match &self.only {
            Some(file) => vec![file.clone()],
            None => files(folder, |name| name.ends_with(ENDING)),
        };
        let (mut texts, mut wrong) = (Vec::new(), Vec::new());
        for file in files {
            match text(&file) {
                Ok(text) => texts.push(text),
                Err(diagnostic) => wrong.push(*diagnostic),
            }
        }
        if wrong.is_empty() { Ok(texts) } else { Err(wrong) }
    }

    /// Every file that a run reads with the time of its last change: another value when one of them is another.
    pub(crate) fn stamp(&self) -> Vec<(PathBuf, Option<SystemTime>, u64)> {
        let Some(folder) = &self.folder else { return Vec::new() };
        let mut seen = files(folder, |name| name.ends_with(".yaml") || name.ends_with(".yml"));
        seen.extend(files(&folder.join("prompts"), |_| true));
        seen.extend(self.only.clone());
        let stamp = |file: PathBuf| {
            let metadata = std::fs::metadata(&file).ok();
            let changed = metadata.as_ref().and_then(|metadata| metadata.modified().ok());
            (file, changed, metadata.map_or(0, |metadata| metadata.len()))
        };
        seen.into_iter().map(stamp).collect()
    }
}

/// The files of a folder and of its `flows/`, sorted.
fn files(folder: &Path, wanted: impl Fn(&str) -> bool) -> Vec<PathBuf> {
    let folders = [folder.to_path_buf(), folder.join("flows")];
    let entries = folders.iter().flat_map(|folder| std::fs::read_dir(folder).into_iter().flatten().flatten());
    let paths = entries.map(|entry| entry.path());
    let mut files: Vec<PathBuf> =
        paths.filter(|path| path.is_file() && wanted(&path.to_string_lossy())).collect();
    files.sort();
    files
}

fn text(file: &Path) -> Result<Arc<Source>, Box<Diagnostic>> {
    let path = file.display().to_string();
    let refused = |code, message: Text| {
        let source = Source::new(path.as_str(), "");
        Box::new(Diagnostic { severity: Severity::Error, code, message, source, range: 0..0, help: None })
    };
    let bytes = std::fs::read(file).map_err(|error| {
        let why = error.to_string();
        let why = why.split(" (os error").next().unwrap_or_default().to_lowercase();
        refused("unreadable-file", say!("the file cannot be read: {}", why))
    })?;
    if bytes.len() > YAML_BYTES_MAX {
        return Err(refused(
            "file-too-large",
            say!("the file is larger than {} KiB", YAML_BYTES_MAX / 1_024),
        ));
    }
    Source::from_bytes(path.as_str(), &bytes)
}

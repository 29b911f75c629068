//! What `svi prompts` tells of a site: every recording that callers can hear, where it comes from, how it measures, which
//! ones nothing uses any more, and the list for a studio.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::load::{self, LoadError, Read, SiteSource};
use super::recordings::Place;
use super::{assets, voice};
use crate::audio::inspect::{Fault, Inspection, inspect};
use crate::base::codec::G711;
use crate::base::name::Name;
use crate::flow::recorded::{Stale, language_of};
use crate::flow::speech::{self, Language};

/// Letters of a file name that is made from a text: enough to tell texts apart, and short to read.
const NAME_CHARS_MAX: usize = 48;

/// Where a recording comes from.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// svi brings it.
    Shipped,
    /// The site brings it, for this text or under this name.
    Recorded,
    /// The text-to-speech command has made it.
    Rendered,
    /// There is none.
    Missing,
}

impl State {
    /// In a word.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Shipped => "shipped",
            Self::Recorded => "recorded",
            Self::Rendered => "rendered",
            Self::Missing => "missing",
        }
    }
}

/// Something that callers can hear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Prompt {
    /// Its key in the library.
    pub(crate) key: Name,
    /// Where its recording lies; empty when there is none.
    pub(crate) path: String,
    /// Its language, where it is known.
    pub(crate) language: Option<Language>,
    /// Where it comes from.
    pub(crate) state: State,
    /// The flows that say it; empty when only queues or agents hear it.
    pub(crate) flows: Vec<Name>,
    /// Its words, where they are known.
    pub(crate) text: String,
}

/// A measured recording.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Measured {
    /// Its key in the library.
    pub(crate) key: Name,
    /// Where it lies.
    pub(crate) path: String,
    /// What was measured; or why it cannot be played.
    pub(crate) found: Result<Inspection, String>,
    /// What must be mended.
    pub(crate) faults: Vec<Fault>,
}

/// A recording that nothing uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unused {
    /// A rendered text that no flow says any more, or that another command has spoken.
    Cached(PathBuf),
    /// A recording made for a text that no flow says any more, and the text that is most like it.
    Stale(String, Option<String>),
    /// A file of `prompts/` that nothing plays.
    File(String),
}

/// A line of the list for a studio.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Order {
    /// The file to deliver, in `prompts/`.
    pub(crate) file: String,
    /// The language to speak.
    pub(crate) language: Language,
    /// How: `phrase`, or the delivery of a word of the bank.
    pub(crate) delivery: &'static str,
    /// What to say.
    pub(crate) text: String,
    /// What the voice must know beside: the liaison, or what follows. None where the text says it all.
    pub(crate) hint: Option<String>,
    /// The file that keeps the text beside the recording; none where the name alone says what it is.
    pub(crate) text_file: Option<String>,
}

/// A site's prompts.
pub(crate) struct Prompts {
    source: SiteSource,
    read: Read,
}

impl Prompts {
    /// Reads a site.
    ///
    /// # Errors
    /// All its mistakes: what callers can hear is only known of a site that is right.
    pub(crate) fn read(source: SiteSource) -> Result<Self, LoadError> {
        let read = load::read(&source, &|_| Some(String::new()))?;
        if read.report.has_errors() {
            return Err(LoadError::from(&read.report));
        }
        Ok(Self { source, read })
    }

    /// Every text and file that callers and agents can hear, by key; with `bank`, the words of spoken values too.
    pub(crate) fn list(&self, bank: bool) -> Vec<Prompt> {
        let mut flows: BTreeMap<Name, (String, Vec<Name>)> = BTreeMap::new();
        for (name, flow) in &self.read.site.flows {
            for (key, text) in flow.recordings() {
                flows.entry(key).or_insert((text, Vec::new())).1.push(name.clone());
            }
        }
        for key in load::used(&self.read.site) {
            flows.entry(key).or_default();
        }
        let known = shipped_texts();
        let hand: BTreeMap<Name, (Language, String)> = self
            .read
            .recordings
            .by_hand()
            .into_iter()
            .map(|hand| (hand.file, (hand.language, hand.text)))
            .collect();
        let mut prompts: Vec<Prompt> = flows
            .into_iter()
            .map(|(key, (text, flows))| {
                let language = language_of(&key, &text);
                let shipped = known.get(key.as_str());
                let state = self.state(&key);
                let (language, text) = match (language, shipped, state) {
                    (Some(_), _, _) => (language, text),
                    (None, Some((language, text)), State::Shipped) => (*language, text.clone()),
                    (None, _, _) => match hand.get(&key) {
                        Some((language, text)) => (Some(*language), text.clone()),
                        None => (None, String::new()),
                    },
                };
                Prompt { path: self.path(&key), state, language, flows, text, key }
            })
            .collect();
        if bank {
            for language in Language::ALL {
                prompts.extend(speech::bank_of(language).into_iter().map(|recording| Prompt {
                    path: self.path(&recording.key),
                    state: self.state(&recording.key),
                    language: Some(language),
                    flows: Vec::new(),
                    text: recording.text,
                    key: Name::from(recording.key),
                }));
            }
        }
        prompts
    }

    /// Gives a voice to every text that has none, or with `again` to all that a command speaks. How many.
    ///
    /// # Errors
    /// What keeps a text from having a voice, with the remedy.
    pub(crate) fn render(&mut self, again: bool) -> Result<usize, voice::VoiceError> {
        load::render(&self.source, &self.read.site, &mut self.read.recordings, again)
    }

    /// How every recording measures that can be heard and that svi does not ship, in the state in which it was delivered; of
    /// the built-in site, all.
    pub(crate) fn levels(&self) -> Vec<Measured> {
        let recordings = &self.read.recordings;
        let music = load::music(&self.read.site);
        let levels = recordings.levels(music.clone());
        let bank: BTreeSet<Name> =
            speech::bank().into_iter().map(|recording| Name::from(recording.key)).collect();
        let builtin = self.source.prompts().is_none();
        let own_words = bank.iter().filter(|key| recordings.is_own(key)).cloned();
        let keys: BTreeSet<Name> = load::used(&self.read.site).into_iter().chain(own_words).collect();
        let heard = keys.into_iter().filter(|key| builtin || self.state(key) != State::Shipped);
        heard
            .filter_map(|key| {
                let loaded = recordings.load(&key, None)?;
                let found = loaded.map(|sound| inspect(&sound.samples(G711::Ulaw)));
                let is_word = bank.contains(&key);
                let faults = match &found {
                    Ok(found) => found.faults(levels.target(&key), music.contains(&key)),
                    Err(_) => Vec::new(),
                };
                // Words keep their differences.
                let faults =
                    faults.into_iter().filter(|fault| !(is_word && *fault == Fault::TooSoft)).collect();
                Some(Measured { path: self.path(&key), key, found, faults })
            })
            .collect()
    }

    /// Recordings that nothing uses any more, of the cache and of the site.
    pub(crate) fn unused(&self) -> Vec<Unused> {
        let site = &self.read.site;
        let current: BTreeSet<PathBuf> = load::texts_of(site)
            .into_iter()
            .flat_map(|(key, _)| {
                let folders = voice::folders(&self.source.cache(), &site.shared.server.speech);
                folders.into_iter().map(move |folder| folder.join(key.as_str()))
            })
            .collect();
        let cached = voice::rendered(&self.source.cache());
        let mut unused: Vec<Unused> =
            cached.into_iter().filter(|file| !current.contains(file)).map(Unused::Cached).collect();
        let stale = &self.read.stale;
        unused.extend(
            stale.iter().map(|Stale { recording, nearest }| {
                Unused::Stale(self.path(&recording.file), nearest.clone())
            }),
        );
        unused.extend(self.unplayed().into_iter().map(Unused::File));
        unused
    }

    /// Files of the site that are neither played by name, nor words of the bank, nor matched with a text, nor stale.
    fn unplayed(&self) -> Vec<String> {
        let recordings = &self.read.recordings;
        let mut heard = load::used(&self.read.site);
        heard.extend(speech::bank().into_iter().map(|recording| Name::from(recording.key)));
        heard.extend(self.read.stale.iter().map(|stale| stale.recording.file.clone()));
        let matched: BTreeSet<&Path> = recordings
            .places()
            .filter_map(|(_, place)| if let Place::Hand(path) = place { Some(path.as_path()) } else { None })
            .collect();
        // What svi ships under the same name is played by svi itself.
        let ours = |key: &str| assets::prompt(key).is_some();
        let idle = recordings.places().filter_map(|(key, place)| match place {
            Place::Own(path) if !heard.contains(key) && !ours(key) && !matched.contains(path.as_path()) => {
                Some(path.display().to_string())
            }
            _ => None,
        });
        idle.collect()
    }

    /// What a studio has to deliver: a recording for every text, and for every file with words that svi ships and a flow
    /// plays; with `bank`, the words of spoken values of these languages too. What was recorded already is left out.
    pub(crate) fn orders(&self, bank: bool) -> Vec<Order> {
        let mut taken = BTreeSet::new();
        let mut orders = Vec::new();
        for prompt in self.list(false) {
            let Some(language) = prompt.language.filter(|_| prompt.state != State::Recorded) else {
                continue;
            };
            let is_text = prompt.key.starts_with("voix/");
            let (file, text_file) = if is_text {
                let name = unique(&file_name(&prompt.text), &mut taken);
                let folder = if language == Language::French { "" } else { "en/" };
                (format!("{folder}{name}.wav"), Some(format!("{folder}{name}.txt")))
            } else {
                (prompt.key.to_string(), None)
            };
            if file == ACCEPT && !self.is_accepted_by_key() {
                continue;
            }
            orders.push(Order {
                file,
                language,
                delivery: "phrase",
                text: prompt.text,
                hint: None,
                text_file,
            });
        }
        let spoken: BTreeSet<Language> = orders.iter().map(|order| order.language).collect();
        for language in Language::ALL.into_iter().filter(|language| bank && spoken.contains(language)) {
            let words =
                speech::bank_of(language).into_iter().filter(|word| !self.read.recordings.is_own(&word.key));
            orders.extend(words.filter(|word| !word.text.is_empty()).map(|word| Order {
                hint: hint(language, &word),
                file: word.key,
                language,
                delivery: word.delivery.as_str(),
                text: word.text,
                text_file: None,
            }));
        }
        orders
    }

    /// Whether somebody is asked to accept a call by a key.
    fn is_accepted_by_key(&self) -> bool {
        self.read.site.shared.agents.values().any(|agent| agent.confirm.is_some())
    }

    /// Where the site's own recordings lie.
    pub(crate) fn folder(&self) -> Option<PathBuf> {
        self.source.prompts()
    }

    fn state(&self, key: &str) -> State {
        match self.read.recordings.place(key) {
            Some(Place::Shipped) => State::Shipped,
            Some(Place::Own(_) | Place::Hand(_)) => State::Recorded,
            Some(Place::Rendered(_)) => State::Rendered,
            None => State::Missing,
        }
    }

    fn path(&self, key: &str) -> String {
        self.read.recordings.path(key).unwrap_or_default()
    }
}

/// Heard by whoever is asked to accept a call.
const ACCEPT: &str = "accepter-appel.wav";

/// How a word of the bank is said that its letters do not tell: `heures` of `six heures` begins with the z of the liaison.
fn hint(language: Language, word: &speech::Recording) -> Option<String> {
    let stem = word.key.trim_end_matches(".wav").trim_end_matches("-suite").trim_end_matches("-liste");
    let stem = stem.rsplit('/').next().unwrap_or_default();
    let liaison = match (language, stem.rsplit_once('-')) {
        (Language::French, Some((_, sound @ ("z" | "t" | "n")))) => Some(sound),
        (_, _) => None,
    };
    liaison.map(|sound| format!("{sound}‿{}", word.text))
}

/// Languages and words of what svi ships, by key; music has no language.
fn shipped_texts() -> BTreeMap<&'static str, (Option<Language>, String)> {
    let table =
        std::str::from_utf8(assets::asset("prompts/manifest.tsv").unwrap_or_default()).unwrap_or_default();
    let row = |line: &'static str| {
        let mut fields = line.split('\t');
        let (key, language, text) = (fields.next()?, fields.next()?, fields.next()?);
        let language = Language::parse(language).filter(|_| !text.starts_with('['));
        Some((key, (language, text.to_owned())))
    };
    table.lines().skip(1).filter_map(row).collect()
}

/// A file name that can be told by its text: `pour-suivre-votre-commande-tapez-1`.
fn file_name(text: &str) -> String {
    let mut name = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        let plain = match c {
            'à' | 'â' | 'ä' => 'a',
            'ç' => 'c',
            'é' | 'è' | 'ê' | 'ë' => 'e',
            'î' | 'ï' => 'i',
            'ô' | 'ö' => 'o',
            'ù' | 'û' | 'ü' => 'u',
            c if c.is_ascii_alphanumeric() => c,
            _ => '-',
        };
        if !(plain == '-' && (name.is_empty() || name.ends_with('-'))) {
            name.push(plain);
        }
    }
    name.truncate(NAME_CHARS_MAX);
    let name = name.trim_end_matches('-');
    if name.is_empty() { "texte".to_owned() } else { name.to_owned() }
}

/// The name, with a number behind it when it was taken.
fn unique(name: &str, taken: &mut BTreeSet<String>) -> String {
    let numbered = (2..).map(|number| format!("{name}-{number}"));
    let mut names = std::iter::once(name.to_owned()).chain(numbered);
    let free = names.find(|name| !taken.contains(name)).unwrap_or_default();
    taken.insert(free.clone());
    free
}

#[cfg(test)]
mod tests;

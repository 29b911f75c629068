//! A site with the sounds that it has, and silence where a text has no voice: for a call that is simulated with its sound.
//! Nothing is rendered, no host is looked up, and no credential is missed.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{LoadError, SiteSource, music, read, secret, svi_phrases, texts_of, used};
use crate::audio::sound::Sound;
use crate::base::name::Name;
use crate::base::time::Duration;
use crate::flow::speech;
use crate::switchboard::{Edition, Library};

/// Letters that are spoken in a second.
const LETTERS_A_SECOND: u64 = 15;

/// Loads a site for a simulated call, with the texts that are silence in it.
///
/// # Errors
/// All mistakes at once, files of sound that cannot be played among them.
pub(crate) fn aloud(source: &SiteSource) -> Result<(Edition, Vec<String>), LoadError> {
    let read = read(source, &|name| Some(secret(name).unwrap_or_default()))?;
    if read.report.has_errors() {
        return Err(LoadError::Mistakes(read.report));
    }
    let (site, recordings) = (read.site, read.recordings);
    let texts: BTreeMap<Name, String> = texts_of(&site).into_iter().collect();
    let bank = speech::bank().into_iter().map(|recording| Name::from(recording.key));
    let levels = recordings.levels(music(&site));
    let (mut library, mut silent) = (Library::default(), Vec::new());
    for key in used(&site).into_iter().chain(svi_phrases()).chain(bank) {
        let sound = match recordings.load(&key, Some(&levels)) {
            Some(Ok(sound)) => sound,
            Some(Err(why)) => return Err(super::unreadable(&key, &why).into()),
            None => {
                let words = texts.get(&key).map_or("", String::as_str);
                silent.extend(texts.get(&key).cloned());
                let seconds = 1 + words.chars().count() as u64 / LETTERS_A_SECOND;
                Sound::silence(Duration::from_secs(seconds))
            }
        };
        library.insert(key, Arc::new(sound));
    }
    Ok((
        Edition { site: site.into(), library, hosts: BTreeMap::new(), listen: Vec::new(), workers: 1 },
        silent,
    ))
}

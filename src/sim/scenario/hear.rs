//! What a caller has heard, and whether it is what a scenario expects.

use super::words::Readings;
use crate::base::name::Name;
use crate::flow::vocabulary::Clip;
use crate::sim::conversation::Heard;

/// Words or a prompt file that a scenario expects.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    /// As it is written.
    pub(crate) text: String,
    readings: Readings,
}

impl Wanted {
    /// Words; none when there is no word in them.
    pub(crate) fn words(text: &str) -> Option<Self> {
        let readings = Readings::of(text);
        (!readings.is_empty()).then(|| Self { text: text.to_owned(), readings })
    }

    /// A prompt file.
    pub(crate) fn file(name: &str) -> Self {
        let mut readings = Readings::new();
        readings.add_file(&Name::from(name));
        Self { text: name.to_owned(), readings }
    }

    /// Whether a text says it somewhere.
    pub(crate) fn is_in(&self, text: &str) -> bool {
        Readings::of(text).find(&self.readings, 0).is_some()
    }
}

/// All that was heard in a call.
#[derive(Debug)]
pub(crate) struct Ear {
    heard: Readings,
    /// What was said, with the place where it ends.
    said: Vec<(String, usize)>,
    /// What lies before is done with.
    from: usize,
}

impl Default for Ear {
    fn default() -> Self {
        Self { heard: Readings::new(), said: Vec::new(), from: 0 }
    }
}

impl Ear {
    /// Something is said.
    pub(crate) fn hear(&mut self, heard: &Heard) {
        let mut prose: Vec<Clip> = Vec::new();
        for clip in &heard.clips {
            if is_file(clip) {
                self.take(std::mem::take(&mut prose));
                self.heard.add_file(&clip.key);
            } else {
                prose.push(clip.clone());
            }
        }
        self.take(prose);
        self.said.push((heard.text(), self.heard.end()));
    }

    /// Music is played.
    pub(crate) fn hear_music(&mut self, music: &Clip) {
        self.heard.add_file(&music.key);
        self.said.push((format!("♪ {}", music.text), self.heard.end()));
    }

    fn take(&mut self, clips: Vec<Clip>) {
        let heard = Heard { clips, announcement: false };
        self.heard.add_text(&heard.text());
    }

    /// Looks for words behind those that were found last. What is found is done with, up to its end.
    pub(crate) fn find(&mut self, wanted: &Wanted) -> bool {
        let found = self.heard.find(&wanted.readings, self.from);
        if let Some((_, end)) = found {
            self.from = end;
        }
        found.is_some()
    }

    /// Whether words are among those that are not done with.
    pub(crate) fn has(&self, wanted: &Wanted) -> bool {
        self.heard.find(&wanted.readings, self.from).is_some()
    }

    /// Whether words were said at all in this call, done with or not.
    pub(crate) fn had(&self, wanted: &Wanted) -> bool {
        self.heard.find(&wanted.readings, 0).is_some()
    }

    /// All that was said is done with: the caller has done something.
    pub(crate) fn turn_page(&mut self) {
        self.from = self.heard.end();
    }

    /// What was said and is not done with, in order.
    pub(crate) fn rest(&self) -> impl Iterator<Item = &str> {
        self.said.iter().filter(|(_, end)| *end > self.from).map(|(text, _)| text.as_str())
    }
}

/// A prompt file has no words: it stands in brackets.
fn is_file(clip: &Clip) -> bool {
    clip.text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) == Some(clip.key.as_str())
}

#[cfg(test)]
mod tests;

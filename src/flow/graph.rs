//! A flow that loads: blocks by index, so that nothing can fail by name any more (law 6).

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

pub(crate) use super::block::BlockId;
use super::numbers::Numbers;
use super::prompt::Speech;
use super::speech::Language;
use super::system::{self, Phrase};
use super::value::Kind;
use super::verb::letter::Letter;
use super::verb::ring::{Request, Ring};
use super::verb::{Step, TypedAhead};
use super::vocabulary::Target;
use super::wants::Want;
use crate::base::diagnostic::{Mark, Source};
use crate::base::name::Name;

/// A compiled flow. Immutable; calls in progress share it.
#[derive(Debug)]
pub struct Flow {
    /// Its name.
    pub(crate) name: Name,
    /// Changes with its text: 16 hex digits of SHA-256.
    pub(crate) version: Name,
    /// The numbers that it lists, in normal form.
    pub(crate) numbers: Vec<String>,
    /// What a caller of a free number hears first; none when the network plays it (`legal.free_call: operator`), or when
    /// no listed number is free.
    pub announcement: Option<Speech>,
    /// Where a call begins.
    pub(crate) start: BlockId,
    /// The language in which a call begins.
    pub(crate) language: Language,
    /// What a flow that calls this one gives.
    pub(crate) inputs: Vec<(Name, Kind)>,
    pub(super) blocks: Vec<Block>,
    /// Where the call goes when a step has no exit of its own: written, whether or not a step needs it.
    pub(super) defaults: Vec<BlockId>,
    /// The languages that its callers hear.
    pub(super) languages: BTreeSet<Language>,
    /// What the flow reads of the answers of the company's system: what they must be like.
    pub(super) wants: BTreeMap<Name, Want>,
    /// The zone of the site, in which moments that systems give are told.
    pub(super) zone: Name,
    /// What telephone numbers are, and where calls may go.
    pub(super) plan: Arc<dyn Numbers>,
    /// Its text.
    pub(super) source: Arc<Source>,
}

/// A block: steps read top to bottom; the last one says where the call goes.
#[derive(Debug)]
pub(crate) struct Block {
    /// Its name.
    pub(crate) name: Name,
    /// Its steps.
    pub(crate) steps: Vec<Step>,
    /// Where its name stands in the text.
    pub(super) place: Range<usize>,
    /// Where each of its steps stands.
    pub(super) places: Vec<Range<usize>>,
}

impl Flow {
    /// The path of its file.
    pub(crate) fn path(&self) -> &str {
        &self.source.path
    }

    /// A block.
    pub(crate) fn block(&self, id: BlockId) -> &Block {
        &self.blocks[id.0]
    }

    /// All blocks, in the order of the text.
    pub(crate) fn blocks(&self) -> impl Iterator<Item = (BlockId, &Block)> {
        self.blocks.iter().enumerate().map(|(place, block)| (BlockId(place), block))
    }

    /// All steps.
    pub(super) fn steps(&self) -> impl Iterator<Item = &Step> {
        self.blocks.iter().flat_map(|block| &block.steps)
    }

    /// Where the call goes when a step reads what an answer of the company's system should have brought, and did not.
    pub(super) fn fallbacks(&self) -> BTreeMap<Name, BTreeSet<BlockId>> {
        let mut fallbacks: BTreeMap<Name, BTreeSet<BlockId>> = BTreeMap::new();
        for step in self.steps() {
            if let Step::Http(http) = step
                && let Some(exits) = http.exits
            {
                for save in http.saves.iter().filter(|save| !save.optional) {
                    fallbacks.entry(save.variable.clone()).or_default().insert(exits.error);
                }
            }
        }
        fallbacks
    }

    /// Whether a `menu` or `ask` may come before anything else that takes time but speech: only then a key that was typed
    /// early is meant for it, and speech may be passed over for its sake.
    pub(super) fn leads_to_key(&self, block: BlockId, step: usize) -> bool {
        let mut seen = BTreeSet::new();
        let mut open = vec![(block, step)];
        while let Some((block, first)) = open.pop() {
            for step in self.block(block).steps.iter().skip(first) {
                match step.typed_ahead() {
                    TypedAhead::Taken => return true,
                    TypedAhead::Left => {
                        let exits = step.exits().into_iter();
                        open.extend(exits.filter(|exit| seen.insert(*exit)).map(|exit| (exit, 0)));
                    }
                    TypedAhead::Lost => break,
                }
            }
        }
        false
    }

    /// Every piece of speech that a caller can hear, svi's own included.
    pub(crate) fn speeches(&self) -> Vec<Speech> {
        let mut speeches: Vec<Speech> = self.announcement.iter().cloned().collect();
        speeches.extend(self.steps().flat_map(Step::speeches).cloned());
        let said: Vec<Phrase> = self.steps().flat_map(Step::phrases).collect();
        speeches.extend(system::PHRASES.iter().filter(|phrase| said.contains(phrase)).map(Speech::phrase));
        let apologises = self.steps().any(Step::apologises);
        let files = system::FILES.iter().filter(|file| apologises || **file != system::RECORDER_APOLOGY);
        speeches.extend(files.map(|file| Speech::system(file)));
        for speech in &mut speeches {
            for language in Language::ALL.into_iter().filter(|language| !self.languages.contains(language)) {
                speech.parts_mut(language).clear();
            }
        }
        speeches
    }

    /// SIP addresses that it can ring or transfer to.
    pub(crate) fn addresses(&self) -> Vec<Name> {
        let rung = self.steps().filter_map(|step| match step {
            Step::Ring(ring) => Some(ring.request.targets()),
            _ => None,
        });
        let uris =
            rung.flatten().filter_map(|target| if let Target::Uri(uri) = target { Some(uri) } else { None });
        uris.cloned().collect()
    }

    /// How many of its steps send text messages, and how many e-mails.
    pub(crate) fn letters(&self) -> impl Iterator<Item = (&Letter, Mark)> {
        self.marked_steps().filter_map(|(step, mark)| match step {
            Step::Letter(letter) => Some((letter, mark)),
            _ => None,
        })
    }

    /// Telephone numbers that are rung with `ring`.
    pub(crate) fn rung_numbers(&self) -> impl Iterator<Item = (&Name, Mark)> {
        let rung = self.marked_steps().filter_map(|(step, mark)| match step {
            Step::Ring(Ring { request: Request::Ring(request), .. }) => Some((&request.targets, mark)),
            _ => None,
        });
        rung.flat_map(|(targets, mark)| {
            targets.iter().filter_map(move |target| match target {
                Target::Number(number) => Some((number, mark.clone())),
                Target::Agent(_) | Target::Uri(_) => None,
            })
        })
    }

    /// All steps, each with its place.
    fn marked_steps(&self) -> impl Iterator<Item = (&Step, Mark)> {
        let steps = self.blocks.iter().flat_map(|block| block.steps.iter().zip(&block.places));
        steps.map(|(step, range)| (step, Mark { source: Arc::clone(&self.source), range: range.clone() }))
    }

    /// The keys of all recordings that it needs, with their words; the bank of fragments apart.
    pub(crate) fn recordings(&self) -> BTreeSet<(Name, String)> {
        let speeches = self.speeches();
        let clips = speeches.iter().flat_map(Speech::fixed);
        clips.map(|clip| (clip.key.clone(), clip.text.to_string())).collect()
    }
}

//! A flow that loads: blocks by index, so that nothing can fail by name any more (law 6).

use std::collections::BTreeSet;
use std::ops::Range;

use super::prompt::Speech;
use super::system;
use super::verb::Step;
use super::vocabulary::Target;
use crate::base::name::Name;

/// A block of its flow.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BlockId(pub usize);

/// A compiled flow. Immutable; calls in progress share it.
#[derive(Debug)]
pub struct Flow {
    /// Its name.
    pub name: Name,
    /// Changes with its text: 16 hex digits of SHA-256.
    pub version: Name,
    /// The numbers that it lists, in normal form.
    pub numbers: Vec<String>,
    /// What a caller of a free number hears first; none when the network plays it (`legal.free_call: operator`), or when
    /// no listed number is free.
    pub announcement: Option<Speech>,
    /// Where a call begins.
    pub start: BlockId,
    pub(super) blocks: Vec<Block>,
}

/// A block: steps read top to bottom; the last one says where the call goes.
#[derive(Debug)]
pub struct Block {
    /// Its name.
    pub name: Name,
    /// Its steps.
    pub steps: Vec<Step>,
    /// Where each of them stands in the text.
    pub(super) places: Vec<Range<usize>>,
}

impl Flow {
    /// A block.
    pub fn block(&self, id: BlockId) -> &Block {
        &self.blocks[id.0]
    }

    /// All blocks, in the order of the text.
    pub fn blocks(&self) -> impl Iterator<Item = (BlockId, &Block)> {
        self.blocks.iter().enumerate().map(|(place, block)| (BlockId(place), block))
    }

    /// Whether a `menu` or `ask` may come before anything else that takes time but speech: only then a key that was typed
    /// early is meant for it, and speech may be passed over for its sake.
    pub(super) fn leads_to_key(&self, block: BlockId, step: usize) -> bool {
        let mut seen = BTreeSet::new();
        let mut open = vec![(block, step)];
        while let Some((block, first)) = open.pop() {
            for step in self.block(block).steps.iter().skip(first) {
                match step {
                    Step::Menu(_) | Step::Ask(_) => return true,
                    Step::Say(_) | Step::Set(_) | Step::Tag(_) => {}
                    Step::Branch(_) | Step::Goto(_) => {
                        open.extend(
                            step.exits().into_iter().filter(|exit| seen.insert(*exit)).map(|exit| (exit, 0)),
                        );
                    }
                    Step::Wait(_) | Step::Queue(_) | Step::Ring(_) | Step::Voicemail(_) | Step::HangUp(_) => {
                        break;
                    }
                }
            }
        }
        false
    }

    /// Every piece of speech that a caller can hear, svi's own included.
    pub fn speeches(&self) -> Vec<Speech> {
        let steps = self.blocks.iter().flat_map(|block| &block.steps);
        let mut speeches: Vec<Speech> = self.announcement.iter().cloned().collect();
        speeches.extend(steps.flat_map(Step::speeches).cloned());
        speeches.extend(system::PHRASES.iter().map(|phrase| Speech::text(phrase.fr)));
        speeches.extend(system::FILES.iter().map(|file| Speech::file(file)));
        speeches
    }

    /// SIP addresses that it can ring or transfer to.
    pub fn addresses(&self) -> Vec<Name> {
        let steps = self.blocks.iter().flat_map(|block| &block.steps);
        let rung = steps
            .filter_map(|step| if let Step::Ring(ring) = step { Some(ring.request.targets()) } else { None });
        let uris =
            rung.flatten().filter_map(|target| if let Target::Uri(uri) = target { Some(uri) } else { None });
        uris.cloned().collect()
    }

    /// The keys of all recordings that it needs, with their words; the bank of fragments apart.
    pub fn recordings(&self) -> BTreeSet<(Name, String)> {
        let speeches = self.speeches();
        let clips = speeches.iter().flat_map(Speech::fixed);
        clips.map(|clip| (clip.key.clone(), clip.text.to_string())).collect()
    }
}

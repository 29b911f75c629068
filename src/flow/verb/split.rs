//! `split` sends so many of a hundred calls each way: to try a new welcome, or to share the load.

use super::super::block::BlockId;
use super::super::draw::card::Drawn;
use super::super::draw::diagram::{Kind, Line};
use super::super::draw::words::Words;
use super::super::form::SHARES;
use super::super::read::{Reader, StepText};
use super::lawful::{Ends, Lawful, TypedAhead, Verb};
use super::way::{Label, Way};
use crate::base::diagnostic::Text;
use crate::base::yaml::Node;
use crate::say;

pub(crate) const SPLIT: Verb = Verb {
    name: "split",
    says: "sends so many of a hundred calls each way, by chance",
    argument: SHARES,
    options: &[],
    ends: Ends::Always,
    example: "- split: { accueil_court: 80%, accueil_long: 20% }",
};

/// Shares of the calls.
#[derive(Debug)]
pub(crate) struct Split {
    /// Percent and block; together they are 100.
    pub(crate) shares: Vec<(u32, BlockId)>,
}

impl Split {
    /// The block for a number drawn for this call and this step.
    pub(crate) fn choose(&self, chance: u64) -> BlockId {
        let mut point = u32::try_from(chance % 100).unwrap_or(0);
        for (share, block) in &self.shares {
            match point.checked_sub(*share) {
                Some(rest) => point = rest,
                None => return *block,
            }
        }
        // The reader has seen to it that the shares are a hundred.
        self.shares.last().map_or(BlockId(0), |(_, block)| *block)
    }
}

impl Lawful for Split {
    fn typed_ahead(&self) -> TypedAhead {
        TypedAhead::Left
    }
    fn ways(&self) -> Vec<Way> {
        // No call ever goes where the share is nothing.
        let shares = self.shares.iter().filter(|(share, _)| *share > 0);
        shares.map(|(share, block)| Way::deaf(Label::Share(*share), *block)).collect()
    }
    fn is_end(&self) -> bool {
        true
    }
}

impl Drawn for Split {
    fn kind(&self) -> Kind {
        Kind::Branch
    }
    fn lines(&self, _: &Words) -> Vec<Line> {
        // Its shares stand on its ways.
        Vec::new()
    }
}

pub(super) fn read(reader: &mut Reader<'_>, step: &StepText<'_>) -> Option<Split> {
    let mut shares = Vec::new();
    let mut whole = true;
    for (key, node) in reader.pairs(step.argument, Text::word("`split`")) {
        let (block, share) = (reader.target(key), share(reader, node));
        whole &= block.is_some() && share.is_some();
        shares.extend(share.zip(block));
    }
    let total: u32 = shares.iter().map(|(share, _)| share).sum();
    if whole && total != 100 {
        let message = say!("the shares are {} % together, not 100", total);
        reader.error(step.argument, "shares", message, say!("write `{}`", "{ a: 70%, b: 30% }"));
        return None;
    }
    whole.then_some(Split { shares })
}

/// `70%`, or `70`.
fn share(reader: &mut Reader<'_>, node: &Node) -> Option<u32> {
    let text = reader.text(node)?;
    let share = text.trim().trim_end_matches('%').trim_end().parse().ok().filter(|share| *share <= 100);
    if share.is_none() {
        reader.error(node, "shares", say!("`{}` is no share of a hundred", text), say!("write `{}`", "70%"));
    }
    share
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_way_gets_its_share() {
        let split = Split { shares: vec![(70, BlockId(1)), (0, BlockId(2)), (30, BlockId(3))] };
        let mut counts = [0; 4];
        for chance in 0..1_000 {
            counts[split.choose(chance).0] += 1;
        }
        assert_eq!(counts, [0, 700, 0, 300]);
    }
}

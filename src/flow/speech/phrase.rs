//! How pieces of speech join into a phrase: breaths, commas, ends. The same in all languages; what a piece is and what its
//! neighbours make of it is each language's own.

use super::fragment::Fragment;
use super::recording::Delivery;
use crate::base::name::Name;

/// What one recording of a language says.
pub(super) trait Piece: Copy {
    /// Its words, before `next` in the same breath.
    fn text(self, next: Option<Self>) -> String;
    /// The key of its recording, behind `before` in the same breath, delivered as asked or as near as recorded.
    fn key(self, before: Option<Self>, delivery: Delivery) -> String;
}

/// A quarter of a second between groups of a list. All languages share it.
pub(super) const PAUSE: &str = "mots/pause.wav";

/// What lies between a piece and the next one.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Join {
    /// One breath.
    Link,
    /// One breath and one written word.
    Hyphen,
    /// The next item of a list, without a pause.
    Beat,
    /// A comma, heard as a pause.
    Comma,
    /// The end of the phrase.
    End,
    /// The end of a sentence.
    Stop,
}

/// Pieces in order.
#[derive(Clone, Debug)]
pub(super) struct Phrase<P> {
    pieces: Vec<(P, Join)>,
}

impl<P> Default for Phrase<P> {
    fn default() -> Self {
        Self { pieces: Vec::new() }
    }
}

impl<P: Piece> Phrase<P> {
    /// Adds a piece in the same breath.
    pub(super) fn say(&mut self, piece: impl Into<P>) -> &mut Self {
        self.pieces.push((piece.into(), Join::Link));
        self
    }

    /// A hyphen follows.
    pub(super) fn hyphen(&mut self) -> &mut Self {
        self.join(Join::Hyphen)
    }

    /// The next item of a list follows at once.
    pub(super) fn beat(&mut self) -> &mut Self {
        self.join(Join::Beat)
    }

    /// A comma follows.
    pub(super) fn comma(&mut self) -> &mut Self {
        self.join(Join::Comma)
    }

    /// Before an item of a list, but the first: a comma, or `and` before the last.
    pub(super) fn between(&mut self, index: usize, length: usize, and: impl Into<P>) {
        if index == 0 {
            return;
        }
        if index + 1 == length {
            self.say(and);
        } else {
            self.comma();
        }
    }

    /// The sentence ends.
    pub(super) fn stop(mut self) -> Self {
        self.join(Join::Stop);
        self
    }

    /// Whether nothing has been said yet.
    pub(super) fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    fn join(&mut self, join: Join) -> &mut Self {
        if let Some(last) = self.pieces.last_mut() {
            last.1 = join;
        }
        self
    }

    /// The recordings of this phrase.
    pub(super) fn fragments(mut self) -> Vec<Fragment> {
        if let Some(last) = self.pieces.last_mut()
            && last.1 != Join::Stop
        {
            last.1 = Join::End;
        }
        let mut fragments = Vec::with_capacity(self.pieces.len() + 4);
        let mut before = None;
        for (index, (piece, join)) in self.pieces.iter().enumerate() {
            let linked = matches!(join, Join::Link | Join::Hyphen);
            let next = self.pieces.get(index + 1).map(|next| next.0).filter(|_| linked);
            let mut text = piece.text(next);
            // An abbreviation at the end of a sentence has its full stop already.
            if !(*join == Join::Stop && text.ends_with('.')) {
                text.push_str(join.mark());
            }
            let key = piece.key(before, join.delivery());
            fragments.push(Fragment { key: Name::from(key), text: text.into() });
            if *join == Join::Comma {
                fragments.push(Fragment { key: Name::from(PAUSE), text: "".into() });
            }
            before = Some(*piece).filter(|_| linked);
        }
        fragments
    }
}

impl Join {
    fn mark(self) -> &'static str {
        match self {
            Self::Link | Self::Beat | Self::End => "",
            Self::Hyphen => "-",
            Self::Comma => ",",
            Self::Stop => ".",
        }
    }

    fn delivery(self) -> Delivery {
        match self {
            Self::Link | Self::Hyphen => Delivery::Linked,
            Self::Beat | Self::Comma => Delivery::Listed,
            Self::End | Self::Stop => Delivery::Final,
        }
    }
}

//! The drawing of a flow: blocks as cards, the ways between them as lines. SVG with a layout of our own, Mermaid, DOT.
//!
//! `from_flow.rs` makes a `Diagram` of a compiled flow; `layout/` says where everything stands, after Sugiyama, Tagawa and
//! Toda (1981); the writers make text. Nothing here knows where the text goes.

pub(super) mod card;
pub(super) mod diagram;
mod dot;
mod from_flow;
mod layout;
mod mermaid;
mod palette;
mod steps;
mod svg;
#[cfg(test)]
mod tests;
mod text;
pub(super) mod words;

pub(crate) use self::diagram::Diagram;
#[cfg(test)]
pub(crate) use self::diagram::{Course, Edge, Kind, Label, Line, Node, Sign};
pub(crate) use self::dot::dot;
pub(crate) use self::from_flow::diagram;
pub(crate) use self::layout::TooLarge;
pub(crate) use self::mermaid::mermaid;
pub(crate) use self::svg::svg;

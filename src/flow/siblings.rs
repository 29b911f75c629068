//! The flows of a site as they see each other, before any of them is compiled: what each takes and gives when another calls
//! it, whom it calls, and which languages its callers can hear.

use std::collections::{BTreeMap, BTreeSet};

use super::speech::Language;
use super::value::{CALL_LANGUAGE, Kind};
use crate::base::name::Name;
use crate::base::yaml::{Node, Value};

/// The flows of a site, by name.
#[derive(Debug, Default)]
pub(crate) struct Siblings(BTreeMap<Name, Signature>);

/// What a flow takes, gives, and speaks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Signature {
    /// What a `call` of it must give.
    pub(crate) inputs: Vec<(Name, Kind)>,
    /// What it gives back.
    pub(crate) outputs: Vec<(Name, Kind)>,
    /// The flows that it calls.
    pub(crate) calls: BTreeSet<Name>,
    /// The languages that its callers can hear, those who come from other flows included.
    pub(crate) languages: BTreeSet<Language>,
}

impl Siblings {
    /// Looks through the trees of all flows. What is wrong in them is told when they are compiled.
    pub(crate) fn of<'a>(flows: impl Iterator<Item = (Name, &'a Node)>) -> Self {
        let mut all: BTreeMap<Name, Signature> = flows.map(|(name, root)| (name, signature(root))).collect();
        share_languages(&mut all);
        Self(all)
    }

    /// The signature of a flow.
    pub(crate) fn get(&self, flow: &str) -> Option<&Signature> {
        self.0.get(flow)
    }

    /// All names.
    pub(crate) fn names(&self) -> BTreeSet<Name> {
        self.0.keys().cloned().collect()
    }

    /// Whether one flow is another, or comes to it by calls.
    pub(crate) fn reaches(&self, from: &Name, to: &Name) -> bool {
        let mut seen = BTreeSet::new();
        let mut open = vec![from];
        while let Some(next) = open.pop() {
            if next == to {
                return true;
            }
            if seen.insert(next) {
                open.extend(self.get(next).into_iter().flat_map(|it| &it.calls));
            }
        }
        false
    }
}

/// The signature of a flow by its text alone.
pub(crate) fn signature(root: &Node) -> Signature {
    let mut signature = Signature {
        inputs: typed(root.get("inputs")),
        outputs: typed(root.get("outputs")),
        ..Signature::default()
    };
    let first = root.get("language").and_then(Node::text).and_then(Language::parse).unwrap_or_default();
    signature.languages.insert(first);
    if let Some(Node { value: Value::Map(blocks), .. }) = root.get("blocks") {
        let steps = blocks.iter().flat_map(|(_, block)| match &block.value {
            Value::List(steps) => steps.as_slice(),
            Value::Null | Value::Text { .. } | Value::Map(_) => &[],
        });
        for step in steps {
            signature.calls.extend(step.get("call").and_then(Node::text).map(Name::from));
            let set = step.get("set").and_then(|values| values.get(CALL_LANGUAGE));
            signature.languages.extend(set.and_then(Node::text).and_then(Language::parse));
        }
    }
    signature
}

/// `[commande, montant]`, or with types: `{ commande: text, montant: euros }`.
pub(super) fn typed(node: Option<&Node>) -> Vec<(Name, Kind)> {
    let kind =
        |node: &Node| Kind::NAMED.iter().find(|(word, _)| node.text() == Some(word)).map(|(_, kind)| *kind);
    match node.map(|node| &node.value) {
        Some(Value::List(names)) => {
            names.iter().filter_map(|name| Some((Name::from(name.text()?), Kind::Text))).collect()
        }
        Some(Value::Map(entries)) => entries
            .iter()
            .filter_map(|(name, node)| Some((Name::from(name.text()?), kind(node).unwrap_or(Kind::Text))))
            .collect(),
        Some(Value::Text { text, .. }) => vec![(Name::from(text.as_str()), Kind::Text)],
        Some(Value::Null) | None => Vec::new(),
    }
}

/// A caller takes their language into a flow that is called, and comes back with the one that it set.
fn share_languages(all: &mut BTreeMap<Name, Signature>) {
    loop {
        let mut more: Vec<(Name, BTreeSet<Language>)> = Vec::new();
        for (name, signature) in &*all {
            for called in &signature.calls {
                let Some(other) = all.get(called) else { continue };
                more.push((
                    called.clone(),
                    signature.languages.difference(&other.languages).copied().collect(),
                ));
                more.push((
                    name.clone(),
                    other.languages.difference(&signature.languages).copied().collect(),
                ));
            }
        }
        more.retain(|(_, languages)| !languages.is_empty());
        if more.is_empty() {
            return;
        }
        for (name, languages) in more {
            all.entry(name).or_default().languages.extend(languages);
        }
    }
}

//! Values: `serde_yaml` reads the text into the shape that is already known.
//!
//! The shape says what to ask for, so that `serde_yaml` never guesses a type: a scalar is asked for as a text and stays
//! as it was written. It knows YAML 1.1 where the first reader knows 1.2, so they may differ; a text that two readers
//! understand differently is refused rather than guessed.

use std::fmt;
use std::ops::Range;

use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Unexpected, Visitor,
};

use super::{Mistakes, Node, Places, Value};
use crate::base::diagnostic::Text;
use crate::say;

const CODE: &str = "yaml-readers-disagree";
const HELP: Text = Text::word("quote the text, or write it in another way");

/// Reads the values of `root` again, and tells where they are not what they were.
pub(super) fn read(text: &str, places: &Places, root: &mut Node, mistakes: &mut Mistakes<'_>) {
    let mut log = Log { at: root.range.clone(), differences: Vec::new() };
    let outcome = Seed { node: root, log: &mut log }.deserialize(serde_yaml::Deserializer::from_str(text));
    for (range, why) in log.differences {
        mistakes.error(range, CODE, say!("this can be read in two ways: {}", why), Some(HELP));
    }
    if let Err(error) = outcome {
        // A mistake of syntax has a place; one of shape is that of the node that was being read.
        let place = error.location().map(|location| places.octet(location.index()));
        if let Some(at) = place.filter(|at| text[*at..].starts_with('\t')) {
            // YAML 1.2 lets a tab stand at some places where 1.1 does not.
            let why = Text::word("a tab cannot stand here in YAML");
            mistakes.error(at..at + 1, "tab", why, Some(Text::word("write spaces")));
            return;
        }
        let range = place.map_or(log.at.clone(), |at| if log.at.contains(&at) { log.at } else { at..at });
        let why = error.to_string();
        let why = why.split_once(" at line ").map_or(why.as_str(), |(why, _)| why);
        mistakes.error(range, CODE, say!("this can be read in two ways: {}", why), Some(HELP));
    }
}

/// How the second reading went.
struct Log {
    /// The node that is being read.
    at: Range<usize>,
    differences: Vec<(Range<usize>, Text)>,
}

/// Reads one node.
struct Seed<'a> {
    node: &'a mut Node,
    log: &'a mut Log,
}

impl Seed<'_> {
    fn differ(&mut self, why: Text) {
        self.log.differences.push((self.node.range.clone(), why));
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.log.at = self.node.range.clone();
        match self.node.value {
            Value::Null => deserializer.deserialize_any(self),
            Value::Text { .. } => deserializer.deserialize_str(self),
            Value::List(_) => deserializer.deserialize_seq(self),
            Value::Map(_) => deserializer.deserialize_map(self),
        }
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.node.value {
            Value::Null => "nothing",
            Value::Text { .. } => "a text",
            Value::List(_) => "a list",
            Value::Map(_) => "keys and values",
        })
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<(), E> {
        match self.node.value {
            Value::Null => Ok(()),
            Value::Text { .. } | Value::List(_) | Value::Map(_) => {
                Err(E::invalid_type(Unexpected::Unit, &self))
            }
        }
    }

    fn visit_str<E: serde::de::Error>(mut self, read: &str) -> Result<(), E> {
        let Value::Text { text, .. } = &mut self.node.value else {
            return Err(E::invalid_type(Unexpected::Str(read), &self));
        };
        if text != read {
            let why = say!("as {} or as {}", format!("{text:?}"), format!("{read:?}"));
            read.clone_into(text);
            self.differ(why);
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut access: A) -> Result<(), A::Error> {
        let Value::List(items) = &mut self.node.value else {
            return Err(A::Error::invalid_type(Unexpected::Seq, &self));
        };
        let (shape, mut read) = (items.len(), 0);
        for node in items {
            if access.next_element_seed(Seed { node, log: &mut *self.log })?.is_none() {
                break;
            }
            read += 1;
        }
        while access.next_element::<IgnoredAny>()?.is_some() {
            read += 1;
        }
        if read != shape {
            self.differ(say!("as a list of {} or of {}", shape, read));
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut access: A) -> Result<(), A::Error> {
        let Value::Map(entries) = &mut self.node.value else {
            return Err(A::Error::invalid_type(Unexpected::Map, &self));
        };
        let (shape, mut read) = (entries.len(), 0);
        for (key, value) in entries {
            if access.next_key_seed(Seed { node: key, log: &mut *self.log })?.is_none() {
                break;
            }
            access.next_value_seed(Seed { node: value, log: &mut *self.log })?;
            read += 1;
        }
        while access.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {
            read += 1;
        }
        if read != shape {
            self.differ(say!("as {} keys or as {}", shape, read));
        }
        Ok(())
    }
}

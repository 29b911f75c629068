//! A table whose keys stay true: a key of something removed never finds what came into its place.

use std::fmt;
use std::marker::PhantomData;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Where a value stands in an [`Arena`], and which of the values that stood there it is.
pub(crate) struct Key<T> {
    index: u32,
    generation: u32,
    of: PhantomData<fn() -> T>,
}

impl<T> Key<T> {
    /// The key as one number: for logs, and as an order.
    pub(crate) const fn number(self) -> u64 {
        (self.generation as u64) << 32 | self.index as u64
    }

    /// The key of such a number; it finds nothing if the number was never a key of that table.
    pub(crate) const fn from_number(number: u64) -> Self {
        Self { index: number as u32, generation: (number >> 32) as u32, of: PhantomData }
    }
}

impl<T> Clone for Key<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Key<T> {}
impl<T> PartialEq for Key<T> {
    fn eq(&self, other: &Self) -> bool {
        self.number() == other.number()
    }
}
impl<T> Eq for Key<T> {}
impl<T> PartialOrd for Key<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Key<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.number().cmp(&other.number())
    }
}
impl<T> std::hash::Hash for Key<T> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.number().hash(state);
    }
}
impl<T> fmt::Debug for Key<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}.{}", self.index, self.generation)
    }
}

impl<T> Serialize for Key<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.number().serialize(serializer)
    }
}

impl<'de, T> Deserialize<'de> for Key<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        u64::deserialize(deserializer).map(Self::from_number)
    }
}

/// A table of no more values than this takes no room for others.
const FIRST_EXACT: usize = 2;

/// Values with generational keys. Insertion and removal are O(1); iteration is in order of place.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Arena<T> {
    slots: Vec<Slot<T>>,
    free: Vec<u32>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Slot<T> {
    generation: u32,
    value: Option<T>,
}

impl<T> Default for Arena<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Arena<T> {
    /// An empty table.
    pub(crate) const fn new() -> Self {
        Self { slots: Vec::new(), free: Vec::new() }
    }

    /// Puts `value` in, and says where.
    pub(crate) fn insert(&mut self, value: T) -> Key<T> {
        let index = self.free.pop().unwrap_or_else(|| {
            if self.slots.len() < FIRST_EXACT {
                // The table of a call's telephones, of which most have one: `Vec` would make room for four.
                self.slots.reserve_exact(1);
            }
            self.slots.push(Slot { generation: 0, value: None });
            u32::try_from(self.slots.len() - 1).expect("an arena is bounded far below 2^32 by base/limit.rs")
        });
        let slot = &mut self.slots[index as usize];
        slot.value = Some(value);
        Key { index, generation: slot.generation, of: PhantomData }
    }

    /// Takes the value out; its key is dead from then on.
    pub(crate) fn remove(&mut self, key: Key<T>) -> Option<T> {
        let value = self.take(key)?;
        self.retire(key);
        Some(value)
    }

    /// Gives up the place of what was taken out by [`Arena::take`]: its key is dead from then on.
    ///
    /// # Panics
    /// When nothing was taken out from there.
    pub(crate) fn retire(&mut self, key: Key<T>) {
        let slot = &mut self.slots[key.index as usize];
        assert!(slot.generation == key.generation && slot.value.is_none(), "what was taken out is given up");
        slot.generation = slot.generation.wrapping_add(1);
        self.free.push(key.index);
    }

    /// Takes the value out to work on it; its place is kept, and its key finds nothing until [`Arena::put_back`].
    pub(crate) fn take(&mut self, key: Key<T>) -> Option<T> {
        let slot = self.slots.get_mut(key.index as usize)?;
        if slot.generation == key.generation { slot.value.take() } else { None }
    }

    /// Puts back what was taken out by [`Arena::take`].
    ///
    /// # Panics
    /// When nothing was taken out from there.
    pub(crate) fn put_back(&mut self, key: Key<T>, value: T) {
        let slot = &mut self.slots[key.index as usize];
        assert!(slot.generation == key.generation && slot.value.is_none(), "what was taken out is put back");
        slot.value = Some(value);
    }

    /// The value of a key that is alive.
    pub(crate) fn get(&self, key: Key<T>) -> Option<&T> {
        let slot = self.slots.get(key.index as usize)?;
        if slot.generation == key.generation { slot.value.as_ref() } else { None }
    }

    /// The value of a key that is alive, to change.
    pub(crate) fn get_mut(&mut self, key: Key<T>) -> Option<&mut T> {
        let slot = self.slots.get_mut(key.index as usize)?;
        if slot.generation == key.generation { slot.value.as_mut() } else { None }
    }

    /// How many values there are.
    pub(crate) fn len(&self) -> usize {
        self.slots.len() - self.free.len()
    }

    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All values with their keys, in order of place.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Key<T>, &T)> {
        self.slots.iter().enumerate().filter_map(|(index, slot)| {
            let key = Key { index: index as u32, generation: slot.generation, of: PhantomData };
            slot.value.as_ref().map(|value| (key, value))
        })
    }

    /// All values with their keys, to change.
    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = (Key<T>, &mut T)> {
        self.slots.iter_mut().enumerate().filter_map(|(index, slot)| {
            let key = Key { index: index as u32, generation: slot.generation, of: PhantomData };
            slot.value.as_mut().map(|value| (key, value))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dead_key_never_finds_its_successor() {
        let mut arena = Arena::new();
        let first = arena.insert("first");
        assert_eq!(arena.remove(first), Some("first"));
        let second = arena.insert("second");
        assert_eq!(arena.get(first), None);
        assert_eq!(arena.remove(first), None);
        assert_eq!(arena.get(second), Some(&"second"));
        assert_eq!(arena.len(), 1);
    }

    #[test]
    fn what_is_taken_out_keeps_its_place() {
        let mut arena = Arena::new();
        let (first, second) = (arena.insert("first"), arena.insert("second"));
        assert_eq!((arena.take(first), arena.take(first), arena.get(first)), (Some("first"), None, None));
        assert_eq!((arena.len(), arena.iter().count()), (2, 1));
        let third = arena.insert("third");
        arena.put_back(first, "again");
        assert_eq!((arena.get(first), arena.get(third)), (Some(&"again"), Some(&"third")));
        arena.take(second);
        arena.retire(second);
        assert_eq!((arena.take(second), arena.len()), (None, 2));
    }

    #[test]
    fn a_table_is_data_and_its_keys_stay_true() {
        let mut arena = Arena::new();
        let (first, second) = (arena.insert(1), arena.insert(2));
        arena.remove(first);
        let text = serde_json::to_string(&(&arena, second)).unwrap();
        let (mut again, key): (Arena<i32>, Key<i32>) = serde_json::from_str(&text).unwrap();
        assert_eq!((again.get(first), again.get(key), again.len()), (None, Some(&2), 1));
        assert_eq!(again.insert(3), arena.insert(3));
    }
}

//! Who of a group is rung next.

use crate::base::name::Name;
use crate::base::time::Instant;

/// The order in which a queue rings its agents.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Order {
    /// Who has been without a call for longest.
    #[default]
    LongestIdle,
    /// All who are free, at once; the first who answers has the call.
    RingAll,
    /// The one after who was rung last, round and round.
    RoundRobin,
    /// The first in the list who is free.
    InTurn,
}

impl Order {
    /// Every order with the word that names it in `order:`.
    pub(crate) const ALL: [(&'static str, Self); 4] = [
        ("longest-idle", Self::LongestIdle),
        ("ring-all", Self::RingAll),
        ("round-robin", Self::RoundRobin),
        ("in-turn", Self::InTurn),
    ];

    /// Who of `members` is rung, given who was rung `last` and since when each is `free` (none: cannot be rung).
    pub(crate) fn choose(
        self,
        members: &[Name],
        last: Option<&Name>,
        free: impl Fn(&Name) -> Option<Instant>,
    ) -> Vec<Name> {
        let able = |name: &&Name| free(name).is_some();
        match self {
            // `min_by_key` takes the first of equals: the order of the list decides between those free equally long.
            Self::LongestIdle => {
                members.iter().filter(able).min_by_key(|name| free(name)).cloned().into_iter().collect()
            }
            Self::RingAll => members.iter().filter(able).cloned().collect(),
            Self::InTurn => members.iter().find(able).cloned().into_iter().collect(),
            Self::RoundRobin => {
                let after =
                    last.and_then(|last| members.iter().position(|name| name == last)).map_or(0, |at| at + 1);
                let (before, rest) = members.split_at(after.min(members.len()));
                rest.iter().chain(before).find(able).cloned().into_iter().collect()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::time::at;

    fn chosen(order: Order, last: Option<&str>, free: &[(&str, u64)]) -> Vec<String> {
        let members: Vec<Name> = ["alice", "bruno", "chloe"].into_iter().map(Name::from).collect();
        let last = last.map(Name::from);
        let since = |name: &Name| free.iter().find(|(free, _)| *name == **free).map(|(_, since)| at(*since));
        order.choose(&members, last.as_ref(), since).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn each_order_chooses_its_own() {
        let all = [("alice", 30), ("bruno", 10), ("chloe", 20)];
        assert_eq!(chosen(Order::LongestIdle, None, &all), ["bruno"]);
        assert_eq!(chosen(Order::LongestIdle, None, &[("chloe", 5), ("alice", 5)]), ["alice"]);
        assert_eq!(chosen(Order::RingAll, None, &all), ["alice", "bruno", "chloe"]);
        assert_eq!(chosen(Order::InTurn, Some("alice"), &all), ["alice"]);
        assert_eq!(chosen(Order::RoundRobin, None, &all), ["alice"]);
        assert_eq!(chosen(Order::RoundRobin, Some("alice"), &all), ["bruno"]);
        assert_eq!(chosen(Order::RoundRobin, Some("chloe"), &all), ["alice"]);
        assert_eq!(chosen(Order::RoundRobin, Some("alice"), &[("alice", 1)]), ["alice"]);
        assert_eq!(chosen(Order::RoundRobin, Some("gone"), &all), ["alice"]);
        for (_, order) in Order::ALL {
            assert_eq!(chosen(order, Some("alice"), &[]), [""; 0]);
        }
    }
}

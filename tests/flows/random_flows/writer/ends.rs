//! The last step of a block: where the call goes.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::{Kind, Known, Writer};

impl Writer<'_> {
    /// The last step of a block.
    pub(super) fn end(&mut self, known: &Known, depth: usize, from: usize) -> String {
        match self.rng.below(12) {
            0..=4 if depth < 3 => self.menu(known, depth + 1, from),
            5 => format!(
                "    - hours: boutique\n      open: {}\n      closed: {}\n      holiday: {}\n",
                self.later(known, depth),
                self.later(known, depth),
                self.later(known, depth)
            ),
            6 => format!(
                "    - if: {}\n      then: {}\n      else: {}\n",
                self.condition(known, 2),
                self.later(known, depth),
                self.later(known, depth)
            ),
            7 => format!(
                "    - switch: caller.country\n      cases: {{ FR: {}, BE: {} }}\n      otherwise: {}\n",
                self.later(known, depth),
                self.later(known, depth),
                self.later(known, depth)
            ),
            8 => {
                let targets: BTreeSet<String> = (0..3).map(|_| self.later(known, depth)).collect();
                let first = 100 - 20 * (targets.len() as u64 - 1);
                let shares: Vec<String> = targets
                    .iter()
                    .enumerate()
                    .map(|(place, target)| format!("{target}: {}%", if place == 0 { first } else { 20 }))
                    .collect();
                format!("    - split: {{ {} }}\n", shares.join(", "))
            }
            9 => self.queue(known, depth, from),
            10 => {
                let whom = [
                    "ring: [alice, bruno]\n      order: in-turn",
                    "ring: alice",
                    "transfer: 01 99 88 77 66",
                    "transfer: sip:atelier@pbx.exemple.fr\n      caller_id: anonymous",
                ];
                let whom = whom[self.rng.below(4) as usize];
                let after = if self.rng.chance(400) {
                    format!("      after: {}\n", self.anywhere(known, depth, from))
                } else {
                    String::new()
                };
                format!(
                    "    - {whom}\n      timeout: 15s\n      failed: {}\n{after}",
                    self.later(known, depth)
                )
            }
            _ if self.rng.chance(600) => format!("    - goto: {}\n", self.later(known, depth)),
            _ => self.last_step(known),
        }
    }

    fn menu(&mut self, known: &Known, depth: usize, from: usize) -> String {
        let mut text = format!("    - menu: {}\n      keys:\n", self.said(known));
        let count = 1 + self.rng.below(4);
        for key in (1..=count)
            .map(|key| key.to_string())
            .chain(self.rng.chance(400).then(|| "star".to_owned()))
            .chain(self.rng.chance(200).then(|| "0".to_owned()))
        {
            let label = format!("choisir {}", self.rng.below(90));
            let label = self.speech(&label);
            let _ = writeln!(
                text,
                "        {key}: {{ label: {label}, goto: {} }}",
                self.anywhere(known, depth, from)
            );
        }
        if self.rng.chance(300) {
            let _ = writeln!(text, "      silence: {}", self.later(known, depth));
        }
        text
    }

    fn queue(&mut self, known: &Known, depth: usize, from: usize) -> String {
        let mut text = "    - queue: conseillers\n      max_wait: 3m\n".to_owned();
        if self.rng.chance(500) {
            let _ = writeln!(
                text,
                "      skill: sav\n      keys: {{ 9: {} }}",
                self.anywhere(known, depth, from)
            );
        }
        if self.rng.chance(500) {
            let _ = writeln!(
                text,
                "      callback: {{ after: 60s, key: 1, goto: {} }}",
                self.anywhere(known, depth, from)
            );
        }
        if self.rng.chance(300) {
            let _ = writeln!(text, "      after: {}", self.anywhere(known, depth, from));
        }
        let _ = writeln!(
            text,
            "      no_agent: {}\n      too_long: {}",
            self.later(known, depth),
            self.later(known, depth)
        );
        text
    }

    /// The end of the call, or the way back.
    pub(super) fn last_step(&mut self, known: &Known) -> String {
        let Some((_, outputs)) = &self.called else { return "    - hangup: normal\n".to_owned() };
        let same = known
            .iter()
            .find(|(_, kind)| matches!(kind, Kind::Digits | Kind::Text))
            .map(|(name, _)| format!("\"{{{name}}}\""));
        let value = same.unwrap_or_else(|| "\"rien\"".to_owned());
        let given: Vec<String> = outputs.iter().map(|output| format!("{output}: {value}")).collect();
        if given.is_empty() {
            "    - return:\n".to_owned()
        } else {
            format!("    - return: {{ {} }}\n", given.join(", "))
        }
    }
}

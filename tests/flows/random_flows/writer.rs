//! Writes valid sites from a seed: flows with every verb, sub-flows with inputs and outputs, two languages sometimes.
//!
//! Ways that are taken without listening lead to blocks that are written later, so that no loop is deaf; what a block may read
//! is what is set on every way into it; menus are never deeper than three levels.

mod ends;

use std::collections::{BTreeMap, VecDeque};
use std::fmt::Write;

use svi::base::rng::Rng;

/// The site that the flows live in.
pub const SITE: &str = "\
svi: 1
site: essais
agents:
  alice: { sip: alice, password: alice, skills: [sav] }
  bruno: { phone: 06 98 76 54 32 }
hours:
  boutique:
    week:
      lun-ven: 9h-12h30, 14h-18h
      sam: 9h-12h
    holidays: france
queues:
  conseillers: { agents: [alice, bruno], position: every 45s }
  sav: { agents: [alice] }
mailboxes:
  accueil: { longest: 1m }
  sav: { email: sav@exemple.fr }
";

/// A site with its flows: file names and texts.
pub struct Written {
    pub texts: Vec<(String, String)>,
    pub blocks: usize,
}

/// The types of variables.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Kind {
    Digits,
    Text,
    Number,
    Euros,
    Date,
    Recording,
}

type Known = BTreeMap<String, Kind>;

/// What a flow takes and gives: names with the words of their types.
type Signature = (Vec<(String, Kind)>, Vec<String>);

/// A block that something leads to.
#[derive(Clone)]
struct Block {
    known: Known,
    /// Menus above it.
    depth: usize,
}

struct Writer<'r> {
    rng: &'r mut Rng,
    english: bool,
    blocks: Vec<Block>,
    /// Blocks that are not written yet, in the order in which they were first led to.
    pending: VecDeque<usize>,
    most: usize,
    variables: usize,
    /// Variables that may be set somewhere.
    maybe: BTreeMap<String, Kind>,
    /// The flow that is written: none for the one that is dialled.
    called: Option<Signature>,
    others: Vec<(String, Signature)>,
}

/// Writes a site.
pub fn write(seed: u64) -> Written {
    let mut rng = Rng::seeded(seed);
    let english = rng.chance(250);
    let count = rng.below(3) as usize;
    let (mut texts, mut others, mut blocks) =
        (vec![("site.yaml".to_owned(), SITE.to_owned())], Vec::new(), 0);
    for place in 0..count {
        let inputs: Vec<(String, Kind)> = (0..rng.below(3))
            .map(|n| (format!("donne{n}"), if rng.chance(500) { Kind::Text } else { Kind::Number }))
            .collect();
        let outputs: Vec<String> = (0..rng.below(3)).map(|n| format!("rendu{place}{n}")).collect();
        let name = format!("sous{place}");
        let most = 1 + rng.below(8) as usize;
        let signature = (inputs, outputs);
        let text = flow(&mut rng, english, &name, most, Some(signature.clone()), others.clone(), &mut blocks);
        texts.push((format!("{name}.yaml"), text));
        others.push((name, signature));
    }
    let most = 1 + rng.below(40) as usize;
    let text = flow(&mut rng, english, "accueil", most, None, others, &mut blocks);
    texts.push(("accueil.yaml".to_owned(), text));
    Written { texts, blocks }
}

fn flow(
    rng: &mut Rng,
    english: bool,
    name: &str,
    most: usize,
    called: Option<Signature>,
    others: Vec<(String, Signature)>,
    count: &mut usize,
) -> String {
    let mut text = format!("svi: 1\nname: {name}\nstart: b0\n");
    let mut known = Known::new();
    match &called {
        Some((inputs, outputs)) => {
            let typed = |(name, kind): &(String, Kind)| {
                format!("{name}: {}", if *kind == Kind::Number { "number" } else { "text" })
            };
            let _ =
                writeln!(text, "inputs: {{ {} }}", inputs.iter().map(typed).collect::<Vec<_>>().join(", "));
            let _ = writeln!(text, "outputs: [{}]", outputs.join(", "));
            known.extend(inputs.iter().cloned());
        }
        None if rng.chance(700) => text
            .push_str("numbers: [0800 123 456, 01 23 45 67 89]\nlegal: { free_call: appel-gratuit.wav }\n"),
        None => text.push_str("numbers: [01 23 45 67 89]\n"),
    }
    let _ = writeln!(
        text,
        "defaults: {{ tries: {}, timeout: {}s, otherwise: fin, error: panne }}\nblocks:",
        1 + rng.below(3),
        3 + rng.below(5)
    );
    let start = Block { known, depth: 0 };
    let mut writer = Writer {
        rng,
        english,
        blocks: vec![start],
        pending: VecDeque::from([0]),
        most,
        variables: 0,
        maybe: BTreeMap::new(),
        called,
        others,
    };
    while let Some(id) = writer.pending.pop_front() {
        writer.block(id, &mut text);
    }
    *count += writer.blocks.len() + 2;
    let fin = writer.last_step(&Known::new());
    let farewell = writer.speech("Au revoir.");
    let _ = write!(text, "  fin:\n    - say: {farewell}\n{fin}  panne:\n    - hangup: technical\n");
    text
}

impl Writer<'_> {
    fn block(&mut self, id: usize, text: &mut String) {
        let Block { mut known, depth } = self.blocks[id].clone();
        let _ = writeln!(text, "  b{id}:");
        for _ in 0..self.rng.below(4) {
            let step = self.step(&mut known, depth, id);
            text.push_str(&step);
        }
        let end = self.end(&known, depth, id);
        text.push_str(&end);
    }

    /// A new variable.
    fn fresh(&mut self, prefix: &str) -> String {
        self.variables += 1;
        format!("{prefix}{}", self.variables)
    }

    /// A block to be written later; one that is waited for already, or the end, where there are enough.
    fn later(&mut self, known: &Known, depth: usize) -> String {
        if self.blocks.len() < self.most && self.rng.chance(600) {
            self.blocks.push(Block { known: known.clone(), depth });
            self.pending.push_back(self.blocks.len() - 1);
            return format!("b{}", self.blocks.len() - 1);
        }
        let count = self.pending.len() as u64;
        if count == 0 || self.rng.chance(300) {
            return "fin".to_owned();
        }
        let id = self.pending[self.rng.below(count) as usize];
        let block = &mut self.blocks[id];
        block.known.retain(|name, _| known.contains_key(name));
        block.depth = block.depth.max(depth);
        format!("b{id}")
    }

    /// The same, or a block that was written before: for a way on which the caller was heard.
    fn anywhere(&mut self, known: &Known, depth: usize, from: usize) -> String {
        let back = self.rng.below(from as u64 + 1) as usize;
        let fits = self.blocks[back].known.keys().all(|name| known.contains_key(name));
        if fits && !self.pending.contains(&back) && self.rng.chance(200) {
            return format!("b{back}");
        }
        self.later(known, depth)
    }

    /// A text to be said, in the languages of the site.
    fn speech(&mut self, text: &str) -> String {
        match self.english {
            true => format!("{{ fr: \"{text}\", en: \"{text}\" }}"),
            false => format!("\"{text}\""),
        }
    }

    /// A text with values of all kinds that can be said here.
    fn said(&mut self, known: &Known) -> String {
        let mut values: Vec<String> = known
            .iter()
            .filter_map(|(name, kind)| {
                let format = match kind {
                    Kind::Digits => "digits",
                    Kind::Text => "spell",
                    Kind::Number => "number",
                    Kind::Euros => "euros",
                    Kind::Date => "date",
                    Kind::Recording => return None,
                };
                Some(format!("{{{name}|{format}}}"))
            })
            .collect();
        values.extend(
            [
                "{caller|phone}",
                "{call.ref|digits}",
                "{boutique|hours}",
                "{boutique.next_open|date-time}",
                "{call.tries|number}",
            ]
            .map(str::to_owned),
        );
        let mut text = format!("Phrase {}", self.rng.below(50));
        for _ in 0..self.rng.below(3) {
            let value = &values[self.rng.below(values.len() as u64) as usize];
            let _ = write!(text, " et {value}");
        }
        self.speech(&text)
    }

    /// A written text: whatever is known can stand in it.
    fn written(&mut self, known: &Known) -> String {
        let names: Vec<&str> =
            known.keys().map(String::as_str).chain(["caller", "call.ref", "call.number"]).collect();
        format!("\"Appel {{{}}}\"", names[self.rng.below(names.len() as u64) as usize])
    }

    /// A condition over what is known.
    fn condition(&mut self, known: &Known, levels: u32) -> String {
        if levels > 0 && self.rng.chance(400) {
            let (left, right) = (self.condition(known, levels - 1), self.condition(known, levels - 1));
            return match self.rng.below(4) {
                0 => format!("{left} and {right}"),
                1 => format!("({left} or {right})"),
                2 => format!("not ({left})"),
                _ => format!("({left}) and not ({right})"),
            };
        }
        let mut all: Vec<String> = [
            "open(boutique)",
            "agents(sav) > 0",
            "waiting(conseillers) <= 3",
            "caller.mobile",
            "caller.anonymous",
            "caller.country == \"FR\"",
            "call.tries < 2",
            "call.language == \"fr\"",
        ]
        .map(str::to_owned)
        .to_vec();
        for (name, kind) in known {
            match kind {
                Kind::Digits | Kind::Text => {
                    all.push(format!("{name} == \"12\""));
                    all.push(format!("{name} in [\"1\", \"2\"]"));
                }
                Kind::Number | Kind::Euros => all.push(format!("{name} >= 2")),
                Kind::Date => all.push(format!("{name} < \"2026-12-01\"")),
                Kind::Recording => {}
            }
        }
        all.swap_remove(self.rng.below(all.len() as u64) as usize)
    }

    /// A step that another follows.
    fn step(&mut self, known: &mut Known, depth: usize, from: usize) -> String {
        match self.rng.below(19) {
            0 | 1 => format!("    - say: {}\n      interrupt: {}\n", self.said(known), self.rng.chance(700)),
            2 => "    - play: promotion.wav\n".to_owned(),
            3 => format!("    - wait: {}s\n", 1 + self.rng.below(9)),
            4 | 5 => self.ask(known, depth, from),
            6 => {
                let name = self.fresh("enregistre");
                known.insert(name.clone(), Kind::Recording);
                format!("    - record: {name}\n      longest: 20s\n")
            }
            7 => {
                format!("    - if: {}\n      then: {}\n", self.condition(known, 2), self.later(known, depth))
            }
            8 => self.guard(known, depth),
            9 => self.call(known),
            10 => {
                let (n, t) = (self.fresh("nombre"), self.fresh("texte"));
                let speaks = if self.english && self.rng.chance(500) { ", call.language: en" } else { "" };
                known.insert(n.clone(), Kind::Number);
                known.insert(t.clone(), Kind::Text);
                format!(
                    "    - set: {{ {n}: {}, {t}: \"ab{}\"{speaks} }}\n",
                    self.rng.below(100),
                    self.rng.below(9)
                )
            }
            11 => format!("    - tag: étape {}\n", self.rng.below(9)),
            12 => format!("    - event: vu\n      with: {{ quoi: {} }}\n", self.written(known)),
            13 | 14 => self.http(known, depth),
            15 => {
                let name = self.fresh("client");
                self.maybe.insert(name.clone(), Kind::Text);
                format!(
                    "    - identify: GET https://crm.exemple.fr/c?t={{caller}}\n      save: {{ {name}: \"nom: text\" }}\n      card: https://crm.exemple.fr/{{{name}}}\n"
                )
            }
            16 => format!(
                "    - callback: conseillers\n      say: {}\n      within: 2h\n      refused: {}\n",
                self.said(known),
                self.anywhere(known, depth, from)
            ),
            17 => {
                let recording =
                    known.iter().find(|(_, kind)| **kind == Kind::Recording).map(|(name, _)| name.clone());
                let attach = recording.map_or(String::new(), |name| format!("      attach: {name}\n"));
                let (sms, email) = (self.written(known), self.written(known));
                format!(
                    "    - voicemail: accueil\n    - sms: {sms}\n    - email: {email}\n      to: sav\n{attach}"
                )
            }
            _ => {
                let name = self.fresh("note");
                self.maybe.insert(name.clone(), Kind::Number);
                format!(
                    "    - survey: {name}\n      say: {}\n      scale: 0..{}\n",
                    self.said(known),
                    1 + self.rng.below(9)
                )
            }
        }
    }

    fn ask(&mut self, known: &mut Known, depth: usize, from: usize) -> String {
        let name = self.fresh("tape");
        let question = self.said(known);
        let options = [
            "digits: 4",
            "digits: 2..6",
            "check: siren",
            "check: phone",
            "digits: 3\n      secret: true",
            "digits: 2..4\n      confirm: true",
            "check: { regex: \"[1-4]{2,5}\" }\n      tries: 2",
        ];
        let option = options[self.rng.below(options.len() as u64) as usize];
        let otherwise = self.anywhere(known, depth, from);
        known.insert(name.clone(), Kind::Digits);
        format!("    - ask: {name}\n      say: {question}\n      {option}\n      otherwise: {otherwise}\n")
    }

    /// Reads what may be set, after having asked.
    fn guard(&mut self, known: &mut Known, depth: usize) -> String {
        let unsure: Vec<(String, Kind)> = self
            .maybe
            .iter()
            .filter(|(name, _)| !known.contains_key(*name))
            .map(|(name, kind)| (name.clone(), *kind))
            .collect();
        if unsure.is_empty() {
            return format!("    - tag: sans question {}\n", self.rng.below(9));
        }
        let (name, kind) = unsure[self.rng.below(unsure.len() as u64) as usize].clone();
        let with = Known::from_iter(
            known.iter().map(|(name, kind)| (name.clone(), *kind)).chain([(name.clone(), kind)]),
        );
        if self.rng.chance(500) {
            let there = self.later(&with, depth);
            return format!("    - if: known({name}) and caller.mobile\n      then: {there}\n");
        }
        let there = self.later(known, depth);
        *known = with;
        format!("    - if: not known({name})\n      then: {there}\n    - say: {}\n", self.said(known))
    }

    fn call(&mut self, known: &mut Known) -> String {
        let count = self.others.len() as u64;
        if count == 0 {
            return format!("    - tag: sans appel {}\n", self.rng.below(9));
        }
        let (name, (inputs, outputs)) = self.others[self.rng.below(count) as usize].clone();
        let given: Vec<String> = inputs
            .iter()
            .map(|(input, kind)| {
                let same =
                    known.iter().find(|(_, known)| *known == kind).map(|(name, _)| format!("\"{{{name}}}\""));
                let literal = if *kind == Kind::Number { "3".to_owned() } else { "\"abc\"".to_owned() };
                format!("{input}: {}", same.unwrap_or(literal))
            })
            .collect();
        let with = if given.is_empty() {
            String::new()
        } else {
            format!("      with: {{ {} }}\n", given.join(", "))
        };
        known.extend(outputs.into_iter().map(|output| (output, Kind::Text)));
        format!("    - call: {name}\n{with}")
    }

    fn http(&mut self, known: &mut Known, depth: usize) -> String {
        let (statut, reste, jour, peut) =
            (self.fresh("statut"), self.fresh("reste"), self.fresh("jour"), self.fresh("note"));
        let path = self.written(known).replace("\"Appel ", "").replace('"', "");
        let not_found = self.later(known, depth);
        let post = if self.rng.chance(300) { "POST" } else { "GET" };
        let body = if post == "POST" {
            format!("      body: {{ valeur: {} }}\n", self.written(known))
        } else {
            String::new()
        };
        known.insert(statut.clone(), Kind::Text);
        known.insert(reste.clone(), Kind::Euros);
        known.insert(jour.clone(), Kind::Date);
        self.maybe.insert(peut.clone(), Kind::Text);
        format!(
            "    - http: {post} https://api.exemple.fr/x/{path}\n{body}      timeout: 2s\n      save: {{ {statut}: \"statut: text\", {reste}: {{ solde: euros }}, {jour}: {{ livraison.0.date: date }}, {peut}: \"note?: text\" }}\n      not_found: {not_found}\n"
        )
    }
}

//! The words of svi's own in a drawing, French and English. They are single words whose sense depends on their place on a
//! card, so they are kept here as a set rather than as sentences of the diagnostics.

use crate::base::diagnostic::Tongue;

/// See the module.
#[derive(Debug)]
pub(super) struct Words {
    /// The code of the language, for readers that speak (BCP 47).
    pub(super) code: &'static str,
    /// The head of the card where calls come in.
    pub(super) calls: &'static str,
    pub(super) open: &'static str,
    pub(super) closed: &'static str,
    pub(super) holiday: &'static str,
    pub(super) otherwise: &'static str,
    pub(super) silence: &'static str,
    pub(super) wrong_key: &'static str,
    pub(super) nobody: &'static str,
    pub(super) too_long: &'static str,
    pub(super) no_answer: &'static str,
    pub(super) call_back: &'static str,
    pub(super) digit: &'static str,
    pub(super) digits: &'static str,
    pub(super) secret: &'static str,
    pub(super) confirmed: &'static str,
    pub(super) at_most: &'static str,
    pub(super) in_turn: &'static str,
    pub(super) and: &'static str,
    pub(super) or: &'static str,
    pub(super) not: &'static str,
    pub(super) one_of: &'static str,
    pub(super) known: &'static str,
    pub(super) is_open: &'static str,
    pub(super) waiting: &'static str,
    pub(super) agents: &'static str,
    pub(super) hang_up: [&'static str; 4],
    pub(super) legend: [&'static str; 3],
    pub(super) leads_to: &'static str,
    /// One for each of `Kind::ALL`.
    pub(super) kinds: [&'static str; 11],
}

impl Words {
    /// Those of a language.
    pub(super) const fn of(tongue: Tongue) -> &'static Self {
        match tongue {
            Tongue::French => &FRENCH,
            Tongue::English => &ENGLISH,
        }
    }
}

static FRENCH: Words = Words {
    code: "fr",
    calls: "appels",
    open: "ouvert",
    closed: "fermé",
    holiday: "férié",
    otherwise: "sinon",
    silence: "silence",
    wrong_key: "autre touche",
    nobody: "personne",
    too_long: "trop long",
    no_answer: "sans réponse",
    call_back: "être rappelé",
    digit: "chiffre",
    digits: "chiffres",
    secret: "secret",
    confirmed: "à confirmer",
    at_most: "au plus",
    in_turn: "tour à tour",
    and: "et",
    or: "ou",
    not: "non",
    one_of: "parmi",
    known: "connu",
    is_open: "ouvert",
    waiting: "en attente",
    agents: "conseillers",
    hang_up: ["raccroche", "occupé", "incident", "refusé"],
    legend: ["voie habituelle", "à défaut", "retour"],
    leads_to: "mène à",
    kinds: [
        "appels",
        "parole",
        "menu",
        "question",
        "aiguillage",
        "file d'attente",
        "appel d'un poste",
        "message",
        "système extérieur",
        "autre parcours",
        "fin",
    ],
};

static ENGLISH: Words = Words {
    code: "en",
    calls: "calls",
    open: "open",
    closed: "closed",
    holiday: "holiday",
    otherwise: "otherwise",
    silence: "silence",
    wrong_key: "other key",
    nobody: "nobody",
    too_long: "too long",
    no_answer: "no answer",
    call_back: "be called back",
    digit: "digit",
    digits: "digits",
    secret: "secret",
    confirmed: "to confirm",
    at_most: "at most",
    in_turn: "in turn",
    and: "and",
    or: "or",
    not: "not",
    one_of: "one of",
    known: "known",
    is_open: "open",
    waiting: "waiting",
    agents: "agents",
    hang_up: ["hangs up", "busy", "failure", "rejected"],
    legend: ["usual way", "fallback", "way back"],
    leads_to: "leads to",
    kinds: [
        "calls",
        "speech",
        "menu",
        "question",
        "branch",
        "queue",
        "rings a phone",
        "message",
        "system outside",
        "other flow",
        "end",
    ],
};

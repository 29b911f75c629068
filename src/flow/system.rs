//! What svi itself says in any flow: static texts in every language, rendered like an operator's, and files of its own.

use super::speech::Language;

/// A sentence of svi's own, in every language.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Phrase {
    /// In French.
    pub(crate) fr: &'static str,
    /// In English.
    pub(crate) en: &'static str,
}

impl Phrase {
    /// Its text in a language.
    pub const fn text(self, language: Language) -> &'static str {
        match language {
            Language::French => self.fr,
            Language::English => self.en,
        }
    }
}

/// A key that a menu does not offer, or an answer that does not fit.
pub(crate) const INVALID: Phrase =
    Phrase { fr: "Cette saisie n'est pas valable.", en: "This entry is not valid." };
/// Nothing was pressed.
pub(crate) const SILENT: Phrase =
    Phrase { fr: "Nous n'avons pas reçu de réponse.", en: "We did not receive an answer." };
/// A recording in which nobody spoke.
pub(crate) const UNHEARD: Phrase =
    Phrase { fr: "Nous n'avons rien entendu.", en: "We did not hear anything." };
/// Before a caller waits for an agent.
pub(crate) const WAITING: Phrase = Phrase {
    fr: "Merci de patienter, nous recherchons un conseiller.",
    en: "Please hold the line, we are looking for an adviser.",
};
/// The agent's line was lost in mid talk.
pub(crate) const LOST: Phrase = Phrase {
    fr: "La communication avec votre conseiller a été interrompue. Nous vous remettons en relation.",
    en: "The connection to your adviser was lost. We are putting you through again.",
};
/// Before the digits that a caller is to confirm.
pub(crate) const TYPED: Phrase = Phrase { fr: "Vous avez tapé", en: "You have entered" };
/// How to confirm them.
pub(crate) const CONFIRM: Phrase = Phrase {
    fr: "Pour confirmer, tapez 1. Pour corriger, tapez 2.",
    en: "To confirm, press 1. To correct, press 2.",
};

/// A caller whose number is secret wants to be called back.
pub(crate) const WHICH_NUMBER: Phrase = Phrase {
    fr: "Tapez les dix chiffres du numéro auquel vous rappeler.",
    en: "Please enter the ten digits of the number to call you back on.",
};
/// In place of a number that is secret.
pub(crate) const SECRET: Phrase = Phrase { fr: "numéro masqué", en: "withheld number" };
/// The first words of a call back.
pub(crate) const CALLING_BACK: Phrase = Phrase {
    fr: "Bonjour, vous avez demandé à être rappelé. Nous vous mettons en relation avec un conseiller.",
    en: "Hello, you asked to be called back. We are putting you through to an adviser.",
};

/// All of them.
pub const PHRASES: &[Phrase] =
    &[INVALID, SILENT, UNHEARD, WAITING, LOST, TYPED, CONFIRM, WHICH_NUMBER, SECRET, CALLING_BACK];

/// The beep before a recording.
pub const BEEP: &str = "bip.wav";
/// The music of who waits, unless the queue has its own.
pub const MUSIC: &str = "attente.wav";
/// What who is on the line hears last when the server stops.
pub(crate) const LEAVE_TAKING: &str = "interruption.wav";
/// What a caller hears whose message could not be recorded.
pub(crate) const RECORDER_APOLOGY: &str = "panne-messagerie.wav";

/// All of svi's own prompt files that a walk may play.
pub(crate) const FILES: &[&str] = &[BEEP, MUSIC, RECORDER_APOLOGY, LEAVE_TAKING];

/// The file that says the same in a language: French stands at the top, others in a folder of their code
/// (`panne.wav`, `en/panne.wav`). What has no words is the same in all.
pub fn file_in(language: Language, file: &str) -> String {
    match language {
        Language::English if file != BEEP && file != MUSIC => format!("{}/{file}", language.as_str()),
        Language::English | Language::French => file.to_owned(),
    }
}

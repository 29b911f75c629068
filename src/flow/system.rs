//! What svi itself says in any flow. Static French texts, rendered like an operator's.

/// A key that a menu does not offer, or an answer that does not fit.
pub const INVALID: &str = "Cette saisie n'est pas valable.";
/// Nothing was pressed.
pub const SILENT: &str = "Nous n'avons pas reçu de réponse.";
/// Before a caller waits for an agent.
pub const WAITING: &str = "Merci de patienter, nous recherchons un conseiller.";
/// The agent's line was lost in mid talk.
pub const LOST: &str =
    "La communication avec votre conseiller a été interrompue. Nous vous remettons en relation.";
/// Before the digits that a caller is to confirm.
pub const TYPED: &str = "Vous avez tapé";
/// How to confirm them.
pub const CONFIRM: &str = "Pour confirmer, tapez 1. Pour corriger, tapez 2.";

/// All of them.
pub const PHRASES: &[&str] = &[INVALID, SILENT, WAITING, LOST, TYPED, CONFIRM];

/// The beep before a recording.
pub const BEEP: &str = "bip.wav";
/// The music of who waits, unless the queue has its own.
pub const MUSIC: &str = "attente.wav";
/// A message could not be recorded.
pub const RECORDER_APOLOGY: &str = "panne-messagerie.wav";

/// All of svi's own prompt files that a walk may play.
pub const FILES: &[&str] = &[BEEP, MUSIC, RECORDER_APOLOGY];

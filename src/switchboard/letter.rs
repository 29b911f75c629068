//! The e-mail that tells a mailbox of a message, with the message in it. It is no step of a flow: whoever reads the mailbox is
//! told whatever the flow does next. Written in the language in which the flow begins, for it goes to people of the company.

use super::call::{Call, Recording};
use crate::base::limit::LETTER_ATTACHED_BYTES_MAX;
use crate::base::time::{Duration, Wall};
use crate::centre::number;
use crate::flow::errand::Letter;
use crate::flow::speech::Language;
use crate::flow::vocabulary::RecordInto;

/// Octets of a second of a recording: 8,000 samples of 16 bit.
const OCTETS_A_SECOND: u64 = 16_000;

/// What a letter says of a message.
struct Told<'a> {
    mailbox: &'a str,
    /// As the French write it; none when it is secret.
    caller: Option<String>,
    /// The number dialled.
    number: String,
    /// On the site's clock.
    received: Wall,
    zone: &'a str,
    duration: Duration,
    reference: &'a str,
    /// It ends before the caller did: the disk refused the rest.
    cut: bool,
    /// Where it lies, when it is too long for a letter.
    left_at: Option<String>,
}

impl Call {
    /// The letter for a message that is on the disk; none when its mailbox has no address, or the site no mail server.
    pub(super) fn letter_of_message(
        &self,
        now: Wall,
        recording: &Recording,
        duration: Duration,
    ) -> Option<Letter> {
        let shared = &self.edition.site.shared;
        let RecordInto::Mailbox(name) = &recording.into else { return None };
        let to = shared.mailboxes.get(name).map(|mailbox| mailbox.email.clone()).unwrap_or_default();
        if to.is_empty() || shared.mail.is_none() {
            return None;
        }
        let flow = self.record.flow.as_ref().and_then(|flow| self.edition.site.flows.get(flow));
        let language = flow.map(|flow| flow.language).unwrap_or_default();
        let fits =
            duration.as_secs().saturating_mul(OCTETS_A_SECOND) < LETTER_ATTACHED_BYTES_MAX - OCTETS_A_SECOND;
        let told = Told {
            mailbox: name,
            caller: self.facts.caller.as_ref().map(|caller| number::display(caller.reveal())),
            number: number::display(&self.facts.number),
            received: now,
            zone: &shared.zone,
            duration,
            reference: &self.facts.reference,
            cut: recording.failed,
            left_at: (!fits).then(|| format!("{}.wav", recording.path)),
        };
        let attachments = if fits { vec![recording.path.clone()] } else { Vec::new() };
        Some(Letter::Email { to, subject: told.subject(language), text: told.text(language), attachments })
    }
}

impl Told<'_> {
    fn subject(&self, language: Language) -> String {
        let (caller, lasting) = (self.caller(language), self.lasting());
        match language {
            Language::French => format!("Message vocal de {caller} ({lasting}), boîte {}", self.mailbox),
            Language::English => format!("Voice message from {caller} ({lasting}), mailbox {}", self.mailbox),
        }
    }

    fn text(&self, language: Language) -> String {
        let (caller, lasting, number, reference) =
            (self.caller(language), self.lasting(), &self.number, self.reference);
        let (day, time) = self.received();
        let mut text = match language {
            Language::French => format!(
                "Un message vous attend dans la boîte vocale {}.\n\nAppelant : {caller}\nNuméro appelé : {number}\n\
                 Reçu le : {day} à {time}\nDurée : {lasting}\nRéférence de l’appel : {reference}\n\n",
                self.mailbox
            ),
            Language::English => format!(
                "A message was left in the mailbox {}.\n\nCaller: {caller}\nNumber dialled: {number}\n\
                 Received: {day} {time}\nDuration: {lasting}\nReference of the call: {reference}\n\n",
                self.mailbox
            ),
        };
        if self.cut {
            text += match language {
                Language::French => "Il est incomplet : le disque du serveur a refusé la suite.\n",
                Language::English => "It is not whole: the disk of the server refused the rest.\n",
            };
        }
        text += &match (language, &self.left_at) {
            (Language::French, None) => {
                "L’enregistrement est joint : un fichier WAV, que tout lecteur lit.\n".to_owned()
            }
            (Language::English, None) => {
                "The recording is attached: a WAV file, which every player plays.\n".to_owned()
            }
            (Language::French, Some(file)) => {
                format!(
                    "Il est trop long pour un courriel ; il est sur le serveur, parmi les messages : {file}\n"
                )
            }
            (Language::English, Some(file)) => {
                format!("It is too long for an e-mail; it lies on the server, among the messages: {file}\n")
            }
        };
        text
    }

    fn caller(&self, language: Language) -> String {
        let secret = match language {
            Language::French => "numéro masqué",
            Language::English => "a withheld number",
        };
        self.caller.clone().unwrap_or_else(|| secret.to_owned())
    }

    /// `0:42`, `12:05`.
    fn lasting(&self) -> String {
        let seconds = self.duration.as_secs();
        format!("{}:{:02}", seconds / 60, seconds % 60)
    }

    /// `27/11/2026`, `18:59`, on the site's clock.
    fn received(&self) -> (String, String) {
        let Some(civil) = self.received.civil(self.zone) else { return Default::default() };
        let (date, time) = (civil.date, civil.time);
        (
            format!("{:02}/{:02}/{}", date.day, date.month, date.year),
            format!("{:02}:{:02}", time.hour, time.minute),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told() -> Told<'static> {
        Told {
            mailbox: "sav",
            caller: Some("06 12 34 56 78".to_owned()),
            number: "0 800 123 456".to_owned(),
            received: Wall::parse("2026-11-27T17:59:30Z").unwrap(),
            zone: "Europe/Paris",
            duration: Duration::from_millis(62_900),
            reference: "042137",
            cut: false,
            left_at: None,
        }
    }

    #[test]
    fn a_letter_says_who_called_when_and_how_long() {
        assert_eq!(told().subject(Language::French), "Message vocal de 06 12 34 56 78 (1:02), boîte sav");
        let text = told().text(Language::French);
        for part in ["06 12 34 56 78", "0 800 123 456", "27/11/2026 à 18:59", "1:02", "042137", "joint"] {
            assert!(text.contains(part), "{part} is not in {text}");
        }
        let secret = Told { caller: None, ..told() };
        assert_eq!(
            secret.subject(Language::English),
            "Voice message from a withheld number (1:02), mailbox sav"
        );
        assert!(secret.text(Language::English).contains("27/11/2026 18:59"));
    }

    #[test]
    fn what_is_cut_or_too_long_is_said() {
        let cut = Told { cut: true, ..told() };
        assert!(cut.text(Language::French).contains("incomplet"));
        let long = Told { left_at: Some("sav/1.wav".to_owned()), ..told() };
        let text = long.text(Language::English);
        assert!(text.contains("sav/1.wav") && !text.contains("attached"), "{text}");
    }
}

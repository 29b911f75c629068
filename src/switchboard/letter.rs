//! The e-mail that tells a mailbox of a message, with the message in it. It is no step of a flow: whoever reads the mailbox is
//! told whatever the flow does next. Written in the language in which the flow begins, for it goes to people of the company.

use crate::base::limit::LETTER_ATTACHED_BYTES_MAX;
use crate::base::time::{Duration, Wall};
use crate::centre::number;
use crate::centre::record::CallRecord;
use crate::config::Site;
use crate::flow::errand::Letter;
use crate::flow::speech::Language;

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
    /// It ends before the caller did.
    cut: Option<Cut>,
    /// Where it lies, when it is too long for a letter.
    left_at: Option<String>,
}

/// Why a message ends before its caller did.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Cut {
    /// The disk refused the rest.
    Disk,
    /// The server was cut off.
    Server,
}

/// The letter for the message that this record names and that is on the disk; none when its mailbox has no address, or the site
/// no mail server.
pub(crate) fn of_message(
    site: &Site,
    record: &CallRecord,
    received: Wall,
    cut: Option<Cut>,
) -> Option<Letter> {
    let message = record.message.as_ref()?;
    let to = site.shared.mailboxes.get(&message.mailbox).map(|mailbox| mailbox.email.clone());
    let to = to.filter(|to| !to.is_empty() && site.shared.mail.is_some())?;
    let flow = record.flow.as_ref().and_then(|flow| site.flows.get(flow));
    let language = flow.map(|flow| flow.language).unwrap_or_default();
    let duration = Duration::from_millis(message.duration_ms);
    let fits =
        duration.as_secs().saturating_mul(OCTETS_A_SECOND) < LETTER_ATTACHED_BYTES_MAX - OCTETS_A_SECOND;
    let told = Told {
        mailbox: &message.mailbox,
        caller: record.caller.as_deref().map(number::display),
        number: record.number.as_deref().map(number::display).unwrap_or_default(),
        received,
        zone: &site.shared.zone,
        duration,
        reference: &record.reference,
        cut,
        left_at: (!fits).then(|| message.file.clone()),
    };
    let path = message.file.trim_end_matches(".wav").to_owned();
    let attachments = if fits { vec![path] } else { Vec::new() };
    Some(Letter::Email { to, subject: told.subject(language), text: told.text(language), attachments })
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
        text += match (self.cut, language) {
            (None, _) => "",
            (Some(Cut::Disk), Language::French) => {
                "Il est incomplet : le disque du serveur a refusé la suite.\n"
            }
            (Some(Cut::Disk), Language::English) => {
                "It is not whole: the disk of the server refused the rest.\n"
            }
            (Some(Cut::Server), Language::French) => {
                "Il est incomplet : le serveur s’est arrêté pendant l’appel.\n"
            }
            (Some(Cut::Server), Language::English) => {
                "It is not whole: the server was cut off during the call.\n"
            }
        };
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
            cut: None,
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
        let cut = Told { cut: Some(Cut::Disk), ..told() };
        assert!(cut.text(Language::French).contains("incomplet"));
        let long = Told { left_at: Some("sav/1.wav".to_owned()), ..told() };
        let text = long.text(Language::English);
        assert!(text.contains("sav/1.wav") && !text.contains("attached"), "{text}");
    }
}

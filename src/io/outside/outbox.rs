//! Letters: spooled, tried at once, tried again for a day, given up visibly. A thread of its own, which may wait for the disk.
//!
//! A letter arrives at least once: a kill between its delivery and the end of its file sends it again, an e-mail with the same
//! `Message-ID`.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

use super::News;
use super::connect::Names;
use super::http;
use super::judge::judge;
use super::mail::Postman;
use super::policy::Policies;
use super::sms;
use super::spool::{Content, Refusal, Spool, Verdict, Written};
use super::trust::Trust;
use crate::base::diagnostic::Text;
use crate::base::limit::{
    LETTER_ATTACHMENTS_MAX, LETTER_BYTES_MAX, LETTER_RECIPIENTS_MAX, LETTERS_AT_ONCE, SMS_CHARS_MAX,
};
use crate::base::time::{Duration, Wall};
use crate::config::outside::Sms;
use crate::config::site::Shared;
use crate::flow::errand::Letter;
use crate::io::clock::Clock;
use crate::say;

/// What the outbox is made of.
pub(crate) struct Outbox {
    pub(crate) site: watch::Receiver<Arc<Shared>>,
    pub(crate) trust: Trust,
    pub(crate) names: Names,
    pub(crate) spool: Spool,
    /// The folder of messages.
    pub(crate) messages: PathBuf,
    pub(crate) letters: mpsc::Receiver<Letter>,
    pub(crate) news: mpsc::Sender<News>,
    /// Told how many letters wait.
    pub(crate) waiting: Arc<AtomicUsize>,
}

/// The ways out, as the site describes them.
struct Ways {
    sms: Option<(Sms, Policies)>,
    mail: Option<Postman>,
    names: Names,
    messages: PathBuf,
}

impl Outbox {
    /// Serves until nobody can send any more.
    pub(crate) async fn run(mut self) {
        let clock = Clock::start();
        let mut ways = self.ways();
        let mut tries: JoinSet<(String, Result<(), Refusal>)> = JoinSet::new();
        let mut out: std::collections::BTreeMap<tokio::task::Id, String> = Default::default();
        loop {
            self.waiting.store(self.spool.len(), Ordering::Relaxed);
            let now = clock.now().wall;
            while tries.len() < LETTERS_AT_ONCE
                && let Some((name, letter)) = self.spool.take_due(now)
            {
                let (ways, told) = (Arc::clone(&ways), name.clone());
                let task = tries.spawn(async move { (told, ways.deliver(&letter, now).await) });
                out.insert(task.id(), name);
            }
            let full = tries.len() >= LETTERS_AT_ONCE;
            let next = self.spool.next_due(now).filter(|_| !full).unwrap_or(Duration::from_secs(3_600));
            tokio::select! {
                biased;
                Ok(()) = self.site.changed() => ways = self.ways(),
                Some(done) = tries.join_next_with_id() => {
                    let now = clock.now().wall;
                    match done {
                        Ok((task, (name, result))) => { out.remove(&task); self.finish(&name, result, now); }
                        Err(why) => if let Some(name) = out.remove(&why.id()) {
                            tracing::error!(%why, "a bug: the delivery of a letter panicked");
                            self.finish(&name, Err(Refusal::for_good(why.to_string())), now);
                        },
                    }
                }
                letter = self.letters.recv() => match letter {
                    Some(letter) => self.accept(letter, clock.now().wall),
                    None => return,
                },
                () = tokio::time::sleep(next) => {}
            }
        }
    }

    /// Reads the site anew; what is wrong is told, and letters of that kind wait.
    fn ways(&mut self) -> Arc<Ways> {
        let shared = Arc::clone(&self.site.borrow_and_update());
        let sms = shared.sms.as_ref().map(|sms| {
            let (policies, problem) = Policies::of_gateway(sms, &shared, &self.trust);
            problem.into_iter().for_each(|problem| self.alarm(problem));
            (sms.clone(), policies)
        });
        let mail = shared
            .mail
            .as_ref()
            .and_then(|mail| Postman::new(mail).map_err(|problem| self.alarm(problem)).ok());
        Arc::new(Ways { sms, mail, names: self.names.clone(), messages: self.messages.clone() })
    }

    /// One file for each recipient: one whom the server refuses must not cost the others their letter.
    fn accept(&mut self, letter: Letter, now: Wall) {
        if let Some(problem) = problem(&letter) {
            return self.alarm(say!("a letter is not sent: {}", problem));
        }
        let id = self.spool.new_id(now);
        let contents = match letter {
            Letter::Sms { to, text } => vec![Content::Sms { to, text }],
            Letter::Email { to, subject, text, attachments } => to
                .iter()
                .map(|recipient| Content::Email {
                    recipient: recipient.clone(),
                    to: to.clone(),
                    subject: subject.clone(),
                    text: text.clone(),
                    attachments: attachments.clone(),
                })
                .collect(),
        };
        for content in contents {
            if let Err(why) = self.spool.write(&id, content, now) {
                self.alarm(say!("a letter is lost: {}", why));
            }
        }
    }

    fn finish(&mut self, name: &str, result: Result<(), Refusal>, now: Wall) {
        let Err(refusal) = result else {
            tracing::info!(letter = name, "delivered");
            return self.spool.delivered(name);
        };
        match self.spool.refused(name, &refusal, now) {
            Verdict::Again(pause) => {
                let (why, seconds, waiting) = (&refusal.why, pause.as_secs(), self.spool.len());
                tracing::warn!(letter = name, %why, seconds, waiting, "a letter is tried again");
            }
            Verdict::GivenUp => {
                self.alarm(say!(
                    "the letter {} is given up and lies in outbox/failed: {}",
                    name,
                    refusal.why
                ));
            }
        }
    }

    fn alarm(&self, what: Text) {
        if let Err(why) = self.news.try_send(News::Alarm(what)) {
            tracing::error!(%why, "nobody takes what the outside says");
        }
    }
}

/// Why a letter cannot be taken: no try would deliver it.
fn problem(letter: &Letter) -> Option<Text> {
    match letter {
        Letter::Sms { text, .. } if text.chars().count() > SMS_CHARS_MAX => {
            Some(say!("a text message may have {} characters", SMS_CHARS_MAX))
        }
        Letter::Sms { to, .. } => {
            let digits = to.strip_prefix('+').unwrap_or_default();
            let fit = (1..=15).contains(&digits.len()) && digits.bytes().all(|octet| octet.is_ascii_digit());
            (!fit).then(|| Text::word("it is for no telephone number"))
        }
        Letter::Email { to, subject, text, attachments } => {
            if to.is_empty() || to.len() > LETTER_RECIPIENTS_MAX {
                return Some(say!("an e-mail may have 1 to {} recipients", LETTER_RECIPIENTS_MAX));
            }
            if attachments.len() > LETTER_ATTACHMENTS_MAX {
                return Some(say!("an e-mail may have {} recordings", LETTER_ATTACHMENTS_MAX));
            }
            let bytes = [to, attachments].into_iter().flatten().map(String::len).sum::<usize>();
            let bytes = bytes + subject.len() + text.len();
            (bytes > LETTER_BYTES_MAX).then(|| say!("an e-mail may have {} bytes", LETTER_BYTES_MAX))
        }
    }
}

impl Ways {
    async fn deliver(&self, letter: &Written, now: Wall) -> Result<(), Refusal> {
        let later = |why: &str| Err(Refusal::passing(why));
        match (&letter.letter, &self.sms, &self.mail) {
            (Content::Sms { to, text }, Some((sms, policies)), _) => {
                let request = sms::request(sms, to, text, now);
                let (fetched, after) = http::ask_patiently(&request, policies, &self.names, now).await;
                judge(&fetched, &sms.accepted).map_err(|refusal| Refusal { after, ..refusal })
            }
            (Content::Email { .. }, _, Some(postman)) => {
                postman.deliver(letter, Path::new(&self.messages)).await
            }
            (Content::Sms { .. }, None, _) => later("the site has no `sms` gateway"),
            (Content::Email { .. }, _, None) => later("the site has no `mail` server that can be used"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_that_nobody_could_deliver_are_not_taken() {
        let sms = |to: &str, text: &str| problem(&Letter::Sms { to: to.into(), text: text.into() }).is_none();
        assert!(sms("+33612345678", "x") && sms("+33612345678", &"é".repeat(SMS_CHARS_MAX)));
        for to in ["0612345678", "+", "", "+336x", "+1234567890123456"] {
            assert!(!sms(to, "x"), "{to}");
        }
        assert!(!sms("+33612345678", &"e".repeat(SMS_CHARS_MAX + 1)));
        let email = |to: usize, text: usize| {
            let to = vec!["a@b.fr".to_owned(); to];
            let (subject, attachments) = (String::new(), vec![]);
            problem(&Letter::Email { to, subject, text: "x".repeat(text), attachments }).is_none()
        };
        assert!(email(1, 100) && email(50, 100));
        assert!(!email(0, 1) && !email(51, 1) && !email(1, LETTER_BYTES_MAX));
    }
}

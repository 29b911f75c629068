//! `svi forget`: erases one caller: records, journals, messages; and says what it could not touch.

use std::collections::BTreeSet;
use std::io::{BufRead, IsTerminal};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::calls::{Home, Where, number, refuse, tell};
use super::language::tongue;
use crate::base::diagnostic::Text;
use crate::centre::number::display;
use crate::io::store::{self, Place, StoreError};
use crate::io::terminal::{self, outln};
use crate::io::traces;
use crate::say;

/// `svi forget`
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    whom: Whom,
    /// Do not ask: erase.
    #[arg(long)]
    yes: bool,
}

/// Erases, when that is meant.
pub(crate) fn run(args: &Args) -> ExitCode {
    let Found { place, state, number, kept } = match args.whom.find() {
        Ok(found) => found,
        Err(code) => return code,
    };
    let (calls, files) = (kept.records.len(), kept.files.len());
    if calls + files == 0 && !traces_are_left(&state, &number) {
        outln!("{}", say!("nothing is kept of {}", display(&number)).to(tongue(None)));
        return ExitCode::SUCCESS;
    }
    if !args.yes {
        let asked = say!(
            "Erase {} in {} calls, and {} files of messages, for ever? (y/n) ",
            display(&number),
            calls,
            files
        );
        if !std::io::stdin().is_terminal() {
            tell(&Text::word("nothing was erased: say --yes where nobody can be asked"));
            return ExitCode::from(2);
        }
        terminal::err(&asked.to(tongue(None)));
        let mut answer = String::new();
        let _ = std::io::stdin().lock().read_line(&mut answer);
        if !is_yes(&answer) {
            tell(&Text::word("nothing was erased"));
            return ExitCode::FAILURE;
        }
    }
    match erase(&place, &state, &kept, &number) {
        Ok(erased) => {
            erased.in_words(&number).iter().for_each(|line| outln!("{}", line.to(tongue(None))));
            if erased.all() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(why) => refuse(&place, &why),
    }
}

/// `y`, `yes`, `o`, `oui`.
fn is_yes(answer: &str) -> bool {
    matches!(&*answer.trim().to_lowercase(), "y" | "yes" | "o" | "oui")
}

fn traces_are_left(state: &Path, number: &str) -> bool {
    !traces::mentions(state, number).is_empty()
}

/// Of whom, and where it is kept.
#[derive(clap::Args)]
pub(super) struct Whom {
    /// The caller's number, written in any way: `"06 12 34 56 78"`.
    number: String,
    #[command(flatten)]
    at: Where,
    /// The folder of messages. [default: what the site says, else `voicemail` in the state folder]
    #[arg(long, value_name = "FOLDER")]
    messages: Option<PathBuf>,
}

/// What was found of them.
pub(super) struct Found {
    pub(super) place: Place,
    /// The state folder.
    pub(super) state: PathBuf,
    /// The number in normal form.
    pub(super) number: String,
    pub(super) kept: Kept,
}

impl Whom {
    /// Looks for it.
    ///
    /// # Errors
    /// The code to leave with: the store cannot be had, which was told.
    pub(super) fn find(&self) -> Result<Found, ExitCode> {
        let (place, number) = (self.at.place(), number(&self.number));
        let Home { state, messages, .. } = Home::of(&place);
        let messages = self.messages.as_deref().unwrap_or(&messages);
        match Kept::of(&place, messages, &number) {
            Ok(kept) => Ok(Found { place, state, number, kept }),
            Err(why) => Err(refuse(&place, &why)),
        }
    }
}

/// What is kept of a caller.
pub(super) struct Kept {
    /// Lines of records in which the number stands.
    pub(super) records: Vec<String>,
    /// Files of messages and recordings.
    pub(super) files: Vec<PathBuf>,
}

impl Kept {
    /// Looks for it, by the number in normal form.
    pub(super) fn of(place: &Place, messages: &Path, number: &str) -> Result<Self, StoreError> {
        let (mut records, mut named) = (Vec::new(), BTreeSet::new());
        store::export_caller(place, number, |line| {
            let json: serde_json::Value = serde_json::from_str(line).unwrap_or_default();
            // Of the caller's own calls: who is only named in one has not spoken there.
            if json["caller"] == *number {
                let recordings = json["recordings"].as_array().into_iter().flatten();
                let files = recordings.chain([&json["message"]["file"]]);
                named.extend(files.filter_map(|file| file.as_str()).map(str::to_owned));
            }
            records.push(line.to_owned());
        })?;
        Ok(Self { records, files: traces::sounds(messages, number, &named) })
    }
}

/// What has gone, and what has not.
struct Erased {
    calls: u64,
    files: usize,
    /// Messages that could not be erased, and why.
    stuck: Option<std::io::Error>,
    /// Files of the store in which the number still stands.
    copies: Vec<PathBuf>,
    /// Letters, and what is known of calls that go on.
    held: Vec<PathBuf>,
}

fn erase(place: &Place, state: &Path, kept: &Kept, number: &str) -> Result<Erased, StoreError> {
    // Messages first: the records that name them tell where they are, should this be cut short.
    let stuck = traces::erase(&kept.files).err();
    let forgotten = store::forget(place, number)?;
    Ok(Erased {
        calls: forgotten.calls,
        files: kept.files.len(),
        stuck,
        copies: forgotten.left,
        held: traces::mentions(state, number),
    })
}

impl Erased {
    /// Nothing that could be touched is left.
    const fn all(&self) -> bool {
        self.stuck.is_none()
    }

    fn in_words(&self, number: &str) -> Vec<Text> {
        let mut lines = vec![match &self.stuck {
            None => say!(
                "{} is erased in {} calls, and {} files of messages",
                display(number),
                self.calls,
                self.files
            ),
            Some(why) => say!(
                "{} is erased in {} calls; a message could not be erased ({}): try again",
                display(number),
                self.calls,
                why
            ),
        }];
        let shown = |path: &PathBuf| say!("  {}", path.display());
        if !self.copies.is_empty() {
            lines.push(Text::word("The number still stands in these files, which you may remove when they are no longer needed:"));
            lines.extend(self.copies.iter().map(shown));
        }
        if !self.held.is_empty() {
            lines.push(Text::word(
                "The server still needs these (letters that wait or were given up, calls that go on or have just ended, call backs): forget again when svi has stopped, or remove letters by hand:",
            ));
            lines.extend(self.held.iter().map(shown));
        }
        lines.push(Text::word(
            "Not touched: copies made by `svi backup`, what was exported, e-mails and text messages that were sent, records of your operator.",
        ));
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::super::calls::kept::{Kept as Folder, call};
    use super::*;
    use crate::centre::record::{CallRecord, Message};

    const NUMBER: &str = "+33612345671";

    fn spoken(n: i64, file: &str) -> CallRecord {
        let message = Message { mailbox: "accueil".into(), file: format!("{file}.wav"), duration_ms: 4_000 };
        CallRecord { message: Some(message), ..call(n) }
    }

    #[test]
    fn a_caller_goes_with_their_messages_and_others_stay() {
        let folder = Folder::new("forget");
        folder.take([spoken(1, "accueil/1"), spoken(2, "accueil/2"), call(11)]);
        let messages = folder.0.join("voicemail");
        for file in ["accueil/1.wav", "accueil/2.wav"] {
            folder.file(&format!("voicemail/{file}"), "RIFF");
        }
        folder.file("voicemail/accueil/3.json", r#"{"caller":"+33612345671"}"#);
        folder.file("outbox/7.json", r#"{"letter":{"sms":{"to":"+33612345671"}}}"#);
        let kept = Kept::of(&folder.place(), &messages, NUMBER).unwrap();
        assert_eq!((kept.records.len(), kept.files.len()), (2, 2));
        let erased = erase(&folder.place(), &folder.0, &kept, NUMBER).unwrap();
        assert_eq!((erased.calls, erased.files, erased.all()), (2, 2, true));
        assert_eq!(erased.held, [folder.0.join("outbox/7.json")]);
        // The lines that this test wrote; the number stands in them, but they are no files of the store.
        let kept = Kept::of(&folder.place(), &messages, NUMBER).unwrap();
        assert_eq!((kept.records.len(), kept.files.len()), (0, 0));
        assert!(messages.join("accueil/2.wav").exists(), "that of another caller");
        assert_eq!(Kept::of(&folder.place(), &messages, "+33612345672").unwrap().records.len(), 1);
        assert!(matches!(Kept::of(&folder.place(), &messages, "101"), Err(StoreError::Short)));
    }

    #[test]
    fn what_was_erased_is_said_and_what_was_not() {
        let erased = Erased {
            calls: 3,
            files: 2,
            stuck: None,
            copies: vec!["svi.db.before-1".into()],
            held: vec!["outbox/7.json".into()],
        };
        let lines: Vec<String> = erased.in_words(NUMBER).iter().map(Text::english).collect();
        assert_eq!(lines[0], "06 12 34 56 71 is erased in 3 calls, and 2 files of messages");
        assert_eq!((&*lines[2], &*lines[4], lines.len()), ("  svi.db.before-1", "  outbox/7.json", 6));
        assert!(lines[5].contains("`svi backup`"));
        let stuck = Erased { stuck: Some(std::io::Error::other("no")), ..erased };
        assert!(!stuck.all() && stuck.in_words(NUMBER)[0].english().ends_with("(no): try again"));
    }

    #[test]
    fn only_a_yes_is_one() {
        assert!(["y\n", "YES", " oui ", "O\n"].into_iter().all(is_yes));
        assert!(!["", "\n", "n", "non", "yet"].into_iter().any(is_yes));
    }
}

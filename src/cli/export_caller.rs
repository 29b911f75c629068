//! `svi export-caller`: all that is kept of one caller, as one JSON document.

use std::path::PathBuf;
use std::process::ExitCode;

use super::forget::{Found, Kept, Whom};
use crate::io::terminal::outln;
use crate::io::traces;

/// `svi export-caller`
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    whom: Whom,
}

/// Prints it.
pub(crate) fn run(args: &Args) -> ExitCode {
    match args.whom.find() {
        Ok(Found { state, number, kept, .. }) => {
            outln!("{}", document(&number, &kept, &traces::mentions(&state, &number)));
            ExitCode::SUCCESS
        }
        Err(code) => code,
    }
}

/// Records as they are, a line each; the files that hold more, by their paths.
fn document(number: &str, kept: &Kept, others: &[PathBuf]) -> String {
    let paths = |files: &[PathBuf]| -> serde_json::Value {
        files.iter().map(|file| file.display().to_string()).collect::<Vec<_>>().into()
    };
    format!(
        "{{\"number\":{},\n\"messages\":{},\n\"others\":{},\n\"calls\":[\n{}\n]}}",
        serde_json::Value::from(number),
        paths(&kept.files),
        paths(others),
        kept.records.join(",\n")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn all_that_is_kept_is_one_document() {
        let kept = Kept {
            records: vec!["{\"id\":\"1\"}".into(), "{\"id\":\"2\"}".into()],
            files: vec!["voicemail/a\"b.wav".into()],
        };
        let document = document("+33612345678", &kept, &["outbox/1.json".into()]);
        assert_eq!(
            serde_json::from_str::<Value>(&document).unwrap(),
            json!({
                "number": "+33612345678",
                "messages": ["voicemail/a\"b.wav"],
                "others": ["outbox/1.json"],
                "calls": [{ "id": "1" }, { "id": "2" }],
            })
        );
    }
}

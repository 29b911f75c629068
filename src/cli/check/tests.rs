use super::*;
use crate::base::diagnostic::{Report, Source};

/// A site with one mistake of each severity, and a name that no format may take for its own signs.
fn checked() -> Checked {
    let source = Source::new("a,b/é: 50%.yaml", "svi: 1\né: quues\nb: [1,\n  2]\n");
    let told = |severity, code, range: std::ops::Range<usize>, help| Diagnostic {
        severity,
        code,
        message: say!("unknown key `{}`", "100 %\n"),
        source: std::sync::Arc::clone(&source),
        range,
        help,
    };
    let mut report = Report::default();
    report.push(told(Severity::Error, "unknown-key", 11..16, Some(say!("did you mean `{}`?", "queues"))));
    report.push(told(Severity::Warning, "unreachable", 20..28, None));
    Checked { report, flows: 1, blocks: 2, numbers: 0 }
}

#[test]
fn editors_read_one_object() {
    let json = json(&checked(), crate::cli::FRENCH);
    let expected = json!({
        "diagnostics": [
            {
                "severity": "error",
                "code": "unknown-key",
                "message": "unknown key `100 %\n`",
                "help": "vouliez-vous dire `queues`\u{a0}?",
                "file": "a,b/é: 50%.yaml",
                "line": 2,
                "column": 4,
                "end_line": 2,
                "end_column": 9,
                "reference": "docs/codes.md#unknown-key",
            },
            {
                "severity": "warning",
                "code": "unreachable",
                "message": "unknown key `100 %\n`",
                "help": null,
                "file": "a,b/é: 50%.yaml",
                "line": 3,
                "column": 4,
                "end_line": 4,
                "end_column": 5,
                "reference": "docs/codes.md#unreachable",
            },
        ],
        "errors": 1,
        "warnings": 1,
    });
    assert_eq!(json, expected);
}

#[test]
fn what_ends_a_command_of_github_is_escaped() {
    let expected = "\
::error file=a%2Cb/é%3A 50%25.yaml,line=2,col=4,title=unknown-key::unknown key `100 %25%0A`%0Adid you mean `queues`?
::warning file=a%2Cb/é%3A 50%25.yaml,line=3,col=4,title=unreachable::unknown key `100 %25%0A`
";
    assert_eq!(github(&checked(), Tongue::English), expected);
}

#[test]
fn the_verdict_counts_in_both_languages() {
    let counts = |errors: usize, warnings: usize| {
        let mut report = Report::default();
        let one = checked().report.iter().cloned().collect::<Vec<_>>();
        (0..errors).for_each(|_| report.push(one[0].clone()));
        (0..warnings).for_each(|_| report.push(one[1].clone()));
        let verdict = verdict(&Checked { report, flows: 1, blocks: 12, numbers: 0 });
        [Tongue::English, crate::cli::FRENCH].map(|tongue| verdict.to(tongue))
    };
    assert_eq!(
        counts(0, 0),
        ["all well: 1 flow, 12 blocks, no number", "tout va bien\u{a0}: 1 parcours, 12 blocs, aucun numéro"]
    );
    assert_eq!(counts(1, 0), ["1 error", "1 erreur"]);
    assert_eq!(counts(2, 1), ["2 errors, 1 warning", "2 erreurs, 1 avertissement"]);
    assert_eq!(counts(0, 3), ["3 warnings", "3 avertissements"]);
}

#[test]
fn a_drawing_speaks_the_language_throughout() {
    let drawn = text(&checked(), false, crate::cli::FRENCH);
    assert!(drawn.starts_with("erreur[unknown-key]: "), "{drawn}");
    assert!(drawn.contains("= aide: vouliez-vous dire `queues`\u{a0}?"), "{drawn}");
    assert!(drawn.contains("\navertissement[unreachable]: "), "{drawn}");
    assert!(
        drawn.ends_with(
            "1 erreur, 1 avertissement\nce que veut dire un code\u{a0}: `svi explain unknown-key`\n"
        ),
        "{drawn}"
    );
}

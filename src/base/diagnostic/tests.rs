use super::*;
use crate::say;

/// A mistake at `marked`, the first place where the text says so.
fn at(text: &str, marked: &str) -> Diagnostic {
    let source = Source::new("site.yaml", text);
    let at = source.text.find(marked).expect("it is there");
    Diagnostic {
        severity: Severity::Error,
        code: "unknown-key",
        message: say!("unknown key `{}`", marked),
        source,
        range: at..at + marked.len(),
        help: Some(Text::word("did you mean `queues`?")),
    }
}

#[test]
fn a_mistake_is_drawn_at_its_place() {
    let expected = "error[unknown-key]: unknown key `quues`
 --> site.yaml:2:6
  |
2 |   é: quues
  |      ^^^^^
  |
  = help: did you mean `queues`?
";
    let mistake = at("svi: 1\n  é: quues\n", "quues");
    assert_eq!(mistake.to_string(), expected);
    assert_eq!(mistake.render(false, Tongue::English), expected.trim_end());
    assert!(mistake.render(true, Tongue::English).contains("\u{1b}["));
    let warning = Diagnostic { severity: Severity::Warning, help: None, ..mistake };
    let expected =
        expected.replace("error", "warning").replace("  |\n  = help: did you mean `queues`?\n", "");
    assert_eq!(warning.to_string(), expected);
}

#[test]
fn the_caret_stands_under_the_word_whatever_is_before_it() {
    // A tab is drawn as four blanks; what is wide in a terminal is wide here; CR ends the line.
    let expected = "error[unknown-key]: unknown key `quues`
 --> site.yaml:2:8
  |
2 |     é: 日本 quues
  |             ^^^^^
  |
  = help: did you mean `queues`?
";
    assert_eq!(at("svi: 1\r\n\té: 日本 quues\r\nx: 2\r\n", "quues").to_string(), expected);
    let long = at(&format!("a: 1\nb: {} quues {}\n", "é".repeat(300), "b".repeat(300)), "quues");
    let (e, b, blank) = ("é".repeat(61), "b".repeat(62), " ".repeat(65));
    let expected = format!(
        "error[unknown-key]: unknown key `quues`
 --> site.yaml:2:305
  |
2 | ...{e} quues {b}...
  | {blank}^^^^^
  |
  = help: did you mean `queues`?
"
    );
    assert_eq!(long.to_string(), expected);
    let huge = at(&format!("a: 1\nb: {} quues\n", "é".repeat(100_000)), "quues").to_string();
    assert!(huge.contains("--> site.yaml:2:100005\n"), "{huge}");
    assert!(huge.contains("= help: did you mean `queues`?") && !huge.contains('é'), "{huge}");
}

#[test]
fn a_place_at_an_end_or_over_lines_marks_its_first_line() {
    let drawn = |text: &str, marked: &str| {
        let drawn = Diagnostic { message: Text::word("m"), help: None, ..at(text, marked) }.to_string();
        drawn.split_once('\n').expect("lines").1.to_owned()
    };
    assert_eq!(drawn("a: 1\nb:\r\n", "\r\n"), " --> site.yaml:2:3\n  |\n2 | b:\n  |   ^\n");
    assert_eq!(drawn("", ""), "--> site.yaml\n", "a file of sound has no line to draw");
    assert_eq!(drawn("a: [b,\n  c]\n", "[b,\n  c]"), " --> site.yaml:1:4\n  |\n1 | a: [b,\n  |    ^^^\n");
}

#[test]
fn what_is_no_text_is_refused_with_its_line() {
    let refused = Source::from_bytes("b.yaml", b"\xef\xbb\xbfa: 1\r\nb: x\0y\r\n").unwrap_err();
    let expected = "error[nul]: this is no text: it has a NUL
 --> b.yaml:2:5
  |
2 | b: x␀y
  |     ^
  |
  = help: save the file as UTF-8
";
    assert_eq!(refused.to_string(), expected);
    let refused = Source::from_bytes("b.yaml", b"\xef\xbb\xbfa: 1\nb: caf\xe9 x\n").unwrap_err();
    let expected = "error[not-utf8]: this is no UTF-8
 --> b.yaml:2:7
  |
2 | b: caf\u{fffd} x
  |       ^
  |
  = help: save the file as UTF-8, not as Latin-1 or UTF-16
";
    assert_eq!(refused.to_string(), expected);
    assert_eq!(Source::from_bytes("b", b"\xff\xfea\0").unwrap_err().code, "not-utf8");
    let marked = Source::from_bytes("b.yaml", "\u{feff}é: 1\n".as_bytes()).unwrap();
    assert_eq!((marked.text.as_str(), marked.position(4)), ("é: 1\n", (1, 4)));
}

#[test]
fn a_report_counts_and_sorts() {
    let one = |(path, code, severity, at): (&str, &'static str, Severity, usize)| Diagnostic {
        severity,
        code,
        message: Text::default(),
        source: Source::new(path, "abcdef"),
        range: at..at + 1,
        help: None,
    };
    let (error, warning) = (Severity::Error, Severity::Warning);
    let mut report = Report::default();
    for told in [
        ("b", "not-a-text", error, 1),
        ("a", "unused", warning, 3),
        ("a", "unknown-key", error, 3),
        ("a", "duplicate-key", error, 3),
        ("a", "comment-cut", warning, 5),
        ("a", "missing-key", error, 0),
    ] {
        report.push(one(told));
    }
    assert_eq!((report.errors(), report.warnings(), report.has_errors()), (4, 2, true));
    let sorted = report.sorted();
    assert_eq!(
        sorted.iter().map(|told| told.code).collect::<Vec<_>>(),
        ["duplicate-key", "missing-key", "unknown-key", "unused", "comment-cut", "not-a-text"]
    );
    assert_eq!(sorted.to_string(), sorted.render(false, Tongue::English));
}

#[test]
fn no_report_is_longer_than_anybody_reads() {
    let mut report = Report::default();
    let warning = Diagnostic { severity: Severity::Warning, ..at("a: b\n", "b") };
    (0..5_000).for_each(|_| report.push(warning.clone()));
    assert_eq!((report.warnings(), report.errors()), (MISTAKES_MAX, 1));
    assert_eq!(report.iter().last().map(|told| told.code), Some("too-many-mistakes"));
    let mut other = Report::default();
    other.extend(report.clone());
    assert_eq!(other, report);
}

#[test]
fn the_nearest_word_is_meant() {
    let known = ["queues", "agents", "hours"];
    assert_eq!(nearest("quues", known), Some("queues"));
    assert_eq!(nearest("agnets", known), Some("agents"));
    assert_eq!(nearest("Hours", known), Some("hours"));
    assert_eq!(nearest("mailboxes", known), None);
    assert_eq!(nearest(&"q".repeat(1_000), known), None);
}

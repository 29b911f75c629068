use super::*;

/// A mistake at `marked`, the first place where the text says so.
fn at(text: &str, marked: &str) -> Diagnostic {
    let source = Source::new("site.yaml", text);
    let at = source.text.find(marked).expect("it is there");
    Diagnostic {
        severity: Severity::Error,
        code: "unknown-key",
        message: format!("unknown key `{marked}`"),
        source,
        range: at..at + marked.len(),
        help: Some("did you mean `queues`?".to_owned()),
    }
}

#[test]
fn probe() {
    println!("{}", at("svi: 1\n  é: quues\n", "quues"));
    println!("{}", at("svi: 1\r\n\té: 日本 quues\r\nx: 2\r\n", "quues"));
    println!("{}", at(&format!("svi: 1\na: {} quues {}\n", "é".repeat(300), "b".repeat(300)), "quues"));
    println!("{}", at("svi: 1\na:\n", "\n"));
    println!("{}", at("", ""));
    println!("{}", at("a: |\n  one\n  two\n", "|\n  one\n"));
    println!("{}", Source::from_bytes("b.yaml", b"\xef\xbb\xbfa: 1\nb: x\0y\n").unwrap_err());
    println!("{}", Source::from_bytes("b.yaml", b"\xef\xbb\xbfa: 1\nb: caf\xe9\n").unwrap_err());
    println!("{:?}", at("svi: 1\n  é: quues\n", "quues").render(true));
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

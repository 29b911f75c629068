use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

fn source(text: &str) -> Source {
    Source::read("a.yaml", text.as_bytes()).unwrap()
}

fn code(text: &str) -> &'static str {
    parse(&source(text)).unwrap_err().diagnostics[0].code
}

#[test]
fn everything_has_its_place_in_bytes() {
    let source = source("é: [à, b]\nclé:\n  x: \"valeur\" # dit\nfin: 1\n");
    let root = parse(&source).unwrap();
    assert_eq!(&source.text[root.get("é").unwrap().items()[1].span.clone()], "b");
    let block = root.get("clé").unwrap();
    assert_eq!(&source.text[root.key_span("clé").unwrap()], "clé");
    assert_eq!(&source.text[block.get("x").unwrap().span.clone()], "\"valeur\"");
    assert_eq!(root.get("fin").unwrap().text(), Some("1"));
}

#[test]
fn strings_stay_as_written() {
    let text = "numéro: 0800\nplus: +33612345678\nnon: no\n1: 2\n";
    let read: BTreeMap<String, String> = values(&source(text)).unwrap();
    assert_eq!(read["numéro"], "0800");
    assert_eq!(read["plus"], "+33612345678");
    assert_eq!(read["non"], "no");
    assert_eq!(read["1"], "2");
}

#[test]
fn what_is_not_data_is_refused() {
    assert_eq!(code("a: &x 1\nb: 2\n"), "anchor");
    assert_eq!(code("a: *x\n"), "yaml");
    assert_eq!(code("a: !x 1\n"), "tag");
    assert_eq!(code("a: 1\n---\nb: 2\n"), "documents");
    assert_eq!(code("[a]: 1\n"), "key");
    assert_eq!(code(""), "empty");
    assert_eq!(code("a:\n\tb: 1\n"), "yaml");
}

#[test]
fn all_duplicate_keys_are_told() {
    let report = parse(&source("a: 1\na: 2\nb: { c: 1, c: 2 }\n")).unwrap_err();
    assert_eq!(report.diagnostics.iter().map(|d| d.code).collect::<Vec<_>>(), ["duplicate-key"; 2]);
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    assert_eq!(Source::read("a", &[0xff, 0xfe]).unwrap_err().code, "not-utf8");
    assert_eq!(Source::read("a", b"a\0").unwrap_err().code, "not-text");
    assert_eq!(Source::read("a", &vec![b' '; YAML_BYTES_MAX + 1]).unwrap_err().code, "too-large");
    assert_eq!(&*Source::read("a", "\u{feff}a: 1".as_bytes()).unwrap().text, "a: 1");
}

#[test]
fn a_deep_or_broad_text_costs_little() {
    let begun = std::time::Instant::now();
    assert_eq!(code(&"[".repeat(200_000)), "too-deep");
    assert_eq!(code(&(0..40_000).map(|key| format!("{key}: 1\n")).collect::<String>()), "too-many-keys");
    assert!(begun.elapsed().as_millis() < 1_000, "{:?}", begun.elapsed());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]
    #[test]
    fn no_text_panics(text in "[a-c:\\-\\[\\]{}#&*!|>'\"%@ \n\té]{0,60}") {
        let source = Source { name: "a".into(), text: text.as_str().into() };
        let report = match parse(&source) {
            Ok(root) => { prop_assert!(source.text.get(root.span).is_some()); Report::default() }
            Err(report) => report,
        };
        report.render(&[source], false);
    }
}

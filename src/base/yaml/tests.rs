use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

fn read(text: &str) -> (Option<Node>, Vec<&'static str>) {
    let mut report = Report::default();
    let node = parse(&Source::new("t.yaml", text), &mut report);
    (node, report.iter().map(|diagnostic| diagnostic.code).collect())
}

/// The slip is told, and where it was made: the line, and words of what is said.
#[test]
fn slips_of_the_hand_are_told_as_what_they_are() {
    let told = |text: &str| {
        let source = Source::new("a.yaml", text);
        let mut report = Report::default();
        parse(&source, &mut report);
        let told: Vec<_> = report.iter().collect();
        let [told] = &told[..] else { panic!("{text}: {report}") };
        let help = told.help.as_ref().map(Text::english).unwrap_or_default();
        format!("{} {} / {help}", told.source.position(told.range.start).0, told.message.english())
    };
    let flow = |steps: &str| {
        format!("blocks:\n  a:\n    - say: x\n{steps}    - goto: b\n  b:\n    - hangup: normal\n")
    };
    let quotes =
        "4 this is not YAML: a text that begins with `{` stands in quotes / write `\"{nom} attend.\"`";
    assert_eq!(told(&flow("    - say: {nom} attend.\n")), quotes);
    assert!(
        told(&flow("    - say: [Info] demain\n"))
            .starts_with("4 this is not YAML: a text that begins with `[`")
    );
    assert!(
        told(&flow("    -hangup: normal\n")).starts_with("4 this is not YAML: a blank is missing behind")
    );
    let edge = flow("").replace("  a:\n", "  z:\n    - goto: a\na:\n");
    assert!(told(&edge).starts_with("4 this is not YAML: `a` begins at the edge"), "{}", told(&edge));
    assert!(told("a: { b: 1 } c\n").contains("stands in quotes"));
    assert!(told("a: { b: 1\n").contains("closing `}`"), "which is no text");
}

#[test]
fn scalars_stay_text_and_know_their_place() {
    let text = "é: 0800 123 456\nlist: [no, 12e3, ~]\n";
    let (node, mistakes) = read(text);
    let node = node.unwrap();
    assert_eq!(mistakes, [""; 0]);
    let number = node.get("é").unwrap();
    assert_eq!((number.text(), &text[number.range.clone()]), (Some("0800 123 456"), "0800 123 456"));
    let Value::List(items) = &node.get("list").unwrap().value else { panic!("a list") };
    assert_eq!(items.iter().map(Node::text).collect::<Vec<_>>(), [Some("no"), Some("12e3"), None]);
}

#[test]
fn the_traps_are_closed() {
    assert_eq!(read("a: 1\na: 2\n").1, ["duplicate-key"]);
    assert_eq!(read("a: &x 1\n").1, ["anchor"]);
    assert_eq!(read("a: &x 1\nb: *x\n").1, ["anchor", "alias"]);
    assert_eq!(read("a: !t 1\n").1, ["tag"]);
    assert_eq!(read("a: 1\n---\nb: 2\n").1, ["two-documents"]);
    assert_eq!(read("a: [1\n").1, ["yaml"]);
    assert_eq!(read(&format!("a: {}{}\n", "[".repeat(100), "]".repeat(100))).1, ["too-deep"]);
    assert_eq!(read(&"# x\n".repeat(70_000)).1, ["file-too-large"]);
    assert_eq!(read("[a]: 1\n").1, ["key"]);
}

#[test]
fn slips_are_told_in_words_and_at_their_place() {
    let told = |text: &str| {
        let mut report = Report::default();
        parse(&Source::new("t.yaml", text), &mut report);
        let one = |told: &Diagnostic| {
            let (line, column) = told.source.position(told.range.start);
            format!(
                "{} {line}:{column} {}",
                told.code,
                told.help.as_ref().map(Text::english).unwrap_or_default()
            )
        };
        report.iter().map(one).collect::<Vec<_>>().join("; ")
    };
    let star = "write `star:` for the star key";
    assert_eq!(told("a:\n  *: x\n"), format!("star-key 2:3 {star}"));
    assert_eq!(told("a:\n  1: x\n  *: x\n  2: y\n"), format!("star-key 3:3 {star}"));
    let hash = "write `hash:` for the hash key";
    assert_eq!(told("a:\n  1: x\n  #: y\n"), format!("hash-key 3:3 {hash}"));
    assert_eq!(told("a: { 1: x, #: y\n  }\n"), format!("hash-key 1:12 {hash}"));
    assert_eq!(told("a: 'x' #: y\n"), "");
    assert_eq!(told("a:\n\tb: 1\n"), "tab 2:1 indent with spaces");
    assert_eq!(told("a:\n  b: 1\n\tc: 2\n"), "tab 3:1 indent with spaces");
    assert_eq!(told("- \ta: 1\n"), "tab 1:3 write spaces");
    assert_eq!(told("a: *x\n"), "alias 1:4 write the value out; the star key is written `star`");
    assert_eq!(told("a:\n- x\n-y\n"), "yaml 3:1 write `- y`");
    assert_eq!(
        told("a: x\u{2028}y\0\n"),
        "invisible-character 1:5 remove it; invisible-character 1:7 remove it"
    );
    for empty in ["", "# x\n", "---\n", "\u{feff}", "\r\n \n"] {
        assert_eq!(told(empty), "empty-file 1:1 begin with `svi: 1`", "{empty:?}");
    }
}

#[test]
fn prose_that_a_comment_cuts_is_told() {
    let told = |text: &str| {
        let mut report = Report::default();
        parse(&Source::new("t.yaml", text), &mut report).expect("a tree");
        report.iter().map(|told| format!("{} {}", told.code, &text[told.range.clone()])).collect::<Vec<_>>()
    };
    assert_eq!(told("say: Composez le #1 \n"), ["comment-cut #1"]);
    assert_eq!(told("say: Tapez # pour finir\r\n"), ["comment-cut # pour finir"]);
    assert_eq!(told("- é l'heure\n  puis #"), ["comment-cut #"]);
    assert_eq!(told("# x\na: 1 # vrai\n#b: 2\nc: [d, # e\n  f] #g\n"), [""; 0]);
    assert_eq!(told("a: |\n  le #1\n  #: x\nb: >-\n  le #1\nc: 'le #1'\nd: \"le #1\"\ne: le#1\n"), [""; 0]);
}

#[test]
fn a_block_that_the_end_of_the_file_ends_is_read_like_any_other() {
    for text in ["a: |\n  x", "a: |\n  x\n", "a: >\r\n  x"] {
        let (node, told) = read(text);
        assert_eq!((node.unwrap().get("a").unwrap().text(), told), (Some("x\n"), vec![]), "{text:?}");
    }
}

#[test]
fn hostile_texts_are_refused() {
    let codes = |text: &str| read(text).1;
    assert_eq!(codes(&"[".repeat(200_000)), ["too-deep"]);
    assert_eq!(codes(&"a: 1\n".repeat(2_000_000)), ["file-too-large"]);
    assert_eq!(codes(&"- ".repeat(10_000)), ["too-deep"]);
    assert_eq!(codes(&(0..700).map(|depth| " ".repeat(depth) + "a:\n").collect::<String>()), ["too-deep"]);
    let bomb = (1..2_000).map(|n| format!("a{n}: &a{n} [*a{0}, *a{0}]\n", n - 1)).collect::<String>();
    let told = codes(&format!("a0: &a0 [x, x]\n{bomb}"));
    assert_eq!((told.len(), told[100]), (101, "too-many-mistakes"));
    assert_eq!(codes(&"a: 1\n".repeat(50_000)).len(), 101);
}

#[test]
fn yaml_that_its_versions_read_differently_is_refused() {
    for text in DISPUTED {
        let (_, told) = read(text);
        assert!(!told.is_empty() && told.iter().all(|code| *code == "yaml-readers-disagree"), "{text:?}");
    }
}

/// Texts that the two readers understand differently.
const DISPUTED: [&str; 3] = ["%YAML 1.3\n---\na: 1\n", "|\nx\n", "{ \n?}\n"];

#[test]
#[allow(clippy::disallowed_methods)] // the files of the repository are what must be read
fn both_readers_agree_on_every_file_of_the_repository() {
    let mut read = 0;
    for folder in ["flows", "tests/data/site", "examples"] {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let Ok(files) = std::fs::read_dir(folder) else { continue };
        for path in files.map(|file| file.unwrap().path()) {
            if path.extension().is_some_and(|end| end == "yaml") {
                let source =
                    Source::from_bytes(path.display().to_string(), &std::fs::read(&path).unwrap()).unwrap();
                let mut report = Report::default();
                assert!(parse(&source, &mut report).is_some());
                assert_eq!(report.to_string(), "");
                read += 1;
            }
        }
    }
    assert!(read >= 2);
}

/// A text, and what it looks like in YAML at an indentation.
fn scalar() -> impl Strategy<Value = (String, Vec<String>)> {
    let words = "[a-zé0-9+][a-zé0-9.'+]{0,7}( [a-zé0-9.'+]{1,8}){0,4}";
    prop_oneof![
        words.prop_map(|text| (text.clone(), vec![text])),
        "[ -~éü€\n\t]{0,20}".prop_map(|text| {
            let mut quoted = text.replace('\\', "\\\\").replace('"', "\\\"");
            quoted = quoted.replace('\n', "\\n").replace('\t', "\\t").replace('é', "\\u00e9");
            (text, vec![format!("\"{quoted}\"")])
        }),
        "[ -~é]{0,20}".prop_map(|text| (text.clone(), vec![format!("'{}'", text.replace('\'', "''"))])),
        vec(words, 1..4).prop_map(|lines| (lines.join("\n") + "\n", [vec!["|".into()], lines].concat())),
        vec(words, 1..4).prop_map(|lines| (lines.join(" "), [vec![">-".into()], lines].concat())),
        vec(words, 1..4).prop_map(|lines| (lines.join(" "), lines)),
        Just(("no # x".to_owned(), vec!["\"no # x\"  # y".to_owned()])),
    ]
}

fn document() -> impl Strategy<Value = (Vec<String>, String)> {
    let entry = (scalar(), vec(scalar(), 0..3), vec("[a-z0-9+]{1,5}", 0..4));
    (vec(entry, 1..5), prop_oneof![Just("\n"), Just("\r\n")]).prop_map(|(entries, end)| {
        let (mut texts, mut yaml) = (Vec::new(), String::new());
        for (n, (value, items, flow)) in entries.into_iter().enumerate() {
            yaml += &format!("k{n}: {}\n\n# x\nl{n}: # y\n", value.1.join("\n    "));
            texts.push(value.0);
            for (text, lines) in items {
                yaml += &format!("  - {}\n", lines.join("\n      "));
                texts.push(text);
            }
            yaml += &format!("f{n}: {{ a: [{}], 'b c': {{}} }}\n", flow.join(", "));
            texts.extend(flow);
        }
        (texts, yaml.replace('\n', end))
    })
}

fn texts(node: &Node, into: &mut Vec<String>) {
    match &node.value {
        Value::Null => {}
        Value::Text { text, .. } => into.push(text.clone()),
        Value::List(items) => items.iter().for_each(|item| texts(item, into)),
        Value::Map(entries) => entries.iter().for_each(|(_, value)| texts(value, into)),
    }
}

proptest! {
    #![proptest_config(crate::base::property::cases(256))]

    #[test]
    fn what_was_written_is_what_both_read((written, yaml) in document()) {
        let mut report = Report::default();
        let root = parse(&Source::new("t.yaml", yaml), &mut report);
        prop_assert_eq!(report.to_string(), "");
        let mut read = Vec::new();
        texts(&root.unwrap(), &mut read);
        prop_assert_eq!(read, written);
    }

    #[test]
    fn any_text_is_read_or_refused(text in "([a-c]: |- |[ -~]|\n|\n  |\r\n|[é\t#:*&!|>'\"{}\\[\\],\0\u{feff}]){0,30}") {
        let mut report = Report::default();
        let source = Source::new("t.yaml", text);
        let root = parse(&source, &mut report);
        prop_assert!(root.is_some() || report.has_errors());
        for told in report.iter() {
            prop_assert!(source.text.get(told.range.clone()).is_some(), "{:?}", told);
            prop_assert!(!told.render(true, crate::base::diagnostic::Tongue::English).is_empty());
        }
    }
}

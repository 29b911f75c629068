use super::*;

fn read(text: &str) -> (Option<Node>, Vec<&'static str>) {
    let mut report = Report::default();
    let node = parse(&Source::new("t.yaml", text), &mut report);
    (node, report.iter().map(|diagnostic| diagnostic.code).collect())
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

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

#[test]
fn probe() {
    let see = |text: &str| {
        let mut report = Report::default();
        let node = parse(&Source::new("t.yaml", text), &mut report);
        println!("=== {text:?} {}\n{report}", node.is_some());
    };
    for text in [
        "*: x\n",
        "a:\n  *: x\n",
        "a: 1\n*: x\n",
        "a:\n  1: x\n  #: y\n",
        "a: *x\n",
        "a:\n\tb: 1\n",
        "a:\n  b: 1\n\tc: 2\n",
        "say: Composez le #1\n",
        "say: Tapez # pour finir\nb: 1 # vrai\nc: Tapez #\n",
        "a: |\n  x #1\n  #: y\nb: 2 # c\n",
        "",
        "# x\n",
        "---\n",
        "a: [1\n",
        "a: \"x\n",
        "a: b: c\n",
        "a: 'it's'\n",
        "- 1\nb: 2\n",
        "a: x\u{2028}y\n",
        "a: 1\r\nb: [x,\r\n  y]\r\n",
        "a: x\n   y #1\n",
        "{a: http://x:1, b}\n",
        "[a: 1]\n",
        "a: @x\n",
        "a: `x`\n",
        "a: %x\n",
        "a: >\n  x\n\n  y\n   z\n",
        "? a\n: b\n",
        "a: {b: 1, #: 2\n c: 1}\n",
        "a: - b\n",
        "a:\n- x\n-y\n",
        "\"a\\u00e9\\x41\\/\": 'b''c'\n",
        "a: Null\nb: NULL\nc: ~\n",
        "a: !!str 1\n",
        "%YAML 1.2\n---\na: 1\n...\n",
    ] {
        see(text)
    }
}

#[test]
fn slow() {
    let time = |name: &str, text: String| {
        let start = std::time::Instant::now();
        let mut report = Report::default();
        let source = Source::from_bytes("t.yaml", text.as_bytes());
        match source {
            Ok(source) => {
                parse(&source, &mut report);
            }
            Err(d) => report.push(d),
        }
        let read = start.elapsed();
        let n = report.iter().count();
        let text = report.sorted().render(false);
        println!(
            "{name}: {read:?} {:?} {n} mistakes {} octets; {}",
            start.elapsed(),
            text.len(),
            text.lines().next().unwrap_or("")
        );
    };
    let fill = |unit: &str| unit.repeat(YAML_BYTES_MAX / unit.len());
    time("brackets", "[".repeat(200_000));
    time("braces", "{".repeat(200_000));
    time("10MB", "a: 1\n".repeat(2_000_000));
    time("deep", (0..10_000).map(|n| " ".repeat(n % 50) + "- ").collect());
    time("deep2", "- ".repeat(10_000));
    time("deep3", (0..700).map(|n| " ".repeat(n) + "a:\n").collect());
    let mut bomb = "a0: &a0 [x, x]\n".to_owned();
    for n in 1..2_000 {
        bomb += &format!("a{n}: &a{n} [*a{}, *a{}]\n", n - 1, n - 1);
    }
    time("bomb", bomb);
    time("same keys", fill("a: 1\n"));
    time("keys", (0..30_000).map(|n| format!("k{n}:\n")).collect());
    time("flat", format!("[{}]", fill("a,").trim_end_matches(',')[..YAML_BYTES_MAX - 10].to_owned()));
    time("flat2", format!("[{}]", &fill("[],")[..YAML_BYTES_MAX / 3 * 3 - 30]));
    time("dashes", fill("-\n"));
    time("hashes", fill("a #1\n"));
    time("hashline", fill(" #: x"));
    time("spaces", fill(" "));
    time("nul", fill("\0"));
    time("bel", fill("\x07"));
    time("quote", "\"".to_owned() + &fill("a\n")[..YAML_BYTES_MAX - 9]);
    time("longline", format!("{}: &x 1", &fill("a")[..1000]) + &fill(" ")[..200_000] + "\n");
    time("block", "a: |\n".to_owned() + &fill("  x\n")[..YAML_BYTES_MAX - 8]);
    time("plain", "a: ".to_owned() + &fill("x y ")[..YAML_BYTES_MAX - 8]);
    time("keyish", fill("a: b: "));
    time("q", fill("? "));
    time("star", fill("*a "));
    time("amp", fill("&a "));
    time("excl", fill("!a "));
    time("tabs", fill("\t"));
    time("onelinewarn", format!("[{}]", &fill("&a a,")[..YAML_BYTES_MAX / 5 * 5 - 50]));
    time("longkey", format!("[{}]", &fill("aaaaaaa")[..YAML_BYTES_MAX / 5 * 5 - 50]));
    time("crs", fill("\r"));
}

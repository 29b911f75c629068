//! Texts that mean harm, or are no texts at all, through `svi check`: one clear message, soon, whatever the file.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // a test may, and it writes files

use std::path::PathBuf;
use std::process::Command;

/// What `svi check FILE` says, without the summary, and its exit code.
fn checked(name: &str, bytes: &[u8]) -> (String, Option<i32>) {
    let folder = std::env::temp_dir().join(format!("svi-hostile-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file: PathBuf = folder.join("a.yaml");
    std::fs::write(&file, bytes).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_svi"))
        .arg("check")
        .arg(&file)
        .arg("--language")
        .arg("en")
        .output()
        .unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    let told = String::from_utf8(output.stdout).unwrap().replace(&format!("{}/", folder.display()), "");
    (told, output.status.code())
}

/// The first mistake alone: head and place.
fn first(name: &str, bytes: &[u8]) -> String {
    let (told, code) = checked(name, bytes);
    assert_eq!(code, Some(1), "{told}");
    told.lines().take(2).map(str::trim).collect::<Vec<_>>().join(" ")
}

#[test]
fn each_hostile_text_has_one_clear_answer() {
    let bomb: String = (1..2_000).map(|n| format!("a{n}: &a{n} [*a{0}, *a{0}]\n", n - 1)).collect();
    let deep: String = (0..700).map(|depth| " ".repeat(depth) + "a:\n").collect();
    let utf16: Vec<u8> =
        [0xff, 0xfe].into_iter().chain("svi: 1\n".encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let cases: &[(&str, Vec<u8>, &str)] = &[
        (
            "bomb",
            format!("a0: &a0 [x, x]\n{bomb}").into(),
            "error[anchor]: `&` makes a YAML anchor, which flows do not use --> a.yaml:1:5",
        ),
        (
            "brackets",
            "[".repeat(200_000).into(),
            "error[too-deep]: nested deeper than 64 levels --> a.yaml:1:256",
        ),
        (
            "braces",
            "{a: ".repeat(50_000).into(),
            "error[too-deep]: nested deeper than 64 levels --> a.yaml:1:1021",
        ),
        (
            "dashes",
            "- ".repeat(100_000).into(),
            "error[too-deep]: nested deeper than 64 levels --> a.yaml:1:129",
        ),
        (
            "large",
            "a: 1\n".repeat(2_000_000).into(),
            "error[file-too-large]: the file is larger than 256 KiB --> a.yaml",
        ),
        ("deep", deep.into(), "error[too-deep]: nested deeper than 64 levels --> a.yaml:65:65"),
        ("nul", b"svi: 1\nname: a\0b\n".to_vec(), "error[nul]: this is no text: it has a NUL --> a.yaml:2:8"),
        ("latin1", b"svi: 1\nname: caf\xe9\n".to_vec(), "error[not-utf8]: this is no UTF-8 --> a.yaml:2:10"),
        ("utf16", utf16, "error[not-utf8]: this is no UTF-8 --> a.yaml:1:1"),
        (
            "tabs",
            b"svi: 1\nblocks:\n\ta:\n".to_vec(),
            "error[tab]: a tab cannot indent in YAML --> a.yaml:3:1",
        ),
        (
            "keys",
            "a: 1\n".repeat(50_000).into(),
            "error[duplicate-key]: `a` stands twice here --> a.yaml:2:1",
        ),
        (
            "quote",
            format!("svi: \"{}", "é\n".repeat(60_000)).into(),
            "error[yaml]: this is not YAML: a quote that opens is not closed --> a.yaml:1:6",
        ),
        (
            "long",
            format!("svi: 1\nname: {}\n", "x".repeat(250_000)).into(),
            "error[unknown-key]: unknown key `name` in the site (a flow has `blocks`) --> a.yaml:2:1",
        ),
        ("empty", Vec::new(), "error[empty-file]: the file says nothing --> a.yaml"),
    ];
    for (name, bytes, expected) in cases {
        assert_eq!(first(name, bytes), *expected, "{name}");
    }
}

#[test]
fn a_mark_and_the_ends_of_lines_of_another_system_are_no_mistake() {
    let flow = "svi: 1\nname: a\nnumbers: [01 23 45 67 89]\nsite: a\nstart: fin\nblocks:\n  fin:\n    - hangup: normal\n";
    for (name, text) in [("crlf", flow.replace('\n', "\r\n")), ("bom", format!("\u{feff}{flow}"))] {
        assert_eq!(
            checked(name, text.as_bytes()),
            ("all well: 1 flow, 1 block, 1 number\n".to_owned(), Some(0)),
            "{name}"
        );
    }
    // A mistake in such a file is told at its place.
    let wrong = format!("\u{feff}{}", flow.replace("hangup", "hangap").replace('\n', "\r\n"));
    assert_eq!(
        first("both", wrong.as_bytes()),
        "error[unknown-verb]: there is no verb `hangap` --> a.yaml:8:7"
    );
}

#[test]
fn what_an_editor_reads_is_one_object_whatever_the_file() {
    for (name, bytes) in [
        ("json-nul", b"a\0".to_vec()),
        ("json-many", "a: 1\n".repeat(50_000).into()),
        ("json-utf8", b"\xff".to_vec()),
    ] {
        let folder = std::env::temp_dir().join(format!("svi-hostile-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("a.yaml"), bytes).unwrap();
        for site in [folder.join("a.yaml"), folder.join("nowhere")] {
            let output = Command::new(env!("CARGO_BIN_EXE_svi"))
                .args(["check", "--format", "json"])
                .arg(&site)
                .output()
                .unwrap();
            let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
            assert!(
                told["errors"].as_u64() >= Some(1) && told["diagnostics"][0]["line"].as_u64() >= Some(1),
                "{told}"
            );
            assert_eq!((output.status.code(), output.stderr.len()), (Some(1), 0));
        }
        std::fs::remove_dir_all(&folder).unwrap();
    }
}

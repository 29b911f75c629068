//! `svi graph` as a person runs it: what is written where, and what it says when it cannot.

use std::path::PathBuf;
use std::process::{Command, Output};

/// A flow whose name is given.
fn flow(name: &str, number: &str) -> String {
    format!(
        "svi: 1\nname: {name}\nnumbers: [{number}]\nstart: fin\nblocks:\n  fin:\n    - play: attente.wav\n    - hangup: normal\n"
    )
}

const SITE: &str = "svi: 1\nsite: essai\ntrunks:\n  local: { peers: [127.0.0.1] }\n";

/// A folder of this test's own, with these files.
fn folder(test: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("svi-graph-{test}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a temporary folder can be made");
    for (name, text) in files {
        std::fs::write(folder.join(name), text).expect("a file can be written there");
    }
    folder
}

fn graph(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_svi")).arg("graph").args(arguments).output().expect("svi runs")
}

fn two_flows(test: &str) -> PathBuf {
    let (un, deux) = (flow("un", "01 23 45 67 89"), flow("deux", "01 23 45 67 90"));
    folder(test, &[("site.yaml", SITE), ("un.yaml", &un), ("deux.yaml", &deux)])
}

#[test]
fn the_built_in_flow_is_drawn_on_standard_output() {
    let output = graph(&[]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success());
    assert!(text.starts_with("<svg ") && text.ends_with("</svg>\n"));
    assert!(text.contains("data-block=\"conseiller\"") && text.contains(">voie habituelle</text>"));
    let english = String::from_utf8(graph(&["--language", "en"]).stdout).unwrap();
    assert!(english.contains(">usual way</text>"));
}

#[test]
fn one_flow_or_all_in_a_file_or_a_file_each() {
    let site = two_flows("files");
    let path = site.to_str().unwrap();
    let read = |name: &str| std::fs::read_to_string(site.join(name)).unwrap();
    let out = |name: &str| site.join(name).to_str().unwrap().to_owned();

    assert!(graph(&[path, "--output", &out("all.svg")]).status.success());
    assert!(read("all.svg").contains(">un</text>") && read("all.svg").contains(">deux</text>"));
    assert!(graph(&[path, "--flow", "un", "--format", "dot", "--output", &out("un.dot")]).status.success());
    assert!(read("un.dot").starts_with("digraph svi {") && !read("un.dot").contains("cluster"));
    assert!(graph(&[path, "--format", "mermaid", "--output", &out("each/")]).status.success());
    assert!(read("each/un.mmd").starts_with("flowchart TD\n") && read("each/deux.mmd").contains("attente"));
    std::fs::remove_dir_all(&site).unwrap();
}

#[test]
fn wrong_use_and_broken_sites_are_told_apart() {
    let site = two_flows("wrong");
    let path = site.to_str().unwrap();
    let output = graph(&[path, "--flow", "trois"]);
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(told, "svi: the site has no flow `trois`; it has: deux, un\n");
    assert_eq!(graph(&[path, "--format", "png"]).status.code(), Some(2));

    let nowhere = site.join("absent").join("un.svg");
    let output = graph(&[path, "--output", nowhere.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains("un.svg cannot be written"));

    std::fs::write(
        site.join("un.yaml"),
        "svi: 1\nname: un\nstart: nulle\nblocks:\n  fin:\n    - hangup: normal\n",
    )
    .unwrap();
    let output = graph(&[path]);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
    assert!(String::from_utf8(output.stderr).unwrap().contains("nulle"));
    std::fs::remove_dir_all(&site).unwrap();
}

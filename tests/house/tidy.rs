//! The laws of the house that a compiler does not hold: layers, doors, sizes, dead files, words.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Which rooms a room may name, besides itself. This table is the one of ARCHITECTURE.md.
const LAYERS: &[(&str, &[&str])] = &[
    ("base", &[]),
    ("sip", &["base"]),
    ("sdp", &["base"]),
    ("rtp", &["base"]),
    ("audio", &["base"]),
    ("media", &["base", "rtp", "sdp", "audio"]),
    ("flow", &["base"]),
    ("centre", &["base"]),
    ("config", &["base", "flow", "centre"]),
    ("switchboard", &["base", "sip", "sdp", "rtp", "audio", "media", "flow", "centre", "config"]),
    ("sim", &["base", "sip", "sdp", "rtp", "audio", "media", "flow", "centre", "config", "switchboard"]),
    ("io", &["base", "sip", "sdp", "rtp", "audio", "media", "flow", "centre", "config", "switchboard"]),
    ("phone", &["base", "sdp", "rtp", "audio"]),
];

/// Who alone may name a dependency.
const DOORS: &[(&str, &[&str])] = &[
    ("rsip", &["src/phone/message.rs"]),
    ("rtp_rs", &["src/rtp/packet.rs"]),
    ("hound", &["src/audio/wav.rs"]),
    ("serde_yaml", &["src/base/yaml.rs", "src/base/yaml/"]),
    ("saphyr_parser", &["src/base/yaml.rs", "src/base/yaml/"]),
    ("annotate_snippets", &["src/base/diagnostic.rs", "src/base/diagnostic/"]),
    ("jiff", &["src/base/time.rs", "src/base/time/", "src/centre/hours.rs"]),
    ("rand_chacha", &["src/base/rng.rs"]),
    ("sdp_types", &["src/sdp/"]),
    ("rtcp_types", &["src/rtp/rtcp.rs"]),
    ("ebur128", &["src/audio/loudness.rs"]),
    ("symphonia", &["src/audio/decode.rs"]),
    ("rubato", &["src/audio/resample.rs"]),
    ("tokio", &["src/io/", "src/phone/", "src/cli/", "src/main.rs"]),
    ("nix", &["src/io/", "src/phone/sink.rs"]),
    ("rustix", &["src/io/", "src/cli/"]),
    ("socket2", &["src/io/", "src/phone/"]),
    ("clap", &["src/cli/", "src/main.rs"]),
    ("hyper", &["src/io/outside/"]),
    ("hyper_util", &["src/io/outside/"]),
    ("http_body_util", &["src/io/outside/"]),
    ("tokio_rustls", &["src/io/outside/"]),
    ("rustls_native_certs", &["src/io/outside/trust.rs"]),
    ("lettre", &["src/io/outside/mail.rs"]),
    ("base64", &["src/io/outside/"]),
    ("sha1", &["src/io/outside/"]),
    ("regex_lite", &["src/flow/verb/ask.rs"]),
];

const LINES_MAX: usize = 500;
/// Files that may be longer, each with its reason.
const LONGER: &[(&str, &str)] = &[];
/// Words that hide what a thing is.
const BANNED_WORDS: &[&str] = &["Manager", "Handler", "Helper", "Util"];

#[test]
fn layers_know_only_what_stands_above_them() {
    let mut broken = Vec::new();
    for (file, text) in sources("src") {
        let Some(room) = room_of(&file) else { continue };
        let Some((_, allowed)) = LAYERS.iter().find(|(name, _)| *name == room) else { continue };
        for (number, line) in code_lines(&text) {
            for other in crate_paths(line) {
                let known = LAYERS.iter().any(|(name, _)| *name == other) || other == "cli";
                if known && other != room && !allowed.contains(&other.as_str()) {
                    broken.push(format!("{}:{number}: {room} may not know {other}", file.display()));
                }
            }
        }
    }
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn each_dependency_has_one_door() {
    let mut broken = Vec::new();
    for (file, text) in sources("src") {
        let name = file.display().to_string();
        for (number, line) in code_lines(&text) {
            for (dependency, doors) in DOORS {
                let used = [format!("{dependency}::"), format!("use {dependency};")];
                let through_door = doors.iter().any(|door| name.starts_with(door));
                if !through_door && used.iter().any(|word| has_word(line, word)) {
                    broken.push(format!("{name}:{number}: {dependency} is named outside {doors:?}"));
                }
            }
        }
    }
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn no_file_is_too_long() {
    let mut broken = Vec::new();
    for (file, text) in sources("src").into_iter().chain(sources("tests")) {
        let name = file.display().to_string();
        let lines = text.lines().count();
        if lines > LINES_MAX && !LONGER.iter().any(|(longer, _)| *longer == name) {
            broken.push(format!("{name}: {lines} lines, {LINES_MAX} at the most"));
        }
    }
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn every_module_says_what_it_is() {
    let silent: Vec<String> = sources("src")
        .into_iter()
        .filter(|(file, text)| !text.starts_with("//!") && !is_test(file))
        .map(|(file, _)| file.display().to_string())
        .collect();
    assert!(silent.is_empty(), "no //! doc at the head: {silent:?}");
}

#[test]
fn every_file_is_part_of_the_crate() {
    let all = sources("src");
    let declared: BTreeSet<PathBuf> = all.iter().flat_map(|(file, text)| declared_by(file, text)).collect();
    let roots = [Path::new("src/lib.rs"), Path::new("src/main.rs")];
    let dead: Vec<String> = all
        .iter()
        .filter(|(file, _)| !roots.contains(&file.as_path()) && !declared.contains(file))
        .map(|(file, _)| file.display().to_string())
        .collect();
    assert!(dead.is_empty(), "no `mod` names these files: {dead:?}");
}

#[test]
fn types_are_named_for_what_they_are() {
    let mut broken = Vec::new();
    for (file, text) in sources("src") {
        for (number, line) in code_lines(&text) {
            let declares = ["struct ", "enum ", "trait "].iter().find_map(|word| line.split_once(word));
            let name: String = declares.map_or(String::new(), |(_, rest)| {
                rest.chars().take_while(|c| c.is_alphanumeric()).collect()
            });
            if BANNED_WORDS.iter().any(|word| name.ends_with(word)) {
                broken.push(format!("{}:{number}: {name}", file.display()));
            }
        }
    }
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn the_table_of_layers_stands_in_the_architecture_page() {
    let page = fs::read_to_string("ARCHITECTURE.md").expect("ARCHITECTURE.md is there");
    for (room, _) in LAYERS {
        assert!(page.contains(&format!("`{room}`")), "ARCHITECTURE.md does not name `{room}`");
    }
}

fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::from(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the source folder can be read") {
            let path = entry.expect("an entry can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).expect("a source file is UTF-8");
                found.push((path, text));
            }
        }
    }
    found.sort();
    found
}

/// Tests that stand in a file of their own beside the code.
fn is_test(file: &Path) -> bool {
    file.iter().filter_map(|part| part.to_str()).any(|part| part.trim_end_matches(".rs").ends_with("tests"))
}

/// `src/sip/message/uri.rs` is in the room `sip`.
fn room_of(file: &Path) -> Option<String> {
    let room = file.iter().nth(1)?.to_str()?;
    Some(room.trim_end_matches(".rs").to_owned())
}

fn code_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = text.lines().enumerate().map(|(place, line)| (place + 1, line));
    lines.filter(|(_, line)| !line.trim_start().starts_with("//"))
}

/// The rooms that a line names by `crate::room`, also within `use crate::{a, b}`.
fn crate_paths(line: &str) -> Vec<String> {
    let word = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let mut rooms: Vec<String> =
        line.match_indices("crate::").map(|(at, found)| word(&line[at + found.len()..])).collect();
    if let Some((_, group)) = line.split_once("crate::{") {
        rooms.extend(group.split(',').map(|part| word(part.trim())));
    }
    rooms
}

fn has_word(line: &str, word: &str) -> bool {
    let boundary = |at: usize| {
        line[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric() && c != '_' && c != ':')
    };
    line.match_indices(word).any(|(at, _)| boundary(at))
}

/// The files that the `mod x;` lines of a file stand for.
fn declared_by(file: &Path, text: &str) -> Vec<PathBuf> {
    let folder = match file.file_name().and_then(|name| name.to_str()) {
        Some("mod.rs" | "lib.rs" | "main.rs") => file.parent().map(Path::to_path_buf),
        _ => Some(file.with_extension("")),
    };
    let Some(folder) = folder else { return Vec::new() };
    let mut files = Vec::new();
    for (_, line) in code_lines(text) {
        let Some((_, rest)) = line.split_once("mod ") else { continue };
        let Some(name) = rest.strip_suffix(';') else { continue };
        files.push(folder.join(format!("{name}.rs")));
        files.push(folder.join(name).join("mod.rs"));
        // `#[path = "x.rs"] mod tests;` names a sibling.
        files.push(file.with_file_name(format!("{name}.rs")));
    }
    for (_, line) in code_lines(text) {
        if let Some(path) = line.trim().strip_prefix("#[path = \"").and_then(|rest| rest.strip_suffix("\"]"))
        {
            files.push(file.with_file_name(path));
        }
    }
    files
}

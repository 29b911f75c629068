//! The laws of the house that a compiler does not hold: layers, doors, sizes, dead files, words.

use crate::circles;
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
    ("figures", &["base", "centre"]),
    ("config", &["base", "flow", "centre", "figures"]),
    ("switchboard", &["base", "sip", "sdp", "rtp", "audio", "media", "flow", "centre", "figures", "config"]),
    (
        "sim",
        &[
            "base",
            "sip",
            "sdp",
            "rtp",
            "audio",
            "media",
            "flow",
            "centre",
            "figures",
            "config",
            "switchboard",
        ],
    ),
    (
        "io",
        &[
            "base",
            "sip",
            "sdp",
            "rtp",
            "audio",
            "media",
            "flow",
            "centre",
            "figures",
            "config",
            "switchboard",
        ],
    ),
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
    ("icu_normalizer", &["src/base/letters.rs"]),
    ("base64", &["src/io/outside/"]),
    ("sha1", &["src/io/outside/"]),
    ("rusqlite", &["src/io/store/"]),
    ("postgres", &["src/io/store/db/"]),
    ("hmac", &["src/io/store/key.rs"]),
    ("regex_lite", &["src/flow/verb/ask.rs"]),
];

const LINES_MAX: usize = 500;
/// Files that may be longer, each with its reason.
const LONGER: &[(&str, &str)] =
    &[("src/cli/french.rs", DICTIONARY), ("src/cli/reference_french.rs", DICTIONARY)];
const DICTIONARY: &str = "a dictionary: nobody reads it through, and no line of it knows another";
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

/// Where files are made that hold neither what callers said nor a secret, or with a mode of their own: sites that are written for
/// the operator, pictures, sheets, reports, prompts.
const OPEN_FILES: &[&str] = &[
    "src/io/disk.rs",
    "src/io/voice/",
    "src/cli/new.rs",
    "src/cli/graph.rs",
    "src/cli/prompts.rs",
    "src/cli/test.rs",
    "src/cli/bench.rs",
];

#[test]
fn files_that_hold_what_callers_said_are_made_behind_one_door() {
    let words = ["File::create", "fs::write", "create_dir", "OpenOptions", "fs::copy", "DirBuilder"];
    let mut broken = Vec::new();
    for (file, text) in sources("src") {
        let name = file.display().to_string();
        if is_test(&file) || OPEN_FILES.iter().any(|open| name.starts_with(open)) {
            continue;
        }
        let code = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
        for (number, line) in code_lines(code) {
            if words.iter().any(|word| line.contains(word)) {
                broken.push(format!("{name}:{number}: io/disk.rs makes files for their owner alone"));
            }
        }
    }
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn nothing_panics_because_nobody_reads_what_it_prints() {
    let mut broken = Vec::new();
    for (file, text) in sources("src") {
        if is_test(&file) || file.ends_with("io/terminal.rs") {
            continue;
        }
        for (number, line) in code_lines(&text) {
            if ["println!(", "print!("].iter().any(|word| line.contains(word)) {
                broken.push(format!("{}:{number}: io/terminal.rs prints", file.display()));
            }
        }
    }
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn no_two_files_of_flow_know_each_other() {
    let circles = circles::circles(&sources("src/flow"));
    let told: Vec<String> = circles.iter().map(|circle| circle.join("\n  ")).collect();
    assert!(circles.is_empty(), "files that know each other in a circle:\n  {}", told.join("\n\n  "));
}

#[test]
fn a_circle_is_found_through_groups_parents_and_paths() {
    let file = |name: &str, text: &str| (PathBuf::from(name), text.to_owned());
    let files = [
        file("src/r/mod.rs", "mod a;\nmod b;\nmod c;\n#[cfg(test)]\nmod t;\npub use self::a::A;\n"),
        file("src/r/a.rs", "use super::{b::{B, C}, c};\n"),
        file("src/r/b.rs", "fn b(a: crate::r::a::A) {}\n"),
        file(
            "src/r/c.rs",
            "pub(in crate::r) fn c() {}\n// super::a::A\n#[cfg(test)]\nmod tests {\n    use super::super::a::A;\n}\n",
        ),
        file("src/r/t.rs", "use super::a::A;\n"),
    ];
    assert_eq!(circles::circles(&files), [["r/a -> r/b", "r/b -> r/a"]]);
    let mut files = files.to_vec();
    files[3].1 = "use super::A;\n".to_owned();
    assert_eq!(circles::circles(&files)[0].len(), 4, "what a parent passes on counts");
}

#[test]
fn a_verb_whose_file_is_all_of_it_is_known_to_the_table_alone() {
    let table = fs::read_to_string("src/flow/verb/mod.rs").expect("the table of verbs is there");
    let whole = whole_verbs(&table);
    assert!(whole.contains(&"survey".to_owned()), "{whole:?}");
    let mut broken = Vec::new();
    for (file, text) in sources("src") {
        for verb in whole.iter().filter(|verb| !file.ends_with(format!("flow/verb/{verb}.rs"))) {
            let lines: Vec<_> = code_lines(&text).filter(|(_, line)| names_verb(line, verb)).collect();
            let allowed = if file.ends_with("flow/verb/mod.rs") { 2 } else { 0 };
            if lines.len() != allowed && !is_test(&file) {
                broken.push(format!("{}: `{verb}` in {lines:?}, {allowed} allowed", file.display()));
            }
        }
    }
    assert!(
        broken.is_empty(),
        "a verb is its file, its `mod` and its line of the table:\n{}",
        broken.join("\n")
    );
}

/// The verbs that the table reads into `Step::Whole`: their lines name no step of their own.
fn whole_verbs(table: &str) -> Vec<String> {
    let rows = code_lines(table).filter_map(|(_, line)| line.trim().strip_prefix("row!("));
    rows.filter(|row| !row.contains("=>"))
        .filter_map(|row| Some(row.split_once("::")?.0.to_owned()))
        .collect()
}

/// Whether a line of code names a verb: its module, its line of the table, or a type that bears its name.
fn names_verb(line: &str, verb: &str) -> bool {
    let (first, rest) = verb.split_at(1);
    let type_name = format!("{}{rest}", first.to_uppercase());
    let words = [type_name, verb.to_uppercase(), format!("{verb}::"), format!("mod {verb};")];
    let boundary = |at: usize| line[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
    words.iter().any(|word| line.match_indices(word.as_str()).any(|(at, _)| boundary(at)))
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

/// Files of settings: all that an operator can write ends in a field here. The compiler tells of a field that nothing reads,
/// as long as it is `pub(crate)` and nothing compares it by a derived `PartialEq`.
fn is_of_settings(file: &str) -> bool {
    let verb =
        file.starts_with("src/flow/verb/") && !["lawful", "mod", "way"].iter().any(|of| file.contains(of));
    verb || ["src/config/site.rs", "src/config/outside.rs"].contains(&file)
}

#[test]
fn the_compiler_sees_whether_a_setting_is_read() {
    let mut blind = Vec::new();
    for (file, text) in sources("src") {
        let name = file.display().to_string();
        let mut derived = "";
        for (number, line) in code_lines(&text).filter(|_| is_of_settings(&name)) {
            let field = line.strip_prefix("    pub ").and_then(|rest| rest.split_once(": "));
            let opens =
                field.is_some_and(|(field, _)| field.bytes().all(|b| b == b'_' || b.is_ascii_lowercase()));
            let compared =
                derived.contains("PartialEq") && line.starts_with("pub struct") && line.ends_with('{');
            if opens || compared && name.starts_with("src/config/") {
                blind.push(format!("{name}:{number}: {line}"));
            }
            derived = line;
        }
    }
    assert!(blind.is_empty(), "write `pub(crate)`, and no `PartialEq`:\n{}", blind.join("\n"));
}

/// Rows of tables whose value is judged and kept in no field.
const WITHOUT_FIELD: &[&str] = &["recording"];

#[test]
fn what_nothing_reads_is_marked_in_its_table() {
    let (mut marked, mut unread) = (BTreeSet::new(), BTreeSet::new());
    for (_, text) in sources("src") {
        marked.extend(rows(&text, "not_yet(").map(str::to_owned));
        let told = text.match_indices("\"not carried out: ").map(|(at, head)| &text[at + head.len()..]);
        unread.extend(told.filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())));
    }
    unread.extend(WITHOUT_FIELD.iter().map(|row| (*row).to_owned()));
    assert!(marked.len() > 2, "the scan finds too few: {marked:?}");
    assert_eq!(
        marked, unread,
        "left: rows `not_yet` of the tables; right: what the compiler proves to be unread"
    );
}

/// Keys that are asked for elsewhere or in other words: a flow's name by who loads it, languages by their own words.
const ASKED_ELSEWHERE: &[(&str, &str)] = &[("flow", "name"), ("config", "fr"), ("config", "en")];

#[test]
fn every_key_of_a_table_is_asked_for() {
    let mut idle = Vec::new();
    // The templates of gateways ask by their placeholders.
    let templates = fs::read_to_string("src/config/providers.yaml").expect("the templates of gateways");
    for room in ["flow", "config", "sim"] {
        let texts = sources(&format!("src/{room}")).into_iter().map(|(_, text)| text);
        let text: String = texts.collect();
        let heads = ["opt(", "need(", "not_yet("];
        let keys: Vec<&str> = heads.into_iter().flat_map(|head| rows(&text, head)).collect();
        assert!(keys.len() > 40, "the scan finds too few in {room}: {keys:?}");
        for key in &keys {
            let asked = text.matches(&format!("\"{key}\"")).count();
            let in_template = templates.contains(&format!("{{{key}}}"));
            let elsewhere = ASKED_ELSEWHERE.contains(&(room, *key));
            if !in_template && !elsewhere && asked <= keys.iter().filter(|other| other == &key).count() {
                idle.push(format!("{room}: `{key}`"));
            }
        }
    }
    assert!(idle.is_empty(), "no reader asks for these keys:\n{}", idle.join("\n"));
}

/// The first literal of each call of a maker of rows.
fn rows<'t>(text: &'t str, head: &'static str) -> impl Iterator<Item = &'t str> {
    let calls = text.match_indices(head).filter(|(at, _)| {
        text[..*at].chars().next_back().is_some_and(|before| before.is_whitespace() || before == '[')
    });
    let literals = calls.map(move |(at, _)| text[at + head.len()..].trim_start());
    literals.filter_map(|rest| Some(rest.strip_prefix('"')?.split_once('"')?.0))
}

#[test]
fn property_tests_draw_from_a_seed() {
    let mut loose = Vec::new();
    for (file, text) in sources("src").into_iter().chain(sources("tests")) {
        for (at, head) in text.match_indices("proptest! {\n") {
            let first = text[at + head.len()..].lines().next().unwrap_or_default();
            if !first.contains("property::cases(") {
                loose.push(format!("{}: {}", file.display(), first.trim()));
            }
        }
    }
    assert!(
        loose.is_empty(),
        "begin with `#![proptest_config(crate::base::property::cases(256))]`, in `tests/` with `property::cases`: {loose:#?}"
    );
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

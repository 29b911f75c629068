//! The lists of `tests/mutants/` do not rot: every mutation there still applies to the source, exactly once, and its tests are
//! named by a target that exists. Whether tests see them is what `tests/mutants/run` finds out.

use std::fs;
use std::path::Path;

#[test]
fn every_mutation_still_applies() {
    let mut broken = Vec::new();
    let mut found = 0;
    for entry in fs::read_dir("tests/mutants").unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|end| end != "txt") {
            continue;
        }
        let list = fs::read_to_string(&path).unwrap();
        for mutation in list.split("\n== ").skip(1) {
            found += 1;
            if let Err(why) = applies(mutation) {
                let title = mutation.lines().next().unwrap_or_default();
                broken.push(format!("{}: {title}: {why}", path.display()));
            }
        }
    }
    assert!(found > 100, "{found} mutations");
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

/// What stands behind `== `: a title, then lines that begin with `in`, `by`, `-` and `+`.
fn applies(mutation: &str) -> Result<(), String> {
    let lines = |word: &str| -> Vec<&str> {
        let rest = mutation.lines().filter_map(|line| line.strip_prefix(word));
        rest.map(|rest| rest.strip_prefix(' ').unwrap_or(rest)).collect()
    };
    let [file] = lines("in ")[..] else { return Err("wants one file".into()) };
    let text = fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
    let (old, new) = (lines("-").join("\n"), lines("+").join("\n"));
    if old == new {
        return Err("changes nothing".into());
    }
    match text.matches(&old).count() {
        1 => {}
        times => return Err(format!("{old:?} stands in {file} {times} times")),
    }
    let tests = lines("by ");
    if tests.is_empty() {
        return Err("names no test".into());
    }
    for arguments in tests {
        let exists = match arguments.split(' ').collect::<Vec<_>>()[..] {
            ["--lib", _] => true,
            ["--test", target, ..] => Path::new("tests").join(target).join("main.rs").is_file(),
            _ => false,
        };
        if !exists {
            return Err(format!("`cargo test {arguments}` runs nothing, or everything"));
        }
    }
    Ok(())
}

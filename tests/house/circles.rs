//! Which files of a room know each other in a circle: by what they import, and by the paths that they name.
//!
//! A path counts for the file of the longest module that it names, so that what a parent passes on counts for the parent.
//! Tests are left out: they may know everything.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A module, by its path from the crate: `flow`, `verb`, `survey`.
type Module = Vec<String>;

/// The circles among these files, each file with those of its circle that it names. One that names only itself is none.
pub fn circles(files: &[(PathBuf, String)]) -> Vec<Vec<String>> {
    let tests: BTreeSet<Module> = files.iter().flat_map(|(file, text)| test_modules(file, text)).collect();
    let is_test = |module: &Module| (1..=module.len()).any(|length| tests.contains(&module[..length]));
    let texts: BTreeMap<Module, String> = files
        .iter()
        .map(|(file, text)| (module_of(file), code(text)))
        .filter(|(module, _)| !is_test(module))
        .collect();
    let known: BTreeMap<&Module, BTreeSet<Module>> =
        texts.iter().map(|(module, text)| (module, named(module, text, &texts))).collect();
    let reached: BTreeMap<&Module, BTreeSet<&Module>> =
        known.keys().map(|module| (*module, reached_from(module, &known))).collect();
    let mut circles: BTreeSet<Vec<String>> = BTreeSet::new();
    for (module, reach) in &reached {
        let circle: BTreeSet<&Module> =
            reach.iter().filter(|other| reached[**other].contains(*module)).copied().collect();
        let line = |module: &&Module| {
            let others = known[*module].iter().filter(|other| circle.contains(other));
            format!(
                "{} -> {}",
                module.join("/"),
                others.map(|it| it.join("/")).collect::<Vec<_>>().join(", ")
            )
        };
        if circle.len() > 1 {
            circles.insert(circle.iter().map(line).collect());
        }
    }
    circles.into_iter().collect()
}

/// All modules that one comes to.
fn reached_from<'m>(module: &Module, known: &BTreeMap<&'m Module, BTreeSet<Module>>) -> BTreeSet<&'m Module> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<&Module> = known[module].iter().collect();
    while let Some(next) = open.pop() {
        let Some((next, others)) = known.get_key_value(next) else { continue };
        if reached.insert(*next) {
            open.extend(others);
        }
    }
    reached
}

/// `src/flow/verb/mod.rs` is the module `flow`, `verb`.
fn module_of(file: &Path) -> Module {
    let mut parts: Module = file
        .iter()
        .skip(1)
        .filter_map(|part| part.to_str())
        .map(|part| part.trim_end_matches(".rs").to_owned())
        .collect();
    if parts.last().is_some_and(|last| last == "mod") {
        parts.pop();
    }
    parts
}

/// The modules that a file declares for tests alone.
fn test_modules(file: &Path, text: &str) -> Vec<Module> {
    let mut lines = text.lines();
    let mut found = Vec::new();
    while let Some(line) = lines.next() {
        if line.trim() != "#[cfg(test)]" {
            continue;
        }
        let declared = lines.next().and_then(|line| line.trim().strip_suffix(';')?.rsplit_once("mod "));
        if let Some((_, name)) = declared {
            let mut module = module_of(file);
            module.push(name.to_owned());
            found.push(module);
        }
    }
    found
}

/// The text without comments, without the tests at its end, and without paths that only say who may see.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or(text);
    let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    let mut code = String::new();
    for line in lines {
        let (before, rest) = line.split_once("pub(in ").unwrap_or((line, ""));
        code.push_str(before);
        code.push_str(rest.split_once(')').map_or("", |(_, rest)| rest));
        code.push('\n');
    }
    code
}

/// The other modules that a file names.
fn named(module: &Module, text: &str, all: &BTreeMap<Module, String>) -> BTreeSet<Module> {
    let mut paths = Vec::new();
    let mut rest = String::new();
    let mut open = text;
    while let Some(at) = open.find("use ") {
        let is_import = open[..at].rsplit('\n').next().is_some_and(|line| {
            line.is_empty() || line.trim_start().starts_with("pub") || line.trim().is_empty()
        });
        rest.push_str(&open[..at]);
        open = &open[at + 4..];
        if let Some((tree, after)) = open.split_once(';').filter(|_| is_import) {
            expand(tree, &[], &mut paths);
            open = after;
        }
    }
    rest.push_str(open);
    let runs = rest.split(|c: char| !c.is_alphanumeric() && c != '_' && c != ':');
    let inline =
        runs.filter(|run| run.contains("::")).map(|run| run.split("::").map(str::to_owned).collect());
    paths.extend(inline);
    let owner = |path: Vec<String>| {
        let path = absolute(module, path, all)?;
        (1..=path.len()).rev().map(|length| path[..length].to_vec()).find(|it| all.contains_key(it))
    };
    paths.into_iter().filter_map(owner).filter(|other| other != module).collect()
}

/// The paths of an import: `a::{b, c::d}` is `a::b` and `a::c::d`.
fn expand(tree: &str, before: &[String], paths: &mut Vec<Vec<String>>) {
    let (path, group) = match tree.split_once('{') {
        Some((path, group)) => (path, group.rsplit_once('}').map(|(group, _)| group)),
        None => (tree, None),
    };
    let own = path.split(" as ").next().unwrap_or(path);
    let own = own.split("::").map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned);
    let whole: Vec<String> = before.iter().cloned().chain(own).collect();
    let Some(group) = group else {
        paths.push(whole);
        return;
    };
    let (mut depth, mut begin) = (0_usize, 0);
    for (at, c) in group.char_indices().chain([(group.len(), ',')]) {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                expand(&group[begin..at], &whole, paths);
                begin = (at + 1).min(group.len());
            }
            _ => {}
        }
    }
}

/// A path from the crate on; none when it begins with another crate or with a type.
fn absolute(module: &Module, path: Vec<String>, all: &BTreeMap<Module, String>) -> Option<Module> {
    let mut from = module.clone();
    let mut path = path.into_iter().peekable();
    match path.peek()?.as_str() {
        "crate" => {
            from.clear();
            path.next();
        }
        "self" => drop(path.next()),
        "super" => {
            while path.next_if(|part| part == "super").is_some() {
                from.pop();
            }
        }
        child => {
            let whole: Module = from.iter().cloned().chain([child.to_owned()]).collect();
            all.contains_key(&whole).then_some(())?;
        }
    }
    from.extend(path);
    Some(from)
}

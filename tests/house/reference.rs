//! The reference pages of the language and of scenarios are what the tables say.
//!
//! `SVI_BLESS=1 cargo test --test house reference::` rewrites the generated parts of `docs/language.md`, `docs/language.fr.md` and
//! `docs/scenarios.md`.

use std::fs;
use std::path::Path;

use svi::config::schema;
use svi::flow::reference;
use svi::sim::scenario::form;

#[test]
fn the_committed_pages_are_current() {
    let language = [
        ("sections", reference::sections()),
        ("verbs", reference::verbs()),
        ("values", reference::values()),
        ("site", schema::page()),
    ];
    current("docs/language.md", &language);
    let french = language.map(|(part, text)| {
        let french = svi::cli::reference::page_in_french(&text);
        (part, french.unwrap_or_else(|missing| panic!("no French of {missing:#?}")))
    });
    current("docs/language.fr.md", &french);
    current("docs/scenarios.md", &[("keys", form::keys()), ("steps", form::steps())]);
}

/// Whether the generated parts of a page are what they should be.
fn current(path: &str, parts: &[(&str, String)]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let page = fs::read_to_string(&path).unwrap();
    let mut current = page.clone();
    for (part, text) in parts {
        let begin = format!("<!-- begin {part}: generated, see tests/house/reference.rs -->\n");
        let end = format!("<!-- end {part} -->\n");
        let (before, rest) = current.split_once(&begin).unwrap_or_else(|| panic!("no `{begin}` in the page"));
        let (_, after) = rest.split_once(&end).unwrap_or_else(|| panic!("no `{end}` in the page"));
        current = format!("{before}{begin}\n{}\n\n{end}{after}", text.trim_end());
    }
    if std::env::var_os("SVI_BLESS").is_some() {
        fs::write(&path, &current).unwrap();
    }
    let now = fs::read_to_string(&path).unwrap();
    assert!(now == current, "{path:?} is old: SVI_BLESS=1 cargo test --test house reference::");
}

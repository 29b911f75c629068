//! The reference of codes: a page for each, which says what the mistake is, shows it, shows what is right, and why.
//!
//! `docs/codes.md` and `docs/codes.fr.md` are the only source; this reads their pages out of them. `tests/house/codes.rs` holds
//! that every code of the source has its page, and that what the pages call wrong and right is so.

use super::Tongue;

const ENGLISH: &str = include_str!("../../../docs/codes.md");
const FRENCH: &str = include_str!("../../../docs/codes.fr.md");

/// One page.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The code.
    pub code: &'static str,
    /// Markdown below its heading.
    pub body: &'static str,
}

impl Page {
    /// Its first paragraph, in one line: what the mistake is.
    pub(crate) fn summary(&self) -> String {
        let paragraph = self.body.trim_start().split("\n\n").next().unwrap_or_default();
        paragraph.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// The page of a code; in English where there is none in the language.
pub(crate) fn page(code: &str, tongue: Tongue) -> Option<Page> {
    let asked = pages(tongue).find(|page| page.code == code);
    asked.or_else(|| pages(Tongue::English).find(|page| page.code == code))
}

/// All pages that a language has, in the order of their codes.
pub fn pages(tongue: Tongue) -> impl Iterator<Item = Page> {
    let text = match tongue {
        Tongue::English => ENGLISH,
        Tongue::French(_) => FRENCH,
    };
    let (_, pages) = text.split_once("\n## ").unwrap_or_default();
    pages.split("\n## ").filter_map(|page| {
        let (code, body) = page.split_once('\n')?;
        Some(Page { code: code.trim(), body })
    })
}

#[cfg(test)]
mod tests {
    use super::super::Words;
    use super::*;

    const FRENCH: Tongue = Tongue::French(Words(&[]));

    #[test]
    fn a_page_is_found_by_its_code() {
        let page = page("unknown-key", Tongue::English).expect("it is there");
        assert!(page.body.contains("```yaml"), "{}", page.body);
        assert!(!page.summary().contains('\n') && page.summary().ends_with('.'), "{}", page.summary());
        assert_eq!(super::page("unknown-kea", FRENCH), None);
    }

    #[test]
    fn pages_stand_in_order_and_once() {
        for tongue in [Tongue::English, FRENCH] {
            let codes: Vec<&str> = pages(tongue).map(|page| page.code).collect();
            assert!(codes.len() > 40 && codes.is_sorted_by(|one, other| one < other), "{codes:?}");
        }
    }
}

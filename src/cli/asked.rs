//! Which site a command is about that names none: that of the folder in which it is called. Only where there is none it is the
//! built-in example, and that is said: who looks at their own site must not take the example's health for its own.

use std::path::PathBuf;

use super::language;
use crate::base::diagnostic::Text;
use crate::io::load;
use crate::io::terminal::errln;

/// The site that was named, or that of this folder; none: the built-in example.
pub(super) fn site(named: Option<PathBuf>) -> Option<PathBuf> {
    let site = named.or_else(load::here);
    if site.is_none() {
        let note = Text::word(
            "no site is named, and this folder has no site.yaml: this is the built-in example (`svi new` writes a site)",
        );
        errln!("svi: {}", note.to(language::tongue(None)));
    }
    site
}

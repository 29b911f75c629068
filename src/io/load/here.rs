//! The site of the folder in which svi was called.

use std::path::{Path, PathBuf};

use super::{bounded, yaml_files};

/// It, if there is one.
pub(crate) fn here() -> Option<PathBuf> {
    site_in(Path::new("."))
}

/// A folder with `site.yaml`, or with a flow that is all of its site.
fn site_in(folder: &Path) -> Option<PathBuf> {
    let is_ours = |file: &PathBuf| {
        let text = bounded(file).unwrap_or_default();
        file.parent() == Some(folder)
            && text.split(|byte| *byte == b'\n').any(|line| line.starts_with(b"svi:"))
    };
    let found = folder.join("site.yaml").is_file() || yaml_files(folder).iter().any(is_ours);
    found.then(|| folder.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_a_site_by_its_site_yaml_or_by_a_flow() {
        let folder = std::env::temp_dir().join(format!("svi-here-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(folder.join("flows")).unwrap();
        let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).unwrap();
        let found = || site_in(&folder).is_some();
        assert!(!found());
        write("autre.yaml", "version: 2\n");
        write("a.test.yaml", "svi: 1\n");
        write("flows/a.yaml", "svi: 1\n");
        assert!(!found(), "a program's files, scenarios and the flows of another site are none");
        write("a.yaml", "# tout en un\nsvi: 1\n");
        assert!(found());
        std::fs::remove_file(folder.join("a.yaml")).unwrap();
        write("site.yaml", "[");
        assert!(found(), "one that is wrong is looked at all the same");
        std::fs::remove_dir_all(&folder).unwrap();
    }
}

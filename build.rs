//! Lists the files that the binary carries: the shipped prompts and flows. Writes `$OUT_DIR/assets.rs`, which
//! `src/io/assets.rs` includes.
#![allow(clippy::disallowed_methods)] // a build script reads and writes files

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    // A folder stands for all that it holds, new files too.
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=prompts");
    println!("cargo::rerun-if-changed=flows");

    let mut names = Vec::new();
    walk(&root, Path::new("prompts"), &mut names)?;
    walk(&root, Path::new("flows"), &mut names)?;
    names.retain(|name| is_shipped(name));
    names.sort();

    let mut table = String::from("/// Name and content of every asset, sorted by name.\n");
    table.push_str("pub static ASSETS: &[(&str, &[u8])] = &[\n");
    for name in &names {
        let path = root.join(name);
        // Writing to a String cannot fail.
        let _ = writeln!(table, "    ({name:?}, include_bytes!({path:?})),");
    }
    table.push_str("];\n");
    fs::write(out.join("assets.rs"), table)
}

fn is_shipped(name: &str) -> bool {
    match name.strip_prefix("prompts/") {
        Some(prompt) => prompt.ends_with(".wav") || prompt == "manifest.tsv",
        None => name.ends_with(".yaml"),
    }
}

/// All files below `folder`, as paths from `root` with slashes. A folder that does not exist is empty.
fn walk(root: &Path, folder: &Path, names: &mut Vec<String>) -> io::Result<()> {
    let entries = match fs::read_dir(root.join(folder)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        let path = folder.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            walk(root, &path, names)?;
        } else if let Some(name) = path.to_str() {
            names.push(name.replace('\\', "/"));
        }
    }
    Ok(())
}

//! `svi graph`: the drawing of a flow, for the wall, a page or a reader of graphs.
#![allow(clippy::disallowed_methods)] // it writes the files that it is asked for

use crate::base::diagnostic::Text;
use crate::say;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ValueEnum;

use super::asked;
use crate::base::diagnostic::Tongue;
use crate::centre::number;
use crate::flow::draw::{self, Diagram, TooLarge};
use crate::io::load::{self, SiteSource};
use crate::io::terminal::{self, errln};

/// `svi graph`
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The site's folder or file; by default that of this folder (./site.yaml), else the built-in example.
    site: Option<PathBuf>,
    /// Only this flow; without it all flows are drawn.
    #[arg(long, value_name = "NAME")]
    flow: Option<String>,
    /// What is written.
    #[arg(long, value_enum, default_value_t = Format::Svg)]
    format: Format,
    /// Where to; standard output when not given. All flows stand in one file, or in a folder (that exists, or whose name
    /// ends with a slash) a file each.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The language of svi's own words in the drawing.
    #[arg(long, value_enum, default_value_t = Language::Fr)]
    language: Language,
}

/// What is written.
#[derive(Copy, Clone, Debug, ValueEnum)]
enum Format {
    /// A picture that stands alone.
    Svg,
    /// A flowchart of Mermaid, for Markdown pages.
    Mermaid,
    /// A graph of Graphviz.
    Dot,
}

#[derive(Copy, Clone, Debug, ValueEnum)]
enum Language {
    /// French.
    Fr,
    /// English.
    En,
}

impl Format {
    const fn extension(self) -> &'static str {
        match self {
            Self::Svg => "svg",
            Self::Mermaid => "mmd",
            Self::Dot => "dot",
        }
    }
}

/// Draws the flows of a site.
pub(crate) fn run(args: &Args) -> ExitCode {
    let source = SiteSource::new(asked::site(args.site.clone()));
    let edition = match load::words_only(&source) {
        Ok(edition) => edition,
        Err(report) => {
            terminal::err(&report.render(false, super::language::tongue(None)));
            return ExitCode::FAILURE;
        }
    };
    let tongue = match args.language {
        Language::Fr => super::FRENCH,
        Language::En => Tongue::English,
    };
    let flows = &edition.site.flows;
    let asked = |name: &str| args.flow.as_deref().is_none_or(|asked| asked == name);
    let diagrams: Vec<Diagram> = flows
        .values()
        .filter(|flow| asked(&flow.name))
        .map(|flow| draw::diagram(flow, tongue, &number::display))
        .collect();
    if let (Some(asked), []) = (&args.flow, &diagrams[..]) {
        let known: Vec<&str> = flows.values().map(|flow| flow.name.as_str()).collect();
        let told = say!("the site has no flow `{}`; it has: {}", asked, known.join(", "));
        errln!("svi: {}", told.to(super::language::tongue(None)));
        return ExitCode::from(2);
    }
    match write(args, &diagrams, tongue) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            errln!("svi: {}", why.to(super::language::tongue(None)));
            ExitCode::FAILURE
        }
    }
}

fn write(args: &Args, diagrams: &[Diagram], tongue: Tongue) -> Result<(), Text> {
    let Some(output) = &args.output else {
        let text = drawn(args.format, diagrams, tongue)?;
        return match std::io::stdout().lock().write_all(text.as_bytes()) {
            // Whoever reads has seen enough.
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
            other => other.map_err(|error| say!("the drawing cannot be written: {}", error)),
        };
    };
    if !output.is_dir() && !output.to_string_lossy().ends_with('/') {
        return save(output, &drawn(args.format, diagrams, tongue)?);
    }
    std::fs::create_dir_all(output)
        .map_err(|error| say!("{} cannot be made: {}", output.display(), error))?;
    for diagram in diagrams {
        let text = drawn(args.format, std::slice::from_ref(diagram), tongue)?;
        save(&output.join(format!("{}.{}", file_name(&diagram.title), args.format.extension())), &text)?;
    }
    Ok(())
}

fn drawn(format: Format, diagrams: &[Diagram], tongue: Tongue) -> Result<String, Text> {
    match format {
        Format::Svg => draw::svg(diagrams, tongue).map_err(too_large),
        Format::Mermaid => Ok(draw::mermaid(diagrams)),
        Format::Dot => Ok(draw::dot(diagrams)),
    }
}

fn too_large(error: TooLarge) -> Text {
    say!("the flow is too large for a picture ({}); `--format dot` draws it with Graphviz", error)
}

fn save(path: &Path, text: &str) -> Result<(), Text> {
    std::fs::write(path, text).map_err(|error| say!("{} cannot be written: {}", path.display(), error))
}

/// A flow's name without what would lead out of the folder.
fn file_name(name: &str) -> String {
    let kept = |character: char| if matches!(character, '/' | '\\') { '-' } else { character };
    let name: String = name.chars().map(kept).collect();
    if name.trim_matches('.').is_empty() { "flow".to_owned() } else { name }
}

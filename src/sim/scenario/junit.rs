//! The outcome of scenarios as JUnit XML, which CI servers draw. Shape: the schema of the Jenkins xUnit plug-in.

use std::fmt::Write as _;

use super::Scenario;
use super::coverage::Coverage;
use super::run::Outcome;
use crate::base::diagnostic::Tongue;
use crate::base::time::Duration;

/// A scenario that was played, and how long that took.
#[derive(Debug)]
pub struct Played {
    /// The scenario.
    pub scenario: Scenario,
    /// How it went.
    pub outcome: Outcome,
    /// How long it took to play.
    pub took: Duration,
}

/// One suite a file, one case a scenario; the coverage of the whole as properties of the first suite.
pub fn xml(played: &[Played], coverage: Option<&Coverage>, tongue: Tongue) -> String {
    let failed = |played: &[&Played]| played.iter().filter(|played| !played.outcome.passed()).count();
    let took = |played: &[&Played]| played.iter().map(|played| played.took).sum::<Duration>().as_secs_f64();
    let all: Vec<&Played> = played.iter().collect();
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    // Writing to a String cannot fail.
    let _ = writeln!(
        xml,
        "<testsuites name=\"svi\" tests=\"{}\" failures=\"{}\" errors=\"0\" time=\"{:.6}\">",
        all.len(),
        failed(&all),
        took(&all)
    );
    let mut properties = coverage;
    for suite in all.chunk_by(|one, other| one.scenario.source.path == other.scenario.source.path) {
        let _ = writeln!(
            xml,
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"0\" time=\"{:.6}\">",
            escaped(&suite[0].scenario.source.path),
            suite.len(),
            failed(suite),
            took(suite)
        );
        if let Some(coverage) = properties.take() {
            xml.push_str(&coverage_properties(coverage));
        }
        suite.iter().for_each(|played| xml.push_str(&case(played, tongue)));
        xml.push_str("  </testsuite>\n");
    }
    xml.push_str("</testsuites>\n");
    xml
}

fn coverage_properties(coverage: &Coverage) -> String {
    let shares = [("blocks", coverage.blocks()), ("exits", coverage.exits())];
    let mut xml = String::from("    <properties>\n");
    for (name, share) in shares {
        for (part, value) in [("visited", share.visited), ("all", share.all), ("percent", share.percent())] {
            let _ = writeln!(xml, "      <property name=\"coverage.{name}.{part}\" value=\"{value}\"/>");
        }
    }
    xml + "    </properties>\n"
}

fn case(played: &Played, tongue: Tongue) -> String {
    let Played { scenario, outcome, took } = played;
    let head = format!(
        "    <testcase classname=\"{}\" name=\"{}\" time=\"{:.6}\"",
        escaped(&scenario.flow.name),
        escaped(&scenario.name),
        took.as_secs_f64()
    );
    if outcome.passed() {
        return head + "/>\n";
    }
    let mut xml = head + ">\n";
    // One failure a case is what readers of this form show: the first message, all drawings.
    let drawn: Vec<String> = outcome.failures.iter().map(|failure| failure.render(false, tongue)).collect();
    if let Some(first) = outcome.failures.first() {
        let message = escaped(&first.message.to(tongue));
        let text = escaped(&drawn.join("\n\n"));
        let _ =
            writeln!(xml, "      <failure type=\"{}\" message=\"{message}\">{text}</failure>", first.code);
    }
    xml + "    </testcase>\n"
}

/// XML 1.0 §2.2 and §2.4: what may not stand as itself in an attribute or a text, or not at all.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\n' | '\t' | '\r' => safe.push(c),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => safe.push('\u{fffd}'),
            c => safe.push(c),
        }
    }
    safe
}

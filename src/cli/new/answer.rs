//! Answers, read strictly: each says what is wrong with it in a sentence.

use crate::base::diagnostic::Text;
use crate::base::limit::{COMPANY_CHARS_MAX, NEW_SITE_LIST_MAX};
use crate::base::time::Weekday;
use crate::centre::holiday::Region;
use crate::centre::hours::{Holidays, Hours, Span};
use crate::centre::number::{self, Class};
use crate::config::value;
use crate::say;

/// All of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answers {
    /// As callers hear it.
    pub(crate) company: String,
    /// As the French write them; one at least.
    pub(crate) numbers: Vec<String>,
    /// Groups of days with the same hours, one at least.
    pub(crate) week: Vec<Group>,
    /// One at least.
    pub(crate) agents: Vec<Agent>,
    /// Where messages go.
    pub(crate) email: Option<String>,
}

/// Days with the same hours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Group {
    /// As they were typed, `lun-ven`.
    pub(crate) words: String,
    /// The days.
    pub(crate) days: Vec<Weekday>,
    /// Their hours.
    pub(crate) spans: Vec<Span>,
}

/// Who answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Agent {
    /// As it was typed, `Alice Martin`.
    pub(crate) title: String,
    /// A name in the site and of the SIP user, `alice`.
    pub(crate) key: String,
    /// How they are reached.
    pub(crate) reach: Reach,
}

/// How an agent is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// A phone that registers here.
    Softphone,
    /// A telephone number, as the French write it.
    Mobile(String),
}

impl Answers {
    /// The calendar that the week makes.
    pub(crate) fn hours(&self) -> Hours {
        let mut hours = Hours { zone: "Europe/Paris".to_owned(), ..Hours::default() };
        hours.holidays = Holidays { region: Some(Region::France), ..Holidays::default() };
        for group in &self.week {
            for day in &group.days {
                hours.week[*day as usize].clone_from(&group.spans);
            }
        }
        hours
    }
}

/// A name that can be spoken and written in one line.
pub(crate) fn company(text: &str) -> Result<String, Text> {
    let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if !name.chars().any(char::is_alphanumeric) {
        return Err(Text::word("a name has a letter or a figure"));
    }
    if name.chars().count() > COMPANY_CHARS_MAX {
        return Err(say!(
            "the name has more than {} letters: callers would not wait for its end",
            COMPANY_CHARS_MAX
        ));
    }
    refuse_signs(&name)?;
    Ok(name)
}

/// `{` begins a placeholder in what is said; what nobody sees has no place in a name.
fn refuse_signs(name: &str) -> Result<(), Text> {
    let unseen = |sign: char| {
        sign.is_control()
            || matches!(sign, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fff9}'..='\u{ffff}')
    };
    if name.contains(['{', '}']) {
        return Err(Text::word("braces have a meaning in texts: leave them out"));
    }
    if name.contains(unseen) { Err(Text::word("an invisible character stands in the name")) } else { Ok(()) }
}

/// Numbers of the company, each once.
pub(crate) fn numbers(text: &str) -> Result<Vec<String>, Text> {
    let (mut numbers, mut seen) = (Vec::new(), Vec::new());
    for written in listed(text)? {
        if let Some(problem) = number::own_number_problem(written) {
            return Err(say!("`{}` cannot be one's own number: {}", written, problem.text()));
        }
        let normal = number::normalise(written).number;
        if seen.contains(&normal) {
            return Err(say!("`{}` stands twice", written));
        }
        seen.push(normal);
        numbers.push(number::display(written));
    }
    if numbers.is_empty() { Err(Text::word("a site needs a number")) } else { Ok(numbers) }
}

/// `lun-ven 9h-12h, 14h-18h; sam 9h-12h`; `24h/24` alone is every day.
pub(crate) fn week(text: &str) -> Result<Vec<Group>, Text> {
    let help = || Text::word("write days and hours: `lun-ven 9h-12h, 14h-18h; sam 9h-12h`");
    let (mut groups, mut given) = (Vec::new(), [false; 7]);
    for part in text.split(';').map(str::trim).filter(|part| !part.is_empty()) {
        let at = part.find(|sign: char| sign.is_ascii_digit()).ok_or_else(help)?;
        let before = part[..at].trim().to_lowercase();
        let before = before.strip_suffix(" de").unwrap_or(&before);
        let words = match before.trim_end_matches([':', ',', ' ']) {
            "" => "lun-dim".to_owned(),
            // `du lundi au vendredi de 8h à 12h`: understood, and written as svi reads it.
            words => value::weekdays(words)
                .map_or_else(|| value::meant_weekdays(words), |_| None)
                .unwrap_or(words.to_owned()),
        };
        let days = value::weekdays(&words)
            .ok_or_else(|| say!("`{}` are no days: write lun-ven, sam, or lun, mer", &words))?;
        let meant = || value::meant_hours(&part[at..]).filter(|_| part[at..].contains(['h', 'H']));
        let spans = value::spans(&part[at..])
            .ok()
            .or_else(|| value::spans(&meant()?).ok())
            .ok_or_else(|| say!("`{}` are no hours: write 9h-12h, 14h-18h or 24h/24", &part[at..]))?;
        for day in &days {
            if std::mem::replace(&mut given[*day as usize], true) {
                return Err(say!("{} stands twice in this week", day.text()));
            }
        }
        groups.push(Group { words, days, spans });
    }
    if groups.is_empty() { Err(help()) } else { Ok(groups) }
}

/// `Alice Martin, Chloé 06 12 34 56 78`.
pub(crate) fn agents(text: &str) -> Result<Vec<Agent>, Text> {
    let mut agents: Vec<Agent> = Vec::new();
    for part in listed(text)? {
        let at = part.find(|sign: char| sign.is_ascii_digit() || sign == '+').unwrap_or(part.len());
        let title = part[..at].trim_end_matches([' ', ':', '=', '(']).trim().to_owned();
        let phone = part[at..].trim_end_matches(')').trim();
        if !title.chars().any(char::is_alphabetic) {
            return Err(say!("`{}` has no name: write a name, and a number if it is a mobile", part));
        }
        if title.chars().count() > COMPANY_CHARS_MAX {
            return Err(say!("`{}` is too long for a name", title));
        }
        refuse_signs(&title)?;
        let reach = if phone.is_empty() { Reach::Softphone } else { Reach::Mobile(mobile(phone)?) };
        let key = key(&title, &agents);
        agents.push(Agent { title, key, reach });
    }
    if agents.is_empty() { Err(Text::word("a site needs somebody who answers")) } else { Ok(agents) }
}

/// A number that an agent can be rung at.
fn mobile(text: &str) -> Result<String, Text> {
    let normalised = number::normalise(text);
    match (normalised.number, normalised.class) {
        (_, Class::Emergency) => Err(Text::word("an emergency number is never rung")),
        (Some(_), class) if class != Class::Unknown => Ok(number::display(text)),
        _ => Err(say!("`{}` is not a telephone number: write 06 12 34 56 78", text)),
    }
}

/// A name for the site and the SIP user that nobody before has: `alice`, `alice-martin`, `alice-martin-2`.
fn key(title: &str, before: &[Agent]) -> String {
    let plain = |text: &str| {
        let slug: String =
            value::slug(text).chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').take(40).collect();
        let slug = slug.trim_matches('-').to_owned();
        // `null` is nothing in YAML.
        if slug.is_empty() || slug == "null" { "agent".to_owned() } else { slug }
    };
    let whole = plain(title);
    let first = plain(title.split_whitespace().next().unwrap_or_default());
    let more = (2..).map(|count: usize| format!("{whole}-{count}"));
    let mut candidates = [first, whole.clone()].into_iter().chain(more);
    candidates.find(|key| before.iter().all(|agent| agent.key != *key)).unwrap_or(whole)
}

/// An address; `-` and nothing are none.
pub(crate) fn email(text: &str) -> Result<Option<String>, Text> {
    match text.trim() {
        "" | "-" => Ok(None),
        text => match value::email(text) {
            Some(address) => Ok(Some(address)),
            None => Err(say!("`{}` is not an e-mail address", text)),
        },
    }
}

/// Parts between commas or semicolons.
fn listed(text: &str) -> Result<Vec<&str>, Text> {
    let parts: Vec<&str> = text.split([',', ';']).map(str::trim).filter(|part| !part.is_empty()).collect();
    if parts.len() > NEW_SITE_LIST_MAX {
        return Err(say!("more than {} are added to site.yaml by hand", NEW_SITE_LIST_MAX));
    }
    Ok(parts)
}

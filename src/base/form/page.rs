//! The reference of a table in words: a page of Markdown, or lines for the terminal.

use super::{Form, Row};

/// A table of rows and of those within them, for a page.
pub(crate) fn table(head: &str, rows: &[Row]) -> String {
    let mut page = format!("| {head} | what stands there | for |\n|---|---|---|\n");
    lines(&mut page, "", rows);
    page
}

fn lines(page: &mut String, above: &str, table: &[Row]) {
    for row in table {
        let needed = if row.needed { ", required" } else { "" };
        let (name, form, says) = (row.name, cell(&words(row.form)), cell(&row.says()));
        page.push_str(&format!("| `{above}{name}` | {form}{needed} | {says} |\n"));
        let (below, within) = within(row.form);
        lines(page, &format!("{above}{name}{below}"), within);
    }
}

/// The keys that stand within a form, and what leads to them.
fn within(form: Form) -> (&'static str, &'static [Row]) {
    match form {
        Form::Section(table) | Form::Short(_, table) => (".", table),
        Form::Each(table) => (".NAME.", table),
        Form::Items(table) => ("[].", table),
        Form::Keys(Form::Section(table)) => (".KEY.", table),
        Form::OneOrMore(one) | Form::Several(one) => within(*one),
        _ => ("", &[]),
    }
}

/// What a form allows, in words.
pub(crate) fn words(form: Form) -> String {
    match form {
        Form::Version => "`1`".to_owned(),
        Form::Text => "a text".to_owned(),
        Form::Scalar(what) => what.to_owned(),
        Form::Pattern(_, example) => format!("written like `{example}`"),
        Form::Name(what) => format!("the name of a{} {what}", if vowel(what) { "n" } else { "" }),
        Form::Word(of) => list(of),
        Form::Number => "a whole number".to_owned(),
        Form::Count(most) => format!("1 to {most}"),
        Form::Duration => "a duration: `45s`, `8m`, `1h30`, `30d`".to_owned(),
        Form::DurationOrNone => "a duration, or `0s`".to_owned(),
        Form::YesNo => "`true` or `false`".to_owned(),
        Form::Key => "a key: 0 to 9, `star`, `hash`".to_owned(),
        Form::Any => "a text, a map, or a list".to_owned(),
        Form::OneOrMore(one) | Form::Several(one) => format!("{}; one or a list", words(*one)),
        Form::Map(values) => format!("names, each with {}", words(*values)),
        Form::Keys(values) => format!("keys of the telephone, each with {}", words(*values)),
        Form::Section(_) => "keys of its own".to_owned(),
        Form::Short(form, table) => {
            let keys: Vec<String> = table.iter().map(|row| format!("{}: …", row.name)).collect();
            format!("{}, or `{{ {} }}`", words(*form), keys.join(", "))
        }
        Form::Each(_) => "names, each with keys of its own".to_owned(),
        Form::Items(_) => "a list, each with keys of its own".to_owned(),
        Form::Own(own) => (own.words)(),
    }
}

fn vowel(word: &str) -> bool {
    word.starts_with(['a', 'e', 'i', 'o', 'u'])
}

/// Words one after the other, each as it is written.
pub(crate) fn list(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

/// A bar would end the cell of a table.
pub(crate) fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

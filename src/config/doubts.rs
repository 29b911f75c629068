//! What can be served and is doubtful all the same: a telephone whose voicemail would take a call, an address that reaches
//! nobody, a text message that costs several. `svi check` warns of it.

use super::short_text;
use super::whole::Site;
use crate::base::diagnostic::{Diagnostic, Mark, Report, Text};
use crate::centre::number::{self, Class};
use crate::flow::verb::letter::Letter;
use crate::say;

/// All of it.
pub fn doubts(site: &Site) -> Report {
    let mut report = Report::default();
    for (name, agent) in &site.shared.agents {
        if let (Some(number), Some(mark), None) = (&agent.phone, &agent.phone_mark, agent.confirm)
            && is_mobile(number)
        {
            let why = say!("the voicemail of `{}` can take the caller: no key accepts the call", name);
            report.push(no_key(mark, why, say!("add `{}`: they press 1 to take it", "confirm: 1")));
        }
    }
    for flow in site.flows.values() {
        for (number, mark) in flow.rung_numbers().filter(|(number, _)| is_mobile(number)) {
            let number = number::display(number);
            let why = say!("the voicemail of {} can take the caller: no key accepts the call", number);
            let agent = format!("agents: {{ chloe: {{ phone: {number}, confirm: 1 }} }}");
            report.push(no_key(&mark, why, say!("make them an agent, and ring that: `{}`", agent)));
        }
        for (letter, mark) in flow.letters() {
            match letter {
                Letter::Sms { text, .. } => {
                    let (written, values) = text.written();
                    add(&mut report, segments(&written, values, &mark));
                }
                Letter::Email { to, .. } => add(&mut report, no_domain(to, &mark)),
            }
        }
    }
    for mailbox in site.shared.mailboxes.values() {
        if let Some(mark) = &mailbox.mark {
            add(&mut report, no_domain(&mailbox.email, mark));
        }
    }
    report
}

fn add(report: &mut Report, doubt: Option<Diagnostic>) {
    if let Some(doubt) = doubt {
        report.push(doubt);
    }
}

fn is_mobile(number: &str) -> bool {
    matches!(number::normalise(number).class, Class::Mobile | Class::OverseasMobile)
}

fn no_key(mark: &Mark, why: Text, help: Text) -> Diagnostic {
    mark.warning("no-accept-key", why, help)
}

/// An address whose host has no top domain reaches nobody outside this machine.
fn no_domain(addresses: &[String], mark: &Mark) -> Option<Diagnostic> {
    let lacking = addresses.iter().find(|address| {
        let host = address.rsplit_once('@').map_or("", |(_, host)| host);
        !host.starts_with('[') && !host.trim_matches('.').contains('.')
    })?;
    let help = Text::word("an address ends with a domain: `sav@exemple.fr`");
    Some(mark.warning("no-top-domain", say!("`{}` has no top domain: no mail reaches it", lacking), help))
}

/// Text messages that one text takes, when it is more than one.
fn segments(text: &str, values: bool, mark: &Mark) -> Option<Diagnostic> {
    let (count, odd) = short_text::count(text);
    if count < 2 {
        return None;
    }
    let why = match values {
        true => say!("this text is {} text messages, and more with its values: each costs", count),
        false => say!("this text is {} text messages: each costs", count),
    };
    let help = match odd {
        Some(odd) => say!(
            "because of `{}` one holds 70 signs instead of 160: write it otherwise, or shorten the text",
            odd
        ),
        None => Text::word("one holds 160 signs, of a longer text 153: shorten it"),
    };
    Some(mark.warning("long-message", why, help))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::base::diagnostic::Source;

    #[test]
    fn text_messages_are_counted_as_operators_do() {
        let count = |text: &str| short_text::count(text).0;
        assert_eq!((count(&"é".repeat(160)), count(&"é".repeat(161)), count(&"e".repeat(307))), (1, 2, 3));
        assert_eq!((count(&"€".repeat(80)), count(&"€".repeat(81))), (1, 2), "a sign of two");
        assert_eq!((count(&"ê".repeat(70)), count(&"ê".repeat(71)), count(&"ê".repeat(135))), (1, 2, 3));
        assert_eq!(count(&"😀".repeat(36)), 2, "two units each");
        assert_eq!(
            (short_text::count("Être à l’heure").1, short_text::count("Déjà, 5 € {x}").1),
            (Some('Ê'), None)
        );
    }

    /// The codes that a site with these agents, mailboxes and steps has, and the lines.
    fn told(site: &str, steps: &str) -> Vec<(&'static str, usize)> {
        let flow = format!(
            "svi: 1\nname: a\nnumbers: [01 23 45 67 89]\nstart: b\nblocks:\n  b:\n{steps}    - hangup: normal\n  c:\n    - hangup: busy\n"
        );
        let texts = [Source::new("a.yaml", flow), Source::new("site.yaml", format!("svi: 1\n{site}"))];
        let (site, report) = crate::config::read(&texts, &BTreeSet::new(), true, &|_| None);
        assert!(!report.has_errors(), "{report}");
        doubts(&site).iter().map(|told| (told.code, told.source.position(told.range.start).0)).collect()
    }

    #[test]
    fn a_mobile_takes_a_call_with_a_key() {
        let agents = "agents: { a: { phone: 06 12 34 56 78 }, b: { phone: 06 12 34 56 79, confirm: 1 }, c: { phone: 01 23 45 67 80 } }\n";
        assert_eq!(told(agents, ""), [("no-accept-key", 2)]);
        let ring = |to: &str| format!("    - ring: [{to}]\n      failed: c\n  d:\n");
        assert_eq!(told("", &ring("07 12 34 56 78")), [("no-accept-key", 7)]);
        assert_eq!(told("", &ring("01 23 45 67 80")), []);
    }

    #[test]
    fn an_address_has_a_top_domain() {
        assert_eq!(
            told("mailboxes: { a: { email: sav@exemple }, b: { email: [a@b.fr, c@d.fr] } }\n", ""),
            [("no-top-domain", 2)]
        );
        assert_eq!(told("", "    - email: Bonjour\n      to: [a@b.fr, a@b]\n"), [("no-top-domain", 7)]);
        assert_eq!(told("", "    - email: Bonjour\n      to: a@[192.0.2.1]\n"), []);
    }

    #[test]
    fn a_long_text_message_is_counted() {
        let sms = |text: &str| format!("    - sms: \"{text}\"\n");
        assert_eq!(told("", &sms(&"a".repeat(160))), []);
        assert_eq!(told("", &sms(&"a".repeat(161))), [("long-message", 7)]);
        assert_eq!(told("", &sms(&("ê".to_owned() + &"a".repeat(70)))), [("long-message", 7)]);
    }
}

//! What a site that is right in itself lacks to be served: what its flows and mailboxes send has nobody who takes it. It is no
//! mistake of a word, so that calls can be simulated without it; `svi check` tells it, and `svi serve` refuses by the same words.

use super::whole::Site;
use crate::base::diagnostic::{Mark, Report, Text};
use crate::flow::verb::letter::Letter;
use crate::say;

/// All that it lacks; each cause once, at the first place that needs it.
pub fn lacks(site: &Site) -> Report {
    let mut report = Report::default();
    let letters = || site.flows.values().flat_map(|flow| flow.letters());
    if site.shared.sms.is_none() {
        let sms = letters().filter(|(letter, _)| matches!(letter, Letter::Sms { .. }));
        let why = Text::word("nothing sends text messages: the site names no gateway");
        tell(&mut report, sms.map(|(_, mark)| mark), why, "sms: { provider: …, from: …, auth: … }");
    }
    if site.shared.mail.is_none() {
        let email = letters().filter(|(letter, _)| matches!(letter, Letter::Email { .. }));
        let mailboxes = site.shared.mailboxes.values().filter_map(|mailbox| mailbox.mark.clone());
        let why = Text::word("nothing sends e-mails: the site names no mail server");
        tell(&mut report, mailboxes.chain(email.map(|(_, mark)| mark)), why, MAIL);
    }
    report
}

const MAIL: &str = "mail: { server: smtp.exemple.fr, from: svi@exemple.fr }";

fn tell(report: &mut Report, mut marks: impl Iterator<Item = Mark>, why: Text, section: &str) {
    let help = say!("add to site.yaml: `{}`", section);
    if let Some(mark) = marks.next() {
        report.push(mark.error("nothing-sends", why, help));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::base::diagnostic::Source;

    /// What is told of a flow with these steps and a site with these sections, by line.
    fn told(steps: &str, sections: &str) -> Vec<(String, usize)> {
        let flow = format!(
            "svi: 1\nname: a\nnumbers: [01 23 45 67 89]\nstart: b\nblocks:\n  b:\n{steps}    - hangup: normal\n"
        );
        let texts = [Source::new("a.yaml", flow), Source::new("site.yaml", format!("svi: 1\n{sections}"))];
        let (site, report) = crate::config::read(&texts, &BTreeSet::new(), true, &|_| Some("x".to_owned()));
        assert_eq!(report.to_string(), "");
        let told = lacks(&site);
        assert!(told.iter().all(|told| told.code == "nothing-sends"), "{told}");
        told.iter().map(|told| (told.source.path.clone(), told.source.position(told.range.start).0)).collect()
    }

    #[test]
    fn who_sends_needs_somebody_who_takes_it() {
        let sms = "    - sms: Un.\n    - sms: Deux.\n";
        let email = "    - email: Un.\n      to: a@b.fr\n";
        let gateway = "sms: { url: \"https://sms.exemple.fr/?to={to}&text={text}\" }\n";
        let mail = "mail: { server: smtp.exemple.fr, from: a@b.fr }\n";
        let mailbox = "mailboxes: { m: { longest: 1m }, n: { email: a@b.fr } }\n";
        let at = |path: &str, line| (path.to_owned(), line);
        assert_eq!(told("", ""), []);
        assert_eq!(told(sms, ""), [at("a.yaml", 7)], "once, however many there are");
        assert_eq!(told(sms, mail), [at("a.yaml", 7)]);
        assert_eq!(told(sms, gateway), []);
        assert_eq!(told(email, gateway), [at("a.yaml", 7)]);
        assert_eq!(told(email, mail), []);
        assert_eq!(told("", mailbox), [at("site.yaml", 2)]);
        assert_eq!(told(email, mailbox), [at("site.yaml", 2)], "one cause is told once");
        assert_eq!(told("", &format!("{mail}{mailbox}")), []);
        assert_eq!(told("", "mailboxes: { m: { longest: 1m } }\n"), []);
    }
}

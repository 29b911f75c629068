//! The JSON Schema of `site.yaml` and its reference, from the tables of its readers; and the schema of a flow's file, which may
//! hold the sections of its site too.

use serde_json::Value as Json;

use super::form::{Form, Row, SVI, ZONE, opt};
use super::{
    section_calendar, section_incoming, section_money, section_outgoing, section_outside, section_people,
    section_server, section_sms,
};
use crate::base::form::page;
use crate::base::form::schema::Schema;
use crate::flow;

/// The sections of a site, in the order of the reference page.
pub(crate) const SITE: &[Row] = &[
    opt("site", Form::Text, "the name of the site"),
    opt(
        "timezone",
        ZONE,
        "the clock of the site: that of records, of what is said, and of calendars (Europe/Paris)",
    ),
    section_server::SERVER_SECTION,
    section_server::TRUNKS,
    section_people::AGENTS,
    section_calendar::HOURS,
    section_people::QUEUES,
    section_people::MAILBOXES,
    section_money::CAMPAIGNS,
    section_money::TARIFFS,
    section_incoming::INCOMING,
    section_outgoing::OUTGOING,
    section_outside::APIS,
    section_sms::SMS_SECTION,
    section_outside::MAIL_SECTION,
];

/// `site.yaml`.
pub fn site() -> Json {
    Schema::file("svi: a site", &[&[SVI], SITE])
}

/// A flow's file: the flow, and whatever it holds of its site.
pub fn flow() -> Json {
    flow::schema::flow(SITE)
}

/// The reference page of the site: its keys as a table.
pub fn page() -> String {
    page::table("key", SITE)
}

#[cfg(test)]
mod tests {
    use super::super::shared::SECTIONS;
    use super::*;

    #[test]
    fn every_section_that_is_read_is_in_the_schema() {
        let mut in_schema: Vec<&str> = SITE.iter().map(|row| row.name).collect();
        let mut read = SECTIONS.to_vec();
        in_schema.sort_unstable();
        read.sort_unstable();
        assert_eq!(in_schema, read, "a new section has a table of its keys: see `form.rs`");
    }
}

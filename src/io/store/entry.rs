//! A record as it stands in the tables: its line of JSON, its journal apart, and columns of what is asked for often.

use serde::Serialize;
use serde_json::Value as Json;

use super::db::{Db, DbError, values};
use super::key::{self, Key};
use super::rollups;
use crate::centre::record::CallRecord;
use crate::figures::outcome;
use crate::figures::thresholds::Aims;

/// A record that is to be written.
pub(super) struct Entry {
    /// Without its journal.
    pub(super) call: CallRecord,
    /// All of it but its journal: what a newer version has written into it stands here too.
    json: String,
    journal: Option<String>,
    caller_hash: Option<String>,
}

/// The word that JSON has for it.
fn word(value: &impl Serialize) -> Option<String> {
    serde_json::to_value(value).ok()?.as_str().map(str::to_owned)
}

impl Entry {
    /// Of a record.
    pub(super) fn of(mut call: CallRecord, key: &Key) -> Self {
        let journal = call.journal.take().map(|journal| journal.to_string());
        let json = call.to_json();
        let caller_hash = call.caller.as_deref().map(|caller| key.hash(caller));
        Self { call, json, journal, caller_hash }
    }

    /// Of a line of a file of records. What this version does not know of it is kept.
    ///
    /// # Errors
    /// It is no record.
    pub(super) fn read(line: &str, key: &Key) -> serde_json::Result<Self> {
        let call: CallRecord = serde_json::from_str(line)?;
        let mut entry = Self::of(call, key);
        let mut whole: Json = serde_json::from_str(line)?;
        if let Json::Object(fields) = &mut whole {
            fields.remove("journal");
        }
        if serde_json::from_str::<Json>(&entry.json).ok().as_ref() != Some(&whole) {
            entry.json = whole.to_string();
        }
        Ok(entry)
    }

    /// Its line, as a file of records has it.
    pub(super) fn line(&self) -> String {
        whole(&self.json, self.journal.as_deref())
    }

    /// Writes it, and adds it to the sums. False: there is a record of this call already, and nothing is done.
    pub(super) fn insert(&self, db: &mut Db, aims: &Aims) -> Result<bool, DbError> {
        if !self.rows(db)? {
            return Ok(false);
        }
        rollups::add(db, &self.call, aims)?;
        Ok(true)
    }

    /// Writes its rows.
    pub(super) fn rows(&self, db: &mut Db) -> Result<bool, DbError> {
        if self.call_row(db)? == 0 {
            return Ok(false);
        }
        let (call, id, started) = (&self.call, &*self.call.id, self.call.started.epoch_ms());
        db.execute("INSERT INTO records (call_id, json) VALUES ($1, $2)", values![id, &*self.json])?;
        if let Some(journal) = &self.journal {
            let sql = "INSERT INTO journals (call_id, started_ms, json) VALUES ($1, $2, $3)";
            db.execute(sql, values![id, started, &**journal])?;
        }
        for tag in &call.tags {
            let sql =
                "INSERT INTO call_tags (call_id, tag) VALUES ($1, $2) ON CONFLICT (tag, call_id) DO NOTHING";
            db.execute(sql, values![id, tag.as_str()])?;
        }
        for (n, agent) in call.agents.iter().enumerate() {
            let sql = "INSERT INTO call_agents (call_id, n, agent) VALUES ($1, $2, $3)";
            db.execute(sql, values![id, n, agent.as_str()])?;
        }
        self.leg_rows(db)?;
        self.stay_rows(db)?;
        if let Some(message) = &call.message {
            let left = call.ended.unwrap_or(call.started).epoch_ms();
            db.execute(
                "INSERT INTO messages (call_id, mailbox, file, left_ms, duration_ms) VALUES ($1, $2, $3, $4, $5)",
                values![id, message.mailbox.as_str(), &*message.file, left, message.duration_ms],
            )?;
        }
        Ok(true)
    }

    fn call_row(&self, db: &mut Db) -> Result<u64, DbError> {
        let call = &self.call;
        // A number that is hashed stands in its own column only.
        let caller = call.caller.as_deref().filter(|caller| !key::is_hash(caller));
        let day = call.started.to_string();
        let outcome = outcome::known(call);
        db.execute(
            "INSERT INTO calls (id, started_ms, answered_ms, ended_ms, day, number, caller, caller_hash, caller_class,
                campaign, extension, trunk, flow, flow_version, site_version, queue, outcome, ring_ms, flow_ms,
                wait_ms, talk_ms, cost_micros, reference, tags, status, ended_by, reason)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
                $21, $22, $23, $24, $25, $26, $27)
            ON CONFLICT (id) DO NOTHING",
            values![
                &*call.id,
                call.started.epoch_ms(),
                call.answered.map(|at| at.epoch_ms()),
                call.ended.map(|at| at.epoch_ms()),
                day.get(..10).unwrap_or_default(),
                call.number.as_deref(),
                caller,
                self.caller_hash.as_deref(),
                word(&call.caller_class),
                call.campaign.as_deref(),
                call.extension.as_deref(),
                call.trunk.as_deref(),
                call.flow.as_deref(),
                call.flow_version.as_deref(),
                call.site_version.as_deref(),
                call.queue.as_deref(),
                word(&outcome),
                call.clocks.ring_ms,
                call.clocks.flow_ms,
                call.clocks.wait_ms,
                call.clocks.talk_ms,
                call.cost.as_ref().map(|cost| cost.total_micros),
                &*call.reference,
                serde_json::to_string(&call.tags)?,
                call.status,
                word(&call.ended_by),
                call.reason.as_deref(),
            ],
        )
    }

    fn leg_rows(&self, db: &mut Db) -> Result<(), DbError> {
        let (id, started) = (&*self.call.id, self.call.started);
        for (n, leg) in self.call.legs.iter().enumerate() {
            db.execute(
                "INSERT INTO legs (call_id, n, who, queue, dialled, trunk, rung_ms, ring_ms, talk_ms, hold_ms, outcome,
                    status, ended_by, cost_micros)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
                values![
                    id,
                    n,
                    leg.who.as_deref(),
                    leg.queue.as_deref(),
                    leg.to.reveal().as_str(),
                    leg.trunk.as_deref(),
                    started.later_ms(leg.after_ms),
                    leg.ring_ms,
                    leg.talk_ms,
                    leg.hold_ms,
                    leg.outcome.as_str(),
                    leg.status,
                    word(&leg.ended_by),
                    leg.cost_micros,
                ],
            )?;
        }
        Ok(())
    }

    fn stay_rows(&self, db: &mut Db) -> Result<(), DbError> {
        let (id, started) = (&*self.call.id, self.call.started);
        for (n, visit) in self.call.visits.iter().enumerate() {
            db.execute(
                "INSERT INTO visits (call_id, n, queue, entered_ms, wait_ms, how, agent, exit_name, place_first,
                    place_last, place_max, offers)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
                values![
                    id,
                    n,
                    visit.queue.as_str(),
                    started.later_ms(visit.after_ms),
                    visit.wait_ms,
                    word(&visit.left),
                    visit.by.as_deref(),
                    visit.exit.as_deref(),
                    visit.place_first,
                    visit.place_last,
                    visit.place_max,
                    visit.offers,
                ],
            )?;
        }
        for (n, step) in self.call.steps.iter().enumerate() {
            db.execute(
                "INSERT INTO steps (call_id, n, flow, block, entered_ms, ms, how, exit_name, silences, wrong_keys)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                values![
                    id,
                    n,
                    step.flow.as_deref(),
                    step.block.as_str(),
                    started.later_ms(step.after_ms),
                    step.ms,
                    word(&step.left),
                    step.by.as_deref(),
                    step.silences,
                    step.wrong_keys,
                ],
            )?;
        }
        Ok(())
    }
}

/// Where rows of one call stand, and by what they name it.
const TABLES: [(&str, &str); 9] = [
    ("calls", "id"),
    ("records", "call_id"),
    ("journals", "call_id"),
    ("call_tags", "call_id"),
    ("call_agents", "call_id"),
    ("legs", "call_id"),
    ("visits", "call_id"),
    ("steps", "call_id"),
    ("messages", "call_id"),
];

/// Takes all rows of a call away. The sums stay.
pub(super) fn remove(db: &mut Db, id: &str) -> Result<(), DbError> {
    for (table, column) in TABLES {
        db.execute(&format!("DELETE FROM {table} WHERE {column} = $1"), values![id])?;
    }
    Ok(())
}

/// A record as it came: its line, with its journal again in the place where it stood.
pub(super) fn whole(json: &str, journal: Option<&str>) -> String {
    match (journal, json.strip_suffix('}')) {
        (Some(journal), Some(head)) => format!("{head},\"journal\":{journal}}}"),
        _ => json.to_owned(),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::base::name::Name;
    use crate::base::time::{Moment, Wall};
    use crate::centre::leg_record::{LegOutcome, LegRecord};
    use crate::centre::outcome::Outcome;
    use crate::centre::record::{Clocks, Message};
    use crate::centre::step_record::{StepEnd, StepRecord};
    use crate::centre::visit_record::{VisitEnd, VisitRecord};

    /// 24 November 2026, 10 h in Paris.
    pub(in crate::io::store) const MORNING: i64 = 1_795_510_800_000;

    /// The nth of many records, each a bit different: two an hour, three numbers dialled, ten callers.
    pub(in crate::io::store) fn record(n: i64) -> CallRecord {
        let name = |text: &str, of: i64| Name::from(format!("{text}{}", n % of));
        let started = Moment::of(Wall::from_epoch_ms(MORNING + n * 1_800_000), "Europe/Paris");
        CallRecord {
            id: format!("{n:026}"),
            reference: format!("{:06}", n * 7_919 % 1_000_000),
            number: Some(format!("+3380012345{}", n % 3)),
            caller: (n % 5 > 0).then(|| format!("+3361234567{}", n % 10)),
            campaign: (n % 2 > 0).then(|| name("affiche", 2)),
            queue: (n % 4 > 0).then(|| name("file", 2)),
            flow: Some(name("accueil", 1)),
            started,
            answered: (n % 7 > 0).then_some(started),
            ended: Some(started),
            clocks: Clocks { flow_ms: 10 * n.unsigned_abs(), talk_ms: 60_000, ..Clocks::default() },
            tags: vec![name("sav", 3)],
            agents: if n % 4 > 0 { vec![name("alice", 2)] } else { Vec::new() },
            outcome: Some(if n % 4 > 0 { Outcome::Served } else { Outcome::Message }),
            message: (n % 4 == 0).then(|| Message {
                mailbox: Name::from("accueil"),
                file: format!("accueil/{n}.wav"),
                duration_ms: 4_000,
            }),
            legs: vec![LegRecord {
                who: Some(name("alice", 2)),
                outcome: LegOutcome::Answered,
                ..LegRecord::default()
            }],
            steps: vec![StepRecord {
                flow: None,
                block: Name::from("bienvenue"),
                after_ms: 1_000,
                ms: 2_000,
                left: StepEnd::Key,
                by: Some(Name::from("1")),
                silences: 0,
                wrong_keys: 1,
            }],
            visits: vec![VisitRecord {
                queue: name("file", 2),
                after_ms: 3_000,
                wait_ms: 20_000,
                left: VisitEnd::Answered,
                by: Some(name("alice", 2)),
                exit: None,
                place_first: 2,
                place_last: 1,
                place_max: 2,
                offers: 1,
            }],
            journal: Some(serde_json::json!({ "flow": "accueil", "n": n })),
            ..CallRecord::default()
        }
    }

    #[test]
    fn a_line_comes_back_as_it_was_with_what_this_version_does_not_know() {
        let key = Key::of(&crate::io::store::tests::Folder::new("lines").place()).unwrap();
        let line = record(3).to_json();
        let entry = Entry::read(&line, &key).unwrap();
        assert_eq!(whole(&entry.json, entry.journal.as_deref()), line);
        let newer = line.replacen('{', "{\"mood\":\"good\",", 1);
        let entry = Entry::read(&newer, &key).unwrap();
        let back: Json = serde_json::from_str(&whole(&entry.json, entry.journal.as_deref())).unwrap();
        assert_eq!(back, serde_json::from_str::<Json>(&newer).unwrap());
        assert!(Entry::read("{\"id\":\"1\",\"call", &key).is_err() && Entry::read("{}", &key).is_err());
    }
}

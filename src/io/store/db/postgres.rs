//! PostgreSQL: a connection that lives in a thread of its own, for its crate waits in a runtime of its own, which no other runtime
//! suffers around it.

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::mpsc::{Sender, channel};
use std::thread::Builder;
use std::time::Duration;

use postgres::types::private::BytesMut;
use postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use postgres::{Client, Config, NoTls, Statement};

use super::{DbError, Mode, Row, Value};

/// A server that does not answer within this is not there.
const PATIENCE: Duration = Duration::from_secs(5);

type Job = Box<dyn FnOnce(&mut Session) + Send>;

/// The way to a connection.
pub(super) struct Postgres(Sender<Job>);

/// The connection, and its statements by their text.
struct Session {
    client: Client,
    prepared: BTreeMap<String, Statement>,
}

impl Postgres {
    /// Connects.
    ///
    /// # Errors
    /// What the server says, or who does not find it.
    pub(super) fn open(url: &str, mode: Mode) -> Result<Self, DbError> {
        let mut config: Config = url.parse()?;
        config.connect_timeout(PATIENCE).tcp_user_timeout(2 * PATIENCE).application_name("svi");
        let (jobs, inbox) = channel::<Job>();
        let (tell, told) = channel();
        Builder::new().name("postgres".into()).spawn(move || {
            let client = match config.connect(NoTls) {
                Ok(client) => client,
                Err(error) => return drop(tell.send(Err(error))),
            };
            let _ = tell.send(Ok(()));
            let mut session = Session { client, prepared: BTreeMap::new() };
            inbox.iter().for_each(|job| job(&mut session));
        })?;
        told.recv().map_err(DbError::other)??;
        let mut postgres = Self(jobs);
        if mode == Mode::Read {
            postgres.script("SET default_transaction_read_only = on")?;
        }
        Ok(postgres)
    }

    pub(super) fn execute(&mut self, sql: &str, values: &[Value<'_>]) -> Result<u64, DbError> {
        let (sql, values) = (sql.to_owned(), owned(values));
        self.ask(move |session| {
            let statement = session.prepared(&sql)?;
            session.client.execute(&statement, &borrowed(&values))
        })
    }

    pub(super) fn query(&mut self, sql: &str, values: &[Value<'_>]) -> Result<Vec<Row>, DbError> {
        let (sql, values) = (sql.to_owned(), owned(values));
        let rows = self.ask(move |session| {
            let statement = session.prepared(&sql)?;
            session.client.query(&statement, &borrowed(&values))
        })?;
        rows.iter().map(|row| (0..row.len()).map(|column| cell(row, column)).collect()).collect()
    }

    pub(super) fn script(&mut self, sql: &str) -> Result<(), DbError> {
        let sql = sql.to_owned();
        self.ask(move |session| session.client.batch_execute(&sql))
    }

    fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Session) -> Result<T, postgres::Error> + Send + 'static,
    ) -> Result<T, DbError> {
        let (tell, told) = channel();
        let job = Box::new(move |session: &mut Session| drop(tell.send(work(session))));
        self.0.send(job).map_err(|_| DbError::other("the connection is closed"))?;
        Ok(told.recv().map_err(DbError::other)??)
    }
}

impl Session {
    fn prepared(&mut self, sql: &str) -> Result<Statement, postgres::Error> {
        if let Some(statement) = self.prepared.get(sql) {
            return Ok(statement.clone());
        }
        // Texts of lists differ by their filters: the oldest are not worth telling from others.
        if self.prepared.len() >= super::PREPARED_MAX {
            self.prepared.clear();
        }
        let statement = self.client.prepare(sql)?;
        self.prepared.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }
}

fn owned(values: &[Value<'_>]) -> Vec<Value<'static>> {
    values.iter().map(Value::to_static).collect()
}

fn borrowed<'a>(values: &'a [Value<'static>]) -> Vec<&'a (dyn ToSql + Sync)> {
    values.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}

fn cell(row: &postgres::Row, column: usize) -> Result<Value<'static>, DbError> {
    Ok(match *row.columns()[column].type_() {
        Type::INT8 => row.try_get::<_, Option<i64>>(column)?.into(),
        Type::INT4 => row.try_get::<_, Option<i32>>(column)?.map(i64::from).into(),
        Type::TEXT | Type::VARCHAR | Type::NAME => row.try_get::<_, Option<String>>(column)?.into(),
        _ => Value::Null,
    })
}

impl ToSql for Value<'_> {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Value::Null => Ok(IsNull::Yes),
            Value::Int(int) => int.to_sql(kind, out),
            Value::Text(text) => text.as_ref().to_sql(kind, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl From<postgres::Error> for DbError {
    fn from(error: postgres::Error) -> Self {
        // Its own words are "db error": what the server says stands below.
        match error.as_db_error() {
            Some(server) => Self::other(server.to_string()),
            None => Self(error.into()),
        }
    }
}

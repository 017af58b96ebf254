//! The seam to the database: connections, arguments and rows. The only module that names drivers. There is one database
//! as yet: a second one needs its arm here, a dialect beside it, and readers of its own. Deliberately absent: statements.

mod dialect;
mod migrate;
mod readers;

use std::path::{Path, PathBuf};
use std::str::FromStr as _;
use std::sync::Arc;
use std::time::Duration;

use futures::TryStreamExt as _;
use sqlx::sqlite::{SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqliteRow, SqliteSynchronous};
use sqlx::{
    Arguments as _, AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _, Row as _,
    SqliteConnection,
};
use tokio::sync::Semaphore;

pub(super) use dialect::Dialect;
pub(super) use migrate::{migrate, missing};
use readers::Readers;
pub(super) use readers::{Reader, RowRef};

use super::model::{ReadUsage, StoreError};

/// How long a statement waits for a lock that another process holds (a backup, the command line).
const BUSY: Duration = Duration::from_secs(5);

/// How many statements a connection keeps prepared.
const STATEMENTS: usize = 200;
/// Pages that a connection keeps in memory: 16 MiB (<https://www.sqlite.org/pragma.html#pragma_cache_size>).
const CACHE_SIZE: &str = "-16384";
/// How much of the file is read where the system has it in memory, in bytes.
const MMAP_SIZE: &str = "268435456";

/// How long to wait before a file that was locked is opened again.
const LOCKED: Duration = Duration::from_millis(10);

/// One argument of a statement.
#[derive(Clone, Debug)]
pub(super) enum Value {
    Null,
    Int(i64),
    Text(String),
    Blob(Vec<u8>),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Int(i64::from(number))
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Int(i64::from(flag))
    }
}

impl From<&[u8]> for Value {
    fn from(bytes: &[u8]) -> Self {
        Self::Blob(bytes.to_vec())
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// The arguments of a statement, in the order of `$1`, `$2`...
macro_rules! values {
    ($($value:expr),* $(,)?) => { vec![$(crate::store::db::Value::from($value)),*] };
}
pub(super) use values;

/// One row of an answer to the writer.
pub(super) struct Row(SqliteRow);

impl Row {
    pub(super) fn text(&self, column: usize) -> Result<String, StoreError> {
        Ok(self.0.try_get(column)?)
    }

    pub(super) fn str(&self, column: usize) -> Result<&str, StoreError> {
        Ok(self.0.try_get(column)?)
    }

    pub(super) fn maybe_text(&self, column: usize) -> Result<Option<String>, StoreError> {
        Ok(self.0.try_get(column)?)
    }

    pub(super) fn int(&self, column: usize) -> Result<i64, StoreError> {
        Ok(self.0.try_get(column)?)
    }

    pub(super) fn maybe_int(&self, column: usize) -> Result<Option<i64>, StoreError> {
        Ok(self.0.try_get(column)?)
    }

    /// A number that the schema keeps between 0 and 2^32.
    pub(super) fn count(&self, column: usize) -> Result<u32, StoreError> {
        count(self.int(column)?, column)
    }

    pub(super) fn flag(&self, column: usize) -> Result<bool, StoreError> {
        Ok(self.int(column)? != 0)
    }

    pub(super) fn blob(&self, column: usize) -> Result<Vec<u8>, StoreError> {
        Ok(self.0.try_get(column)?)
    }
}

fn count(number: i64, column: usize) -> Result<u32, StoreError> {
    u32::try_from(number).map_err(|_| StoreError::Database(format!("column {column} is no count")))
}

/// One connection: the writer's.
pub(super) struct Connection(SqliteConnection);

impl Connection {
    /// Run a statement (or several, separated by `;`, that share their arguments); how many rows it changed.
    pub(super) async fn run(
        &mut self,
        statement: &'static str,
        values: Vec<Value>,
    ) -> Result<u64, StoreError> {
        Ok(bound(statement, values)?.execute(&mut self.0).await?.rows_affected())
    }

    /// The first row, when there is one.
    pub(super) async fn row(
        &mut self,
        statement: &'static str,
        values: Vec<Value>,
    ) -> Result<Option<Row>, StoreError> {
        Ok(bound(statement, values)?.fetch_optional(&mut self.0).await?.map(Row))
    }

    /// All rows.
    pub(super) async fn rows(
        &mut self,
        statement: &'static str,
        values: Vec<Value>,
    ) -> Result<Vec<Row>, StoreError> {
        Ok(bound(statement, values)?.fetch(&mut self.0).map_ok(Row).try_collect().await?)
    }

    /// Run a script without arguments.
    pub(super) async fn script(&mut self, text: &'static str) -> Result<(), StoreError> {
        sqlx::raw_sql(text).execute(&mut self.0).await?;
        Ok(())
    }

    /// Let the database check the form of a statement without running it.
    pub(super) async fn prepare(&mut self, statement: &str) -> Result<(), StoreError> {
        self.0.prepare(sqlx::SqlSafeStr::into_sql_str(AssertSqlSafe(statement))).await?;
        Ok(())
    }

    pub(super) async fn close(self) -> Result<(), StoreError> {
        Ok(self.0.close().await?)
    }
}

/// A database: connections that read, and the way to one that writes.
#[derive(Clone, Debug)]
pub(super) struct Database {
    readers: Arc<Readers>,
    turns: Arc<Semaphore>,
    options: SqliteConnectOptions,
}

impl Database {
    /// Make the file when there is none; nothing is read or written otherwise.
    ///
    /// # Errors
    /// `Invalid` for an address that names no file; `Database` when it cannot be opened or `SQLite` is too old.
    pub(super) async fn open(url: &str) -> Result<Self, StoreError> {
        let path = file_of(url)?;
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            tokio::fs::create_dir_all(folder).await.map_err(|error| {
                StoreError::Database(format!("{} cannot be made: {error}", folder.display()))
            })?;
        }
        let database = Self::at(path, true)?;
        let mut first = database.writer().await?;
        check_version(&mut first).await?;
        first.close().await?;
        Ok(database)
    }

    /// The file that is there already; none when there is none.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub(super) fn existing(url: &str) -> Result<Option<Self>, StoreError> {
        let path = file_of(url)?;
        if path.exists() { Self::at(path, false).map(Some) } else { Ok(None) }
    }

    fn at(path: PathBuf, make: bool) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::from_str("sqlite:")?
            .filename(&path)
            .create_if_missing(make)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(BUSY)
            .foreign_keys(true)
            .statement_cache_capacity(STATEMENTS)
            .pragma("cache_size", CACHE_SIZE)
            .pragma("mmap_size", MMAP_SIZE)
            .pragma("temp_store", "memory")
            // What is deleted is overwritten: a copy of the file must not tell it.
            .pragma("secure_delete", "on")
            .pragma("journal_size_limit", "67108864")
            .disable_statement_logging();
        let turns = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        let turns = Arc::new(Semaphore::new(turns));
        Ok(Self { readers: Arc::new(Readers::new(path)), turns, options })
    }

    /// A connection of its own that may write. There is one at a time.
    ///
    /// `SQLite` does not wait for the lock that the switch to WAL takes, as it does for all others
    /// (<https://www.sqlite.org/pragma.html#pragma_busy_timeout>): of two processes that open a new file at once,
    /// one would be told that it is locked. So the waiting is done here.
    pub(super) async fn writer(&self) -> Result<Connection, StoreError> {
        let mut waits = BUSY.as_millis() / LOCKED.as_millis();
        loop {
            match self.options.connect().await {
                Ok(connection) => return Ok(Connection(connection)),
                Err(error) if is_locked(&error) && waits > 0 => {
                    waits -= 1;
                    tokio::time::sleep(LOCKED).await;
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    pub(super) fn path(&self) -> &Path {
        self.readers.path()
    }

    /// A connection that reads; all it reads is of one moment.
    ///
    /// # Errors
    /// `Unavailable` after [`Self::close`]; `Database` when the file cannot be read.
    pub(super) fn snapshot(&self) -> Result<Reader<'_>, StoreError> {
        self.readers.snapshot()
    }

    /// The first row that a reader gets, when there is one.
    pub(super) async fn row<T>(
        &self,
        statement: &str,
        values: impl AsRef<[Value]>,
        read: impl FnMut(&RowRef<'_>) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        self.readers.reader()?.row(statement, values, read).await
    }

    /// All rows that a reader gets.
    pub(super) async fn rows<T>(
        &self,
        statement: &str,
        values: impl AsRef<[Value]>,
        read: impl FnMut(&RowRef<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        self.readers.reader()?.rows(statement, values, read).await
    }

    /// As [`Self::rows`], for a statement that may have to look at thousands of rows.
    pub(super) async fn rows_apart<T: Send + 'static>(
        &self,
        statement: &Arc<str>,
        values: Vec<Value>,
        read: impl FnMut(&RowRef<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<Vec<T>, StoreError> {
        let statement = Arc::clone(statement);
        self.apart(move |reader| reader.rows_now(&statement, &values, read)).await
    }

    /// Read a lot of one moment on a thread of its own, so that nobody waits for it who reads little. There are as
    /// many of these at once as the machine has processors: each has a connection with its own memory.
    pub(super) async fn apart<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Reader<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(|_| StoreError::Unavailable)?;
        let readers = Arc::clone(&self.readers);
        let work = move || {
            let _turn = turn;
            read(&readers.snapshot()?)
        };
        tokio::task::spawn_blocking(work).await.map_err(|_| StoreError::Unavailable)?
    }

    /// A number that is another one after every commit of any process since it was last asked for.
    ///
    /// # Errors
    /// `Unavailable` after [`Self::close`]; `Database` when the file cannot be read.
    pub(super) fn version(&self) -> Result<i64, StoreError> {
        self.readers.version()
    }

    /// What all reads that are over have cost.
    pub(super) fn read_usage(&self) -> ReadUsage {
        self.readers.usage()
    }

    pub(super) fn close(&self) {
        self.readers.close();
    }
}

type Bound = sqlx::query::Query<'static, sqlx::Sqlite, SqliteArguments>;

fn bound(statement: &'static str, values: Vec<Value>) -> Result<Bound, StoreError> {
    let mut arguments = SqliteArguments::default();
    arguments.reserve(values.len(), 0);
    for value in values {
        match value {
            Value::Null => arguments.add(None::<i64>),
            Value::Int(number) => arguments.add(number),
            Value::Text(text) => arguments.add(text),
            Value::Blob(bytes) => arguments.add(bytes),
        }
        .map_err(|error| StoreError::Database(error.to_string()))?;
    }
    Ok(sqlx::query_with(statement, arguments))
}

/// `sqlite:PATH` or `sqlite://PATH`. A database in memory would be another one for each connection.
fn file_of(url: &str) -> Result<PathBuf, StoreError> {
    let path = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:")).unwrap_or_default();
    if path.is_empty() || path.contains(":memory:") || path.contains('?') {
        return Err(StoreError::Invalid(format!(
            "the database is named like sqlite:///path/stoa.db, not {url}"
        )));
    }
    Ok(PathBuf::from(path))
}

/// 3.51.3 is the first without the WAL-reset bug, by which two connections could lose a checkpoint.
async fn check_version(connection: &mut Connection) -> Result<(), StoreError> {
    let row = connection.row("select sqlite_version()", Vec::new()).await?;
    let version = row.map(|row| row.text(0)).transpose()?.unwrap_or_default();
    let numbers: Vec<u32> = version.split('.').filter_map(|part| part.parse().ok()).collect();
    if numbers < vec![3, 51, 3] {
        return Err(StoreError::Database(format!("SQLite {version} is too old: 3.51.3 or newer is needed")));
    }
    Ok(())
}

/// `SQLITE_BUSY` with all its extended codes (<https://www.sqlite.org/rescode.html#busy>).
fn is_locked(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code()?.parse::<u32>().ok());
    code.is_some_and(|code| code & 0xff == 5)
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::WorkerCrashed => Self::Unavailable,
            sqlx::Error::Database(inner)
                if inner.is_unique_violation()
                    || inner.is_foreign_key_violation()
                    || inner.is_check_violation() =>
            {
                Self::Invalid(inner.message().to_owned())
            }
            _ => Self::Database(error.to_string()),
        }
    }
}

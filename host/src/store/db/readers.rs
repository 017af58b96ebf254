//! Connections that read, each in the thread of whoever asks. Deliberately absent: changes.
//!
//! `sqlx` gives each `SQLite` connection a thread and hands every row over from it. For a page of a hundred comments
//! that was 17 calls of `futex` and a sixth of the host's time (measured with `strace` and `wrk`). So readers do not
//! wait for another thread: reads are bounded by their statements, never wait for the writer (WAL), and find their pages
//! in memory as a rule.

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::types::{FromSqlError, ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection, OpenFlags, StatementStatus, ToSql};

use super::{BUSY, CACHE_SIZE, MMAP_SIZE, STATEMENTS, Value};
use crate::store::model::{ReadUsage, StoreError};

/// All connections that read.
#[derive(Debug)]
pub(super) struct Readers {
    path: PathBuf,
    /// Those that nobody reads with at the moment.
    idle: Mutex<Idle>,
    watch: Mutex<Watch>,
}

/// The one connection that only asks whether anything was committed: `SQLite` counts for each connection on its own.
#[derive(Debug)]
enum Watch {
    /// Nobody has asked yet.
    Unopened,
    Open(Connection),
    Closed,
}

#[derive(Debug)]
struct Idle {
    /// As many as were ever needed at once: at the most one for each thread of the host. None after the end.
    connections: Option<Vec<Connection>>,
    usage: ReadUsage,
}

impl Readers {
    pub(super) fn new(path: PathBuf) -> Self {
        let idle = Idle { connections: Some(Vec::new()), usage: ReadUsage::default() };
        Self { path, idle: Mutex::new(idle), watch: Mutex::new(Watch::Unopened) }
    }

    /// A connection for one statement.
    pub(super) fn reader(&self) -> Result<Reader<'_>, StoreError> {
        let idle = self.lock().connections.as_mut().ok_or(StoreError::Unavailable)?.pop();
        let connection = idle.map_or_else(|| self.connect(), Ok)?;
        Ok(Reader { readers: self, connection: Some(connection), snapshot: false, usage: Cell::default() })
    }

    /// What all reads that are over have cost.
    pub(super) fn usage(&self) -> ReadUsage {
        self.lock().usage
    }

    /// A connection for several statements that see the same moment.
    pub(super) fn snapshot(&self) -> Result<Reader<'_>, StoreError> {
        let mut reader = self.reader()?;
        if let Some(connection) = &reader.connection {
            connection.prepare_cached("begin")?.execute([])?;
        }
        reader.snapshot = true;
        Ok(reader)
    }

    /// A number that is another one after every commit, of this process or another, since it was last asked for
    /// (<https://www.sqlite.org/pragma.html#pragma_data_version>). Costs a few microseconds: no page is read.
    pub(super) fn version(&self) -> Result<i64, StoreError> {
        // Nothing panics under the lock.
        let mut watch = self.watch.lock().unwrap_or_else(PoisonError::into_inner);
        if matches!(*watch, Watch::Unopened) {
            *watch = Watch::Open(self.connect()?);
        }
        let Watch::Open(connection) = &*watch else { return Err(StoreError::Unavailable) };
        Ok(connection.prepare_cached("pragma data_version")?.query_row([], |row| row.get(0))?)
    }

    fn connect(&self) -> Result<Connection, StoreError> {
        // The file is there and in WAL mode: a writer comes before all readers. Reading WAL takes locks, so it writes.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.path, flags)?;
        connection.busy_timeout(BUSY)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        connection.execute_batch(&format!(
            "pragma cache_size = {CACHE_SIZE}; pragma mmap_size = {MMAP_SIZE}; pragma temp_store = memory;
            pragma query_only = on"
        ))?;
        Ok(connection)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn close(&self) {
        self.lock().connections = None;
        *self.watch.lock().unwrap_or_else(PoisonError::into_inner) = Watch::Closed;
    }

    fn lock(&self) -> MutexGuard<'_, Idle> {
        // Nothing panics under the lock.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection that reads.
pub(in crate::store) struct Reader<'a> {
    readers: &'a Readers,
    connection: Option<Connection>,
    /// Whether all it reads is of one moment, that of its first statement.
    snapshot: bool,
    usage: Cell<ReadUsage>,
}

impl Reader<'_> {
    /// The first row, when there is one.
    pub(in crate::store) async fn row<T>(
        &mut self,
        statement: &str,
        values: impl AsRef<[Value]>,
        read: impl FnMut(&RowRef<'_>) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        Ok(self.rows(statement, values, read).await?.into_iter().next())
    }

    /// All rows, in the order of the statement. `$1`, `$2`... are the values in their order.
    pub(in crate::store) async fn rows<T>(
        &mut self,
        statement: &str,
        values: impl AsRef<[Value]>,
        read: impl FnMut(&RowRef<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        // Nothing here waits: a task that reads again and again lets others go first now and then.
        tokio::task::coop::consume_budget().await;
        self.rows_now(statement, values.as_ref(), read)
    }

    /// The rows of one statement for one list of values after another: `$1`, `$2`... are the shared ones and then their
    /// own. The statement is looked up once, and what they share is bound once.
    pub(in crate::store) async fn rows_of_each<T>(
        &mut self,
        statement: &str,
        shared: &[Value],
        own: &[Vec<Value>],
        mut read: impl FnMut(&RowRef<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<Vec<T>>, StoreError> {
        tokio::task::coop::consume_budget().await;
        self.rows_of_each_now(statement, shared, own, &mut read)
    }

    /// As [`Self::rows_of_each`], for a thread that may be held up.
    pub(in crate::store) fn rows_of_each_now<T>(
        &self,
        statement: &str,
        shared: &[Value],
        own: &[Vec<Value>],
        mut read: impl FnMut(&RowRef<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<Vec<T>>, StoreError> {
        let mut prepared = self.prepare(statement)?;
        prepared.bind(0, shared)?;
        let rows = |own: &Vec<Value>| {
            prepared.check(shared.len() + own.len())?;
            prepared.bind(shared.len(), own)?;
            prepared.rows(&mut read)
        };
        own.iter().map(rows).collect()
    }

    /// As [`Self::rows`], for a thread that may be held up.
    pub(in crate::store) fn rows_now<T>(
        &self,
        statement: &str,
        values: &[Value],
        read: impl FnMut(&RowRef<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let mut prepared = self.prepare(statement)?;
        prepared.check(values.len())?;
        prepared.bind(0, values)?;
        prepared.rows(read)
    }

    fn prepare(&self, statement: &str) -> Result<Prepared<'_>, StoreError> {
        let connection = self.connection.as_ref().ok_or(StoreError::Unavailable)?;
        let statement = connection.prepare_cached(statement)?;
        // For SQLite `$7` is a name, its place is where it first stands.
        let number = |place| statement.parameter_name(place).and_then(|name| name.get(1..)?.parse().ok());
        let numbers = (1..=statement.parameter_count()).map(|place| number(place).unwrap_or(0)).collect();
        Ok(Prepared { statement, numbers, usage: &self.usage })
    }
}

/// A statement with the number of the value for each place.
struct Prepared<'a> {
    statement: CachedStatement<'a>,
    numbers: Vec<usize>,
    usage: &'a Cell<ReadUsage>,
}

impl Prepared<'_> {
    /// Whether each place has one of so many values.
    fn check(&self, count: usize) -> Result<(), StoreError> {
        match self.numbers.iter().position(|number| !(1..=count).contains(number)) {
            None => Ok(()),
            Some(place) => {
                Err(StoreError::Database(format!("argument {} of a statement has no value", place + 1)))
            }
        }
    }

    /// Binds the values that come after the first `before`.
    fn bind(&mut self, before: usize, values: &[Value]) -> Result<(), StoreError> {
        for (place, number) in self.numbers.iter().enumerate() {
            if let Some(value) = number.checked_sub(before + 1).and_then(|number| values.get(number)) {
                self.statement.raw_bind_parameter(place + 1, value)?;
            }
        }
        Ok(())
    }

    fn rows<T>(
        &mut self,
        mut read: impl FnMut(&RowRef<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let mut found = Vec::new();
        let mut rows = self.statement.raw_query();
        while let Some(row) = rows.next()? {
            found.push(read(&RowRef(row))?);
        }
        drop(rows);
        let steps = self.statement.reset_status(StatementStatus::VmStep);
        let usage = self.usage.get();
        self.usage.set(ReadUsage {
            statements: usage.statements + 1,
            steps: usage.steps + u64::try_from(steps).unwrap_or_default(),
        });
        Ok(found)
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else { return };
        let end = || connection.prepare_cached("commit").and_then(|mut commit| commit.execute([]));
        // One that cannot end its snapshot would read old rows for ever: it is closed.
        let ended = !self.snapshot || end().is_ok();
        let (mut idle, own) = (self.readers.lock(), self.usage.get());
        idle.usage.statements += own.statements;
        idle.usage.steps += own.steps;
        if let Some(connections) = idle.connections.as_mut().filter(|_| ended) {
            connections.push(connection);
        }
    }
}

/// The row that a reader is at.
pub(in crate::store) struct RowRef<'a>(&'a rusqlite::Row<'a>);

impl RowRef<'_> {
    pub(in crate::store) fn str(&self, column: usize) -> Result<&str, StoreError> {
        Ok(self.0.get_ref(column)?.as_str()?)
    }

    pub(in crate::store) fn text(&self, column: usize) -> Result<String, StoreError> {
        self.str(column).map(str::to_owned)
    }

    pub(in crate::store) fn maybe_str(&self, column: usize) -> Result<Option<&str>, StoreError> {
        Ok(self.0.get_ref(column)?.as_str_or_null()?)
    }

    pub(in crate::store) fn maybe_text(&self, column: usize) -> Result<Option<String>, StoreError> {
        self.maybe_str(column).map(|text| text.map(str::to_owned))
    }

    pub(in crate::store) fn int(&self, column: usize) -> Result<i64, StoreError> {
        Ok(self.0.get_ref(column)?.as_i64()?)
    }

    pub(in crate::store) fn maybe_int(&self, column: usize) -> Result<Option<i64>, StoreError> {
        Ok(self.0.get_ref(column)?.as_i64_or_null()?)
    }

    /// A number that the schema keeps between 0 and 2^32.
    pub(in crate::store) fn count(&self, column: usize) -> Result<u32, StoreError> {
        super::count(self.int(column)?, column)
    }

    pub(in crate::store) fn flag(&self, column: usize) -> Result<bool, StoreError> {
        Ok(self.int(column)? != 0)
    }

    pub(in crate::store) fn blob(&self, column: usize) -> Result<Vec<u8>, StoreError> {
        Ok(self.0.get_ref(column)?.as_blob()?.to_vec())
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error.to_string())
    }
}

impl From<FromSqlError> for StoreError {
    fn from(error: FromSqlError) -> Self {
        Self::Database(error.to_string())
    }
}

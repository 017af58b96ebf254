//! The queue before the writer, and the writer's loop: group commit.

use std::time::Duration;

use tokio::sync::{mpsc, oneshot, watch};

use super::import::{self, ImportBatch, ImportReport};
use super::{commit, pages, people, reindex, retention};
use crate::base::clock::{Micros, Stopwatch};
use crate::base::id::{PersonId, SiteId};
use crate::store::db::{Connection, Database};
use crate::store::model::{
    Commit, CommitError, Committed, ConsoleJob, DeclaredOn, DirectoryError, DirectoryRules, DirectoryWrite,
    Mute, NoticeBatch, PageJob, Person, PersonChange, PersonClaims, Pruned, Read, Retention, StoreError,
};
use crate::store::{console, notices};

/// Jobs that may wait; a caller with more waits until there is space.
const QUEUE_MAX: usize = 1_024;
/// Jobs in one transaction at the most.
const BATCH_MAX: usize = 64;
/// How long a transaction takes further jobs.
const BATCH_TIME: Duration = Duration::from_millis(2);

/// `SQLite` writes the first page for it even where the number stays the same; nobody reads the number.
const PROBE: &str = "pragma user_version = 1";

/// One thing to write, and where its answer goes. An answer that nobody waits for any more is dropped; the
/// change is made all the same.
pub(in crate::store) enum Job {
    Commit(Box<Commit>, oneshot::Sender<Result<Committed, CommitError>>),
    Person(Box<(SiteId, PersonClaims, Micros)>, oneshot::Sender<Result<Person, StoreError>>),
    Import(Box<(SiteId, ImportBatch, Micros)>, oneshot::Sender<Result<ImportReport, StoreError>>),
    Prune(Box<Retention>, oneshot::Sender<Result<Pruned, StoreError>>),
    Notices(Box<NoticeBatch>, oneshot::Sender<Result<Vec<(SiteId, PersonId)>, StoreError>>),
    Read(Box<(SiteId, PersonId, Read, Micros)>, oneshot::Sender<Result<u64, StoreError>>),
    Mute(Box<(SiteId, PersonId, Mute, bool, Micros)>, oneshot::Sender<Result<(), StoreError>>),
    Reindex(Box<DeclaredOn>, oneshot::Sender<Result<u64, StoreError>>),
    Elsewhere(oneshot::Sender<Result<i64, StoreError>>),
    Shares(Box<(SiteId, PersonId, bool)>, oneshot::Sender<Result<(), StoreError>>),
    Directory(
        Box<(SiteId, DirectoryRules, DirectoryWrite, Micros)>,
        oneshot::Sender<Result<Vec<PersonId>, DirectoryError>>,
    ),
    Admin(
        Box<(SiteId, PersonId, PersonChange, Micros)>,
        oneshot::Sender<Result<Vec<PersonId>, DirectoryError>>,
    ),
    Pages(Box<(SiteId, PageJob, Micros)>, oneshot::Sender<Result<(), StoreError>>),
    Console(Box<ConsoleJob>, oneshot::Sender<Result<bool, StoreError>>),
    Probe(oneshot::Sender<Result<(), StoreError>>),
    Close(oneshot::Sender<Result<(), StoreError>>),
}

/// The way to the writer.
#[derive(Clone, Debug)]
pub(in crate::store) struct Queue(mpsc::Sender<Job>);

impl Queue {
    /// Start the writer; it tells the number of each newest event on disk.
    pub(in crate::store) async fn start(
        database: Database,
        newest: watch::Sender<u64>,
    ) -> Result<Self, StoreError> {
        let connection = database.writer().await?;
        let (sender, jobs) = mpsc::channel(QUEUE_MAX);
        tokio::spawn(Writer { database, connection, newest, closing: None }.run(jobs));
        Ok(Self(sender))
    }

    /// Hand a job in and wait for its answer.
    pub(in crate::store) async fn ask<T, E: From<StoreError>>(
        &self,
        job: impl FnOnce(oneshot::Sender<Result<T, E>>) -> Job,
    ) -> Result<T, E> {
        let (sender, answer) = oneshot::channel();
        self.0.send(job(sender)).await.map_err(|_| StoreError::Unavailable)?;
        answer.await.map_err(|_| StoreError::Unavailable)?
    }
}

/// An answer that waits for the disk; false when the transaction did not get there.
type Answer = Box<dyn FnOnce(bool) + Send>;

/// What becomes of a job's changes.
enum Verdict {
    Keep,
    Undo,
    /// The database itself failed: nothing of this transaction can be trusted.
    Fail(String),
}

/// Errors that say whether the database failed or only the job.
trait Failure: From<StoreError> + Send + 'static {
    fn of_database(&self) -> Option<String>;
}

impl Failure for StoreError {
    fn of_database(&self) -> Option<String> {
        (!matches!(self, Self::Invalid(_))).then(|| self.to_string())
    }
}

impl Failure for DirectoryError {
    fn of_database(&self) -> Option<String> {
        if let Self::Store(error) = self { error.of_database() } else { None }
    }
}

impl Failure for CommitError {
    fn of_database(&self) -> Option<String> {
        if let Self::Store(error) = self { error.of_database() } else { None }
    }
}

struct Writer {
    database: Database,
    connection: Connection,
    newest: watch::Sender<u64>,
    closing: Option<oneshot::Sender<Result<(), StoreError>>>,
}

impl Writer {
    async fn run(mut self, mut jobs: mpsc::Receiver<Job>) {
        while let Some(job) = jobs.recv().await {
            self.batch(job, &mut jobs).await;
        }
        let closed = self.connection.close().await;
        match self.closing {
            // Whoever asked may be gone.
            Some(answer) => drop(answer.send(closed)),
            None => drop(
                closed.inspect_err(|error| tracing::warn!(%error, "the database was not closed cleanly")),
            ),
        }
    }

    /// One transaction.
    async fn batch(&mut self, first: Job, jobs: &mut mpsc::Receiver<Job>) {
        let clock = Stopwatch::start();
        let mut answers: Vec<Answer> = Vec::new();
        // The last event; 0 for none.
        let mut newest = 0;
        let mut failed = self.connection.script("begin immediate").await.err().map(|error| error.to_string());
        let mut next = Some(first);
        while let Some(job) = next.take() {
            if let Job::Close(answer) = job {
                self.closing = Some(answer);
                jobs.close();
            } else if failed.is_some() {
                answers.push(unavailable(job));
            } else {
                match self.one(job, &mut answers).await {
                    Ok(seq) => newest = newest.max(seq),
                    Err(error) => failed = Some(error),
                }
            }
            if failed.is_none() && answers.len() < BATCH_MAX && clock.elapsed() < BATCH_TIME {
                next = jobs.try_recv().ok();
            }
        }
        if failed.is_none() {
            failed = self.connection.script("commit").await.err().map(|error| error.to_string());
        }
        match &failed {
            None if newest > 0 => drop(self.newest.send_replace(newest)),
            None => {}
            Some(error) => {
                tracing::error!(%error, jobs = answers.len(), "a transaction failed; its jobs are answered as unavailable");
                self.recover().await;
            }
        }
        for answer in answers {
            answer(failed.is_none());
        }
    }

    /// One job inside a savepoint; the number of its last event, 0 for none.
    async fn one(&mut self, job: Job, answers: &mut Vec<Answer>) -> Result<u64, String> {
        let mut newest = 0;
        let connection = &mut self.connection;
        if let Err(error) = connection.script("savepoint job").await {
            answers.push(unavailable(job));
            return Err(error.to_string());
        }
        if matches!(job, Job::Close(_)) {
            return Ok(0);
        }
        let (verdict, answer) = perform(connection, job, &mut newest).await;
        answers.push(answer);
        let end = match verdict {
            Verdict::Keep => connection.script("release job").await,
            Verdict::Undo => connection.script("rollback to job; release job").await,
            Verdict::Fail(error) => return Err(error),
        };
        end.map_err(|error| error.to_string())?;
        Ok(newest)
    }

    /// Leave the failed transaction, with a new connection when this one is in doubt.
    async fn recover(&mut self) {
        if self.connection.script("rollback").await.is_ok() {
            return;
        }
        match self.database.writer().await {
            Ok(connection) => self.connection = connection,
            Err(error) => tracing::error!(%error, "the database cannot be opened again; writes stay refused"),
        }
    }
}

/// Do one job; `newest` becomes the number of the last event of a commit.
async fn perform(connection: &mut Connection, job: Job, newest: &mut u64) -> (Verdict, Answer) {
    match job {
        Job::Commit(job, sender) => {
            let committed = Box::pin(commit::commit(connection, &job)).await;
            if let Ok(Committed::Done { seq }) = committed {
                *newest = seq;
            }
            settle(committed, sender)
        }
        Job::Person(job, sender) => {
            let (site, claims, now) = *job;
            settle(people::put_person(connection, &site, &claims, now).await, sender)
        }
        Job::Import(job, sender) => {
            let (site, batch, now) = *job;
            settle(Box::pin(import::import(connection, &site, batch, now)).await, sender)
        }
        Job::Prune(retention, sender) => settle(retention::prune(connection, &retention).await, sender),
        Job::Notices(batch, sender) => settle(notices::apply(connection, &batch).await, sender),
        Job::Read(job, sender) => {
            let (site, person, read, now) = *job;
            settle(notices::mark_read(connection, (&site, &person), &read, now).await, sender)
        }
        Job::Mute(job, sender) => {
            let (site, person, mute, muted, now) = *job;
            settle(notices::mute(connection, (&site, &person), (&mute, muted), now).await, sender)
        }
        Job::Reindex(declared, sender) => settle(reindex::run(connection, &declared).await, sender),
        Job::Elsewhere(sender) => settle(elsewhere(connection).await, sender),
        Job::Shares(job, sender) => {
            let (site, person, shares) = *job;
            settle(people::put_shares(connection, (&site, &person), shares).await, sender)
        }
        Job::Directory(job, sender) => {
            let (site, rules, change, now) = *job;
            settle(people::apply(connection, &site, (&rules, &change), now).await, sender)
        }
        Job::Admin(job, sender) => {
            let (site, person, change, now) = *job;
            settle(people::change(connection, &site, (&person, &change), now).await, sender)
        }
        Job::Pages(job, sender) => {
            let (site, job, now) = *job;
            settle(Box::pin(pages::apply(connection, &site, job, now)).await, sender)
        }
        Job::Console(job, sender) => settle(console::apply(connection, &job).await, sender),
        Job::Probe(sender) => settle(connection.script(PROBE).await, sender),
        Job::Close(sender) => settle::<(), StoreError>(Ok(()), sender),
    }
}

/// Changes when another process has written: the writer is the only connection of this one that does.
async fn elsewhere(connection: &mut Connection) -> Result<i64, StoreError> {
    let row = connection.row("pragma data_version", Vec::new()).await?;
    row.map_or(Ok(0), |row| row.int(0))
}

fn settle<T: Send + 'static, E: Failure>(
    result: Result<T, E>,
    sender: oneshot::Sender<Result<T, E>>,
) -> (Verdict, Answer) {
    let verdict = match &result {
        Ok(_) => Verdict::Keep,
        Err(error) => error.of_database().map_or(Verdict::Undo, Verdict::Fail),
    };
    let answer = move |on_disk: bool| {
        let told = if on_disk { result } else { Err(StoreError::Unavailable.into()) };
        // Whoever asked may be gone; the change is made all the same.
        drop(sender.send(told));
    };
    (verdict, Box::new(answer))
}

fn unavailable(job: Job) -> Answer {
    fn refuse<T: Send + 'static, E: Failure>(sender: oneshot::Sender<Result<T, E>>) -> Answer {
        Box::new(move |_| drop(sender.send(Err(StoreError::Unavailable.into()))))
    }
    match job {
        Job::Commit(_, sender) => refuse(sender),
        Job::Person(_, sender) => refuse(sender),
        Job::Import(_, sender) => refuse(sender),
        Job::Prune(_, sender) => refuse(sender),
        Job::Notices(_, sender) => refuse(sender),
        Job::Read(_, sender) => refuse(sender),
        Job::Mute(_, sender) => refuse(sender),
        Job::Reindex(_, sender) => refuse(sender),
        Job::Elsewhere(sender) => refuse(sender),
        Job::Console(_, sender) => refuse(sender),
        Job::Pages(_, sender) | Job::Shares(_, sender) | Job::Probe(sender) => refuse(sender),
        Job::Directory(_, sender) | Job::Admin(_, sender) => refuse(sender),
        Job::Close(sender) => refuse(sender),
    }
}

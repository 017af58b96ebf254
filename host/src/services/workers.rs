//! Work that takes the processor for milliseconds, on blocking threads and a few at a time, so that it delays
//! neither other requests nor each other.

use std::sync::Arc;

use tokio::sync::Semaphore;

/// Runs such work.
#[derive(Clone, Debug)]
pub struct Workers(Arc<Semaphore>);

/// The work panicked; what it said is in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the work panicked")]
pub struct Panicked;

impl Workers {
    /// As many threads as half of the machine's processors, at least one: the other half answers requests.
    #[must_use]
    pub fn for_machine() -> Self {
        let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self::new(processors.div_ceil(2))
    }

    /// `count` threads at the most.
    #[must_use]
    pub fn new(count: usize) -> Self {
        Self(Arc::new(Semaphore::new(count)))
    }

    /// Do some work when its turn has come. A caller who goes away while it runs does not end it, and it keeps its
    /// place until it has ended.
    ///
    /// # Errors
    /// [`Panicked`].
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Panicked> {
        let place = Arc::clone(&self.0).acquire_owned().await.expect("the semaphore is never closed");
        let work = move || {
            let _place = place;
            work()
        };
        tokio::task::spawn_blocking(work).await.map_err(|error| {
            tracing::error!(%error, "blocking work failed");
            Panicked
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::{Panicked, Workers};

    /// One thread of tokio's: work that ran there would wait for ever for what comes after it.
    #[tokio::test]
    async fn work_leaves_the_async_thread_free_and_has_so_many_places() {
        let workers = Workers::new(2);
        let (started, starts) = mpsc::channel();
        let mut ends = Vec::new();
        let mut jobs = Vec::new();
        for _ in 0..3 {
            let (end, ended) = mpsc::channel::<()>();
            let (workers, started) = (workers.clone(), started.clone());
            ends.push(end);
            jobs.push(tokio::spawn(async move {
                workers
                    .run(move || {
                        started.send(()).unwrap();
                        let _ = ended.recv();
                    })
                    .await
            }));
        }
        while workers.0.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        jobs[0].abort();
        assert!((&mut jobs[0]).await.is_err());
        assert_eq!(workers.0.available_permits(), 0, "work that nobody waits for keeps its place");
        ends.clear();
        for job in &mut jobs[1..] {
            assert_eq!(job.await.unwrap(), Ok(()));
        }
        drop(started);
        assert_eq!(starts.iter().count(), 3);
    }

    #[tokio::test]
    async fn a_panic_costs_its_work_alone() {
        let workers = Workers::new(1);
        assert_eq!(workers.run(|| panic!("on purpose")).await, Err::<(), _>(Panicked));
        assert_eq!(workers.run(|| 7).await, Ok(7));
    }
}

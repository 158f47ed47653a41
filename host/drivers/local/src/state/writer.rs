//! The one thread that writes: it takes what has gathered in the queue, evaluates it in order, and
//! commits it with one sync. While the disk syncs, the next group gathers; so one caller waits for
//! one sync, and many callers share it.

use std::sync::Arc;

use ottavo_core::{Clock, Error};
use redb::{Database, Durability};
use tokio::sync::mpsc::Receiver;

use super::group::Group;
use super::queue::{Answer, Message, Request};
use super::tables::{self, Tables};
use crate::error::storage;

/// The bounds of a group: what joins a commit makes those before it wait longer.
const REQUESTS: usize = 1024;
const KIBIBYTES: u32 = 16 << 10;

/// How many expired keys a commit of writes collects, and one without writes.
const COLLECTED: usize = 64;
const COLLECTED_WHEN_IDLE: usize = 1024;

/// The writing half of a store.
pub(super) struct Writer {
    database: Arc<Database>,
    clock: Arc<dyn Clock>,
    messages: Receiver<Message>,
    /// The version given last.
    last: u64,
}

/// What one round has to do.
struct Gathered {
    requests: Vec<Request>,
    collect: bool,
}

impl Writer {
    pub(super) fn new(
        database: Arc<Database>,
        clock: Arc<dyn Clock>,
        messages: Receiver<Message>,
        last: u64,
    ) -> Writer {
        Writer { database, clock, messages, last }
    }

    /// Until every sender is gone and the queue is empty.
    pub(super) fn run(mut self) {
        while let Some(first) = self.messages.blocking_recv() {
            let Gathered { requests, collect } = self.gather(first);
            match requests.is_empty() {
                true if collect => self.collect(),
                true => {}
                false => self.serve(requests),
            }
        }
    }

    fn gather(&mut self, first: Message) -> Gathered {
        let (mut requests, mut collect, mut kibibytes) = (Vec::new(), false, 0);
        let mut next = Some(first);
        while let Some(message) = next {
            match message {
                Message::Write(request) => {
                    kibibytes += request.kibibytes;
                    requests.push(request);
                }
                Message::Collect => collect = true,
                // who asked may have given up
                Message::Health(answer) => drop(answer.send(self.health())),
            }
            if requests.len() == REQUESTS || kibibytes >= KIBIBYTES {
                break;
            }
            next = self.messages.try_recv().ok();
        }
        Gathered { requests, collect }
    }

    /// A fault of the disk makes the database refuse every write that follows.
    fn health(&self) -> Result<(), Error> {
        let begun = self.database.begin_write().map_err(|error| storage(&error.into()))?;
        begun.abort().map_err(|error| storage(&error.into()))
    }

    fn serve(&mut self, requests: Vec<Request>) {
        let (wanted, late): (Vec<_>, _) = requests.into_iter().partition(Request::is_wanted);
        late.into_iter().for_each(Request::refuse);
        if wanted.is_empty() {
            return;
        }
        match self.commit(&wanted) {
            Ok(answers) => {
                for (request, answer) in wanted.into_iter().zip(answers) {
                    request.answer(answer);
                }
            }
            Err(error) => {
                tracing::error!(%error, requests = wanted.len(), "a store could not write");
                for request in wanted {
                    // A commit that failed in its sync may be found after a restart.
                    request.answer(Err(storage(&error).with_retryable(false)));
                }
            }
        }
    }

    /// The answers become true when this returns, and not before.
    fn commit(&mut self, requests: &[Request]) -> Result<Vec<Answer>, redb::Error> {
        let now = self.clock.now();
        let mut transaction = self.database.begin_write()?;
        transaction.set_durability(Durability::Immediate)?;
        let mut group = Group::new(now, self.last);
        let mut answers = Vec::with_capacity(requests.len());
        let changed = {
            let mut tables = Tables::open(&transaction)?;
            for request in requests {
                answers.push(group.run(&tables, &request.work)?);
            }
            let changed = group.apply(&mut tables)?;
            if changed {
                tables.collect(now, COLLECTED)?;
            }
            changed
        };
        if changed {
            // Not given again, even if this commit fails and is found after a restart.
            self.last = group.last();
            transaction.commit()?;
        } else {
            transaction.abort()?;
        }
        Ok(answers)
    }

    /// Removes what has expired, a part at a time, until nothing is left, or a write comes, or the
    /// store is dropped.
    fn collect(&mut self) {
        loop {
            match self.collect_some() {
                Ok(COLLECTED_WHEN_IDLE) => {}
                Ok(_) => return,
                Err(error) => {
                    tracing::error!(%error, "a store could not remove expired keys");
                    return;
                }
            }
            if !self.messages.is_empty() || self.messages.is_closed() {
                return;
            }
        }
    }

    fn collect_some(&self) -> Result<usize, redb::Error> {
        let now = self.clock.now();
        if !tables::anything_due(&self.database, now)? {
            return Ok(0);
        }
        let transaction = self.database.begin_write()?;
        let collected = Tables::open(&transaction)?.collect(now, COLLECTED_WHEN_IDLE)?;
        transaction.commit()?;
        Ok(collected)
    }
}

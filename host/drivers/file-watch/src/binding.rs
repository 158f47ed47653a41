//! One folder.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::StreamExt as _;
use futures_util::stream;
use ottavo_blocks::binding::{
    Binding, Capability, Input, Inputs, Metadata, Operation, Response, check, only_in,
};
use ottavo_core::clock::UnixMillis;
use ottavo_core::context::new_request_id;
use ottavo_core::{CallContext, Clock, Error, Kind, Result, Shutdown};
use serde_json::json;
use tokio::time::Instant;

use crate::bell::Bell;
use crate::changes::{Change, Changes};
use crate::options::FileWatchOptions;
use crate::walk::{Look, Stamp};

/// The types of what comes in.
const CREATED: &str = "dev.ottavo.file.created";
const CHANGED: &str = "dev.ottavo.file.changed";
const DELETED: &str = "dev.ottavo.file.deleted";

/// How often the folder is looked at where the system says what happens: it may be another one by
/// now, or the queue of what happened was full.
const SLOW: Duration = Duration::from_secs(10);

/// Between what rings and the look that follows.
const PAUSE: Duration = Duration::from_millis(50);

/// One binding.
pub(crate) struct FileWatchBinding(Arc<Inner>);

struct Inner {
    options: FileWatchOptions,
    clock: Arc<dyn Clock>,
    shutdown: Shutdown,
}

impl FileWatchBinding {
    pub(crate) fn new(
        options: FileWatchOptions,
        clock: Arc<dyn Clock>,
        shutdown: Shutdown,
    ) -> FileWatchBinding {
        FileWatchBinding(Arc::new(Inner { options, clock, shutdown }))
    }
}

impl Inner {
    /// Looks at the folder, on a thread that may wait for it.
    async fn look(&self) -> Result<Look> {
        let (folder, recursive) = (self.options.folder.clone(), self.options.recursive);
        let looked = tokio::task::spawn_blocking(move || Look::at(&folder, recursive)).await;
        looked.map_err(|error| Error::internal("the folder was not asked").with_source(error))?
    }

    fn input(&self, change: Change) -> Input {
        let now = self.clock.now();
        let (kind, path, at, data) = match change {
            Change::Created(path, stamp) => told(CREATED, path, stamp),
            Change::Changed(path, stamp) => told(CHANGED, path, stamp),
            Change::Deleted(path) => {
                let data = json!({ "path": path });
                (DELETED, path, now, data)
            }
        };
        Input {
            subject: Some(path),
            content_type: "application/json".to_owned(),
            data: Bytes::from(data.to_string()),
            ..Input::new(&*new_request_id(), kind, at)
        }
    }
}

fn told(
    kind: &'static str,
    path: String,
    stamp: Stamp,
) -> (&'static str, String, UnixMillis, serde_json::Value) {
    let since = stamp.modified().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    let data = json!({ "path": path, "size": stamp.size });
    (kind, path, u64::try_from(since.as_millis()).unwrap_or_default(), data)
}

/// What one listener is told.
struct Listener {
    binding: Arc<Inner>,
    bell: Bell,
    changes: Changes,
    ready: VecDeque<Change>,
    /// Names that cannot be told, as the log knows it.
    unnamed: usize,
}

impl Listener {
    async fn next(&mut self) -> Result<Input> {
        loop {
            if let Some(change) = self.ready.pop_front() {
                return Ok(self.binding.input(change));
            }
            let look = self.binding.look().await?;
            self.note(look.unnamed);
            let settle = self.binding.options.settle.0;
            self.ready.extend(self.changes.learn(&look.files, settle, Instant::now()));
            // a folder that is new to the bell may have changed before it was
            let again = self.bell.follow(&look.folders);
            if self.ready.is_empty() && !again {
                self.due().await?;
            }
        }
    }

    /// Waits until it is time to look.
    async fn due(&mut self) -> Result<()> {
        let FileWatchOptions { settle, poll, .. } = self.binding.options;
        let now = Instant::now();
        let at = now + if self.bell.works() { SLOW.max(poll.0) } else { poll.0 };
        // what is looked at before it has settled would only be looked at again
        let at = self.changes.settles_at(settle.0).map_or(at, |settled| at.min(settled));
        tokio::select! {
            () = tokio::time::sleep_until(at) => Ok(()),
            () = self.bell.rings() => {
                // one that is written all the time is not looked at all the time
                tokio::time::sleep(PAUSE).await;
                Ok(())
            }
            () = self.binding.shutdown.begun() => {
                Err(Error::new(Kind::Unavailable, "the host stops"))
            }
        }
    }

    fn note(&mut self, unnamed: usize) {
        if unnamed > self.unnamed {
            let folder = self.binding.options.folder.display();
            tracing::warn!(%folder, unnamed, "files have names that cannot be told, and are left out");
        }
        self.unnamed = unnamed;
    }
}

#[async_trait]
impl Binding for FileWatchBinding {
    fn capabilities(&self) -> &'static [Capability] {
        &[Capability::Input]
    }

    async fn health(&self, _: &CallContext) -> Result<()> {
        let folder = self.0.options.folder.clone();
        let looked = tokio::task::spawn_blocking(move || Look::readable(&folder)).await;
        looked.map_err(|error| Error::internal("the folder was not asked").with_source(error))?
    }

    async fn invoke(
        &self,
        _: &CallContext,
        operation: &Operation,
        data: Bytes,
        metadata: &Metadata,
    ) -> Result<Response> {
        check("data", &data, metadata)?;
        Err(only_in(operation))
    }

    async fn subscribe(&self, _: &CallContext) -> Result<Inputs> {
        let binding = Arc::clone(&self.0);
        let (mut bell, mut changes) = (Bell::new(), Changes::default());
        // before the look: what happens during it rings
        let first = binding.look().await?;
        bell.follow(&first.folders);
        let first = binding.look().await?;
        if !binding.options.existing {
            changes.skip(first.files);
        }
        let listener = Listener { binding, bell, changes, ready: VecDeque::new(), unnamed: 0 };
        let told = stream::unfold(Some(listener), async |state| {
            let mut listener = state?;
            match listener.next().await {
                Ok(input) => Some((Ok(input), Some(listener))),
                Err(error) => Some((Err(error), None)),
            }
        });
        Ok(told.boxed())
    }
}

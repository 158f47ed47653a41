//! A binding that leads nowhere: `create` comes back as it was sent, and comes in as well, for tests of
//! what calls it and of what hears of it.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::StreamExt as _;
use futures_util::stream;
use ottavo_blocks::binding::{
    Binding, Capability, Input, Inputs, Metadata, Operation, Response, check,
};
use ottavo_core::context::new_request_id;
use ottavo_core::{CallContext, Clock, Error, Kind, Result, Shutdown};
use parking_lot::Mutex;
use tokio::sync::mpsc;

/// One binding.
pub(crate) struct MemoryBinding {
    listeners: Mutex<Vec<mpsc::Sender<Input>>>,
    clock: Arc<dyn Clock>,
    shutdown: Shutdown,
}

const OPERATIONS: [&str; 1] = ["create"];

/// The most that waits for one listener.
const MOST: usize = 1000;

/// The type of what comes in.
const KIND: &str = "dev.ottavo.memory.created";

impl MemoryBinding {
    pub(crate) fn new(clock: Arc<dyn Clock>, shutdown: Shutdown) -> MemoryBinding {
        MemoryBinding { listeners: Mutex::default(), clock, shutdown }
    }

    /// Tells every listener, or none when one has no room.
    fn tell(&self, data: &Bytes) -> Result<()> {
        let mut listeners = self.listeners.lock();
        listeners.retain(|listener| !listener.is_closed());
        let mut places = Vec::new();
        for listener in listeners.iter() {
            match listener.try_reserve() {
                Ok(place) => places.push(place),
                Err(mpsc::error::TrySendError::Closed(())) => {}
                Err(mpsc::error::TrySendError::Full(())) => {
                    let message = format!("{MOST} inputs wait for a listener: nothing was done");
                    return Err(Error::new(Kind::Exhausted, message));
                }
            }
        }
        let id = new_request_id();
        for place in places {
            let input = Input::new(&*id, KIND, self.clock.now());
            place.send(Input { data: data.clone(), ..input });
        }
        Ok(())
    }
}

#[async_trait]
impl Binding for MemoryBinding {
    fn capabilities(&self) -> &'static [Capability] {
        &[Capability::Echo, Capability::Input, Capability::Loop]
    }

    async fn invoke(
        &self,
        _: &CallContext,
        operation: &Operation,
        data: Bytes,
        metadata: &Metadata,
    ) -> Result<Response> {
        if !OPERATIONS.contains(&operation.as_str()) {
            return Err(operation.unknown(&OPERATIONS));
        }
        check("data", &data, metadata)?;
        self.tell(&data)?;
        Ok(Response { data, metadata: metadata.clone() })
    }

    async fn subscribe(&self, _: &CallContext) -> Result<Inputs> {
        let (sender, listener) = mpsc::channel(MOST);
        self.listeners.lock().push(sender);
        let shutdown = self.shutdown.clone();
        let told = stream::unfold(Some((listener, shutdown)), async |state| {
            let (mut listener, shutdown) = state?;
            let input = tokio::select! {
                input = listener.recv() => input?,
                () = shutdown.begun() => {
                    let error = Error::new(Kind::Unavailable, "the host stops");
                    return Some((Err(error), None));
                }
            };
            Some((Ok(input), Some((listener, shutdown))))
        });
        Ok(told.boxed())
    }
}

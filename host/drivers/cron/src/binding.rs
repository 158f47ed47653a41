//! One calendar.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::StreamExt as _;
use futures_util::stream;
use ottavo_blocks::binding::{
    Binding, Capability, Input, Inputs, Metadata, Operation, Response, check, only_in,
};
use ottavo_core::clock::UnixMillis;
use ottavo_core::{CallContext, Clock, Error, Kind, Result, Shutdown};

use crate::options::CronOptions;

/// The type of what comes in.
const KIND: &str = "dev.ottavo.cron.due";

/// One binding.
pub(crate) struct CronBinding(Arc<Calendar>);

struct Calendar {
    options: CronOptions,
    clock: Arc<dyn Clock>,
    shutdown: Shutdown,
}

impl CronBinding {
    pub(crate) fn new(
        options: CronOptions,
        clock: Arc<dyn Clock>,
        shutdown: Shutdown,
    ) -> CronBinding {
        CronBinding(Arc::new(Calendar { options, clock, shutdown }))
    }
}

impl Calendar {
    /// The first time after `before` and after now, once it has come.
    async fn next(&self, before: UnixMillis) -> Result<UnixMillis> {
        let CronOptions { schedule, timezone } = &self.options;
        let due = schedule.next_after(timezone, before.max(self.clock.now()));
        let over = || Error::new(Kind::Unavailable, "no time comes any more");
        let due = due.ok_or_else(over)?;
        tokio::select! {
            () = self.clock.sleep_until(due) => Ok(due),
            () = self.shutdown.begun() => Err(Error::new(Kind::Unavailable, "the host stops")),
        }
    }
}

#[async_trait]
impl Binding for CronBinding {
    fn capabilities(&self) -> &'static [Capability] {
        &[Capability::Input]
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
        let calendar = Arc::clone(&self.0);
        let begin = calendar.clock.now();
        let told = stream::unfold(Some((calendar, begin)), async |state| {
            let (calendar, before) = state?;
            match calendar.next(before).await {
                Ok(due) => {
                    let mut input = Input::new("", KIND, due);
                    // the same on every host
                    input.id = input.time.clone().unwrap_or_default();
                    Some((Ok(input), Some((calendar, due))))
                }
                Err(error) => Some((Err(error), None)),
            }
        });
        Ok(told.boxed())
    }
}

//! A function that makes runtime API calls through its SDK, each as `relay.md` says.

mod connection;
pub(crate) mod encoding;

use bytes::Bytes;
use ottavo_blocks::Options;
use ottavo_core::{CallContext, Error, Kind, Result};
use tonic::transport::Channel;

pub(crate) use connection::Connection;
use encoding::{Read, Reader, Writer};

/// Calls one store by its name through a guest.
pub(crate) struct Relay {
    connection: Connection,
    store: String,
    channel: Option<Channel>,
}

impl Relay {
    pub(crate) fn new(connection: Connection, store: &str) -> Relay {
        Relay { connection, store: store.to_owned(), channel: None }
    }

    /// With the door of apps of the same host, for what a function cannot do.
    pub(crate) fn beside(self, channel: Channel) -> Relay {
        Relay { channel: Some(channel), ..self }
    }

    pub(crate) fn store(&self) -> &str {
        &self.store
    }

    pub(crate) fn channel(&self) -> Channel {
        self.channel.clone().expect("a block's relay stands beside the door of apps")
    }

    /// A call whose parameters after the store are still to be written.
    pub(crate) fn begin(&self, operation: &str) -> Writer {
        let mut call = Writer::default();
        call.string(operation).string(&self.store);
        call
    }

    /// Makes a call, within the deadline of `cx`, and reads its outcome.
    pub(crate) async fn call<T>(
        &self,
        cx: &CallContext,
        call: Writer,
        ok: impl FnOnce(&mut Reader) -> Read<T>,
    ) -> Result<T> {
        let answer = tokio::time::timeout_at(cx.deadline, self.connection.post(call.finish()));
        let answer = answer.await.map_err(|_| Error::new(Kind::Timeout, "the relay is silent"))?;
        // neither is an outcome of the call, so neither may look like one that a case expects
        let broken = |why: String| Error::new(Kind::Other, format!("the relay is broken: {why}"));
        let answer = answer.map_err(|error| broken(format!("{error:#}")))?;
        outcome(answer, ok).map_err(broken)?
    }
}

impl Relay {
    /// Makes a call that does not fail as a whole.
    pub(crate) async fn plain<T>(
        &self,
        call: Writer,
        ok: impl FnOnce(&mut Reader) -> Read<T>,
    ) -> Read<T> {
        let answer = self.connection.post(call.finish()).await;
        let mut reader = Reader::new(answer.map_err(|error| format!("{error:#}"))?);
        let found = ok(&mut reader)?;
        reader.end()?;
        Ok(found)
    }
}

fn outcome<T>(answer: Bytes, ok: impl FnOnce(&mut Reader) -> Read<T>) -> Read<Result<T>> {
    let mut reader = Reader::new(answer);
    let outcome = result(&mut reader, ok)?;
    reader.end()?;
    Ok(outcome)
}

pub(crate) fn result<T>(
    answer: &mut Reader,
    ok: impl FnOnce(&mut Reader) -> Read<T>,
) -> Read<Result<T>> {
    match answer.u8()? {
        0 => Ok(Ok(ok(answer)?)),
        1 => Ok(Err(error(answer)?)),
        other => Err(format!("{other} is no case of a result")),
    }
}

fn error(answer: &mut Reader) -> Read<Error> {
    let case = answer.u8()?;
    let kind = Kind::all().nth(case.into()).ok_or(format!("{case} is no kind of error"))?;
    let error = Error::new(kind, answer.string()?).with_retryable(answer.flag()?);
    let details = answer.list(|answer| Ok((answer.string()?, answer.string()?)))?;
    Ok(details.into_iter().fold(error, |error, (name, value)| error.with_detail(name, value)))
}

/// A word that the host gave, as the block parses it.
pub(crate) fn checked<T>(parsed: Result<T>) -> Read<T> {
    parsed.map_err(|error| error.to_string())
}

pub(crate) fn write_options(call: &mut Writer, options: &Options) {
    call.list(options.pairs(), |call, (name, value)| {
        call.string(name).string(value);
    });
}

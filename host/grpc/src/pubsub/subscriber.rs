//! One stream of a subscriber: it asks for events, gets them, and says what became of them.
//!
//! No task runs for it: the stream is what the connection polls. Events are taken from the store only
//! as far as they were asked for, so that nothing is leased that the subscriber does not want yet.

use std::collections::VecDeque;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::{self, BoxStream};
use ottavo_api::Session;
use ottavo_api::pubsub::Consumption;
use ottavo_blocks::pubsub::{MAX_DELIVERIES, Receipt};
use ottavo_core::{Error, Result, Shutdown};
use ottavo_wire::to_status;
use ottavo_wire::v1::pub_sub_subscribe_request::Request;
use ottavo_wire::v1::{PubSubBegin, PubSubRetry, PubSubSubscribeRequest, PubSubSubscribeResponse};
use tonic::{Status, Streaming};

use super::{decode, encode};

/// How many events a subscriber may have asked for and not got.
const MAX_ASKED: usize = 1000;

type Responses = BoxStream<'static, Result<PubSubSubscribeResponse, Status>>;

pub(super) struct Subscriber {
    requests: Streaming<PubSubSubscribeRequest>,
    events: Consumption,
    /// How many more events may be sent.
    asked: usize,
    ready: VecDeque<PubSubSubscribeResponse>,
    timeout: Duration,
    shutdown: Shutdown,
}

impl Subscriber {
    /// Waits for the first message and subscribes.
    pub(super) async fn begin(
        session: &Session,
        mut requests: Streaming<PubSubSubscribeRequest>,
        timeout: Duration,
        shutdown: &Shutdown,
    ) -> Result<Responses> {
        let begin = match read(&mut requests).await? {
            Some(Request::Begin(begin)) => begin,
            _ => return Err(Error::invalid("the first message of a subscriber is `begin`")),
        };
        let store = begin.store.clone();
        let store = session.pubsub(&store)?;
        let events = store.subscribe(decode::subscription(begin)?).await?;
        let (ready, shutdown) = (VecDeque::from([encode::begun()]), shutdown.clone());
        let subscriber = Subscriber { requests, events, asked: 0, ready, timeout, shutdown };
        let next = async |mut subscriber: Subscriber| {
            let next = subscriber.next().await.transpose()?;
            Some((next.map_err(|error| to_status(&error)), subscriber))
        };
        Ok(stream::unfold(subscriber, next).boxed())
    }

    /// The next response; none when the subscriber or the host ends the stream. An error is the
    /// last: the connection drops the stream with it.
    async fn next(&mut self) -> Result<Option<PubSubSubscribeResponse>> {
        loop {
            if let Some(ready) = self.ready.pop_front() {
                return Ok(Some(ready));
            }
            tokio::select! {
                () = self.shutdown.begun() => return Ok(None),
                request = read(&mut self.requests) => match request? {
                    None => return Ok(None),
                    Some(request) => self.answer(request).await?,
                },
                events = self.events.next(self.asked.min(MAX_DELIVERIES)), if self.asked > 0 => {
                    let events = events?;
                    self.asked = self.asked.saturating_sub(events.len());
                    self.ready.extend(events.into_iter().map(encode::delivery));
                }
            }
        }
    }

    async fn answer(&mut self, request: Request) -> Result<()> {
        let (events, timeout) = (&self.events, self.timeout);
        let (receipt, outcome) = match request {
            Request::Begin(PubSubBegin { .. }) => {
                return Err(Error::invalid("this subscriber has begun: `begin` comes once"));
            }
            Request::Ask(count) => return self.ask(count as usize),
            Request::Acknowledge(text) => {
                let receipt = Receipt::new(text);
                let outcome = events.acknowledge(timeout, &receipt).await;
                (receipt, outcome)
            }
            Request::Retry(PubSubRetry { receipt, after_millis }) => {
                let (receipt, after) = (Receipt::new(receipt), Duration::from_millis(after_millis));
                let outcome = events.retry(timeout, &receipt, after).await;
                (receipt, outcome)
            }
            Request::Renew(text) => {
                let receipt = Receipt::new(text);
                let outcome = events.renew(timeout, &receipt).await;
                (receipt, outcome)
            }
        };
        self.ready.push_back(encode::settled(receipt.as_str().to_owned(), outcome));
        Ok(())
    }

    fn ask(&mut self, count: usize) -> Result<()> {
        let asked = self.asked + count;
        if count == 0 || asked > MAX_ASKED {
            return Err(Error::invalid(format!(
                "{count} events were asked for, with {} to come: ask for 1 to {MAX_ASKED} in all",
                self.asked
            )));
        }
        self.asked = asked;
        Ok(())
    }
}

/// The next message of the subscriber; none at the end.
async fn read(requests: &mut Streaming<PubSubSubscribeRequest>) -> Result<Option<Request>> {
    let read = requests.message().await;
    let message = read.map_err(|status| {
        Error::invalid("a message of the subscriber cannot be read").with_source(status)
    })?;
    match message {
        None => Ok(None),
        Some(PubSubSubscribeRequest { request: Some(request) }) => Ok(Some(request)),
        Some(PubSubSubscribeRequest { request: None }) => Err(Error::invalid(
            "a message of the subscriber is empty: set one of begin, ask, acknowledge, retry, renew",
        )),
    }
}

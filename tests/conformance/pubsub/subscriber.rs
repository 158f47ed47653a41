//! A consumer behind the gRPC door: one stream. Cases call one method of it at a time.

use std::collections::VecDeque;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::{StreamExt as _, stream};
use ottavo_blocks::pubsub::{Consumer, Delivery, Event, EventId, Receipt};
use ottavo_core::{CallContext, Error, Result};
use ottavo_wire::from_status;
use ottavo_wire::v1::pub_sub_client::PubSubClient;
use ottavo_wire::v1::pub_sub_subscribe_request::Request;
use ottavo_wire::v1::pub_sub_subscribe_response::Response;
use ottavo_wire::v1::*;
use tokio::sync::{Mutex, mpsc};
use tonic::Streaming;
use tonic::transport::Channel;

use super::grpc::millis;

pub(super) struct Subscriber {
    requests: mpsc::Sender<PubSubSubscribeRequest>,
    responses: Mutex<Responses>,
}

struct Responses {
    stream: Streaming<PubSubSubscribeResponse>,
    /// Events that came while something else was awaited.
    ready: VecDeque<Delivery>,
    /// How many were asked for and have not come.
    asked: usize,
}

impl Subscriber {
    pub(super) async fn begin(
        mut client: PubSubClient<Channel>,
        begin: PubSubBegin,
    ) -> Result<Subscriber> {
        let (requests, mut sent) = mpsc::channel(16);
        send(&requests, Request::Begin(begin))?;
        let sent = stream::poll_fn(move |cx| sent.poll_recv(cx));
        let stream = client.subscribe(sent).await.map_err(|status| from_status(&status))?;
        let mut responses =
            Responses { stream: stream.into_inner(), ready: VecDeque::new(), asked: 0 };
        match responses.read().await? {
            Response::Begun(PubSubBegun {}) => {}
            other => return Err(Error::internal(format!("a stream begins with {other:?}"))),
        }
        Ok(Subscriber { requests, responses: Mutex::new(responses) })
    }

    async fn settle(&self, receipt: &Receipt, request: Request) -> Result<bool> {
        let mut responses = self.responses.lock().await;
        send(&self.requests, request)?;
        loop {
            match responses.read().await? {
                Response::Delivery(delivery) => responses.keep(delivery)?,
                Response::Settled(PubSubSettled { receipt: settled, held, error }) => {
                    assert_eq!(settled, receipt.as_str(), "answers come in order");
                    return error.map_or(Ok(held), |error| Err(error.into()));
                }
                Response::Begun(PubSubBegun {}) => {
                    return Err(Error::internal("the stream began twice"));
                }
            }
        }
    }
}

fn send(to: &mpsc::Sender<PubSubSubscribeRequest>, request: Request) -> Result<()> {
    let request = PubSubSubscribeRequest { request: Some(request) };
    to.try_send(request).map_err(|error| Error::internal("the stream is over").with_source(error))
}

impl Responses {
    async fn read(&mut self) -> Result<Response> {
        match self.stream.next().await {
            Some(Ok(PubSubSubscribeResponse { response: Some(response) })) => Ok(response),
            Some(Ok(_)) => Err(Error::internal("the host left a response unset")),
            Some(Err(status)) => Err(from_status(&status)),
            None => Err(Error::internal("the host ended the stream")),
        }
    }

    fn keep(&mut self, PubSubDelivery { event, attempt, receipt }: PubSubDelivery) -> Result<()> {
        self.asked -= 1;
        let event = event.ok_or_else(|| Error::internal("a delivery has no event"))?;
        let receipt = Receipt::new(receipt);
        self.ready.push_back(Delivery { event: read(event), attempt, receipt });
        Ok(())
    }
}

fn read(event: PubSubEvent) -> Event {
    let PubSubEvent { id, source, r#type, subject, time, content_type, attributes, data } = event;
    let pair = |Pair { name, value }| (name, value);
    let attributes = attributes.into_iter().map(pair).collect();
    let id = EventId::new(id);
    Event { id, source, kind: r#type, subject, time, content_type, attributes, data }
}

#[async_trait]
impl Consumer for Subscriber {
    async fn next(&self, max: usize) -> Result<Vec<Delivery>> {
        let mut responses = self.responses.lock().await;
        if responses.ready.is_empty() && responses.asked == 0 {
            // all that come are given to this call or a later one
            let count = u32::try_from(max).unwrap_or(u32::MAX);
            send(&self.requests, Request::Ask(count))?;
            responses.asked = max;
        }
        while responses.ready.is_empty() {
            match responses.read().await? {
                Response::Delivery(delivery) => responses.keep(delivery)?,
                other => return Err(Error::internal(format!("nobody asked for {other:?}"))),
            }
        }
        let count = responses.ready.len().min(max);
        Ok(responses.ready.drain(..count).collect())
    }

    async fn acknowledge(&self, _: &CallContext, receipt: &Receipt) -> Result<bool> {
        self.settle(receipt, Request::Acknowledge(receipt.as_str().to_owned())).await
    }

    async fn retry(&self, _: &CallContext, receipt: &Receipt, after: Duration) -> Result<bool> {
        let (text, after_millis) = (receipt.as_str().to_owned(), millis(after));
        self.settle(receipt, Request::Retry(PubSubRetry { receipt: text, after_millis })).await
    }

    async fn renew(&self, _: &CallContext, receipt: &Receipt) -> Result<bool> {
        self.settle(receipt, Request::Renew(receipt.as_str().to_owned())).await
    }
}

//! The service `PubSub`, as `ottavo_blocks::pubsub::PubSub`.

mod decode;
mod encode;
mod subscriber;

use std::time::Duration;

use async_trait::async_trait;
use futures_util::stream::BoxStream;
use ottavo_api::Session;
use ottavo_blocks::pubsub::{Group, Topic};
use ottavo_core::{Result, Shutdown};
use ottavo_wire::to_status;
use ottavo_wire::v1::pub_sub_server::PubSub;
use ottavo_wire::v1::*;
use tonic::{Request, Response, Status, Streaming};

use crate::door::Door;
use subscriber::Subscriber;

/// Answers the calls of the service.
pub(crate) struct PubSubService {
    pub(crate) door: Door,
    /// The longest a call may take that a subscriber makes.
    pub(crate) timeout: Duration,
    /// Ends the streams of subscribers.
    pub(crate) shutdown: Shutdown,
}

async fn publish(session: Session, request: PubSubPublishRequest) -> Result<PubSubPublishResponse> {
    let store = session.pubsub(&request.store)?;
    let message = decode::message(request.message.unwrap_or_default())?;
    let id = store.publish(Topic::parse(request.topic)?, message).await?;
    Ok(PubSubPublishResponse { id: id.into_string() })
}

async fn publish_many(
    session: Session,
    request: PubSubPublishManyRequest,
) -> Result<PubSubPublishManyResponse> {
    let store = session.pubsub(&request.store)?;
    let messages = request.messages.into_iter().map(decode::message);
    let outcomes = store.publish_many(Topic::parse(request.topic)?, messages).await?;
    let outcomes = outcomes.into_iter().map(encode::published).collect();
    Ok(PubSubPublishManyResponse { outcomes })
}

async fn unsubscribe(
    session: Session,
    request: PubSubUnsubscribeRequest,
) -> Result<PubSubUnsubscribeResponse> {
    let store = session.pubsub(&request.store)?;
    store.unsubscribe(Topic::parse(request.topic)?, &Group::parse(request.group)?).await?;
    Ok(PubSubUnsubscribeResponse {})
}

#[async_trait]
impl PubSub for PubSubService {
    type SubscribeStream = BoxStream<'static, Result<PubSubSubscribeResponse, Status>>;

    async fn publish(
        &self,
        request: Request<PubSubPublishRequest>,
    ) -> Result<Response<PubSubPublishResponse>, Status> {
        self.door.call(request, publish).await
    }

    async fn publish_many(
        &self,
        request: Request<PubSubPublishManyRequest>,
    ) -> Result<Response<PubSubPublishManyResponse>, Status> {
        self.door.call(request, publish_many).await
    }

    async fn subscribe(
        &self,
        request: Request<Streaming<PubSubSubscribeRequest>>,
    ) -> Result<Response<Self::SubscribeStream>, Status> {
        let (session, requests) = self.door.open(request);
        let begun = Subscriber::begin(&session, requests, self.timeout, &self.shutdown).await;
        begun.map(Response::new).map_err(|error| to_status(&error))
    }

    async fn unsubscribe(
        &self,
        request: Request<PubSubUnsubscribeRequest>,
    ) -> Result<Response<PubSubUnsubscribeResponse>, Status> {
        self.door.call(request, unsubscribe).await
    }
}

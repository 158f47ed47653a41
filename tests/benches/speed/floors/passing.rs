//! tonic with our messages, passed through to redis-rs: for each call the one command of redis that does it at the least.

use std::net::SocketAddr;

use anyhow::{Result, bail};
use async_trait::async_trait;
use ottavo_wire::v1::lock_server::{Lock, LockServer};
use ottavo_wire::v1::pub_sub_server::{PubSub, PubSubServer};
use ottavo_wire::v1::state_server::{State, StateServer};
use ottavo_wire::v1::*;
use redis::aio::MultiplexedConnection;
use redis::{Cmd, FromRedisValue, RedisError, cmd};
use tokio_stream::Empty;
use tonic::{Request, Response, Status, Streaming};

use super::tonic::{absent, serve, service, state};

struct Passing {
    redis: MultiplexedConnection,
}

/// The service of this block, with the redis at `url`.
pub(super) async fn start(block: &str, url: &str) -> Result<SocketAddr> {
    let redis = redis::Client::open(url)?.get_multiplexed_async_connection().await?;
    let floor = Passing { redis };
    match block {
        "state" => serve(StateServer::new(floor)).await,
        "lock" => serve(LockServer::new(floor)).await,
        "pubsub" => serve(PubSubServer::new(floor)).await,
        other => bail!("this floor has no block `{other}`"),
    }
}

impl Passing {
    async fn ask<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, Status> {
        let failed = |error: RedisError| Status::unavailable(error.to_string());
        command.query_async(&mut self.redis.clone()).await.map_err(failed)
    }
}

state!(Passing, get, set);

async fn get(floor: &Passing, request: StateGetRequest) -> Result<StateGetResponse, Status> {
    let found: Option<Vec<u8>> = floor.ask(cmd("GET").arg(request.key)).await?;
    let value = found.map(|data| StateValue { data: data.into(), etag: "1".to_owned() });
    Ok(StateGetResponse { value })
}

async fn set(floor: &Passing, request: StateSetRequest) -> Result<StateSetResponse, Status> {
    let StateEntry { key, data, .. } = request.entry.unwrap_or_default();
    let () = floor.ask(cmd("SET").arg(key).arg(&data[..])).await?;
    Ok(StateSetResponse { etag: "1".to_owned() })
}

service! {
    Lock for Passing;
    try_lock: LockTryLockRequest => LockTryLockResponse = try_lock,
    renew: LockRenewRequest => LockRenewResponse = absent,
    unlock: LockUnlockRequest => LockUnlockResponse = absent,
}

async fn try_lock(
    floor: &Passing,
    request: LockTryLockRequest,
) -> Result<LockTryLockResponse, Status> {
    let owner = request.owner.unwrap_or_default();
    let mut command = cmd("SET");
    command.arg(request.resource).arg(&owner).arg("NX").arg("PX").arg(request.ttl_millis);
    let taken: Option<String> = floor.ask(&command).await?;
    let lease = LockLease { owner, fencing_token: 1, remaining_millis: request.ttl_millis };
    Ok(LockTryLockResponse { lease: taken.map(|_| lease) })
}

#[async_trait]
impl PubSub for Passing {
    type SubscribeStream = Empty<Result<PubSubSubscribeResponse, Status>>;

    async fn publish(
        &self,
        request: Request<PubSubPublishRequest>,
    ) -> Result<Response<PubSubPublishResponse>, Status> {
        let PubSubPublishRequest { topic, message, .. } = request.into_inner();
        let data = message.unwrap_or_default().data;
        let mut command = cmd("XADD");
        command.arg(topic).arg("MAXLEN").arg("~").arg(100_000).arg("*").arg("data").arg(&data[..]);
        let id = self.ask(&command).await?;
        Ok(Response::new(PubSubPublishResponse { id }))
    }

    async fn publish_many(
        &self,
        request: Request<PubSubPublishManyRequest>,
    ) -> Result<Response<PubSubPublishManyResponse>, Status> {
        absent(self, request).await
    }

    async fn subscribe(
        &self,
        request: Request<Streaming<PubSubSubscribeRequest>>,
    ) -> Result<Response<Self::SubscribeStream>, Status> {
        absent(self, request).await
    }

    async fn unsubscribe(
        &self,
        request: Request<PubSubUnsubscribeRequest>,
    ) -> Result<Response<PubSubUnsubscribeResponse>, Status> {
        absent(self, request).await
    }
}

//! Calls over gRPC, from callers that each make one after the other on a few connections.
//!
//! Every answer is checked.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use futures_util::future::try_join_all;
use ottavo_wire::v1::lock_client::LockClient;
use ottavo_wire::v1::pub_sub_client::PubSubClient;
use ottavo_wire::v1::state_client::StateClient;
use ottavo_wire::v1::*;
use tonic::transport::{Channel, Endpoint};

use crate::callers::{self, Calls};
use crate::contender::Asks;
use crate::load::Seen;

/// The key that reads read.
pub(crate) const KEY: &str = "bench";

/// What stands at it.
pub(crate) const DATA: &[u8] = &[b'x'; 100];

/// How long a lock is held: each is another one, and goes away by itself.
const TTL: Duration = Duration::from_secs(1);

/// What is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Work {
    Get,
    Set,
    TryLock,
    Publish,
}

/// Who calls a store, and how.
#[derive(Clone)]
pub(crate) struct Rpc {
    /// The callers share them evenly.
    connections: Vec<Channel>,
    store: &'static str,
    work: Work,
    callers: usize,
}

impl Rpc {
    /// `callers` on so many connections.
    pub(crate) async fn open(
        address: SocketAddr,
        store: &'static str,
        connections: usize,
        callers: usize,
    ) -> Result<Rpc> {
        let endpoint = Endpoint::from_shared(format!("http://{address}"))?;
        let connections = try_join_all((0..connections).map(|_| endpoint.connect())).await;
        let connections = connections.context("connect")?;
        Ok(Rpc { connections, store, work: Work::Get, callers })
    }

    pub(crate) fn of(&self, work: Work) -> Rpc {
        Rpc { work, ..self.clone() }
    }

    /// Makes one call, so that there is something to read.
    pub(crate) async fn set(&self) -> Result<()> {
        Caller::new(self, 0).make(Work::Set).await
    }
}

impl Asks for Rpc {
    fn ask(&self, time: Duration) -> Result<Seen> {
        callers::ask((0..self.callers).map(|number| Caller::new(self, number)), time)
    }
}

struct Caller {
    state: StateClient<Channel>,
    lock: LockClient<Channel>,
    pubsub: PubSubClient<Channel>,
    store: &'static str,
    work: Work,
}

impl Calls for Caller {
    async fn call(&mut self, _: usize) -> Result<()> {
        let work = self.work;
        self.make(work).await.with_context(|| format!("{work:?}"))
    }
}

impl Caller {
    fn new(rpc: &Rpc, number: usize) -> Caller {
        let channel = || rpc.connections[number % rpc.connections.len()].clone();
        Caller {
            state: StateClient::new(channel()),
            lock: LockClient::new(channel()),
            pubsub: PubSubClient::new(channel()),
            store: rpc.store,
            work: rpc.work,
        }
    }

    async fn make(&mut self, work: Work) -> Result<()> {
        let store = self.store.to_owned();
        match work {
            Work::Get => {
                let request = StateGetRequest { store, key: KEY.to_owned(), options: Vec::new() };
                let found = self.state.get(request).await?.into_inner().value;
                ensure!(found.is_some_and(|found| found.data == DATA), "another value");
            }
            Work::Set => {
                let entry = StateEntry {
                    key: KEY.to_owned(),
                    data: Bytes::from_static(DATA),
                    ..StateEntry::default()
                };
                let request = StateSetRequest { store, entry: Some(entry) };
                let set = self.state.set(request).await?.into_inner();
                ensure!(!set.etag.is_empty(), "no etag");
            }
            Work::TryLock => {
                let request = LockTryLockRequest {
                    store,
                    resource: fresh(),
                    owner: Some("me".to_owned()),
                    ttl_millis: TTL.as_millis() as u64,
                    wait_millis: 0,
                };
                let lease = self.lock.try_lock(request).await?.into_inner().lease;
                ensure!(lease.is_some_and(|lease| lease.owner == "me"), "no lease");
            }
            Work::Publish => {
                let message =
                    PubSubMessage { data: Bytes::from_static(DATA), ..PubSubMessage::default() };
                let topic = "bench-events".to_owned();
                let request = PubSubPublishRequest { store, topic, message: Some(message) };
                let published = self.pubsub.publish(request).await?.into_inner();
                ensure!(!published.id.is_empty(), "no id");
            }
        }
        Ok(())
    }
}

/// A name that nobody has had before.
fn fresh() -> String {
    static LAST: AtomicU64 = AtomicU64::new(0);
    format!("bench-{}", LAST.fetch_add(1, Ordering::Relaxed))
}

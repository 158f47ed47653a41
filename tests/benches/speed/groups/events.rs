//! From publishing an event to the handler that begins, beside the way of the same through a stream of redis alone.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use ottavo_test_support::{TestHost, TestRedis, program};
use ottavo_wire::v1::pub_sub_client::PubSubClient;
use ottavo_wire::v1::{PubSubMessage, PubSubPublishRequest};
use tokio::runtime::Handle;
use tokio::sync::Mutex;
use tokio::time::{MissedTickBehavior, interval, sleep};
use tonic::transport::{Channel, Endpoint};

use crate::contender::{self, Asks, Contender};
use crate::floors::streams::Streams;
use crate::hello;
use crate::load::Seen;
use crate::plan::Plan;
use crate::server::Server;
use crate::table::{Goal, Row, Table};

/// An event is due this long after the one before.
const PACE: Duration = Duration::from_millis(2);

/// For anything that takes long only when it is broken.
const PATIENCE: Duration = Duration::from_secs(30);

const REDIS: &str = "redis-rs, `XADD` to `XREADGROUP`";

const STORES: [&str; 2] = ["local", "redis"];

/// Who publishes, and sees when it came.
enum Publisher {
    Ours(Ours),
    Streams { streams: Mutex<Streams>, last: AtomicU64 },
}

/// A store of the host, with a function that subscribes to it and writes into its log first of all.
struct Ours {
    client: PubSubClient<Channel>,
    store: &'static str,
    log: PathBuf,
    last: AtomicU64,
}

pub(crate) async fn measure(plan: &Plan) -> Result<Table> {
    // each has a redis of its own
    let (own, floors) = (TestRedis::start().await?, TestRedis::start().await?);
    let config = format!(
        "[pubsub.local]\ndriver = \"local\"\n[pubsub.redis]\ndriver = \"redis\"\nurl = \"{}\"\n",
        own.url()
    );
    let host = TestHost::builder().engine("").config(config).start().await?;
    let manifest = host.folder().join("events.toml");
    let subscribe = |store| format!("[[subscribe]]\npubsub = \"{store}\"\ntopic = \"bench\"\n");
    let text = format!("manifest = 1\nname = \"events\"\n{}", STORES.map(subscribe).concat());
    std::fs::write(&manifest, text)?;
    host.deploy_with(&program("events")?, &manifest).await?;
    let channel = Endpoint::from_shared(format!("http://{}", host.grpc()))?.connect().await?;
    let mut contenders = Vec::new();
    for store in STORES {
        let (client, log) = (PubSubClient::new(channel.clone()), host.folder().join("log"));
        let ours = Publisher::Ours(Ours { client, store, log, last: AtomicU64::new(0) });
        contenders.push(Contender::new(store, ours, hello::server(&host)));
    }
    let streams = Mutex::new(Streams::open(&floors.url()).await?);
    let floor = Publisher::Streams { streams, last: AtomicU64::new(0) };
    contenders.push(Contender::new(REDIS, floor, Server::here()));
    tokio::task::block_in_place(|| contender::measure(&mut contenders, plan))?;
    let mut rows = Vec::new();
    for ours in &contenders[..STORES.len()] {
        let floor = &contenders[STORES.len()];
        for (part, goal) in [(0.5, Goal::None), (0.99, Goal::AtMost(1.5))] {
            rows.push(Row {
                work: format!("publish to handler, `{}`, p{}", ours.name, part * 100.0),
                unit: "µs",
                ours: ours.within(part),
                floor: Some((REDIS.to_owned(), floor.within(part))),
                goal,
            });
        }
    }
    let notes = vec![format!(
        "An event every {} ms. Ours begins before the call of `PubSub.Publish` over gRPC and ends with the first line that the \
         handler writes into its log: the call there, the store, the delivery and a fresh instance are in it. Beside it, from \
         before `XADD` until another task, which waits in `XREADGROUP`, has the entry.",
        PACE.as_millis()
    )];
    Ok(Table { title: "Events", rows, notes })
}

impl Asks for Publisher {
    fn ask(&self, time: Duration) -> Result<Seen> {
        let begun = Instant::now();
        let took = Handle::current().block_on(async {
            match self {
                Publisher::Ours(ours) => ours.run(begun + time).await,
                Publisher::Streams { streams, last } => {
                    let mut streams = streams.lock().await;
                    let (mut took, mut pace) = (Vec::new(), paced());
                    while Instant::now() < begun + time {
                        pace.tick().await;
                        took.push(streams.publish(last.fetch_add(1, Ordering::Relaxed)).await?);
                    }
                    Ok(took)
                }
            }
        })?;
        Seen::since(begun, took.into_iter().map(|took| took.as_nanos() as u64).collect())
    }
}

fn paced() -> tokio::time::Interval {
    let mut pace = interval(PACE);
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    pace
}

impl Ours {
    async fn run(&self, ends: Instant) -> Result<Vec<Duration>> {
        let from = std::fs::metadata(&self.log)?.len() as usize;
        let (mut published, mut pace) = (Vec::new(), paced());
        while Instant::now() < ends {
            pace.tick().await;
            let number = self.last.fetch_add(1, Ordering::Relaxed);
            let id = format!("bench-{}-{number}", self.store);
            let at = SystemTime::now();
            self.publish(&id).await?;
            published.push((id, at));
        }
        let deadline = Instant::now() + PATIENCE;
        loop {
            let begun = self.begun(from)?;
            if published.iter().all(|(id, _)| begun.contains_key(id)) {
                let took = published.iter().map(|(id, at)| begun[id].duration_since(*at));
                return took.collect::<Result<_, _>>().context("it came before it was published");
            }
            ensure!(Instant::now() < deadline, "an event of `{}` does not come", self.store);
            sleep(PACE).await;
        }
    }

    async fn publish(&self, id: &str) -> Result<()> {
        let message = PubSubMessage {
            data: Bytes::from_static(b"log"),
            id: Some(id.to_owned()),
            ..PubSubMessage::default()
        };
        let (store, topic) = (self.store.to_owned(), "bench".to_owned());
        let request = PubSubPublishRequest { store, topic, message: Some(message) };
        let published = self.client.clone().publish(request).await?.into_inner();
        ensure!(published.id == id, "another id: `{}`", published.id);
        Ok(())
    }

    /// When the handler began with which event: whole lines of the log from a place on.
    fn begun(&self, from: usize) -> Result<HashMap<String, SystemTime>> {
        let log = std::fs::read(&self.log)?;
        let log = String::from_utf8_lossy(log.get(from..).unwrap_or_default());
        let whole = log.rsplit_once('\n').map_or("", |(whole, _)| whole);
        let mut begun = HashMap::new();
        for line in whole.lines() {
            let Some((_, rest)) = line.split_once("received `") else { continue };
            let (id, _) = rest.split_once('`').context("a line without an id")?;
            let (at, _) = line.split_once(' ').context("a line without a time")?;
            begun.insert(id.to_owned(), humantime::parse_rfc3339(at)?);
        }
        Ok(begun)
    }
}

//! redis-rs alone: what one task adds to a stream, another one waits for.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, cmd};
use tokio::sync::mpsc;

const STREAM: &str = "bench";
const GROUP: &str = "bench";

/// The most that are under way.
const UNDER_WAY: usize = 1024;

/// A stream, its publisher, and what its consumer has seen.
pub(crate) struct Streams {
    publisher: MultiplexedConnection,
    seen: mpsc::Receiver<Result<(u64, Instant)>>,
}

type Read = Option<Vec<(String, Vec<(String, Vec<String>)>)>>;

impl Streams {
    /// Its consumer waits in redis, on a connection of its own.
    pub(crate) async fn open(url: &str) -> Result<Streams> {
        let client = redis::Client::open(url)?;
        let patient = AsyncConnectionConfig::new().set_response_timeout(None);
        let mut publisher = client.get_multiplexed_async_connection().await?;
        let consumer = client.get_multiplexed_async_connection_with_config(&patient).await?;
        let mut group = cmd("XGROUP");
        group.arg("CREATE").arg(STREAM).arg(GROUP).arg("$").arg("MKSTREAM");
        let () = group.query_async(&mut publisher).await?;
        let (tell, seen) = mpsc::channel(UNDER_WAY);
        tokio::spawn(consume(consumer, tell));
        Ok(Streams { publisher, seen })
    }

    /// From before the event is published until the consumer has it.
    pub(crate) async fn publish(&mut self, number: u64) -> Result<Duration> {
        let begun = Instant::now();
        let mut add = cmd("XADD");
        add.arg(STREAM).arg("MAXLEN").arg("~").arg(100_000).arg("*").arg("data").arg(number);
        let _: String = add.query_async(&mut self.publisher).await?;
        let (seen, at) = self.seen.recv().await.context("the consumer ended")??;
        ensure!(seen == number, "{seen} came in place of {number}");
        Ok(at - begun)
    }
}

async fn consume(mut redis: MultiplexedConnection, tell: mpsc::Sender<Result<(u64, Instant)>>) {
    let failed = loop {
        match next(&mut redis).await {
            Ok((at, numbers)) => {
                for number in numbers {
                    if tell.send(Ok((number, at))).await.is_err() {
                        return;
                    }
                }
            }
            Err(error) => break error,
        }
    };
    // who waits for it hears of it, if anybody does
    drop(tell.send(Err(failed)).await);
}

async fn next(redis: &mut MultiplexedConnection) -> Result<(Instant, Vec<u64>)> {
    let mut read = cmd("XREADGROUP");
    read.arg("GROUP").arg(GROUP).arg("one").arg("COUNT").arg(10).arg("BLOCK").arg(0);
    let read: Read = read.arg("STREAMS").arg(STREAM).arg(">").query_async(redis).await?;
    let at = Instant::now();
    let entries = read.unwrap_or_default().into_iter().flat_map(|(_, entries)| entries);
    let (mut acknowledge, mut numbers) = (cmd("XACK"), Vec::new());
    acknowledge.arg(STREAM).arg(GROUP);
    for (id, fields) in entries {
        numbers.push(fields.get(1).context("an entry without data")?.parse()?);
        acknowledge.arg(id);
    }
    let _: u64 = acknowledge.query_async(redis).await?;
    Ok((at, numbers))
}

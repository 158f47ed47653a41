//! A host with a guest that misbehaves, and others that are asked all the while.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result};
use ottavo_test_support::{Answer, Client, TestHost, root, send};

use crate::table::{Row, Table};

/// Settings under which slow clients are found out soon, and nobody else is on a machine that has other work.
const CONFIG: &str = "[http]\nheader_timeout = \"2s\"\nbody_timeout = \"2s\"\n\
    idle_timeout = \"20s\"\nmax_connections = 400\n[actuator]\nprobe_interval = \"100ms\"\n";

/// For one request of somebody who did nothing wrong: many ticks, on a machine that has other work.
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct Scene {
    pub(crate) host: TestHost,
    others: Arc<Others>,
    asking: Vec<tokio::task::JoinHandle<()>>,
}

/// Requests to a function that does nothing wrong.
#[derive(Default)]
struct Others {
    over: AtomicBool,
    answered: AtomicU64,
    failed: AtomicU64,
}

impl Scene {
    pub(crate) async fn start() -> Scene {
        let host = TestHost::builder().config(CONFIG).start().await.unwrap();
        host.deploy(root().join("tests/programs/faults")).await.unwrap();
        host.deploy(root().join("tests/programs/wasi-http")).await.unwrap();
        host.deploy(root().join("examples/hello-rust")).await.unwrap();
        let others = Arc::<Others>::default();
        let asking = (0..2).map(|_| {
            let (address, others) = (host.http(), Arc::clone(&others));
            tokio::task::spawn(async move {
                let mut client = None;
                while !others.over.load(Ordering::SeqCst) {
                    let kept = match client.take() {
                        Some(kept) => Ok(kept),
                        None => Client::open(address).await,
                    };
                    let Ok(mut kept) = kept else {
                        others.failed.fetch_add(1, Ordering::SeqCst);
                        continue;
                    };
                    let asked = kept.send("GET", "/hello/ann", "");
                    match tokio::time::timeout(PATIENCE, asked).await {
                        Ok(Ok(answer)) if answer.status == 200 => {
                            others.answered.fetch_add(1, Ordering::SeqCst);
                            client = Some(kept);
                        }
                        came => {
                            println!("another function, asked meanwhile: {came:?}");
                            others.failed.fetch_add(1, Ordering::SeqCst);
                        }
                    }
                }
            })
        });
        let asking = asking.collect();
        Scene { host, others, asking }
    }

    /// Tries a fault; the row has what others lost meanwhile, and whether they were answered.
    pub(crate) async fn fault(
        &self,
        table: &mut Table,
        name: &'static str,
        tries: impl AsyncFnOnce(&mut Row),
    ) {
        if !table.wants(name) {
            return;
        }
        let (answered, failed) = self.others();
        let mut row = Row::default();
        tries(&mut row).await;
        let waits = async {
            while self.others().0 == answered {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        if tokio::time::timeout(PATIENCE, waits).await.is_err() {
            row.survived = 0;
        }
        row.lost += self.others().1 - failed;
        table.add(name, row);
    }

    /// A request to the function that misbehaves.
    pub(crate) async fn ask(&self, path: &str) -> Result<Answer> {
        let request = http::Request::get(path).header("host", "localhost");
        let request = request.body(bytes::Bytes::new()).unwrap();
        let asked = tokio::time::timeout(PATIENCE, send(self.host.http(), request));
        asked.await.context("no answer comes")?
    }

    fn others(&self) -> (u64, u64) {
        let Others { answered, failed, .. } = &*self.others;
        (answered.load(Ordering::SeqCst), failed.load(Ordering::SeqCst))
    }

    /// The host stops well after all of it.
    pub(crate) async fn end(self, table: &mut Table) {
        self.others.over.store(true, Ordering::SeqCst);
        for asking in self.asking {
            asking.await.unwrap();
        }
        let log = self.host.log();
        let panics = log.matches("panicked at host/").count() as u64;
        self.host.signal("-TERM").await.unwrap();
        let (status, _folder) = self.host.wait().await.unwrap();
        let mut row = Row { lost: panics, ..Row::default() };
        row.tried(status.success());
        table.add("a stop after all of it", row);
    }
}

//! A way to the server on which bytes are counted, and which can be cut.

use std::sync::atomic::{AtomicU64, Ordering};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use super::*;

pub(super) struct Relay {
    port: u16,
    received: Arc<AtomicU64>,
    cuts: watch::Sender<u32>,
    shutdown: Shutdown,
}

impl Relay {
    pub(super) async fn start(server: &TestObjects) -> Relay {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let to = server.url().strip_prefix("http://").unwrap().to_owned();
        let (received, shutdown) = (Arc::new(AtomicU64::new(0)), Shutdown::new());
        let cuts = watch::Sender::new(0);
        let (counter, tasks, cut) = (Arc::clone(&received), shutdown.clone(), cuts.subscribe());
        shutdown.spawn("a relay", async move {
            while let Ok((from, _)) = listener.accept().await {
                let to = TcpStream::connect(&to).await.unwrap();
                let (counter, mut cut) = (Arc::clone(&counter), cut.clone());
                cut.mark_unchanged();
                tasks.spawn("a relayed connection", async move {
                    tokio::select! {
                        () = carry(from, to, &counter) => {}
                        _ = cut.changed() => {}
                    }
                });
            }
        });
        Relay { port, received, cuts, shutdown }
    }

    /// The table of a store that goes this way.
    pub(super) fn table(&self, server: &TestObjects) -> Value {
        let mut table = server.table();
        table["endpoint"] = format!("http://127.0.0.1:{}", self.port).into();
        table
    }

    /// What the server sent.
    pub(super) fn received(&self) -> u64 {
        self.received.load(Ordering::SeqCst)
    }

    /// Ends all connections.
    pub(super) fn cut(&self) {
        self.cuts.send_modify(|cuts| *cuts += 1);
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.shutdown.begin();
        self.cut();
    }
}

async fn carry(from: TcpStream, to: TcpStream, counter: &AtomicU64) {
    let (mut read, mut write) = from.into_split();
    let (mut answers, mut requests) = to.into_split();
    let there = tokio::io::copy(&mut read, &mut requests);
    let back = async {
        let mut buffer = vec![0; 16 << 10];
        while let Ok(size @ 1..) = answers.read(&mut buffer).await {
            counter.fetch_add(size as u64, Ordering::SeqCst);
            if write.write_all(&buffer[..size]).await.is_err() {
                return;
            }
        }
    };
    tokio::select! {
        _ = there => {}
        () = back => {}
    }
}

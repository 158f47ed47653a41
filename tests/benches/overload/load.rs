//! Requests in a closed loop, to find what a host can take, and in an open one.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use ottavo_test_support::Client;

/// Who asks at once in the closed loop.
const CALLERS: usize = 32;

/// Where requests go.
pub(crate) struct Load {
    pub(crate) address: SocketAddr,
    pub(crate) path: String,
}

/// What came of a load: a second, and in milliseconds.
pub(crate) struct Seen {
    pub(crate) answered: f64,
    pub(crate) refused: f64,
    pub(crate) median: f64,
    pub(crate) p99: f64,
}

#[derive(Default)]
struct Counts {
    /// How long each took that was answered with 200.
    answered: Vec<Duration>,
    refused: usize,
}

impl Load {
    /// Answers a second to callers of whom each waits for its answer.
    pub(crate) async fn capacity(&self, time: Duration) -> f64 {
        let until = Instant::now() + time;
        let callers = (0..CALLERS).map(|_| async {
            let (mut client, mut count) = (self.client().await, 0);
            while Instant::now() < until {
                assert_eq!(client.send("GET", &self.path, "").await.unwrap().status, 200);
                count += 1;
            }
            count
        });
        let all: usize = join_all(callers).await.into_iter().sum();
        all as f64 / time.as_secs_f64()
    }

    async fn client(&self) -> Client {
        Client::open(self.address).await.unwrap()
    }

    /// So many requests a second, at even distances.
    pub(crate) async fn open(&self, rate: f64, time: Duration) -> Seen {
        let (idle, counts) =
            (Arc::<Mutex<Vec<Client>>>::default(), Arc::<Mutex<Counts>>::default());
        let (begun, mut sent, mut tasks) = (Instant::now(), 0_u32, Vec::new());
        while begun.elapsed() < time {
            tokio::time::sleep(Duration::from_millis(1)).await;
            let due = (begun.elapsed().as_secs_f64() * rate) as u32;
            for _ in sent..due {
                let came = Instant::now();
                let client = idle.lock().unwrap().pop();
                let (idle, counts) = (Arc::clone(&idle), Arc::clone(&counts));
                let (address, path) = (self.address, self.path.clone());
                tasks.push(tokio::task::spawn(async move {
                    let mut client = match client {
                        Some(client) => client,
                        None => Client::open(address).await.unwrap(),
                    };
                    let answer = client.send("GET", &path, "").await.unwrap();
                    let mut counts = counts.lock().unwrap();
                    match answer.status {
                        200 => counts.answered.push(came.elapsed()),
                        503 => counts.refused += 1,
                        other => panic!("{other}: {}", answer.text()),
                    }
                    idle.lock().unwrap().push(client);
                }));
            }
            sent = due;
        }
        join_all(tasks).await.into_iter().for_each(|ended| ended.unwrap());
        let took = begun.elapsed().as_secs_f64();
        let mut counts = counts.lock().unwrap();
        counts.answered.sort();
        let at =
            |part: usize| counts.answered[counts.answered.len() * part / 100].as_secs_f64() * 1e3;
        Seen {
            answered: counts.answered.len() as f64 / took,
            refused: counts.refused as f64 / took,
            median: at(50),
            p99: at(99),
        }
    }
}

//! Clients that write, and remember what was acknowledged.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ottavo_wire::v1::state_client::StateClient;
use ottavo_wire::v1::{
    StateDeleteRequest, StateEntry, StateGetRequest, StateRemoval, StateSetRequest,
};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Status};

/// Each has a key of its own, to which it writes ever higher numbers, one after the other.
pub(crate) struct Writers {
    known: Arc<Mutex<Known>>,
    over: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
}

#[derive(Default)]
pub(crate) struct Known {
    /// The last number of each key that was acknowledged, and the last that was sent.
    numbers: BTreeMap<String, (u64, u64)>,
    pub(crate) acknowledged: u64,
    /// Calls that failed in a way that says so: `unavailable`, or that no answer came in time.
    pub(crate) failed: u64,
    /// Calls that failed otherwise, or took longer than they may.
    pub(crate) wrong: Vec<String>,
}

/// The deadline of a call, and what a busy machine may add.
const DEADLINE: Duration = Duration::from_secs(1);
const SLACK: Duration = Duration::from_secs(5);

pub(crate) fn endpoint(address: SocketAddr) -> Endpoint {
    Channel::from_shared(format!("http://{address}")).unwrap()
}

impl Writers {
    pub(crate) fn start(address: SocketAddr, known: Option<Arc<Mutex<Known>>>) -> Writers {
        let (known, over) = (known.unwrap_or_default(), watch::Sender::new(false));
        let tasks = (0..8).map(|n| {
            let (known, over) = (Arc::clone(&known), over.subscribe());
            tokio::task::spawn(write(address, format!("writer-{n}"), known, over))
        });
        let tasks = tasks.collect();
        Writers { known, over, tasks }
    }

    pub(crate) fn with<T>(&self, read: impl FnOnce(&Known) -> T) -> T {
        read(&self.known.lock().unwrap())
    }

    /// Waits until so many more were acknowledged, or failed.
    pub(crate) async fn until(&self, what: &str, holds: impl Fn(&Known) -> bool) {
        let deadline = Instant::now() + Duration::from_secs(60);
        while !self.with(&holds) {
            assert!(Instant::now() < deadline, "{what} takes too long");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// Ends them, and gives what they know.
    pub(crate) async fn end(self) -> Arc<Mutex<Known>> {
        self.over.send_replace(true);
        for task in self.tasks {
            task.await.unwrap();
        }
        self.known
    }
}

/// How many keys do not have what was acknowledged, nor what was sent after it.
pub(crate) async fn lost(address: SocketAddr, known: &Mutex<Known>) -> u64 {
    let mut client = StateClient::new(endpoint(address).connect().await.unwrap());
    let numbers = known.lock().unwrap().numbers.clone();
    let mut lost = 0;
    for (key, (acknowledged, sent)) in numbers {
        let request =
            StateGetRequest { store: "default".into(), key: key.clone(), options: vec![] };
        let value = client.get(request).await.unwrap().into_inner().value;
        let found = value.and_then(|value| String::from_utf8(value.data.to_vec()).ok());
        let found: Option<u64> = found.and_then(|text| text.parse().ok());
        // 0: nothing was acknowledged, or written
        if !(acknowledged..=sent).contains(&found.unwrap_or(0)) {
            println!("{key} has {found:?} where {acknowledged} was acknowledged");
            lost += 1;
        }
        let mut known = known.lock().unwrap();
        if let Some(found) = found {
            known.numbers.insert(key, (found, found));
        }
    }
    lost
}

async fn write(
    address: SocketAddr,
    key: String,
    known: Arc<Mutex<Known>>,
    over: watch::Receiver<bool>,
) {
    let mut client = StateClient::new(endpoint(address).connect_lazy());
    while !*over.borrow() {
        let number = {
            let mut known = known.lock().unwrap();
            let (_, sent) = known.numbers.entry(key.clone()).or_default();
            *sent += 1;
            *sent
        };
        let data = number.to_string().into_bytes().into();
        let entry = StateEntry { key: key.clone(), data, ..StateEntry::default() };
        let request = StateSetRequest { store: "default".into(), entry: Some(entry) };
        let mut request = tonic::Request::new(request);
        request.set_timeout(DEADLINE);
        let begun = Instant::now();
        let answer = client.set(request).await;
        let mut known = known.lock().unwrap();
        if begun.elapsed() > DEADLINE + SLACK {
            known.wrong.push(format!("a call took {:?}", begun.elapsed()));
        }
        match answer {
            Ok(_) => {
                known.acknowledged += 1;
                let (acknowledged, _) = known.numbers.get_mut(&key).unwrap();
                *acknowledged = number;
            }
            Err(status) if is_honest(&status) => known.failed += 1,
            Err(status) => known.wrong.push(format!("{status:?}")),
        }
    }
}

fn is_honest(status: &Status) -> bool {
    matches!(status.code(), Code::Unavailable | Code::DeadlineExceeded | Code::Cancelled)
}

/// Writes large values until there is no room; whether that was said.
pub(crate) async fn fill(address: SocketAddr) -> bool {
    let mut client = StateClient::new(endpoint(address).connect().await.unwrap());
    for n in 0..64 {
        let data = vec![b'x'; 1 << 20].into();
        let entry = StateEntry { key: format!("filler-{n}"), data, ..StateEntry::default() };
        let request = StateSetRequest { store: "default".into(), entry: Some(entry) };
        if let Err(status) = client.set(request).await {
            return is_honest(&status);
        }
    }
    false
}

/// Removes what [`fill`] wrote.
pub(crate) async fn empty(address: SocketAddr) {
    let mut client = StateClient::new(endpoint(address).connect().await.unwrap());
    for n in 0..64 {
        let key = format!("filler-{n}");
        let removal = Some(StateRemoval { key, ..Default::default() });
        let request = StateDeleteRequest { store: "default".into(), removal };
        client.delete(request).await.unwrap();
    }
}

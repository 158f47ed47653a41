//! `kill -9` at any moment: nothing that was acknowledged is lost.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use ottavo_test_support::TestHost;
use ottavo_wire::v1::state_client::StateClient;
use ottavo_wire::v1::{StateEntry, StateSetRequest};
use tonic::transport::Channel;

const WRITERS: usize = 16;
const ROUNDS: usize = 5;

type Acknowledged = Arc<Mutex<HashMap<String, u64>>>;

/// Writes ever higher numbers to one key until the host is gone.
async fn write(
    mut client: StateClient<Channel>,
    key: String,
    from: u64,
    acknowledged: Acknowledged,
) {
    for number in from.. {
        let data = number.to_string().into_bytes().into();
        let entry = StateEntry { key: key.clone(), data, ..StateEntry::default() };
        let request = StateSetRequest { store: "default".into(), entry: Some(entry) };
        if client.set(request).await.is_err() {
            return;
        }
        acknowledged.lock().unwrap().insert(key.clone(), number);
    }
}

#[tokio::test]
async fn no_acknowledged_write_is_lost_when_the_host_is_killed() {
    let acknowledged = Acknowledged::default();
    let mut host = TestHost::start().await.unwrap();
    for round in 0..ROUNDS {
        let client = host.state().await.unwrap();
        let known = acknowledged.lock().unwrap().clone();
        let writers: Vec<_> = (0..WRITERS)
            .map(|n| {
                let key = format!("writer-{n}");
                let from = known.get(&key).map_or(0, |last| last + 1);
                tokio::task::spawn(write(client.clone(), key, from, Arc::clone(&acknowledged)))
            })
            .collect();
        // killed in the middle of writing: after each writer had some acknowledged in this round
        let some = 10 * (round as u64 + 1);
        let written = || {
            let now = acknowledged.lock().unwrap();
            let since = |key: &String| now[key] - known.get(key).copied().unwrap_or(0);
            now.len() == WRITERS && now.keys().all(|key| since(key) >= some)
        };
        while !written() {
            tokio::task::yield_now().await;
        }
        let folder = host.kill().await.unwrap();
        for writer in writers {
            writer.await.unwrap();
        }

        host = TestHost::builder().folder(folder).start().await.unwrap();
        let expected = acknowledged.lock().unwrap().clone();
        for (key, number) in expected {
            let value = host.value(&key).await.unwrap().expect("it is there");
            let found: u64 = std::str::from_utf8(&value).unwrap().parse().unwrap();
            // the one that was under way may have been written and not acknowledged
            assert!(found == number || found == number + 1, "{key}: {found}, said {number}");
            acknowledged.lock().unwrap().insert(key, found);
        }
    }
}

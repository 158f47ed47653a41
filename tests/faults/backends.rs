//! A backend that is down, slow, silent, or comes and goes.

use std::sync::Arc;
use std::time::Duration;

use ottavo_test_support::{TestHost, TestRedis, Toxic, Toxin};
use tokio::time::Instant;

use crate::table::{Row, Table};
use crate::writers::{Writers, lost};

/// What the toxic proxy does, and whether calls fail meanwhile.
const TOXINS: [(&str, Toxin, bool); 3] = [
    ("backend down", Toxin::Cut, true),
    ("backend slow", Toxin::Delay(Duration::from_millis(20)), false),
    ("backend that swallows everything", Toxin::BlackHole, true),
];

pub(crate) async fn all(table: &mut Table) {
    for (name, toxin, fails) in TOXINS {
        if table.wants(name) {
            table.add(name, survive(&[toxin], fails, 3).await);
        }
    }
    let name = "backend that comes and goes";
    if table.wants(name) {
        table.add(name, survive(&[Toxin::Cut, Toxin::BlackHole], true, 5).await);
    }
}

/// Writes through a redis that is harmed again and again. A round is survived when calls end as they
/// should, health says which store it is, and all is well again without a restart.
async fn survive(toxins: &[Toxin], fails: bool, rounds: usize) -> Row {
    let redis = TestRedis::start().await.unwrap();
    let toxic = Toxic::before(redis.port()).await.unwrap();
    let config = format!(
        "[actuator]\nprobe_interval = \"100ms\"\n[state.default]\ndriver = \"redis\"\n\
         url = \"redis://127.0.0.1:{}\"\n",
        toxic.port()
    );
    let host = TestHost::builder().config(config).start().await.unwrap();
    let writers = Writers::start(host.grpc(), None);
    let mut row = Row::default();
    for _ in 0..rounds {
        for toxin in toxins {
            let before = writers.with(|known| known.acknowledged);
            writers.until("writing", |known| known.acknowledged > before + 50).await;
            let (failed, wrong) = writers.with(|known| (known.failed, known.wrong.len()));
            toxic.set(*toxin);
            let mut right = true;
            if fails {
                writers.until("failing", |known| known.failed > failed + 5).await;
                right &= turned(&host, "DOWN").await;
            } else {
                let before = writers.with(|known| known.acknowledged);
                writers.until("writing slowly", |known| known.acknowledged > before + 50).await;
            }
            toxic.set(Toxin::None);
            right &= turned(&host, "UP").await;
            let before = writers.with(|known| known.acknowledged);
            writers.until("writing again", |known| known.acknowledged > before + 50).await;
            right &= writers.with(|known| known.wrong.len()) == wrong;
            row.tried(right);
        }
    }
    let known = writers.end().await;
    for wrong in known.lock().unwrap().wrong.iter().take(5) {
        println!("wrong: {wrong}");
    }
    row.lost = lost(host.grpc(), &Arc::clone(&known)).await;
    row
}

/// Waits until health says so of the store, with the time since when.
pub(crate) async fn turned(host: &TestHost, status: &str) -> bool {
    let deadline = Instant::now() + Duration::from_secs(30);
    while Instant::now() < deadline {
        let health = host.health("/actuator/health").await.unwrap().json();
        let store = &health["components"]["state.default"];
        if store["status"] == status {
            return store["details"]["since"].is_string();
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    false
}

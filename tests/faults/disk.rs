//! A disk that is full.

use ottavo_test_support::TestHost;

use crate::backends::turned;
use crate::table::{Row, Table};
use crate::writers::{Writers, lost};

/// The largest file that the host may write, in blocks of 512 bytes: embedded storage meets it soon. The
/// signal that goes with it is ignored, so that the host sees what it would see of a full disk: a write
/// that fails.
const FULL: &str = "trap '' XFSZ; ulimit -f 6000";

const CONFIG: &str = "[actuator]\nprobe_interval = \"100ms\"\n";

pub(crate) async fn all(table: &mut Table) {
    let name = "full disk";
    if !table.wants(name) {
        return;
    }
    let mut row = Row::default();
    let mut host = TestHost::builder().config(CONFIG).start().await.unwrap();
    let mut known = None;
    for _ in 0..3 {
        let folder = host.kill().await.unwrap();
        host =
            TestHost::builder().folder(folder).config(CONFIG).within(FULL).start().await.unwrap();
        let writers = Writers::start(host.grpc(), known.take());
        writers.until("writing", |known| known.acknowledged > 50).await;
        let filler = crate::writers::fill(host.grpc()).await;
        let failed = writers.with(|known| known.failed);
        writers.until("failing", |known| known.failed > failed + 8).await;
        // it says so, and what was written can be read
        let down = turned(&host, "DOWN").await;
        let alive = host.health("/actuator/health/readiness").await.unwrap().status == 200;
        let wrong = writers.with(|known| known.wrong.clone());
        wrong.iter().take(5).for_each(|wrong| println!("wrong: {wrong}"));
        if !(filler && alive && down) {
            println!("said at once: {filler}, ready: {alive}, said by health: {down}");
        }
        row.tried(filler && alive && down && wrong.is_empty());
        let all = writers.end().await;
        row.lost += lost(host.grpc(), &all).await;
        // with room again, all of it is there
        let folder = host.kill().await.unwrap();
        host = TestHost::builder().folder(folder).config(CONFIG).start().await.unwrap();
        row.lost += lost(host.grpc(), &all).await;
        crate::writers::empty(host.grpc()).await;
        known = Some(all);
    }
    table.add(name, row);
}

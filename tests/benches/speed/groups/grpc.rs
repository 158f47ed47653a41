//! Calls over gRPC: on the driver `memory` beside tonic alone, on redis beside tonic that passes them through.

use anyhow::Result;
use ottavo_test_support::{TestHost, TestRedis};

use crate::contender::{self, Contender};
use crate::floors::Floor;
use crate::hello;
use crate::plan::Plan;
use crate::rpc::{Rpc, Work};
use crate::server::Server;
use crate::table::{Goal, Row, Table};

/// As a sidecar has it whose app is busy.
const CONNECTIONS: usize = 4;
const CALLERS: usize = 64;

const TONIC: &str = "tonic alone";
const PASSING: &str = "tonic, passed through to redis-rs";

/// What is called, on which store, which block is passed through (none: tonic alone), and the most of its
/// processor time.
const ROWS: [(&str, Work, &str, &str, f64); 5] = [
    ("State.Get, memory", Work::Get, "memory", "", 1.2),
    ("State.Get, redis", Work::Get, "redis", "state", 1.3),
    ("State.Set, redis", Work::Set, "redis", "state", 1.3),
    ("Lock.TryLock, redis", Work::TryLock, "redis", "lock", 1.3),
    ("PubSub.Publish, redis", Work::Publish, "redis", "pubsub", 1.3),
];

/// The most of the time that one call takes.
const ALONE: Goal = Goal::AtMost(1.2);

/// One who answers: how many callers it has, and how few.
struct Answers {
    server: Server,
    many: Rpc,
    one: Rpc,
}

pub(crate) async fn measure(plan: &Plan) -> Result<Table> {
    // each has a redis of its own
    let (own, floors) = (TestRedis::start().await?, TestRedis::start().await?);
    let host = TestHost::builder().engine("").config(config(&own)).start().await?;
    let mut rows = Vec::new();
    for (call, work, store, block, most) in ROWS {
        let (beside, floor) = match block {
            "" => (TONIC, Floor::start("tonic", &[]).await?),
            _ => (PASSING, Floor::start("tonic-redis", &[block.to_owned(), floors.url()]).await?),
        };
        let answers = [
            Answers::open(hello::server(&host), host.grpc(), store).await?,
            Answers::open(floor.server()?, floor.address, store).await?,
        ];
        if work == Work::Get {
            answers[0].one.set().await?;
        }
        if work == Work::Get && block == "state" {
            answers[1].one.set().await?;
        }
        eprintln!("  {call}");
        let busy = run(&answers, beside, plan, |answers| answers.many.of(work))?;
        rows.push(row(call, "µs of CPU each", &busy, Contender::cpu, Goal::AtMost(most)));
        rows.push(row(call, "answers/s", &busy, Contender::rates, Goal::None));
        let alone = run(&answers, beside, plan, |answers| answers.one.of(work))?;
        let call = format!("{call}, one caller, p50");
        rows.push(row(&call, "µs", &alone, |one| one.within(0.5), ALONE));
    }
    let notes = vec![format!(
        "{CALLERS} callers on {CONNECTIONS} connections, or one on one. The floors speak the same messages: the first answers \
         from a map, the second asks redis for a `GET`, `SET`, `SET NX PX` or `XADD`, where ours keeps etags, fencing tokens, \
         CloudEvents and bounds by its scripts."
    )];
    Ok(Table { title: "Calls over gRPC", rows, notes })
}

fn config(redis: &TestRedis) -> String {
    let url = redis.url();
    let store = |block| format!("[{block}.redis]\ndriver = \"redis\"\nurl = \"{url}\"\n");
    let memory = "[state.memory]\ndriver = \"memory\"\n";
    ["state", "lock", "pubsub"].map(store).concat() + memory
}

impl Answers {
    async fn open(
        server: Server,
        address: std::net::SocketAddr,
        store: &'static str,
    ) -> Result<Answers> {
        let many = Rpc::open(address, store, CONNECTIONS, CALLERS).await?;
        Ok(Answers { server, many, one: Rpc::open(address, store, 1, 1).await? })
    }
}

/// Ours first.
type Both = [Contender<Rpc>; 2];

fn run(
    [ours, floor]: &[Answers; 2],
    beside: &str,
    plan: &Plan,
    rpc: impl Fn(&Answers) -> Rpc,
) -> Result<Both> {
    let mut both = [
        Contender::new("ours", rpc(ours), ours.server),
        Contender::new(beside, rpc(floor), floor.server),
    ];
    tokio::task::block_in_place(|| contender::measure(&mut both, plan))?;
    Ok(both)
}

fn row(
    work: &str,
    unit: &'static str,
    [ours, floor]: &Both,
    figures: impl Fn(&Contender<Rpc>) -> Vec<f64>,
    goal: Goal,
) -> Row {
    let floor = Some((floor.name.clone(), figures(floor)));
    Row { work: work.to_owned(), unit, ours: figures(ours), floor, goal }
}

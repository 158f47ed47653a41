//! Writes that are on the disk when they are answered: of the driver `local`, beside redb alone.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, ensure};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use ottavo_blocks::state::{Entry, Key, State};
use ottavo_core::{CallContext, Caller, Clock, KeyPrefix, Shutdown, SystemClock};
use ottavo_driver_local::Local;
use ottavo_registry::{Catalog, StoreTable, Tables};

use crate::callers::{self, Calls};
use crate::contender::{self, Asks, Contender};
use crate::floors::redb::Redb;
use crate::load::Seen;
use crate::plan::Plan;
use crate::rpc::DATA;
use crate::server::Server;
use crate::table::{Goal, Row, Table};

const WRITERS: usize = 64;
/// Each writer has keys of its own, in turns.
const KEYS: usize = 100;

/// Writes that each wait for the one before.
struct Writers {
    count: usize,
    write: Write,
}

type Write = Arc<dyn Fn(String) -> BoxFuture<'static, Result<()>> + Send + Sync>;

pub(crate) async fn measure(plan: &Plan) -> Result<Table> {
    // the same file system for both
    let (folder, shutdown) = (tempfile::tempdir()?, Shutdown::new());
    let store = open(folder.path(), &shutdown).await?;
    let redb = Redb::open(&folder.path().join("floor.redb"))?;
    let ours: Write = Arc::new(move |key| Box::pin(set(Arc::clone(&store), key)));
    let floor: Write = Arc::new(move |key| {
        let redb = redb.clone();
        Box::pin(async move { redb.set(key, Bytes::from_static(DATA)).await })
    });
    let run = |count| -> Result<[Contender<Writers>; 2]> {
        let one = |name, write: &Write| {
            Contender::new(name, Writers { count, write: Arc::clone(write) }, Server::here())
        };
        let mut both = [one("ours", &ours), one("redb alone", &floor)];
        tokio::task::block_in_place(|| contender::measure(&mut both, plan))?;
        Ok(both)
    };
    let [busy, alone] = [run(WRITERS)?, run(1)?];
    let row = |work: &str, unit, figures: &[Vec<f64>; 2], goal| Row {
        work: work.to_owned(),
        unit,
        ours: figures[0].clone(),
        floor: Some(("redb alone".to_owned(), figures[1].clone())),
        goal,
    };
    let rates = busy.each_ref().map(Contender::rates);
    let times = alone.each_ref().map(|one| one.within(0.5));
    let rows = vec![
        row("writes by 64 writers", "writes/s", &rates, Goal::AtLeast(0.8)),
        row("one write after the other, p50", "µs", &times, Goal::None),
    ];
    let notes = vec![
        "State.set of the driver `local`, called in this process. Beside it redb with one thread that commits, with one sync, \
         what has gathered meanwhile: the same grouping and the same durability, but keys and values alone, without \
         etags, preconditions and expiry."
            .to_owned(),
    ];
    Ok(Table { title: "Durable writes", rows, notes })
}

/// A store of the driver in this folder.
async fn open(folder: &Path, shutdown: &Shutdown) -> Result<Arc<dyn State>> {
    let mut catalog = Catalog::default();
    catalog.state.add(Local);
    let table = StoreTable::new("local", KeyPrefix::default(), serde_json::json!({}));
    let stores: Tables = [("bench".parse()?, table)].into_iter().collect();
    let tables = BTreeMap::from([("state".to_owned(), stores)]);
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let stores = catalog.open(&tables, folder, &clock, shutdown).await?;
    Ok(Arc::clone(stores.state("bench")?.live()))
}

async fn set(store: Arc<dyn State>, key: String) -> Result<()> {
    let cx = CallContext::new("bench".into(), Caller::Anonymous, Duration::from_secs(30));
    let etag = store.set(&cx, Entry::new(Key::parse(key)?, Bytes::from_static(DATA))).await?;
    ensure!(!etag.as_str().is_empty(), "no etag");
    Ok(())
}

impl Asks for Writers {
    fn ask(&self, time: Duration) -> Result<Seen> {
        let write = &self.write;
        let writers = (0..self.count).map(|number| Writer { number, write: Arc::clone(write) });
        callers::ask(writers, time)
    }
}

/// One of them.
struct Writer {
    number: usize,
    write: Write,
}

impl Calls for Writer {
    async fn call(&mut self, before: usize) -> Result<()> {
        (self.write)(format!("{}/{}", self.number, before % KEYS)).await
    }
}

//! What is measured: every block, on the drivers that it has.

use std::sync::Arc;

use crate::grpc::*;
use crate::measure::{Calls, Column};
use crate::scene::{EVERY, Scene};
use crate::{guest, own, raw};

/// One call on one store.
pub(crate) struct Row {
    pub(crate) call: &'static str,
    pub(crate) store: &'static str,
    pub(crate) columns: Vec<Column>,
}

/// A row whose driver's store and gRPC client are of one trait.
macro_rules! row {
    ($scene:ident, $call:literal, $block:ident, $client:ident, $store:expr, $raw:expr, $make:expr) => {{
        let own = Arc::clone($scene.stores.$block($store).unwrap().live());
        let app = $client::new($scene.channel.clone(), $store, own.capabilities());
        let function = guest::calls($scene.host.http(), $call, $store, &$scene.data);
        Row::new($call, $store, $raw, $make(own), Some($make(Arc::new(app))), function)
    }};
}

/// What reads find: an item of configuration, in the drivers' own stores and in the host's.
pub(crate) async fn prepare(scene: &Scene) {
    for store in EVERY {
        let own = scene.stores.config(store).unwrap().live();
        let app = GrpcConfig::new(scene.channel.clone(), store, own.capabilities());
        own::config_save(&**own).await;
        own::config_save(&app).await;
    }
}

pub(crate) fn all(scene: &Scene) -> Vec<Row> {
    let mut rows = Vec::new();
    let data = || scene.data.clone();
    // writes before reads, so that there is something
    for store in EVERY {
        let raw =
            |commands: &[&[&[u8]]]| (store == "redis").then(|| raw::redis(&scene.redis, commands));
        let set = raw(&[&[b"HSET", b"raw", b"data", &scene.data]]);
        rows.push(row!(scene, "state-set", state, GrpcState, store, set, |one| own::state_set(
            one,
            data()
        )));
        let get = raw(&[&[b"HMGET", b"raw", b"data", b"version"]]);
        rows.push(row!(scene, "state-get", state, GrpcState, store, get, own::state_get));
        let add =
            raw(&[&[b"XADD", b"events", b"MAXLEN", b"~", b"100000", b"*", b"data", &scene.data]]);
        rows.push(row!(scene, "pubsub-publish", pubsub, GrpcPubSub, store, add, |one| {
            own::publish(one, data())
        }));
        let item = raw(&[&[b"HGETALL", b"raw"]]);
        rows.push(row!(scene, "config-get", config, GrpcConfig, store, item, own::config_get));
        let hold = raw(&[&[b"SET", b"lock", b"me", b"NX", b"PX", b"10000"], &[b"DEL", b"lock"]]);
        rows.push(row!(scene, "lock-hold", lock, GrpcLock, store, hold, own::lock_hold));
        let next = raw(&[&[b"INCR", b"ids"]]);
        rows.push(row!(
            scene,
            "sequencer-next",
            sequencer,
            GrpcSequencer,
            store,
            next,
            own::sequencer_next
        ));
    }
    for store in &EVERY[..2] {
        let path = scene.folder.path().join("raw");
        let disk = *store == "local";
        let write = disk.then(|| raw::write(path.clone(), data()));
        rows.push(row!(scene, "file-write", file, GrpcFiles, store, write, |one| own::file_write(
            one,
            data()
        )));
        let read = disk.then(|| raw::read(path));
        rows.push(row!(scene, "file-read", file, GrpcFiles, store, read, own::file_read));
    }
    rows.push(row!(scene, "secret-get", secret, GrpcSecrets, "memory", None, own::secret_get));
    for store in ["memory", "http"] {
        let post = (store == "http").then(|| raw::post(&scene.peer, "/", data()));
        rows.push(row!(scene, "binding-invoke", binding, GrpcBinding, store, post, |one| {
            own::binding_invoke(one, data())
        }));
    }
    let own = Arc::clone(scene.stores.invoke("http").unwrap().live());
    let app = GrpcInvoke {
        channel: scene.channel.clone(),
        target: Box::new(|app| format!("app:{app}")),
        capabilities: own.capabilities(),
    };
    let function = guest::calls(scene.host.http(), "invoke-call", "app:peer", &data());
    let post = Some(raw::post(&scene.peer, "/", data()));
    let app = Some(own::invoke_call(Arc::new(app), data()));
    rows.push(Row::new("invoke-call", "http", post, own::invoke_call(own, data()), app, function));
    rows
}

impl Row {
    fn new(
        call: &'static str,
        store: &'static str,
        raw: Option<Calls>,
        driver: Calls,
        app: Option<Calls>,
        function: Calls,
    ) -> Row {
        let columns = [
            ("raw client", raw),
            ("driver", Some(driver)),
            ("gRPC", app),
            ("function", Some(function)),
        ];
        let columns =
            columns.into_iter().filter_map(|(title, calls)| Some(Column { title, calls: calls? }));
        Row { call, store, columns: columns.collect() }
    }
}

//! The messages of the gRPC door: decoded, checked and run on stores in memory.
#![no_main]

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http2::{SendRequest, handshake};
use hyper_util::rt::{TokioExecutor, TokioIo};
use libfuzzer_sys::fuzz_target;
use ottavo_api::{Api, Grants};
use ottavo_core::units::Span;
use ottavo_core::{Clock, KeyPrefix, Shutdown, SystemClock};
use ottavo_grpc::{Callers, Config, Listen};
use ottavo_registry::{Catalog, StoreTable, Tables};
use ottavo_telemetry::Metrics;
use tokio::runtime::{Builder, Runtime};

/// Those that answer once.
const METHODS: &[&str] = &[
    "Binding/Invoke",
    "Config/Delete",
    "Config/Get",
    "Config/Save",
    "File/Delete",
    "File/List",
    "File/Stat",
    "Invoke/Call",
    "Invoke/CallMany",
    "Lock/Renew",
    "Lock/TryLock",
    "Lock/Unlock",
    "PubSub/Publish",
    "PubSub/PublishMany",
    "PubSub/Unsubscribe",
    "Secret/Get",
    "Secret/GetBulk",
    "Sequencer/Next",
    "Sequencer/NextRange",
    "State/Delete",
    "State/DeleteMany",
    "State/Get",
    "State/GetMany",
    "State/Increment",
    "State/ListKeys",
    "State/Set",
    "State/SetMany",
    "State/Transact",
];

struct Door {
    runtime: Runtime,
    client: SendRequest<Full<Bytes>>,
}

thread_local! {
    static DOOR: RefCell<Door> = RefCell::new(open());
}

fn open() -> Door {
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    let client = runtime.block_on(async {
        let shutdown = Shutdown::new();
        let listen = Listen::Tcp(([127, 0, 0, 1], 0).into());
        let config = Config {
            listen,
            timeout: Span(std::time::Duration::from_millis(100)),
            ..Config::default()
        };
        let bound = config.bind().await.expect("a free port");
        let address = bound.local_addr().expect("an address");
        let callers = Callers::Anonymous(Arc::new(Grants::everything()));
        bound.serve(api(&shutdown).await, callers, &shutdown, &shutdown);
        let stream = tokio::net::TcpStream::connect(address).await.expect("it listens");
        stream.set_nodelay(true).expect("a socket");
        let (client, connection) =
            handshake(TokioExecutor::new(), TokioIo::new(stream)).await.expect("HTTP/2");
        tokio::task::spawn(connection);
        client
    });
    Door { runtime, client }
}

async fn api(shutdown: &Shutdown) -> Arc<Api> {
    let mut catalog = Catalog::default();
    catalog.binding.add(ottavo_driver_memory::Memory);
    catalog.config.add(ottavo_driver_memory::Memory);
    catalog.file.add(ottavo_driver_memory::Memory);
    catalog.lock.add(ottavo_driver_memory::Memory);
    catalog.pubsub.add(ottavo_driver_memory::Memory);
    catalog.secret.add(ottavo_driver_memory::Memory);
    catalog.sequencer.add(ottavo_driver_memory::Memory);
    catalog.state.add(ottavo_driver_memory::Memory);
    let blocks = ["binding", "config", "file", "lock", "pubsub", "secret", "sequencer", "state"];
    let tables = blocks.map(|block| {
        let table = StoreTable::new("memory", KeyPrefix::default(), serde_json::json!({}));
        (block.to_owned(), Tables::from([("s".parse().expect("a name"), table)]))
    });
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let stores = catalog
        .open(&BTreeMap::from(tables), Path::new("/nonexistent"), &clock, shutdown)
        .await
        .expect("stores in memory open");
    Api::new(Arc::new(stores), &Metrics::new())
}

/// The status of a call, and its text.
async fn call(
    client: &mut SendRequest<Full<Bytes>>,
    method: &str,
    message: &[u8],
) -> (String, String) {
    let mut frame = vec![0];
    frame.extend((message.len() as u32).to_be_bytes());
    frame.extend_from_slice(message);
    let request = http::Request::post(format!("http://localhost/ottavo.runtime.v1.{method}"))
        .header("content-type", "application/grpc")
        .header("te", "trailers")
        .body(Full::from(frame))
        .expect("a request");
    let (head, body) = client.send_request(request).await.expect("an answer").into_parts();
    let body = body.collect().await.expect("the end of an answer");
    let of = |name: &str| {
        let value = head.headers.get(name).or_else(|| body.trailers()?.get(name));
        value
            .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
            .unwrap_or_default()
    };
    (of("grpc-status"), of("grpc-message"))
}

fuzz_target!(|bytes: &[u8]| {
    let Some((which, message)) = bytes.split_first() else { return };
    let method = METHODS[usize::from(*which) % METHODS.len()];
    DOOR.with_borrow_mut(|Door { runtime, client }| {
        let (status, text) = runtime.block_on(call(client, method, message));
        let undecoded = text.contains("decode%20Protobuf") || text.contains("decode Protobuf");
        // unknown, internal, data loss: faults of the host
        let fault = matches!(&*status, "" | "2" | "13" | "15") && !undecoded;
        assert!(!fault, "{method} answered {status}: {text}");
    });
});

//! The driver `http` against real servers: the behaviour suite, connections, TLS, addresses, faults.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod addresses;
mod behaviour;
mod connections;
mod faults;
mod options;
mod tls;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::Request;
use ottavo_blocks::egress::{Reach, Rules};
use ottavo_blocks::invoke::Invoke;
use ottavo_core::units::ByteCount;
use ottavo_core::{CallContext, Caller, Result, Shutdown, SystemClock};
use ottavo_driver_http::{Client, Config, Http};
use ottavo_registry::{Driver, OpenContext};
use serde_json::Value;

fn cx() -> CallContext {
    within(Duration::from_secs(60))
}

fn within(timeout: Duration) -> CallContext {
    CallContext::new("test".into(), Caller::Anonymous, timeout)
}

const ANYWHERE: Rules = Rules { reach: Reach::Anywhere, max_body: ByteCount(1 << 20) };
const PUBLIC: Rules = Rules { reach: Reach::Public, max_body: ByteCount(1 << 20) };

fn get(url: impl AsRef<str>) -> Request<Bytes> {
    Request::get(url.as_ref()).body(Bytes::new()).unwrap()
}

fn client() -> Client {
    Client::new(&Config::default(), &Shutdown::new()).unwrap()
}

async fn open(options: Value) -> Result<Arc<dyn Invoke>> {
    let context = OpenContext {
        name: "default".parse().unwrap(),
        folder: "/nonexistent".into(),
        clock: Arc::new(SystemClock),
        shutdown: Shutdown::new(),
    };
    Http.open(context, options).await
}

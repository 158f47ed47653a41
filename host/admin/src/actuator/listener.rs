//! The actuator's socket and its thread.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::os::fd::{AsFd as _, OwnedFd};

use http::{Method, StatusCode};
use ottavo_core::{Error, Kind, Result, Shutdown};
use ottavo_telemetry::{Metrics, field, metrics};
use serde::Serialize;

use super::health::Health;
use super::report::{Report, Store};
use crate::reply::{self, Answer};
use crate::serve::serve;

/// Where the actuator listens.
#[derive(Clone, Debug)]
pub struct Config {
    /// The address; port 0 takes a free one. Default `127.0.0.1:34999`.
    pub listen: SocketAddr,
}

impl Default for Config {
    fn default() -> Config {
        Config { listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 34999)) }
    }
}

/// A socket that listens; clients wait until it serves.
pub struct Bound {
    listener: TcpListener,
    address: SocketAddr,
}

impl Config {
    /// Opens the socket.
    ///
    /// # Errors
    /// `failed-precondition` when the address is taken or not ours.
    pub fn bind(self) -> Result<Bound> {
        let open = || -> io::Result<Bound> {
            let listener = TcpListener::bind(self.listen)?;
            listener.set_nonblocking(true)?;
            let address = listener.local_addr()?;
            Ok(Bound { listener, address })
        };
        open().map_err(|error| {
            let why = match error.kind() {
                io::ErrorKind::AddrInUse => "another program listens there: stop it, or set",
                _ => "set",
            };
            let listen = self.listen;
            let message = format!(
                "cannot listen for the actuator on `{listen}`: {why} `actuator.listen` to another \
                 address (port 0 takes a free one)"
            );
            Error::new(Kind::FailedPrecondition, message).with_source(error)
        })
    }
}

impl Config {
    /// Takes a socket that listens already, from a host whose place this one takes.
    ///
    /// # Errors
    /// `internal` when it is none.
    pub fn adopt(self, listener: OwnedFd) -> Result<Bound> {
        let listener = TcpListener::from(listener);
        let address = listener.set_nonblocking(true).and_then(|()| listener.local_addr());
        let address = address.map_err(|error| {
            Error::internal("cannot take over the actuator's socket").with_source(error)
        })?;
        Ok(Bound { listener, address })
    }
}

impl Bound {
    /// The socket once more: it stays open until all that have it close it.
    ///
    /// # Errors
    /// When the process has too many files open.
    pub fn share(&self) -> io::Result<OwnedFd> {
        self.listener.as_fd().try_clone_to_owned()
    }

    /// Where clients connect.
    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// Tells `health` and `metrics` until `shutdown` begins, on a thread of its own: it answers while every worker
    /// of the host's runtime is busy. `shutdown` waits for the thread; one that begins after the
    /// host has drained keeps readiness answering until then.
    ///
    /// # Errors
    /// `internal` when there is no room for one more thread.
    pub fn serve(self, health: Health, metrics: Metrics, shutdown: &Shutdown) -> Result<()> {
        let failed =
            |error: io::Error| Error::internal("cannot start the actuator").with_source(error);
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
        let (ended, end) = tokio::sync::oneshot::channel::<()>();
        let until = shutdown.clone();
        let run = move || {
            // Dropped, and so seen, however the thread ends.
            let _ended = ended;
            runtime.block_on(self.run(health, metrics, until));
        };
        std::thread::Builder::new().name("ottavo-actuator".into()).spawn(run).map_err(failed)?;
        shutdown.spawn("actuator", async move {
            // Nothing is sent: the thread's end is what is waited for.
            end.await.unwrap_or_default();
        });
        Ok(())
    }

    async fn run(self, health: Health, metrics: Metrics, shutdown: Shutdown) {
        let listener = match tokio::net::TcpListener::from_std(self.listener) {
            Ok(listener) => listener,
            Err(error) => {
                tracing::error!({ field::ERROR } = %error, "the actuator cannot run");
                return;
            }
        };
        let handler = move |request: http::Request<hyper::body::Incoming>| {
            let answer = answer(&health, &metrics, request.method(), request.uri().path());
            std::future::ready(answer)
        };
        serve(listener, None, "actuator connection", handler, shutdown).await;
    }
}

fn answer(health: &Health, metrics: &Metrics, method: &Method, path: &str) -> Answer {
    let report = match path {
        "/actuator/health/liveness" => Report::alive(),
        "/actuator/health/readiness" => health.readiness(),
        "/actuator/health" => health.whole(),
        "/actuator/info" => {
            return only_get(method, || reply::json(StatusCode::OK, &Info::of(health)));
        }
        "/actuator/metrics" | "/metrics" => {
            return only_get(method, || reply::text(metrics::CONTENT_TYPE, metrics.text()));
        }
        _ => return reply::no_such_path(path),
    };
    let status = match report.is_up() {
        true => StatusCode::OK,
        false => StatusCode::SERVICE_UNAVAILABLE,
    };
    only_get(method, || reply::json(status, &report))
}

fn only_get(method: &Method, answer: impl FnOnce() -> Answer) -> Answer {
    match *method {
        Method::GET | Method::HEAD => answer(),
        _ => reply::wrong_method("GET, HEAD"),
    }
}

#[derive(Serialize)]
struct Info {
    app: App,
    stores: Vec<Store>,
}

#[derive(Serialize)]
struct App {
    name: &'static str,
    version: &'static str,
}

impl Info {
    fn of(health: &Health) -> Info {
        // The crates of the host have one version.
        let app = App { name: "ottavo", version: env!("CARGO_PKG_VERSION") };
        Info { app, stores: health.stores() }
    }
}

#[cfg(test)]
mod tests {
    use super::super::State;
    use super::*;

    #[test]
    fn paths_and_methods_that_are_not_there_are_refused() {
        let (health, metrics) = (Health::new(), Metrics::new());
        let status = |method, path| answer(&health, &metrics, &method, path).status().as_u16();
        assert_eq!(status(Method::GET, "/actuator/health/liveness"), 200);
        assert_eq!(status(Method::GET, "/actuator/health/readiness"), 503);
        assert_eq!(status(Method::GET, "/actuator/health"), 503);
        assert_eq!(status(Method::GET, "/actuator/info"), 200);
        assert_eq!(status(Method::GET, "/actuator"), 404);
        assert_eq!(status(Method::GET, "/actuator/health/"), 404);
        assert_eq!(status(Method::POST, "/actuator/health"), 405);
        assert_eq!(status(Method::POST, "/actuator/info"), 405);
        assert_eq!(status(Method::GET, "/metrics"), 200);
        assert_eq!(status(Method::POST, "/actuator/metrics"), 405);
        health.set(State::Up);
        assert_eq!(status(Method::HEAD, "/actuator/health/readiness"), 200);
    }
}

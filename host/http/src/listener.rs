//! The listening socket and the loop that accepts.

use std::io;
use std::net::SocketAddr;
use std::os::fd::{AsFd as _, OwnedFd};
use std::sync::Arc;
use std::time::Duration;

use ottavo_core::context::new_request_id;
use ottavo_core::{Error, Kind, Result, Shutdown};
use ottavo_functions::Functions;
use ottavo_identity::Tls;
use ottavo_telemetry::field;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until};

use crate::config::Config;
use crate::connection::Connections;
use crate::handler::Handler;
use crate::notices::Notices;
use crate::table::{Patience, Table};

/// Said to a connection that finds no room. Nothing of its request was read, so the id is a new one.
fn full(id: &str) -> Vec<u8> {
    let body = format!(
        "{{\"error\":{{\"kind\":\"unavailable\",\"message\":\"too many connections are open\",\
         \"request_id\":\"{id}\",\"retryable\":true}}}}\n"
    );
    let length = body.len();
    let head = "HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\n\
         content-type: application/json\r\n";
    format!(
        "{head}content-length: {length}\r\nx-request-id: {id}\r\nconnection: close\r\n\r\n{body}"
    )
    .into_bytes()
}

/// The least and the most to wait after the system refused a connection.
const PAUSES: [Duration; 2] = [Duration::from_millis(10), Duration::from_secs(1)];

/// How often connections are looked at once the host stops.
const LAST_LOOKS: Duration = Duration::from_millis(100);

/// The fewest bytes of headers that the HTTP/1 parser can be told to take.
const LEAST_HEADER_BYTES: u64 = 8 << 10;

/// A socket that listens; clients wait until it serves.
pub struct Bound {
    config: Config,
    listener: TcpListener,
    address: SocketAddr,
    tls: Option<Arc<Tls>>,
}

/// What a connection is asked to speak over TLS, the best first.
const PROTOCOLS: [&str; 2] = ["h2", "http/1.1"];

impl Config {
    /// Opens the socket.
    ///
    /// # Errors
    /// `invalid-argument` when a setting cannot be kept; `failed-precondition` when the address is
    /// taken or not ours, or when the certificates cannot be used.
    pub async fn bind(self) -> Result<Bound> {
        if self.max_header_bytes.0 < LEAST_HEADER_BYTES {
            let given = self.max_header_bytes;
            let message = format!("`http.max_header_bytes` is {given}: write at least `8KiB`");
            return Err(Error::invalid(message));
        }
        let failed = |error| refused(self.listen, error);
        let tls = self.open_tls()?;
        let listener = TcpListener::bind(self.listen).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        Ok(Bound { config: self, listener, address, tls })
    }
}

impl Config {
    /// Takes a socket that listens already, from a host whose place this one takes.
    ///
    /// # Errors
    /// `internal` when it is none; `failed-precondition` when the certificates cannot be used.
    pub fn adopt(self, listener: OwnedFd) -> Result<Bound> {
        let tls = self.open_tls()?;
        let adopted = || {
            let listener = std::net::TcpListener::from(listener);
            listener.set_nonblocking(true)?;
            let listener = TcpListener::from_std(listener)?;
            Ok((listener.local_addr()?, listener))
        };
        let (address, listener) = adopted().map_err(|error: io::Error| {
            Error::internal("cannot take over the HTTP socket").with_source(error)
        })?;
        Ok(Bound { config: self, listener, address, tls })
    }

    fn open_tls(&self) -> Result<Option<Arc<Tls>>> {
        let opened = self.tls.clone().map(|files| Tls::open(files, &PROTOCOLS)).transpose();
        Ok(opened.map_err(|error| error.context("`http.tls`"))?.map(Arc::new))
    }
}

fn refused(listen: SocketAddr, error: io::Error) -> Error {
    let next = match error.kind() {
        io::ErrorKind::AddrInUse => {
            "another program listens there: stop it, or set `http.listen` to another address \
             (port 0 takes a free one)"
        }
        io::ErrorKind::PermissionDenied => {
            "this user may not listen there: set `http.listen` to a port above 1023"
        }
        io::ErrorKind::AddrNotAvailable => {
            "this machine does not have the address: set `http.listen` to one that it has"
        }
        _ => "set `http.listen` to another address",
    };
    let message = format!("cannot listen for HTTP on `{listen}`: {next}");
    Error::new(Kind::FailedPrecondition, message).with_source(error)
}

impl Bound {
    /// Where clients connect.
    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// What makes connections secure.
    pub fn tls(&self) -> Option<Arc<Tls>> {
        self.tls.clone()
    }

    /// The socket once more: it stays open until all that have it close it.
    ///
    /// # Errors
    /// When the process has too many files open.
    pub fn share(&self) -> io::Result<OwnedFd> {
        self.listener.as_fd().try_clone_to_owned()
    }

    /// Serves `functions` in the background until `shutdown` begins, with what `notices` say of
    /// them. Connections then finish their calls; `shutdown` waits for them.
    pub fn serve(self, functions: Arc<Functions>, notices: Arc<Notices>, shutdown: Shutdown) {
        let Bound { config, listener, tls, .. } = self;
        if let Some(tls) = &tls {
            tls.watch(&shutdown);
        }
        let table = Arc::new(Table::default());
        let handler = Handler::new(functions, notices, &config);
        let connections = Connections::new(&config, tls, handler, shutdown.clone());
        let patience = Patience { head: config.header_timeout.0, idle: config.idle_timeout.0 };
        let listener = Some(listener);
        let accept = Accept { listener, connections, table, patience, config, shutdown };
        let tasks = accept.shutdown.clone();
        tasks.spawn("http listener", accept.run());
    }
}

/// The accept loop, which also looks after the connections it let in.
struct Accept {
    /// None once it is closed.
    listener: Option<TcpListener>,
    connections: Connections,
    table: Arc<Table>,
    patience: Patience,
    config: Config,
    shutdown: Shutdown,
}

impl Accept {
    /// # Behavior
    /// - Nothing but shutdown ends it: an error of the system is logged, an idle connection has to
    ///   go, and after a pause it goes on.
    /// - On shutdown the socket is closed at once, after what the system has accepted already is let
    ///   in; connections are told to leave, and it ends with the last of them.
    async fn run(mut self) {
        let mut looks = interval(self.patience.period());
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut pause = PAUSES[0];
        let mut resume = Instant::now();
        let mut id = 0;
        loop {
            let accepted = tokio::select! {
                accepted = accept(self.listener.as_ref(), resume) => accepted,
                () = self.shutdown.begun() => break,
                _ = looks.tick() => {
                    self.table.sweep(self.patience);
                    continue;
                }
            };
            match accepted {
                Ok((tcp, remote)) => {
                    pause = PAUSES[0];
                    id += 1;
                    self.admit(id, tcp, remote);
                }
                Err(error) if is_of_connection(&error) => {}
                Err(error) => {
                    tracing::warn!(
                        { field::ERROR } = %error,
                        "cannot accept connections: trying again in {pause:?}"
                    );
                    // It is most likely out of files, and an idle connection holds one.
                    self.table.evict();
                    resume = Instant::now() + pause;
                    pause = (pause * 2).min(PAUSES[1]);
                }
            }
        }
        self.let_in(&mut id);
        self.table.leave();
        let mut looks = interval(self.patience.period().min(LAST_LOOKS));
        loop {
            tokio::select! {
                () = self.table.emptied() => return,
                _ = looks.tick() => self.table.sweep(self.patience),
            }
        }
    }

    /// Lets in whom the system has accepted for us, who believes to be connected, and closes the socket.
    fn let_in(&mut self, id: &mut u64) {
        let Some(listener) = self.listener.take().and_then(|listener| listener.into_std().ok())
        else {
            return;
        };
        for _ in 0..self.config.max_connections {
            // it does not block, as it did not before
            let Ok((tcp, remote)) = listener.accept() else { return };
            let nonblocking = tcp.set_nonblocking(true).and_then(|()| TcpStream::from_std(tcp));
            if let Ok(tcp) = nonblocking {
                *id += 1;
                self.admit(*id, tcp, remote);
            }
        }
    }

    fn admit(&self, id: u64, tcp: TcpStream, remote: SocketAddr) {
        if self.table.len() >= self.config.max_connections && !self.table.evict() {
            let id = new_request_id();
            tracing::warn!(
                { field::REQUEST_ID } = &*id,
                { field::ADDRESS } = %remote,
                "refused a connection: `http.max_connections` are open and all of them busy"
            );
            // What does not fit into an empty send buffer is lost, as is the connection.
            if !self.connections.has_tls() {
                drop(tcp.try_write(&full(&id)));
            }
            return;
        }
        self.connections.start(self.table.enter(id), tcp, remote);
    }
}

async fn accept(
    listener: Option<&TcpListener>,
    resume: Instant,
) -> io::Result<(TcpStream, SocketAddr)> {
    if resume > Instant::now() {
        sleep_until(resume).await;
    }
    match listener {
        Some(listener) => listener.accept().await,
        None => std::future::pending().await,
    }
}

/// Whether one client's connection failed before it was accepted, which says nothing of others.
fn is_of_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionRefused
            | io::ErrorKind::Interrupted
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_without_room_has_the_length_it_says() {
        let text = String::from_utf8(full("r1")).expect("text");
        let (head, body) = text.split_once("\r\n\r\n").expect("a head and a body");
        assert!(head.contains(&format!("content-length: {}\r\n", body.len())), "{}", body.len());
        let body: serde_json::Value = serde_json::from_str(body).expect("JSON");
        assert_eq!(body["error"]["request_id"], "r1");
    }

    #[tokio::test]
    async fn a_taken_address_is_named_with_the_next_step() {
        let listen = SocketAddr::from(([127, 0, 0, 1], 0));
        let first = Config { listen, ..Config::default() }.bind().await.expect("binds");
        let again = Config { listen: first.local_addr(), ..Config::default() };
        let error = again.bind().await.err().expect("taken");
        assert_eq!(error.kind(), Kind::FailedPrecondition);
        assert!(error.message().contains(&format!("`{}`", first.local_addr())), "{error}");
        assert!(error.message().contains("`http.listen`"), "{error}");
    }
}

//! Binds first, serves after: who asks for a port that is taken learns it before anything runs.

use std::io;
use std::net::SocketAddr;
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use ottavo_api::Api;
use ottavo_core::{Result, Shutdown};
use ottavo_identity::Tls;
use ottavo_wire::v1::binding_server::BindingServer;
use ottavo_wire::v1::config_server::ConfigServer;
use ottavo_wire::v1::file_server::FileServer;
use ottavo_wire::v1::invoke_server::InvokeServer;
use ottavo_wire::v1::lock_server::LockServer;
use ottavo_wire::v1::pub_sub_server::PubSubServer;
use ottavo_wire::v1::secret_server::SecretServer;
use ottavo_wire::v1::sequencer_server::SequencerServer;
use ottavo_wire::v1::state_server::StateServer;
use tonic::transport::Server;
use tracing::{error, info};

use crate::binding::BindingService;
use crate::config::ConfigService;
use crate::door::Door;
use crate::edge::Edge;
use crate::file::FileService;
use crate::health::Health;
use crate::invoke::InvokeService;
use crate::listener::Listener;
use crate::lock::LockService;
use crate::pubsub::PubSubService;
use crate::reflection::{self, Bounded};
use crate::routes::Routes;
use crate::secret::SecretService;
use crate::sequencer::SequencerService;
use crate::state::StateService;
use crate::{Callers, Config, connection};

/// The largest sum of a request's header fields: room for metadata, not for a flood.
const MAX_HEADERS: u32 = 16 << 10;

/// A door that has its address and does not serve yet.
pub struct Bound {
    config: Config,
    listener: Listener,
    tls: Option<Arc<Tls>>,
}

impl Config {
    /// Takes the address.
    ///
    /// # Errors
    /// `failed-precondition` that says why it cannot be had and what to do, or what is wrong with the
    /// certificates.
    pub async fn bind(self) -> Result<Bound> {
        let tls = self.open_tls()?;
        let listener = Listener::bind(&self.listen).await?;
        Ok(Bound { config: self, listener, tls })
    }
}

impl Config {
    /// Takes a socket that listens already where this says, from a host whose place this one takes.
    ///
    /// # Errors
    /// `internal` when it is none; `failed-precondition` when the certificates cannot be used.
    pub fn adopt(self, listener: OwnedFd) -> Result<Bound> {
        let tls = self.open_tls()?;
        let listener = Listener::adopt(&self.listen, listener)?;
        Ok(Bound { config: self, listener, tls })
    }

    fn open_tls(&self) -> Result<Option<Arc<Tls>>> {
        let opened = self.tls.clone().map(|files| Tls::open(files, &["h2"])).transpose();
        Ok(opened.map_err(|error| error.context("`grpc.tls`"))?.map(Arc::new))
    }
}

impl Bound {
    /// What makes connections secure.
    pub fn tls(&self) -> Option<Arc<Tls>> {
        self.tls.clone()
    }

    /// The socket once more: it stays open until all that have it close it.
    ///
    /// # Errors
    /// When the process has too many files open.
    pub fn share(&self) -> io::Result<OwnedFd> {
        self.listener.share()
    }

    /// Leaves the file of a unix socket where it is, once this is set: another host listens there.
    pub fn leave(&self) -> Arc<AtomicBool> {
        self.listener.leave()
    }

    /// Where it listens, on TCP: with the port that was found for port 0.
    pub fn local_addr(&self) -> Option<SocketAddr> {
        self.listener.local_addr()
    }

    /// Serves `api` to these callers.
    ///
    /// # Behavior
    /// - Runs as the task `grpc` of `shutdown`.
    /// - When `stopping` begins, health says so; all else goes on.
    /// - When `shutdown` begins, no connection is accepted any more, clients are told to send no more
    ///   calls, and the task ends once the calls under way are answered.
    pub fn serve(self, api: Arc<Api>, callers: Callers, stopping: &Shutdown, shutdown: &Shutdown) {
        let (stopping, begun) = (stopping.clone(), shutdown.clone());
        shutdown.spawn("grpc", async move { self.run(api, callers, stopping, begun).await });
    }

    async fn run(self, api: Arc<Api>, callers: Callers, stopping: Shutdown, shutdown: Shutdown) {
        let Bound { config, listener, tls } = self;
        if let Some(tls) = &tls {
            tls.watch(&shutdown);
        }
        let max_message = config.max_message.as_usize();
        let door = Door { api, max_message, shutdown: shutdown.clone() };
        let (timeout, until) = (config.timeout.0, &shutdown);
        let (mut health, mut routes) = (Health::new(), Routes::default());
        macro_rules! serve {
            ($($server:ident($service:expr),)*) => {$(
                let service = $server::new($service).max_decoding_message_size(max_message);
                health.add(&service).await;
                routes = routes.with(service);
            )*};
        }
        serve! {
            BindingServer(BindingService(door.clone())),
            ConfigServer(ConfigService(door.clone())),
            FileServer(FileService { door: door.clone(), shutdown: shutdown.clone() }),
            InvokeServer(InvokeService(door.clone())),
            LockServer(LockService(door.clone())),
            PubSubServer(PubSubService { door: door.clone(), timeout, shutdown: shutdown.clone() }),
            SecretServer(SecretService(door.clone())),
            SequencerServer(SequencerService(door.clone())),
            StateServer(StateService(door)),
        }
        let routes = routes
            .with(health.service())
            .with(Bounded::new(reflection::v1(), timeout, until))
            .with(Bounded::new(reflection::v1alpha(), timeout, until));
        let edge = Edge::new(routes, callers, &config);
        let connections = connection::accept(listener, tls, &config, shutdown.clone());
        let says_so = async move {
            stopping.begun().await;
            health.stop().await;
        };
        let server = Server::builder()
            .max_concurrent_streams(config.max_streams)
            .http2_max_header_list_size(MAX_HEADERS)
            .http2_keepalive_interval(Some(config.keep_alive.0))
            .http2_keepalive_timeout(Some(config.keep_alive_timeout.0))
            // the connections end by themselves, after those that had been accepted
            .serve_with_incoming_shutdown(edge, connections, std::future::pending());

        info!(listen = %config.listen, "the gRPC door is open");
        shutdown.spawn("grpc health", says_so);
        match server.await {
            Ok(()) => info!("the gRPC door is closed"),
            Err(error) => error!(%error, "the gRPC door broke"),
        }
    }
}

//! The deploy API over TCP: for who shows a token.

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;

use ottavo_core::{Error, Kind, Result};
use ottavo_identity::{Roster, Tls, TlsFiles, Watch};

/// Where the deploy API listens beside its socket.
#[derive(Clone, Debug)]
pub struct Tcp {
    /// The address; port 0 takes any free one.
    pub listen: SocketAddr,
    /// Whose tokens may use it.
    pub token_file: PathBuf,
    /// Its certificates; none: it does not speak TLS.
    pub tls: Option<TlsFiles>,
}

/// An address that is taken.
pub(super) struct BoundTcp {
    pub(super) listener: tokio::net::TcpListener,
    pub(super) tokens: Arc<Roster>,
    pub(super) watch: Watch,
    pub(super) tls: Option<Arc<Tls>>,
}

impl Tcp {
    /// Takes the address and reads the tokens.
    ///
    /// # Errors
    /// `failed-precondition` that says why it cannot be had and what to do.
    pub(super) fn bind(self) -> Result<BoundTcp> {
        let Tcp { listen, token_file, tls } = self;
        let tls = tls.map(|files| Tls::open(files, &["http/1.1"])).transpose();
        let tls = tls.map_err(|error| error.context("`deploy.tls`"))?.map(Arc::new);
        let (tokens, watch) = Roster::open(vec![("deploy".into(), token_file)])?;
        let bound = TcpListener::bind(listen).and_then(|listener| {
            listener.set_nonblocking(true)?;
            tokio::net::TcpListener::from_std(listener)
        });
        let listener = bound.map_err(|error| {
            let message = format!(
                "cannot listen for deploys on `{listen}`: {error}; set another address as `deploy.listen`"
            );
            Error::new(Kind::FailedPrecondition, message)
        })?;
        Ok(BoundTcp { listener, tokens: Arc::new(tokens), watch, tls })
    }
}

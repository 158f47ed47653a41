//! TLS at the edges: certificates from files, read again when they change.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwap;
use ottavo_core::{Error, Kind, Result, Shutdown};
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsAcceptor;
pub use tokio_rustls::server::TlsStream;
use tracing::{info, warn};

use crate::stamp::{INTERVAL, Stamp};

/// For a handshake to be done.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// The files of one listener.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// Its certificates, its own first, in PEM.
    pub cert: PathBuf,
    /// Their private key, in PEM.
    pub key: PathBuf,
    /// Whose certificates clients must have; none: clients have none.
    pub client_ca: Option<PathBuf>,
}

/// Makes the connections of one listener secure.
pub struct Tls {
    files: TlsFiles,
    /// What a connection is asked to speak, the best first.
    protocols: Vec<Vec<u8>>,
    config: ArcSwap<ServerConfig>,
    /// Why the files as they are now are not in use.
    trouble: Mutex<Option<String>>,
}

impl TlsFiles {
    /// Reads them. Blocks.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn check(&self) -> std::result::Result<(), String> {
        self.read(&[]).map(drop)
    }

    fn all(&self) -> impl Iterator<Item = &PathBuf> {
        [&self.cert, &self.key].into_iter().chain(&self.client_ca)
    }

    async fn stamps(&self) -> Vec<Option<Stamp>> {
        let mut stamps = Vec::new();
        for path in self.all() {
            stamps.push(Stamp::now(path).await);
        }
        stamps
    }

    fn read(&self, protocols: &[Vec<u8>]) -> std::result::Result<ServerConfig, String> {
        let chain = certificates(&self.cert)?;
        let key = PrivateKeyDer::from_pem_file(&self.key)
            .map_err(|error| format!("cannot read a key in `{}`: {error}", self.key.display()))?;
        let provider = Arc::new(ring::default_provider());
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?;
        let builder = match &self.client_ca {
            None => builder.with_no_client_auth(),
            Some(path) => {
                let mut roots = RootCertStore::empty();
                let shown = path.display();
                for certificate in certificates(path)? {
                    roots.add(certificate).map_err(|error| {
                        format!("`{shown}` has a certificate that cannot be used: {error}")
                    })?;
                }
                let verifier = WebPkiClientVerifier::builder_with_provider(roots.into(), provider);
                let verifier = verifier.build();
                builder.with_client_cert_verifier(
                    verifier.map_err(|error| format!("`{shown}` cannot be used: {error}"))?,
                )
            }
        };
        let (cert, key_path) = (self.cert.display(), self.key.display());
        let mut config = builder.with_single_cert(chain, key).map_err(|error| {
            format!("the certificate in `{cert}` and the key in `{key_path}` do not fit: {error}")
        })?;
        config.alpn_protocols = protocols.to_vec();
        Ok(config)
    }
}

fn certificates(path: &Path) -> std::result::Result<Vec<CertificateDer<'static>>, String> {
    let shown = path.display();
    let read = CertificateDer::pem_file_iter(path)
        .and_then(Iterator::collect::<std::result::Result<Vec<_>, _>>)
        .map_err(|error| format!("cannot read certificates in `{shown}`: {error}"))?;
    match read.is_empty() {
        true => Err(format!("`{shown}` has no certificate: name a PEM file")),
        false => Ok(read),
    }
}

impl Tls {
    /// Reads the files of a listener that speaks these protocols. Blocks.
    ///
    /// # Errors
    /// `failed-precondition`: what is wrong with them.
    pub fn open(files: TlsFiles, protocols: &[&str]) -> Result<Tls> {
        let protocols: Vec<_> = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
        let config = files.read(&protocols);
        let config = config.map_err(|error| Error::new(Kind::FailedPrecondition, error))?;
        let config = ArcSwap::from_pointee(config);
        Ok(Tls { files, protocols, config, trouble: Mutex::default() })
    }

    /// Does the handshake of a connection, with the certificates as they are now.
    ///
    /// # Errors
    /// What the client did wrong, or that it was too slow.
    pub async fn accept<S>(&self, stream: S) -> io::Result<TlsStream<S>>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let handshake = TlsAcceptor::from(self.config.load_full()).accept(stream);
        let done = tokio::time::timeout(HANDSHAKE, handshake).await;
        done.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
    }

    /// Why the files as they are now are not in use, when that is so.
    pub fn trouble(&self) -> Option<String> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Reads the files again when they change, until `shutdown` begins. Connections go on with what
    /// they began with; files that cannot be used leave what was before in use.
    pub fn watch(self: &Arc<Self>, shutdown: &Shutdown) {
        let (tls, until) = (Arc::clone(self), shutdown.clone());
        shutdown.spawn("certificates", async move {
            // what changed since they were first read is read again
            let mut seen = Vec::new();
            loop {
                let now = tls.files.stamps().await;
                if now != seen {
                    seen = now;
                    tls.look().await;
                }
                tokio::select! {
                    () = tokio::time::sleep(INTERVAL) => {}
                    () = until.begun() => return,
                }
            }
        });
    }

    async fn look(self: &Arc<Self>) {
        let tls = Arc::clone(self);
        let read = tokio::task::spawn_blocking(move || tls.files.read(&tls.protocols)).await;
        let Ok(read) = read else { return };
        let cert = self.files.cert.display();
        let trouble = match read {
            Ok(config) => {
                self.config.store(Arc::new(config));
                info!(%cert, "the certificates were read");
                None
            }
            Err(error) => {
                warn!(%cert, error, "the certificates cannot be used: those before stay");
                Some(error)
            }
        };
        *self.trouble.lock().unwrap_or_else(PoisonError::into_inner) = trouble;
    }
}

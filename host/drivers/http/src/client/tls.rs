//! TLS: whom to trust, found out when it is first needed.

use std::path::Path;
use std::sync::Arc;

use ottavo_core::{Error, Kind, Result};
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio::sync::OnceCell;
use tokio_rustls::TlsConnector;

use super::stream::{H2, Stream};

/// Makes connections secure. Cheap to clone.
#[derive(Clone)]
pub(super) struct Tls(Arc<OnceCell<TlsConnector>>);

impl Tls {
    /// Trusts the certificates in `ca`; without it those that the machine trusts, which are read
    /// for the first connection.
    ///
    /// # Errors
    /// `invalid-argument` when `ca` cannot be used.
    pub(super) fn new(ca: Option<&Path>) -> Result<Tls> {
        Ok(Tls(Arc::new(match ca {
            Some(ca) => OnceCell::new_with(Some(connector(roots_in(ca)?)?)),
            None => OnceCell::new(),
        })))
    }

    pub(super) async fn secure(
        &self,
        stream: TcpStream,
        host: &str,
        place: &str,
    ) -> Result<Stream> {
        let name = ServerName::try_from(host.to_owned())
            .map_err(|_| Error::invalid(format!("`{host}` is no name that a certificate has")))?;
        let connector = self.0.get_or_try_init(of_this_machine).await?;
        match connector.connect(name, stream).await {
            Ok(stream) => Ok(Stream::tls(stream)),
            Err(error) => {
                let message = format!("no TLS connection to `{place}`: {error}");
                // the other side has to change before another attempt helps
                Err(Error::new(Kind::Unavailable, message).with_retryable(false))
            }
        }
    }
}

async fn of_this_machine() -> Result<TlsConnector> {
    let found = tokio::task::spawn_blocking(rustls_native_certs::load_native_certs).await;
    let found = found.map_err(|error| Error::internal("no certificates").with_source(error))?;
    let mut roots = RootCertStore::empty();
    let (added, _) = roots.add_parsable_certificates(found.certs);
    if added == 0 {
        let message =
            "this machine trusts no certificates: install its `ca-certificates`, or set `ca`";
        return Err(Error::new(Kind::FailedPrecondition, message));
    }
    connector(roots)
}

fn roots_in(ca: &Path) -> Result<RootCertStore> {
    let wrong = |why: String| {
        let ca = ca.display();
        Error::invalid(format!("`ca` is `{ca}`, which {why}: name a PEM file of certificates"))
    };
    let certificates = CertificateDer::pem_file_iter(ca)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| wrong(format!("cannot be read ({error})")))?;
    let mut roots = RootCertStore::empty();
    let (added, refused) = roots.add_parsable_certificates(certificates);
    match (added, refused) {
        (0, 0) => Err(wrong("has no certificate".to_owned())),
        (_, 0) => Ok(roots),
        _ => Err(wrong("has a certificate that cannot be read".to_owned())),
    }
}

fn connector(roots: RootCertStore) -> Result<TlsConnector> {
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::internal("no TLS").with_source(error))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![H2.to_vec(), b"http/1.1".to_vec()];
    Ok(TlsConnector::from(Arc::new(config)))
}

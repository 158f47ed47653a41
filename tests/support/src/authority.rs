//! Certificates, for hosts and clients that speak TLS.

use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;

use rcgen::{BasicConstraints, Certificate, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// Who signs certificates.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    /// Its own certificate.
    pub pem: String,
    der: CertificateDer<'static>,
}

/// A file for its user alone, in place of the one before.
pub fn secret_file(path: &Path, text: &str) {
    let new = path.with_extension("new");
    fs::write(&new, text).expect("a file for a secret");
    fs::set_permissions(&new, fs::Permissions::from_mode(0o600)).expect("a file of our own");
    fs::rename(new, path).expect("the same folder");
}

impl Authority {
    /// One that nobody knows.
    pub fn new() -> Authority {
        let mut params = CertificateParams::new(Vec::new()).expect("no names");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        let own = params.self_signed(&key).expect("its own key");
        let (pem, der) = (own.pem(), own.der().clone());
        Authority { issuer: Issuer::new(params, key), pem, der }
    }

    /// A certificate for this machine, and its key.
    pub fn sign(&self) -> (Certificate, KeyPair) {
        let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
        let params = CertificateParams::new(names).expect("two names");
        let key = KeyPair::generate().expect("a key");
        (params.signed_by(&key, &self.issuer).expect("an issuer"), key)
    }

    /// The files of a listener: `cert.pem` and `key.pem`, and `ca.pem`, by which clients know it.
    pub fn write(&self, folder: &Path) {
        let (cert, key) = self.sign();
        secret_file(&folder.join("key.pem"), &key.serialize_pem());
        secret_file(&folder.join("cert.pem"), &cert.pem());
        secret_file(&folder.join("ca.pem"), &self.pem);
    }

    /// Connects as a client that trusts this authority, has this certificate and speaks these protocols; none
    /// when there is no connection.
    pub async fn connect(
        &self,
        address: SocketAddr,
        client: Option<(Certificate, KeyPair)>,
        protocols: &[&str],
    ) -> Option<TlsStream<TcpStream>> {
        let stream = TcpStream::connect(address).await.expect("something listens there");
        self.secure(stream, client, protocols).await
    }

    /// The same on a connection that is there.
    pub async fn secure(
        &self,
        stream: TcpStream,
        client: Option<(Certificate, KeyPair)>,
        protocols: &[&str],
    ) -> Option<TlsStream<TcpStream>> {
        let mut roots = RootCertStore::empty();
        roots.add(self.der.clone()).expect("a certificate of our own");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider);
        let config = config.with_safe_default_protocol_versions().expect("known to it");
        let config = config.with_root_certificates(roots);
        let mut config = match client {
            None => config.with_no_client_auth(),
            Some((cert, key)) => {
                let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key of our own");
                config.with_client_auth_cert(vec![cert.der().clone()], key).expect("they fit")
            }
        };
        config.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
        let name = ServerName::try_from("localhost").expect("a name");
        TlsConnector::from(Arc::new(config)).connect(name, stream).await.ok()
    }
}

impl Default for Authority {
    fn default() -> Authority {
        Authority::new()
    }
}

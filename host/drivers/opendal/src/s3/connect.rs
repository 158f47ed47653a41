//! Connections to the service, over TLS or not.

use std::path::Path;
use std::sync::Arc;

use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use ottavo_core::{Error, Result};
use rustls::crypto::ring;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};

use crate::options::S3Options;

/// Makes the connections of one store.
pub(super) type Connector = HttpsConnector<HttpConnector>;

/// The connector for an address that is `secure` or not.
///
/// # Errors
/// `invalid-argument` when `ca` or `connect_timeout` cannot be used; `failed-precondition` when this
/// machine trusts nobody.
pub(super) fn connector(options: &S3Options, secure: bool) -> Result<Connector> {
    if options.connect_timeout.0.is_zero() {
        return Err(Error::invalid("`connect_timeout` is zero: nothing could be done"));
    }
    let roots = match &options.ca {
        Some(ca) => in_file(ca)?,
        None if secure => of_this_machine()?,
        None => RootCertStore::empty(),
    };
    let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::internal("no TLS").with_source(error))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    tcp.set_connect_timeout(Some(options.connect_timeout.0));
    Ok(HttpsConnectorBuilder::new()
        .with_tls_config(tls)
        .https_or_http()
        .enable_http1()
        .wrap_connector(tcp))
}

fn of_this_machine() -> Result<RootCertStore> {
    let mut roots = RootCertStore::empty();
    let (added, _) =
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    match added {
        0 => Err(Error::new(
            ottavo_core::Kind::FailedPrecondition,
            "this machine trusts no certificates: install its `ca-certificates`, or set `ca`",
        )),
        _ => Ok(roots),
    }
}

fn in_file(ca: &Path) -> Result<RootCertStore> {
    let wrong = |why: String| {
        let ca = ca.display();
        Error::invalid(format!("`ca` is `{ca}`, which {why}: name a PEM file of certificates"))
    };
    let certificates = CertificateDer::pem_file_iter(ca)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| wrong(format!("cannot be read ({error})")))?;
    let mut roots = RootCertStore::empty();
    match roots.add_parsable_certificates(certificates) {
        (0, 0) => Err(wrong("has no certificate".to_owned())),
        (_, 0) => Ok(roots),
        _ => Err(wrong("has a certificate that cannot be read".to_owned())),
    }
}

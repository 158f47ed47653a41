//! Where a host's deploy API is: a unix socket on this machine, or an address, with a token.

use std::fmt;
use std::io::ErrorKind;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use hyper::Uri;
use hyper::header::HeaderValue;
use hyper_util::rt::TokioIo;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, UnixStream};
use tokio_rustls::TlsConnector;

use crate::failure::{Failure, Result};
use crate::host;

/// Where it is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Whoever can open it may use it.
    Socket(PathBuf),
    /// Whoever has a token.
    Address(Address),
}

/// An address of `http://` or `https://`.
#[derive(PartialEq, Eq)]
pub(crate) struct Address {
    secure: bool,
    host: String,
    port: u16,
    /// `Bearer TOKEN`.
    token: HeaderValue,
    /// Whose certificates are trusted; none: whose this machine trusts.
    ca: Option<PathBuf>,
}

/// A connection of either kind.
pub(super) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

impl Address {
    /// Reads `http://HOST:PORT` or `https://HOST:PORT`.
    pub(crate) fn new(text: &str, token: &str, ca: Option<PathBuf>) -> Result<Address> {
        let shown = text.escape_debug();
        let form = || {
            Failure::usage(format!("`{shown}` is not the address of a host"))
                .hint("write `https://HOST:PORT`, or `http://127.0.0.1:PORT` on this machine")
        };
        let uri: Uri = text.parse().map_err(|_| form())?;
        let secure = uri.scheme_str() == Some("https");
        let (Some(host), "" | "/", None) = (uri.host(), uri.path(), uri.query()) else {
            return Err(form());
        };
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let near = host == "localhost" || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback());
        if !secure && !near {
            let message =
                format!("`{shown}` would send the token for everybody on the way to read");
            return Err(Failure::usage(message).hint("use `https://`"));
        }
        let mut token = HeaderValue::from_str(&format!("Bearer {token}"))
            .map_err(|_| Failure::usage("the token has characters that no token has"))?;
        token.set_sensitive(true);
        let port = uri.port_u16().unwrap_or(if secure { 443 } else { 80 });
        Ok(Address { secure, host, port, token, ca })
    }
}

impl Place {
    /// What a request shows to be allowed.
    pub(super) fn token(&self) -> Option<&HeaderValue> {
        match self {
            Place::Socket(_) => None,
            Place::Address(address) => Some(&address.token),
        }
    }

    /// What a request says that it is for.
    pub(super) fn authority(&self) -> String {
        match self {
            Place::Socket(_) => "ottavo".to_owned(),
            Place::Address(Address { host, port, .. }) if host.contains(':') => {
                format!("[{host}]:{port}")
            }
            Place::Address(Address { host, port, .. }) => format!("{host}:{port}"),
        }
    }

    pub(super) async fn connect(&self) -> Result<TokioIo<Box<dyn Stream>>> {
        let stream: Box<dyn Stream> = match self {
            Place::Socket(socket) => Box::new(open(socket).await?),
            Place::Address(address) => {
                let to = (address.host.as_str(), address.port);
                let stream = TcpStream::connect(to).await.map_err(|error| {
                    Failure::new(format!("connect to the host at `{self}`: {error}"))
                        .hint("the host listens there with `deploy.listen` in its configuration")
                })?;
                match address.secure {
                    true => Box::new(self.secured(address, stream).await?),
                    false => Box::new(stream),
                }
            }
        };
        Ok(TokioIo::new(stream))
    }

    async fn secured(&self, address: &Address, stream: TcpStream) -> Result<impl Stream + use<>> {
        let failed =
            |error: &dyn fmt::Display| Failure::new(format!("no TLS with `{self}`: {error}"));
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| failed(&error))?
            .with_root_certificates(roots(address.ca.as_deref())?)
            .with_no_client_auth();
        let name = ServerName::try_from(address.host.clone()).map_err(|error| failed(&error))?;
        TlsConnector::from(Arc::new(config))
            .connect(name, stream)
            .await
            .map_err(|error| failed(&error).hint("`--ca FILE` trusts the certificates of a file"))
    }
}

fn roots(ca: Option<&Path>) -> Result<RootCertStore> {
    let mut roots = RootCertStore::empty();
    let certificates = match ca {
        None => rustls_native_certs::load_native_certs().certs,
        Some(ca) => CertificateDer::pem_file_iter(ca)
            .and_then(Iterator::collect::<std::result::Result<Vec<_>, _>>)
            .map_err(|error| {
                Failure::new(format!("read the certificates in `{}`: {error}", ca.display()))
            })?,
    };
    match roots.add_parsable_certificates(certificates) {
        (0, _) => Err(Failure::new("there is no certificate to trust")
            .hint("name a PEM file of certificates with `--ca`")),
        _ => Ok(roots),
    }
}

async fn open(socket: &Path) -> Result<UnixStream> {
    UnixStream::connect(socket).await.map_err(|error| match error.kind() {
        ErrorKind::NotFound | ErrorKind::ConnectionRefused => host::absent(socket),
        ErrorKind::PermissionDenied => {
            let socket = socket.display();
            Failure::new(format!("the deploy socket `{socket}` belongs to another user"))
                .hint("run as the user who started the host")
        }
        _ => Failure::new(format!("connect to the host at `{}`: {error}", socket.display())),
    })
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Socket(socket) => socket.display().fmt(f),
            Place::Address(Address { secure, .. }) => {
                let scheme = if *secure { "https" } else { "http" };
                write!(f, "{scheme}://{}", self.authority())
            }
        }
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Address { secure, host, port, token: _, ca } = self;
        f.debug_struct("Address")
            .field("secure", secure)
            .field("host", host)
            .field("port", port)
            .field("ca", ca)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_scheme_and_a_token_does_not_travel_in_the_clear() {
        for (text, shown) in [
            ("http://127.0.0.1:2046", "http://127.0.0.1:2046"),
            ("http://[::1]:2046/", "http://[::1]:2046"),
            ("https://host.example.com", "https://host.example.com:443"),
        ] {
            let place = Place::Address(Address::new(text, "secret", None).expect(text));
            assert_eq!(place.to_string(), shown);
            assert!(!format!("{place:?}").contains("secret"), "{place:?}");
        }
        for (text, part) in [
            ("https://host:1/path", "not the address"),
            ("https://", "not the address"),
            ("http://host.example.com:1", "for everybody"),
        ] {
            let failure = Address::new(text, "secret", None).expect_err(text);
            assert!(failure.messages[0].contains(part), "{failure:?}");
        }
    }
}

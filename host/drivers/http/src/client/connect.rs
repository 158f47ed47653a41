//! From a name to a connection: looked up, checked, dialled.

use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use http::uri::Scheme;
use hyper_util::rt::TokioIo;
use ottavo_blocks::egress::{Reach, is_public};
use ottavo_core::{Error, Kind, Result};
use tokio::net::TcpStream;
use tokio::time::Instant;
use tower_service::Service;

use super::stream::Stream;
use super::tls::Tls;

/// Makes the connections of one reach.
#[derive(Clone)]
pub(super) struct Connector {
    reach: Reach,
    tls: Tls,
    timeout: Duration,
}

type Connecting = Pin<Box<dyn Future<Output = Result<TokioIo<Stream>>> + Send>>;

impl Connector {
    pub(super) fn new(reach: Reach, tls: Tls, timeout: Duration) -> Connector {
        Connector { reach, tls, timeout }
    }

    async fn connect(self, to: Uri) -> Result<TokioIo<Stream>> {
        let secure = to.scheme() == Some(&Scheme::HTTPS);
        let host = to.host().unwrap_or_default();
        let host = host.strip_prefix('[').and_then(|h| h.strip_suffix(']')).unwrap_or(host);
        let port = to.port_u16().unwrap_or(if secure { 443 } else { 80 });
        let place = format!("{host}:{port}");
        let late = || {
            let within = self.timeout;
            Error::new(Kind::Unavailable, format!("cannot reach `{place}` within {within:?}"))
        };
        let until = Instant::now() + self.timeout;
        let made = async {
            let addresses = self.look_up(host, port).await?;
            let stream = dial(&addresses, &place, until).await?;
            stream.set_nodelay(true).map_err(|error| unreachable(&place, error))?;
            match secure {
                true => self.tls.secure(stream, host, &place).await,
                false => Ok(Stream::plain(stream)),
            }
        };
        match tokio::time::timeout_at(until, made).await {
            Ok(made) => made.map(TokioIo::new),
            Err(_) => Err(late()),
        }
    }

    /// The addresses of a name that may be reached.
    async fn look_up(&self, host: &str, port: u16) -> Result<Vec<SocketAddr>> {
        let found: Vec<SocketAddr> = match host.parse::<IpAddr>() {
            Ok(address) => vec![SocketAddr::new(address, port)],
            Err(_) => match tokio::net::lookup_host((host, port)).await {
                Ok(found) => found.collect(),
                Err(error) => {
                    let message = format!("the name `{host}` is not known");
                    return Err(Error::new(Kind::Unavailable, message).with_source(error));
                }
            },
        };
        let mut near = None;
        let mut allowed = Vec::with_capacity(found.len());
        for address in found {
            match self.reach == Reach::Anywhere || is_public(address.ip()) {
                true => allowed.push(address),
                false => near = Some(address.ip()),
            }
        }
        match near {
            // some, too: which one is dialled must not be left to luck
            Some(near) => Err(Error::new(
                Kind::Denied,
                format!(
                    "`{host}` is `{near}`, which is not an address of the internet: a grant must \
                     say so, as `private:{host}`"
                ),
            )),
            None if allowed.is_empty() => {
                let message = format!("the name `{host}` has no address");
                Err(Error::new(Kind::Unavailable, message))
            }
            None => Ok(allowed),
        }
    }
}

/// Tries one address after the other; each has its share of the time that is left.
async fn dial(addresses: &[SocketAddr], place: &str, until: Instant) -> Result<TcpStream> {
    let mut last = None;
    for (at, address) in addresses.iter().enumerate() {
        let left = until.saturating_duration_since(Instant::now());
        let rest = u32::try_from(addresses.len() - at).unwrap_or(u32::MAX);
        let connecting = TcpStream::connect(address);
        match tokio::time::timeout(left / rest, connecting).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(error)) => last = Some(error),
            Err(_) => last = Some(std::io::ErrorKind::TimedOut.into()),
        }
    }
    Err(unreachable(place, last.unwrap_or_else(|| std::io::ErrorKind::NotFound.into())))
}

fn unreachable(place: &str, error: std::io::Error) -> Error {
    let why = error.kind();
    Error::new(Kind::Unavailable, format!("cannot connect to `{place}`: {why}"))
}

impl Service<Uri> for Connector {
    type Response = TokioIo<Stream>;
    type Error = Error;
    type Future = Connecting;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, to: Uri) -> Connecting {
        Box::pin(self.clone().connect(to))
    }
}

//! The bytes of a connection, as they are or over TLS.
//!
//! The handshake is done by the first read or write, in the task of the connection: it holds up
//! nobody else.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use ottavo_identity::{Tls, TlsStream};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::listener::Socket;

/// A connection's bytes.
pub(crate) enum Wire {
    Plain(Socket),
    /// The handshake is under way.
    Opening(BoxFuture<'static, io::Result<TlsStream<Socket>>>),
    Secure(Box<TlsStream<Socket>>),
    /// The handshake failed.
    Broken,
}

impl Wire {
    pub(crate) fn new(socket: Socket, tls: Option<&Arc<Tls>>) -> Wire {
        let Some(tls) = tls.map(Arc::clone) else { return Wire::Plain(socket) };
        Wire::Opening(async move { tls.accept(socket).await }.boxed())
    }

    /// Where bytes go, once the handshake is done.
    fn poll_open(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<Pin<&mut dyn Bytes>>> {
        if let Wire::Opening(handshake) = self {
            *self = match ready!(handshake.poll_unpin(cx)) {
                Ok(stream) => Wire::Secure(Box::new(stream)),
                Err(error) => {
                    tracing::debug!(%error, "no TLS on a gRPC connection");
                    *self = Wire::Broken;
                    return Poll::Ready(Err(error));
                }
            };
        }
        Poll::Ready(match self {
            Wire::Plain(socket) => Ok(Pin::new(socket)),
            Wire::Secure(stream) => Ok(Pin::new(&mut **stream)),
            Wire::Opening(_) | Wire::Broken => Err(io::ErrorKind::NotConnected.into()),
        })
    }
}

/// Bytes in both directions.
trait Bytes: AsyncRead + AsyncWrite + Unpin {}

impl<S: AsyncRead + AsyncWrite + Unpin> Bytes for S {}

impl AsyncRead for Wire {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        ready!(self.get_mut().poll_open(cx))?.poll_read(cx, buffer)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        ready!(self.get_mut().poll_open(cx))?.poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        ready!(self.get_mut().poll_open(cx))?.poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.get_mut().poll_open(cx))?.poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            // nobody is there yet to be told
            Wire::Opening(_) | Wire::Broken => Poll::Ready(Ok(())),
            open => ready!(open.poll_open(cx))?.poll_shutdown(cx),
        }
    }
}

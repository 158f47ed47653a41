//! A TCP stream that notes what moves, and that closes without losing the last answer.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures_util::FutureExt as _;
use tokio::io::{AsyncRead, AsyncWrite, Interest, ReadBuf};
use tokio::net::TcpStream;

use crate::link::Link;

/// The stream of one connection.
///
/// # Behavior
/// - `flush` fails when the table asked to look and the client has closed: nobody reads while a
///   function leaves the rest of its request for later.
/// - `shutdown` where the client has sent what nobody read: the write side is closed first, and the
///   rest is read and dropped until the client closes. Closing a socket with unread bytes resets it,
///   and the client would lose an answer such as 413. The table bounds the time.
pub(crate) struct Stream {
    tcp: TcpStream,
    link: Arc<Link>,
    /// The client will send no more.
    ended: bool,
    write_closed: bool,
}

impl Stream {
    pub(crate) fn new(tcp: TcpStream, link: Arc<Link>) -> Stream {
        Stream { tcp, link, ended: false, write_closed: false }
    }
}

impl Stream {
    /// Whether the client has closed its side, whatever is left of what it sent.
    fn is_closed(&self) -> bool {
        let ready = self.tcp.ready(Interest::READABLE).now_or_never();
        ready.is_some_and(|ready| ready.is_ok_and(|ready| ready.is_read_closed()))
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.tcp).poll_read(context, buffer))?;
        match buffer.filled().len() > before {
            true => self.link.read(),
            false => self.ended = true,
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let wrote = ready!(Pin::new(&mut self.tcp).poll_write(context, bytes));
        self.link.wrote();
        Poll::Ready(wrote)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let wrote = ready!(Pin::new(&mut self.tcp).poll_write_vectored(context, slices));
        self.link.wrote();
        Poll::Ready(wrote)
    }

    fn is_write_vectored(&self) -> bool {
        self.tcp.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.link.takes_look() && self.is_closed() {
            return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
        }
        Pin::new(&mut self.tcp).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if !self.write_closed {
            ready!(Pin::new(&mut self.tcp).poll_shutdown(context))?;
            self.write_closed = true;
        }
        while !self.ended && (self.link.has_unread() || self.link.has_begun()) {
            let mut dropped = [0; 4096];
            ready!(self.as_mut().poll_read(context, &mut ReadBuf::new(&mut dropped)))?;
        }
        Poll::Ready(Ok(()))
    }
}

//! Lines of text and descriptors over a unix socket.

use std::io::{self, IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd as _, OwnedFd};

use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, recvmsg, sendmsg,
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, Interest};
use tokio::net::UnixStream;

use super::Listeners;

/// The longest line.
const LONGEST: usize = 16 << 10;

/// How many descriptors go along.
const DESCRIPTORS: usize = 4;

/// Sends one line.
pub(super) async fn say(stream: &mut UnixStream, line: &str) -> io::Result<()> {
    stream.write_all(format!("{line}\n").as_bytes()).await
}

/// The next line.
///
/// # Errors
/// `UnexpectedEof` when the other side is gone.
pub(super) async fn hear(stream: &mut UnixStream) -> io::Result<String> {
    let mut line = Vec::new();
    loop {
        match stream.read_u8().await? {
            b'\n' => return String::from_utf8(line).map_err(io::Error::other),
            _ if line.len() == LONGEST => return Err(io::ErrorKind::InvalidData.into()),
            byte => line.push(byte),
        }
    }
}

/// Sends one line, and the descriptors with it.
pub(super) async fn send(
    stream: &mut UnixStream,
    line: &str,
    listeners: &Listeners,
) -> io::Result<()> {
    let Listeners { http, grpc, actuator, deploy } = listeners;
    let line = format!("{line}\n");
    let sent = stream
        .async_io(Interest::WRITABLE, || {
            let descriptors = [http.as_fd(), grpc.as_fd(), actuator.as_fd(), deploy.as_fd()];
            let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(DESCRIPTORS))];
            let mut rights = SendAncillaryBuffer::new(&mut space);
            rights.push(SendAncillaryMessage::ScmRights(&descriptors));
            let text = [IoSlice::new(line.as_bytes())];
            Ok(sendmsg(stream.as_fd(), &text, &mut rights, SendFlags::empty())?)
        })
        .await?;
    // what the socket had no room for
    stream.write_all(&line.as_bytes()[sent..]).await
}

/// The next line, and the descriptors that came with it.
pub(super) async fn receive(stream: &mut UnixStream) -> io::Result<(String, Listeners)> {
    let mut descriptors = Vec::<OwnedFd>::new();
    let mut text = vec![0; LONGEST];
    let read = stream
        .async_io(Interest::READABLE, || {
            let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(DESCRIPTORS))];
            let mut rights = RecvAncillaryBuffer::new(&mut space);
            let mut into = [IoSliceMut::new(&mut text)];
            let flags = RecvFlags::CMSG_CLOEXEC;
            let received = recvmsg(stream.as_fd(), &mut into, &mut rights, flags)?;
            for message in rights.drain() {
                if let RecvAncillaryMessage::ScmRights(came) = message {
                    descriptors.extend(came);
                }
            }
            Ok(received.bytes)
        })
        .await?;
    text.truncate(read);
    let mut line = String::from_utf8(text).map_err(io::Error::other)?;
    match line.strip_suffix('\n') {
        Some(whole) => line.truncate(whole.len()),
        None => line.push_str(&hear(stream).await?),
    }
    let Ok([http, grpc, actuator, deploy]) = <[OwnedFd; DESCRIPTORS]>::try_from(descriptors) else {
        return Err(io::Error::other("the descriptors did not come with it"));
    };
    Ok((line, Listeners { http, grpc, actuator, deploy }))
}

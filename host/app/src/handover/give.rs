//! The old host's side.

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use ottavo_core::{Error, Kind, Result, Shutdown};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::oneshot;
use tracing::{info, warn};

use super::{Listeners, Offer, PATIENCE, READY, START, UP, YOURS, beside, rights};
use crate::signals::Signals;

/// A new host that is ready to take over, and what it was given.
pub(crate) struct Given {
    /// Of no runtime: that of the host ends before the hand-over.
    stream: std::os::unix::net::UnixStream,
    listeners: Listeners,
}

/// Resolves when a new host is ready.
pub(crate) type Waiting = oneshot::Receiver<Given>;

/// Waits in the background for a new host, until `shutdown` begins.
///
/// # Errors
/// `failed-precondition` when the socket cannot be made.
pub(crate) fn wait(listeners: Listeners, offer: Offer, shutdown: &Shutdown) -> Result<Waiting> {
    let socket = File(beside(&offer.deploy));
    let failed = |error: io::Error| {
        let (path, kind) = (socket.0.display(), error.kind());
        let message = format!("cannot open `{path}` for a host that takes over: {kind}");
        Error::new(Kind::FailedPrecondition, message).with_source(error)
    };
    // the data directory is ours alone: what lies there was left behind
    socket.remove();
    // for its user alone from the moment it can be found under its name
    let hidden = socket.0.with_extension(std::process::id().to_string());
    let bound = UnixListener::bind(&hidden).and_then(|listener| {
        fs::set_permissions(&hidden, Permissions::from_mode(0o600))?;
        fs::rename(&hidden, &socket.0).map(|()| listener)
    });
    let listener = bound.map_err(failed)?;
    let (ready, waiting) = oneshot::channel();
    let until = shutdown.clone();
    shutdown.spawn("handover", async move {
        let stream = tokio::select! {
            stream = serve(&listener, &listeners, &offer) => stream,
            () = until.begun() => return,
        };
        drop(socket);
        // nobody waits for it when the host stops at the same moment
        match stream.into_std() {
            Ok(stream) => drop(ready.send(Given { stream, listeners })),
            Err(error) => warn!(%error, "cannot hand over"),
        }
    });
    Ok(waiting)
}

/// One after the other, until one is ready.
async fn serve(listener: &UnixListener, listeners: &Listeners, offer: &Offer) -> UnixStream {
    loop {
        let accepted = listener.accept().await;
        let Ok((mut stream, _)) = accepted else {
            tokio::time::sleep(PATIENCE).await;
            continue;
        };
        let talk = talk(&mut stream, listeners, offer);
        match tokio::time::timeout(START, talk).await {
            Ok(Ok(())) => return stream,
            Ok(Err(error)) => warn!(%error, "a host that was to take over gave up: serving on"),
            Err(_) => warn!("a host that was to take over did not get ready: serving on"),
        }
    }
}

async fn talk(stream: &mut UnixStream, listeners: &Listeners, offer: &Offer) -> io::Result<()> {
    let text = serde_json::to_string(offer).map_err(io::Error::other)?;
    rights::send(stream, &text, listeners).await?;
    match rights::hear(stream).await?.as_str() {
        READY => Ok(()),
        _ => Err(io::Error::other("it said something else")),
    }
}

/// How a hand-over ended.
pub(crate) enum Handed {
    /// The new host serves.
    Over,
    /// It gave up, and the sockets are ours again.
    Back(Listeners),
    /// A signal came meanwhile.
    Stopped,
}

impl Given {
    /// Gives the data directory, which nothing of this process uses any more, and waits for the new
    /// host to serve.
    ///
    /// # Errors
    /// `internal` when the system refuses what every host needs.
    pub(crate) async fn finish(self) -> Result<Handed> {
        let Given { stream, listeners } = self;
        let mut signals = Signals::listen()?;
        let mut stream = UnixStream::from_std(stream)
            .map_err(|error| Error::internal("cannot hand over").with_source(error))?;
        let up = async {
            rights::say(&mut stream, YOURS).await?;
            match rights::hear(&mut stream).await?.as_str() {
                UP => Ok(()),
                _ => Err(io::Error::other("it said something else")),
            }
        };
        Ok(tokio::select! {
            up = tokio::time::timeout(START, up) => match up {
                Ok(Ok(())) => {
                    info!("the new host serves: leaving");
                    Handed::Over
                }
                Ok(Err(error)) => {
                    warn!(%error, "the new host gave up: serving again");
                    Handed::Back(listeners)
                }
                Err(_) => {
                    warn!("the new host does not get up: serving again");
                    Handed::Back(listeners)
                }
            },
            signal = signals.next() => {
                info!(signal, "stopping, while a new host starts");
                Handed::Stopped
            }
        })
    }
}

/// The socket's file, which goes with the value.
struct File(PathBuf);

impl File {
    fn remove(&self) {
        if let Err(error) = fs::remove_file(&self.0)
            && error.kind() != io::ErrorKind::NotFound
        {
            warn!(%error, path = %self.0.display(), "the socket for a hand-over stays behind");
        }
    }
}

impl Drop for File {
    fn drop(&mut self) {
        self.remove();
    }
}

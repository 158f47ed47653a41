//! The new host's side.

use std::io;
use std::path::Path;
use std::time::Duration;

use ottavo_control::socket;
use ottavo_core::{Error, Kind, Result};
use tokio::net::UnixStream;
use tokio::time::timeout;

use super::{Listeners, Offer, PATIENCE, READY, START, UP, YOURS, beside, rights};

/// A host that offers its place.
pub(crate) struct Taken {
    stream: UnixStream,
    pub(crate) offer: Offer,
}

/// Asks the host of a data directory for its sockets.
///
/// # Errors
/// `failed-precondition` when there is none, or when it does not hand over.
pub(crate) async fn take(data_dir: &Path) -> Result<(Taken, Listeners)> {
    let pointer = std::fs::read_to_string(socket::pointer(data_dir)).ok();
    let path = beside(&socket::find(data_dir, pointer.as_deref()));
    let absent = |error: io::Error| {
        let message = format!(
            "no host can be taken over in `{}`: nothing answers at `{}` ({}); start without \
             `--take-over`",
            data_dir.display(),
            path.display(),
            error.kind()
        );
        Error::new(Kind::FailedPrecondition, message).with_source(error)
    };
    let mut stream = UnixStream::connect(&path).await.map_err(absent)?;
    // another new host may be about to take over: then there is nothing to be had here
    let received = timeout(PATIENCE, rights::receive(&mut stream)).await;
    let received = received.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()));
    let (text, listeners) = received.map_err(gave_up)?;
    let offer = serde_json::from_str(&text).map_err(|error| gave_up(io::Error::other(error)))?;
    Ok((Taken { stream, offer }, listeners))
}

impl Taken {
    /// Says that everything is ready, and waits until the data directory is free.
    ///
    /// # Errors
    /// `failed-precondition` when the old host gives up, or takes longer than it said.
    pub(crate) async fn ready(&mut self) -> Result<()> {
        rights::say(&mut self.stream, READY).await.map_err(gave_up)?;
        let patience = Duration::from_millis(self.offer.grace_millis) + START;
        let heard = timeout(patience, rights::hear(&mut self.stream)).await;
        match heard.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into())).map_err(gave_up)? {
            line if line == YOURS => Ok(()),
            _ => Err(gave_up(io::Error::other("it said something else"))),
        }
    }

    /// Says that this host serves.
    pub(crate) async fn up(mut self) {
        // whatever became of the old one, this one serves
        drop(rights::say(&mut self.stream, UP).await);
    }
}

fn gave_up(error: io::Error) -> Error {
    let message = format!("the host that runs did not hand over: {}; see its log", error.kind());
    Error::new(Kind::FailedPrecondition, message).with_source(error)
}

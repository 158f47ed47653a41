//! A new process takes the place of a host that runs, and no connection is refused meanwhile.
//!
//! The new one connects to a socket (0600) in the data directory of the old one:
//!
//! | who | what |
//! |---|---|
//! | old | an [`Offer`], and with it the descriptors of its listening sockets |
//! | new | [`READY`]: it has all that can be had without the data directory |
//! | old | stops as at the end of a host, but for the sockets: clients wait in them. Then [`YOURS`] |
//! | new | opens the data directory, serves, and says [`UP`]; the old one leaves |
//!
//! Whoever closes the connection has given up. The old one then serves on, after [`READY`] by starting
//! again in its own process, with the sockets, which it held all the while. So a new one that does not
//! come up costs its clients a wait, whenever it fails.

mod give;
mod rights;
mod take;

use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

pub(crate) use give::{Given, Handed, wait};
pub(crate) use take::take;

/// The socket's file name, beside that of the deploy API.
const SOCKET: &str = "handover.sock";

const READY: &str = "ready";
const YOURS: &str = "yours";
const UP: &str = "up";

/// For an answer that takes no work.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a new host has to open the data directory, and to serve.
const START: Duration = Duration::from_secs(120);

/// Where the sockets of a host are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Offer {
    /// The process that has them.
    pub(crate) pid: u32,
    pub(crate) version: String,
    /// How long it may take until nothing is under way there.
    pub(crate) grace_millis: u64,
    pub(crate) http: String,
    pub(crate) grpc: String,
    pub(crate) actuator: String,
    /// The deploy API's socket.
    pub(crate) deploy: PathBuf,
}

/// The listening sockets of a host, open for as long as this is.
pub(crate) struct Listeners {
    pub(crate) http: OwnedFd,
    pub(crate) grpc: OwnedFd,
    pub(crate) actuator: OwnedFd,
    pub(crate) deploy: OwnedFd,
}

/// The socket beside that of the deploy API.
fn beside(deploy: &Path) -> PathBuf {
    deploy.with_file_name(SOCKET)
}

//! Tells the service manager how far the host is, where there is one (`sd_notify` of systemd).

use std::os::linux::net::SocketAddrExt as _;
use std::os::unix::net::{SocketAddr, UnixDatagram};

use ottavo_settings::Env;

/// The way to the service manager, if there is one.
pub(crate) struct Notify(Option<SocketAddr>);

impl Notify {
    /// Where `NOTIFY_SOCKET` says.
    pub(crate) fn of(env: &Env) -> Notify {
        let path = env.get("NOTIFY_SOCKET");
        Notify(path.and_then(|path| match path.strip_prefix('@') {
            Some(name) => SocketAddr::from_abstract_name(name).ok(),
            None => SocketAddr::from_pathname(path).ok(),
        }))
    }

    /// The host serves, and is the service from now on.
    pub(crate) fn ready(&self) {
        self.send(&format!("READY=1\nMAINPID={}\n", std::process::id()));
    }

    /// The host stops.
    pub(crate) fn stopping(&self) {
        self.send("STOPPING=1\n");
    }

    fn send(&self, text: &str) {
        let Some(address) = &self.0 else { return };
        let sent = UnixDatagram::unbound().and_then(|socket| {
            socket.set_nonblocking(true)?;
            socket.send_to_addr(text.as_bytes(), address)
        });
        if let Err(error) = sent {
            tracing::warn!(%error, "the service manager cannot be told how far the host is");
        }
    }
}

//! A proxy of TCP that is as bad as it is told to be.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Result;
use ottavo_core::Shutdown;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// What becomes of bytes on their way, in both directions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Toxin {
    /// They arrive.
    None,
    /// They arrive later.
    Delay(Duration),
    /// They do not arrive, and neither side is told: a network that swallows packets.
    BlackHole,
    /// Connections are closed, old ones and new ones, without a word.
    Cut,
}

/// Stands in front of a server, on a free port of loopback, and ends with the value.
pub struct Toxic {
    address: SocketAddr,
    toxin: watch::Sender<Toxin>,
    shutdown: Shutdown,
}

impl Toxic {
    /// In front of the server on this port of loopback; harmless at first.
    pub async fn before(port: u16) -> Result<Toxic> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let (toxin, shutdown) = (watch::Sender::new(Toxin::None), Shutdown::new());
        let (told, tasks) = (toxin.subscribe(), shutdown.clone());
        shutdown.spawn("toxic", async move {
            let accept = async {
                while let Ok((client, _)) = listener.accept().await {
                    let (told, until) = (told.clone(), tasks.clone());
                    tasks.spawn("toxic connection", async move {
                        tokio::select! {
                            () = carry(client, port, told) => {}
                            () = until.begun() => {}
                        }
                    });
                }
            };
            tokio::select! {
                () = accept => {}
                () = tasks.begun() => {}
            }
        });
        Ok(Toxic { address, toxin, shutdown })
    }

    /// Where clients find it.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// From now on, for old connections and new ones.
    pub fn set(&self, toxin: Toxin) {
        self.toxin.send_replace(toxin);
    }
}

impl Drop for Toxic {
    fn drop(&mut self) {
        self.shutdown.begin();
    }
}

async fn carry(client: TcpStream, port: u16, mut toxin: watch::Receiver<Toxin>) {
    let mut until_cut = toxin.clone();
    let carried = async {
        // a server that is away closes the connection to the client as well
        let Ok(server) = TcpStream::connect(("127.0.0.1", port)).await else { return };
        let (from_client, to_client) = client.into_split();
        let (from_server, to_server) = server.into_split();
        let mut back = toxin.clone();
        tokio::select! {
            () = pump(from_client, to_server, &mut toxin) => {}
            () = pump(from_server, to_client, &mut back) => {}
        }
    };
    tokio::select! {
        () = carried => {}
        _ = until_cut.wait_for(|toxin| *toxin == Toxin::Cut) => {}
    }
}

async fn pump(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    toxin: &mut watch::Receiver<Toxin>,
) {
    let mut bytes = vec![0; 16 << 10];
    while let Ok(read @ 1..) = from.read(&mut bytes).await {
        let Ok(toxin) = toxin.wait_for(|toxin| *toxin != Toxin::BlackHole).await.map(|t| *t) else {
            return;
        };
        if let Toxin::Delay(delay) = toxin {
            tokio::time::sleep(delay).await;
        }
        if to.write_all(&bytes[..read]).await.is_err() {
            return;
        }
    }
}

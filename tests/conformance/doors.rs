//! Both doors of one host side by side, for what each must refuse as the other does.

use ottavo_core::{Error, Shutdown};
use tonic::transport::Channel;

use crate::guests;
use crate::host::Host;
use crate::relay::encoding::{Read, Reader, Writer};
use crate::relay::{Connection, result};
use crate::servers::Servers;

/// The door of apps, and that of functions through a guest.
pub(crate) struct Doors {
    pub(crate) channel: Channel,
    pub(crate) relay: Connection,
    /// The guest's name.
    pub(crate) guest: String,
}

/// Runs `check` with each guest that is built here, all on one host.
pub(crate) async fn with_each_guest(check: impl AsyncFn(&Doors)) {
    let servers = Servers::start().await;
    let (host, shutdown) = (Host::start(&servers).await, Shutdown::new());
    let channel = host.channel().await;
    for guest in guests::built() {
        host.deploy(&guest).await;
        let relay = host.relay(&guest, &shutdown).await;
        check(&Doors { channel: channel.clone(), relay, guest: guest.name }).await;
    }
}

/// The error of a call through a guest, which must be refused.
pub(crate) async fn refusal(relay: &Connection, call: Writer) -> Error {
    let mut answer = Reader::new(relay.post(call.finish()).await.unwrap());
    result(&mut answer, succeeded).unwrap().unwrap_err()
}

/// What is read where no answer may come.
fn succeeded(_: &mut Reader) -> Read<()> {
    Err("the call succeeded".to_owned())
}

//! The real host with a store of every driver.

use std::path::Path;

use ottavo_core::Shutdown;
use ottavo_test_support::TestHost;
use tonic::transport::Channel;

use crate::drivers::STORES;
use crate::guests::Guest;
use crate::relay::Connection;

pub(crate) struct Host(TestHost);

impl Host {
    pub(crate) async fn start() -> Host {
        // `default` is there as well, for relays that ask for what every host has
        let mut config = "[state.default]\ndriver = \"local\"\n".to_owned();
        for (name, driver) in STORES {
            config += &format!("[state.{name}]\ndriver = \"{driver}\"\n");
        }
        Host(TestHost::builder().config(config).start().await.unwrap())
    }

    /// A connection to the gRPC door.
    pub(crate) async fn channel(&self) -> Channel {
        let endpoint = format!("http://{}", self.0.grpc());
        Channel::from_shared(endpoint).unwrap().connect().await.unwrap()
    }

    /// Builds and deploys a function.
    pub(crate) async fn deploy(&self, folder: &Path) {
        self.0.deploy(folder).await.unwrap();
    }

    /// A connection to a deployed relay.
    pub(crate) async fn relay(&self, guest: &Guest, shutdown: &Shutdown) -> Connection {
        let path = format!("/conformance/{}", guest.language);
        Connection::open(self.0.http(), &path, shutdown).await.unwrap()
    }
}

//! The real host with a store of every driver.

use ottavo_core::Shutdown;
use ottavo_test_support::{TestHost, program};
use tonic::transport::Channel;

use crate::guests::Guest;
use crate::relay::Connection;
use crate::servers::Servers;
use crate::{secret, stage};

pub(crate) struct Host(TestHost);

impl Host {
    /// With its data in a folder of its own, and on these servers.
    pub(crate) async fn start(servers: &Servers) -> Host {
        // `default` is there as well, for relays that ask for what every host has
        let default = "[state.default]\ndriver = \"local\"\n";
        let config = format!("{default}{}", stage::configuration(servers));
        // for a machine with much else to do: what is slow is not wrong
        let patience = "[grpc]\ntimeout = \"2m\"\n[limits]\ncpu = \"30s\"\ntimeout = \"2m\"\n";
        let config = format!("{config}{patience}");
        let mut host = TestHost::builder().config(config);
        for (name, value) in secret::variables() {
            host = host.env(name, value);
        }
        Host(host.start().await.unwrap())
    }

    /// A connection to the gRPC door.
    pub(crate) async fn channel(&self) -> Channel {
        let endpoint = format!("http://{}", self.0.grpc());
        // streams of cases that have not come to reading them must not hold up the other cases
        let endpoint = Channel::from_shared(endpoint).unwrap();
        endpoint.initial_connection_window_size(1 << 30).connect().await.unwrap()
    }

    /// Where it keeps everything.
    pub(crate) fn data_dir(&self) -> std::path::PathBuf {
        self.0.data_dir()
    }

    /// How much memory its process holds.
    pub(crate) fn resident_bytes(&self) -> u64 {
        self.0.resident_bytes().unwrap()
    }

    /// Deploys a relay.
    pub(crate) async fn deploy(&self, guest: &Guest) {
        let wasm = program(&format!("conformance-{}", guest.name)).unwrap();
        self.0.deploy_with(&wasm, &guest.manifest).await.unwrap();
    }

    /// Connects to a relay that is deployed. Not for later: a connection that is quiet is closed.
    pub(crate) async fn relay(&self, guest: &Guest, shutdown: &Shutdown) -> Connection {
        let path = format!("/conformance/{}", guest.name);
        Connection::open(self.0.http(), &path, shutdown).await.unwrap()
    }
}

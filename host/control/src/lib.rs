//! The deploy API as types: JSON over HTTP/1.1 on a unix socket. No I/O here.
//!
//! | request | body | answer |
//! |---|---|---|
//! | `GET /v1/host` | | [`HostInfo`] |
//! | `PUT /v1/artifacts/{sha256}` | the bytes of a `.wasm` | [`ArtifactReply`] |
//! | `GET /v1/functions` | | [`FunctionList`] |
//! | `POST /v1/functions` | [`DeployRequest`] | [`DeployReply`] |
//! | `GET /v1/functions/{name}` | | [`FunctionDescription`] |
//! | `DELETE /v1/functions/{name}` | | [`DeleteReply`] |
//! | `GET /v1/functions/{name}/versions` | | [`VersionList`] |
//! | `POST /v1/functions/{name}/versions` | [`TrafficRequest`] | [`TrafficReply`] |
//! | `DELETE /v1/functions/{name}/versions/{version}` | | [`DeleteReply`] |
//! | `POST /v1/functions/{name}/logs` | [`LogsRequest`] | one [`LogLine`] a line |
//! | `POST /v1/functions/{name}/invoke` | [`InvokeRequest`] | [`InvokeReply`] |
//! | `POST /v1/state/{store}` | [`StateRequest`] | [`StateReply`] |
//! | `POST /v1/pubsub/{store}` | [`EventsRequest`] | [`EventsReply`] |
//!
//! Every answer has a header `x-request-id`. An error is an [`ErrorReply`] with the HTTP status of its kind.

mod base64_bytes;
mod describe;
mod error;
mod events;
mod function;
mod invoke;
mod logs;
pub mod socket;
mod state;
mod traffic;

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

pub use describe::{DeleteReply, FunctionDescription};
pub use error::{ErrorBody, ErrorReply};
pub use events::{EventsReply, EventsRequest};
pub use function::{
    ArtifactReply, DeployReply, DeployRequest, FunctionInfo, FunctionList, LimitsInfo,
};
pub use invoke::{InvokeReply, InvokeRequest};
pub use logs::{LogEnd, LogEntry, LogLevel, LogLine, LogsRequest};
pub use socket::SocketPlace;
pub use state::{StateExpiry, StateReply, StateRequest, StateValue};
pub use traffic::{Share, TrafficReply, TrafficRequest, VersionInfo, VersionList};

/// Where a host is and what it listens on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostInfo {
    /// The host's version.
    pub version: String,
    /// Its process id.
    pub pid: u32,
    /// Its data directory.
    pub data_dir: PathBuf,
    /// The HTTP trigger: `127.0.0.1:2045`.
    pub http: String,
    /// Whether it speaks TLS.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub https: bool,
    /// The gRPC door: an address or the path of a unix socket.
    pub grpc: String,
    /// The actuator: `127.0.0.1:34999`.
    pub actuator: String,
    /// The deploy API on TCP, where it has an address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deploy: Option<String>,
    /// Whether it speaks TLS there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deploy_https: bool,
}

impl HostInfo {
    /// What the URL of a function begins with.
    pub fn scheme(&self) -> &'static str {
        scheme(self.https)
    }

    /// The URL of the deploy API on TCP, where it has an address.
    pub fn deploy_url(&self) -> Option<String> {
        Some(format!("{}://{}", scheme(self.deploy_https), self.deploy.as_ref()?))
    }
}

fn scheme(https: bool) -> &'static str {
    if https { "https" } else { "http" }
}

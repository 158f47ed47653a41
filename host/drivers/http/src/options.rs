//! The table of an `http` store, and what every HTTP client of this driver can be told.

use std::collections::BTreeMap;
use std::path::PathBuf;

use ottavo_core::Secret;
use ottavo_core::units::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::client::Config;

/// Where the apps are and how they are spoken to.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HttpOptions {
    /// The base address of each app by its id, such as `{ orders = "http://127.0.0.1:8081" }`. A path in it stands
    /// before the paths of the calls. Default none.
    #[serde(default)]
    #[schemars(extend("examples" = [{ "orders": "http://127.0.0.1:8081" }]))]
    pub(crate) apps: BTreeMap<String, String>,
    /// How apps are spoken to: `auto` is HTTP/1.1, and over TLS whatever the app prefers; `h2` is
    /// HTTP/2 without TLS too. Default `auto`.
    #[serde(default)]
    pub(crate) protocol: Protocol,
    /// A PEM file with the certificates that may have signed those of the apps. Default: those that
    /// this machine trusts.
    pub(crate) ca: Option<PathBuf>,
    /// For a connection to be made, with the look-up of the name and TLS. Default `2s`.
    #[serde(default = "two_seconds")]
    pub(crate) connect_timeout: Span,
    /// How long a connection waits for its next call. Default `1m`.
    #[serde(default = "a_minute")]
    pub(crate) idle_timeout: Span,
    /// How many connections to one address wait. Default 32.
    #[serde(default = "thirty_two")]
    pub(crate) max_idle: usize,
}

/// How a server is spoken to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Protocol {
    /// HTTP/1.1; over TLS HTTP/2 where the server has it.
    #[default]
    Auto,
    /// HTTP/2, without TLS too.
    H2,
}

/// Where a binding leads.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BindingOptions {
    /// The address of every request, such as `https://hooks.example.com/orders`. It is treated as a secret:
    /// many hold a token.
    pub(crate) url: Secret<String>,
    /// Headers of every request, such as `{ Authorization = "Bearer ..." }`; a caller's header of the same name
    /// gives way. Default none.
    #[serde(default)]
    pub(crate) headers: BTreeMap<String, Secret<String>>,
    /// What is an answer and no error: `success`, a status of 200 to 299, or `any`. Default `success`.
    #[serde(default)]
    pub(crate) accept: Accept,
    /// How the server is spoken to: `auto` is HTTP/1.1, and over TLS whatever the server prefers; `h2`
    /// is HTTP/2 without TLS too. Default `auto`.
    #[serde(default)]
    pub(crate) protocol: Protocol,
    /// A PEM file with the certificates that may have signed that of the server. Default: those that
    /// this machine trusts.
    pub(crate) ca: Option<PathBuf>,
    /// For a connection to be made, with the look-up of the name and TLS. Default `2s`.
    #[serde(default = "two_seconds")]
    pub(crate) connect_timeout: Span,
}

impl BindingOptions {
    pub(crate) fn client(&self) -> Config {
        Config {
            protocol: self.protocol,
            ca: self.ca.clone(),
            connect_timeout: self.connect_timeout,
            ..Config::default()
        }
    }
}

/// Which answers of a server are answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Accept {
    /// Those of success; another one is an error.
    #[default]
    Success,
    /// All; the caller looks at `statusCode`.
    Any,
}

fn two_seconds() -> Span {
    Span::secs(2)
}

fn a_minute() -> Span {
    Span::secs(60)
}

fn thirty_two() -> usize {
    32
}

//! The table of a `redis` store.

use std::path::PathBuf;

use ottavo_core::Secret;
use ottavo_core::schema::SECRET_URL;
use ottavo_core::units::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

/// Where redis is and how it is spoken to. The addresses may hold passwords, and are secret too.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RedisOptions {
    /// `redis://[user:password@]host[:port][/database]`, `rediss://` for TLS, or `unix:///path`. A
    /// list of them names several sentinels, or several nodes of a cluster.
    #[serde(deserialize_with = "addresses")]
    #[schemars(with = "OneOrMany")]
    pub(crate) url: Vec<Secret<String>>,
    /// What `url` points at: `single`, `sentinel` or `cluster`. Default `single`.
    #[serde(default)]
    pub(crate) mode: Mode,
    /// With `mode = "sentinel"`: the name of the master.
    pub(crate) master: Option<String>,
    /// The user. Wins over the one in `url`.
    pub(crate) username: Option<String>,
    /// The password, as it is. Wins over the one in `url`.
    pub(crate) password: Option<Secret<String>>,
    /// With `mode = "sentinel"`: the user for the sentinels themselves. Default: none.
    pub(crate) sentinel_username: Option<String>,
    /// With `mode = "sentinel"`: the password for the sentinels themselves. Default: none.
    pub(crate) sentinel_password: Option<Secret<String>>,
    /// With `rediss://`: a PEM file with the certificates that may have signed redis's own. Default:
    /// those that this machine trusts.
    pub(crate) ca: Option<PathBuf>,
    /// With `rediss://`: a PEM file with the certificate that this host shows to redis. Default: none.
    pub(crate) cert: Option<PathBuf>,
    /// A PEM file with the key of `cert`.
    pub(crate) key: Option<PathBuf>,
    /// For a connection to be made, with TLS and password. Default `2s`.
    #[serde(default = "two_seconds")]
    pub(crate) connect_timeout: Span,
}

/// What `url` points at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Mode {
    #[default]
    Single,
    Sentinel,
    Cluster,
}

fn two_seconds() -> Span {
    Span::secs(2)
}

/// One address, or a list of them.
#[derive(Deserialize, JsonSchema)]
#[serde(untagged, expecting = "`url` is an address such as `redis://127.0.0.1:6379`, or a list")]
enum OneOrMany {
    One(Address),
    Many(Vec<Address>),
}

/// May hold a password.
#[derive(Deserialize, JsonSchema)]
#[serde(transparent)]
struct Address(#[schemars(with = "String", extend("format" = SECRET_URL))] String);

fn addresses<'de, D: Deserializer<'de>>(input: D) -> Result<Vec<Secret<String>>, D::Error> {
    let addresses = match OneOrMany::deserialize(input)? {
        OneOrMany::One(address) => vec![address],
        OneOrMany::Many(addresses) => addresses,
    };
    Ok(addresses.into_iter().map(|Address(text)| Secret::new(text)).collect())
}

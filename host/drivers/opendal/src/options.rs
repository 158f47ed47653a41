//! The tables of `s3` and `fs` stores.

use std::path::PathBuf;

use ottavo_core::Secret;
use ottavo_core::units::{ByteCount, Span};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where the bucket is and who may use it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct S3Options {
    /// The bucket. It must exist.
    pub(crate) bucket: String,
    /// The access key.
    pub(crate) access_key_id: Secret<String>,
    /// Its secret.
    pub(crate) secret_access_key: Secret<String>,
    /// The session token of a temporary access key. Default none.
    pub(crate) session_token: Option<Secret<String>>,
    /// The address of the service, such as `https://s3.example.com` or `http://127.0.0.1:9000`. Default: the one of
    /// AWS in `region`.
    pub(crate) endpoint: Option<String>,
    /// The region that requests are signed for. Default `us-east-1`.
    #[serde(default = "us_east_1")]
    pub(crate) region: String,
    /// What stands before each name in the bucket, such as `receipts/2026`. Default: nothing.
    pub(crate) root: Option<String>,
    /// Where the bucket stands in a request: in the `path`, or as a `host` of its own. Default `path`.
    #[serde(default)]
    pub(crate) addressing: Addressing,
    /// How much of a file is sent at once, from `5MiB` to `256MiB`; a file that is written takes twice that of memory,
    /// and has at most 10,000 parts. Default `8MiB`.
    #[serde(default = "eight_mib")]
    pub(crate) part_size: ByteCount,
    /// A PEM file with the certificates that may have signed that of the service. Default: those that
    /// this machine trusts.
    pub(crate) ca: Option<PathBuf>,
    /// For a connection to be made, with the look-up of the name. Default `2s`.
    #[serde(default = "two_seconds")]
    pub(crate) connect_timeout: Span,
}

/// Where the bucket stands in a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Addressing {
    /// `https://s3.example.com/bucket/name`
    #[default]
    Path,
    /// `https://bucket.s3.example.com/name`
    Host,
}

/// Where files are kept.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FsOptions {
    /// The folder. Several stores and hosts may have the same one.
    pub(crate) root: PathBuf,
}

fn us_east_1() -> String {
    "us-east-1".to_owned()
}

fn eight_mib() -> ByteCount {
    ByteCount::mib(8)
}

fn two_seconds() -> Span {
    Span::secs(2)
}

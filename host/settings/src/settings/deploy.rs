//! `[deploy]`: what becomes of versions.

use std::net::SocketAddr;
use std::path::PathBuf;

use ottavo_document::Reader;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::tls;
use crate::format::{ADDRESS, PATH};
use crate::{Drivers, TlsFiles};

/// How functions are deployed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Deploy {
    /// How many versions of each function are kept, for `rollback`, `activate` and `split`; those that
    /// answer are always kept. Under `ottavo dev` one. Default `5`.
    #[schemars(range(min = 1, max = 100))]
    pub keep: u32,
    /// An address on which the deploy API answers who shows a token of `token_file`, beside its unix
    /// socket. One that other machines reach wants `tls`, or `plaintext`. Port 0 takes a free one.
    /// Default none.
    #[schemars(with = "Option<String>", extend("format" = ADDRESS, "examples" = ["127.0.0.1:2046"]))]
    pub listen: Option<SocketAddr>,
    /// Tokens for `listen`: one a line, each of at least 32 characters, with a name before it if you
    /// like, by which the audit log knows it. It is read again when it changes.
    #[schemars(extend("format" = PATH, "examples" = ["/run/secrets/deploy"]))]
    pub token_file: Option<PathBuf>,
    /// `{ cert = "FILE", key = "FILE", client_ca = "FILE" }`: certificates for `listen`, in PEM, read
    /// again when they change. With `client_ca`, clients need a certificate of that file as well as a
    /// token. Default: no TLS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls: Option<TlsFiles>,
    /// Whether other machines may reach `listen` without `tls`, as behind a proxy that speaks TLS: tokens
    /// travel for everybody on the way to read. Default `false`.
    pub plaintext: bool,
}

/// Reports what is wrong in `[deploy]` beyond its shape.
pub(crate) fn check(reader: &Reader<'_>, deploy: &Deploy, drivers: &dyn Drivers) {
    let place = |key: &str| reader.place_of(key).unwrap_or_default();
    if deploy.listen.is_some() && deploy.token_file.is_none() {
        let path = "deploy.listen";
        let message =
            "lets clients deploy over TCP: write `token_file` beside it, with their tokens";
        reader.report(place(path), path.to_owned(), message.to_owned());
    }
    let beyond = deploy.listen.filter(|address| !address.ip().is_loopback());
    if let Some(address) = beyond.filter(|_| deploy.tls.is_none() && !deploy.plaintext) {
        let path = "deploy.listen";
        let message = format!(
            "is `{address}`, which other machines reach: write `tls = {{ cert = \"FILE\", key = \"FILE\" }}` \
             beside it, or `plaintext = true` where a proxy in front speaks TLS, or use a loopback \
             address such as `127.0.0.1:{}`",
            address.port()
        );
        reader.report(place(path), path.to_owned(), message);
    }
    tls::check(reader, "deploy.tls", deploy.tls.as_ref(), drivers);
    let Some(file) = &deploy.token_file else { return };
    for finding in drivers.tokens(&[("deploy".to_owned(), file.clone())]) {
        let path = "deploy.token_file".to_owned();
        match finding.fatal {
            true => reader.report(place(&path), path, finding.message),
            false => reader.warn_at(place(&path), path, finding.message),
        }
    }
}

impl Default for Deploy {
    fn default() -> Deploy {
        Deploy { keep: 5, listen: None, token_file: None, tls: None, plaintext: false }
    }
}

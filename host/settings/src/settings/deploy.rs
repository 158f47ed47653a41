//! `[deploy]`: how functions are deployed, and what becomes of versions.

use std::net::SocketAddr;
use std::path::PathBuf;

use ottavo_core::units::{ByteCount, Span};
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
    /// The largest `.wasm` that is taken; from `64KiB` to `4GiB`. Default `64MiB`.
    #[schemars(extend("x-least" = "64KiB", "x-most" = "4GiB"))]
    pub max_upload: ByteCount,
    /// For the next 64 KiB of an upload to arrive, or its end. Default `30s`.
    #[schemars(extend("x-not-zero" = true))]
    pub upload_timeout: Span,
    /// For an upload to be read and compiled, in a process of its own; a deploy that takes longer is
    /// refused. Default `1m`.
    #[schemars(extend("x-not-zero" = true))]
    pub compile_timeout: Span,
    /// The most memory of the process that reads and compiles an upload; from `64MiB` to `64GiB`. Default `1GiB`.
    #[schemars(extend("x-least" = "64MiB", "x-most" = "64GiB"))]
    pub compile_memory: ByteCount,
    /// The threads of that process, which give way to those that answer. Default one for each
    /// processor, at most 8.
    #[schemars(range(min = 1, max = 64))]
    pub compile_threads: Option<u32>,
    /// Whether only what is signed by one of `keys` or `key_files` is deployed and answers. Default `false`.
    pub require_signed: bool,
    /// Public keys of minisign, as `minisign -G` shows them. Where there are any, a signature that is sent
    /// is checked. Default `[]`.
    #[schemars(extend("examples" = [["RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3"]]))]
    pub keys: Vec<String>,
    /// Files with public keys, as minisign writes them. Default `[]`.
    #[schemars(extend("examples" = [["/etc/ottavo/minisign.pub"]]))]
    pub key_files: Vec<PathBuf>,
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
        Deploy {
            keep: 5,
            max_upload: ByteCount::mib(64),
            upload_timeout: Span::secs(30),
            compile_timeout: Span::secs(60),
            compile_memory: ByteCount::mib(1024),
            compile_threads: None,
            require_signed: false,
            keys: Vec::new(),
            key_files: Vec::new(),
            listen: None,
            token_file: None,
            tls: None,
            plaintext: false,
        }
    }
}

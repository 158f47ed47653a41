//! A server of the S3 protocol for the tests: in no registry as a program, so that Go builds it once.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::tools;
use crate::place::{self, Place};
use crate::{process, say};

/// Its file name.
const NAME: &str = "versitygw";

const MODULE: &str = "github.com/versity/versitygw/cmd/versitygw";

const VERSION: &str = "v1.8.0";

/// The folder of the server that setup installed, after building it where needed; none when there is
/// one on `PATH`.
pub(super) fn ready(place: &Place) -> Result<Option<PathBuf>> {
    if place::on_path(NAME).is_some() {
        return Ok(None);
    }
    let folder = place.cache.join("tools").join(format!("{NAME}-{VERSION}"));
    if folder.join(NAME).is_file() {
        return Ok(Some(folder));
    }
    say::heading("setup: versitygw, an S3 server, which the tests start on ports of their own");
    let go = tools::bringing("go").context("setup knows where Go comes from")?;
    let go = go.find_or_install(place).context("Go builds it")?;
    // a build that is broken off leaves nothing that looks like a server
    let scratch = place.cache.join("tools").join(format!("{NAME}-{VERSION}.new"));
    fs::create_dir_all(&scratch)?;
    let mut install = Command::new(go);
    install.args(["install", "-trimpath", "-ldflags=-s -w", &format!("{MODULE}@{VERSION}")]);
    install.env("GOBIN", &scratch).env("CGO_ENABLED", "0").env_remove("GOFLAGS");
    if let Err(error) = process::run(&mut install) {
        bail!("{error:#}; or put a `{NAME}` of your own on PATH");
    }
    fs::rename(&scratch, &folder)?;
    Ok(Some(folder))
}

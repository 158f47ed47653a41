//! The table of a `file-watch` store.

use std::path::PathBuf;
use std::time::Duration;

use ottavo_core::units::Span;
use ottavo_core::{Error, Result};
use schemars::JsonSchema;
use serde::Deserialize;

/// Which files, and how soon.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FileWatchOptions {
    /// The folder. It must be there when somebody listens.
    pub(crate) folder: PathBuf,
    /// Whether files in folders within it count. Default `true`.
    #[serde(default = "yes")]
    pub(crate) recursive: bool,
    /// Whether files that are there when the listening begins are told as new. Default `true`.
    #[serde(default = "yes")]
    pub(crate) existing: bool,
    /// How long a file must stay as it is before it is told: one that is still being written is not.
    /// Default `500ms`.
    #[serde(default = "half_a_second")]
    pub(crate) settle: Span,
    /// How often the folder is looked at where the system does not say that something changed, as of
    /// network file systems. Default `2s`.
    #[serde(default = "two_seconds")]
    pub(crate) poll: Span,
}

fn yes() -> bool {
    true
}

fn half_a_second() -> Span {
    Span(Duration::from_millis(500))
}

fn two_seconds() -> Span {
    Span::secs(2)
}

/// The least of `poll`: a look costs a walk through the folder.
const LEAST: Duration = Duration::from_millis(50);

impl FileWatchOptions {
    pub(crate) fn check(&self) -> Result<()> {
        if self.folder.as_os_str().is_empty() {
            return Err(Error::invalid("`folder` is empty: write a path"));
        }
        if self.poll.0 < LEAST {
            let found = self.poll;
            return Err(Error::invalid(format!("`poll` is {found}: use 50ms or more")));
        }
        if self.settle.0 > Duration::from_secs(3600) {
            let found = self.settle;
            return Err(Error::invalid(format!("`settle` is {found}: use 1h or less")));
        }
        Ok(())
    }
}

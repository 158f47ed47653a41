//! The side of a compilation that does it: a process that reads requests, one line of JSON for each,
//! and answers them in kind. The other side is `compilers.rs`.
//!
//! Whatever was uploaded is parsed here for the first time, so that nothing in it harms the host.

use std::borrow::Cow;
use std::fs::{self, File};
use std::io::{self, BufRead, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, sync_channel};

use ottavo_core::{Digest, Error, Kind, Result};
use ottavo_engine::Target;
use serde::{Deserialize, Serialize};

/// What the process is asked for.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Job {
    /// To read what was uploaded, and to say which component it is.
    Read {
        /// The file.
        artifact: PathBuf,
        /// What it must hold.
        digest: Digest,
        /// Where the component goes, when one was made.
        component: PathBuf,
    },
    /// To compile that component.
    Compile {
        /// The file.
        to: PathBuf,
        target: Target,
    },
}

/// What was uploaded.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Known {
    /// Its size in bytes.
    pub(crate) size: u64,
    /// The component.
    pub(crate) component: Digest,
    /// Whether it was made of a core module, and written.
    pub(crate) made: bool,
    /// Whether its functions may be asynchronous.
    pub(crate) concurrent: bool,
}

/// What the process answers.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Reply {
    Known(Known),
    Compiled,
    Refused { kind: String, message: String, details: Vec<(String, String)> },
}

impl Reply {
    fn refused(error: &Error) -> Reply {
        let (kind, message) = (error.kind().name().to_owned(), error.message().to_owned());
        Reply::Refused { kind, message, details: error.details().to_vec() }
    }

    /// What was refused, as the error that it was.
    pub(crate) fn accepted(self) -> Result<Reply> {
        let Reply::Refused { kind, message, details } = self else { return Ok(self) };
        let error = Error::new(kind.parse().unwrap_or(Kind::Internal), message);
        Err(details.into_iter().fold(error, |error, (name, value)| error.with_detail(name, value)))
    }
}

/// Answers what comes on standard input, until it ends: then whoever asked is gone, and so is this
/// process, whatever it is at.
///
/// # Errors
/// When nothing can be answered.
pub fn compile(mut answers: impl Write) -> io::Result<()> {
    let requests = requests()?;
    let mut component = Vec::new();
    for line in requests {
        let reply = serde_json::from_str(&line)
            .map_err(|error| Error::internal(format!("not a request: {error}")))
            .and_then(|job| answer(job, &mut component))
            .unwrap_or_else(|error| Reply::refused(&error));
        let mut line = serde_json::to_vec(&reply)?;
        line.push(b'\n');
        answers.write_all(&line)?;
        answers.flush()?;
    }
    Ok(())
}

fn requests() -> io::Result<Receiver<String>> {
    let (send, requests) = sync_channel(1);
    let read = move || {
        for line in io::stdin().lock().lines().map_while(Result::ok) {
            if send.send(line).is_err() {
                return;
            }
        }
        std::process::exit(0);
    };
    std::thread::Builder::new().name("requests".to_owned()).spawn(read)?;
    Ok(requests)
}

fn answer(job: Job, known: &mut Vec<u8>) -> Result<Reply> {
    match job {
        Job::Read { artifact, digest, component: path } => {
            let bytes = crate::artifacts::read(&artifact, &digest)?;
            let size = bytes.len() as u64;
            let component = ottavo_componentize::component(&bytes)?;
            let inspection = ottavo_componentize::inspect(&component)?;
            ottavo_componentize::check(&inspection)?;
            let concurrent = inspection.is_concurrent();
            let made = match component {
                Cow::Borrowed(_) => None,
                Cow::Owned(made) => Some(made),
            };
            let component = made.as_deref().map_or(digest, Digest::of);
            if let Some(made) = &made {
                write(&path, made)?;
            }
            let is_made = made.is_some();
            *known = made.unwrap_or(bytes);
            Ok(Reply::Known(Known { size, component, made: is_made, concurrent }))
        }
        Job::Compile { to, target } => {
            write(&to, &native(known, target)?)?;
            Ok(Reply::Compiled)
        }
    }
}

/// The code of a component, tuned as the target says. One that does not compile so is compiled as it is.
fn native(component: &[u8], target: Target) -> Result<Vec<u8>> {
    if let Cow::Owned(tuned) = ottavo_componentize::tuned(component, target.headroom.pages)
        && let Ok(code) = ottavo_engine::compile(&tuned, target)
    {
        return Ok(code);
    }
    ottavo_engine::compile(component, target)
}

/// Fills a file that is there.
fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let written = || {
        let mut file = fs::OpenOptions::new().write(true).truncate(true).open(path)?;
        file.write_all(bytes)?;
        File::sync_all(&file)
    };
    written().map_err(|error| {
        let message = format!("cannot write `{}`: {error}", path.display());
        Error::new(Kind::Unavailable, message).with_source(error)
    })
}

//! Who did what: deploys and their like, refused tokens, denied grants.
//!
//! Each is a line of the host's log with the target `audit` and, where there is a file for it, a line
//! of JSON there, written before the answer goes out. What a client can repeat as often as it likes
//! is bounded: past [`MOST`] lines of an action within [`WINDOW`] the rest is counted, and told in one
//! line. Nothing secret comes here: callers hand over names and public messages.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use ottavo_core::{Error, Kind, Result, Shutdown};
use serde_json::{Value, json};
use tokio::time::Instant;
use tracing::{error, info, warn};

/// The target of its lines in the host's log.
pub const TARGET: &str = "audit";

/// How many lines of a refusal there are within a window.
const MOST: u64 = 20;

/// After which what was only counted is told.
const WINDOW: Duration = Duration::from_secs(60);

/// The longest text of a line, in bytes: names of a guest's choice may be long.
const LONGEST: usize = 512;

/// What was done, or tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// A version was deployed.
    Deploy,
    /// Another version was made active.
    Activate,
    /// The version before was gone back to.
    Rollback,
    /// Requests were split between versions.
    Split,
    /// A version with a share got all requests.
    Promote,
    /// A function, or a version of it, was taken away.
    Delete,
    /// A token was shown that is none of this host's, or none was shown.
    Token,
    /// A grant was missing.
    Grant,
}

impl Action {
    /// Those that whoever is refused can repeat.
    const REFUSALS: [Action; 2] = [Action::Token, Action::Grant];

    fn name(self) -> &'static str {
        match self {
            Action::Deploy => "deploy",
            Action::Activate => "activate",
            Action::Rollback => "rollback",
            Action::Split => "split",
            Action::Promote => "promote",
            Action::Delete => "delete",
            Action::Token => "token",
            Action::Grant => "grant",
        }
    }
}

/// Where it is written. Cheap to clone.
#[derive(Clone, Default)]
pub struct Audit(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    file: Option<File>,
    /// Whether the last write failed, which is said once.
    broken: bool,
    windows: [Window; Action::REFUSALS.len()],
}

/// The refusals of one action.
#[derive(Default)]
struct Window {
    begun: Option<Instant>,
    lines: u64,
    counted: u64,
}

impl Audit {
    /// Appends to a file as well, which is made for its user alone.
    ///
    /// # Errors
    /// `failed-precondition` when it cannot be written.
    pub fn open(path: &Path) -> Result<Audit> {
        let failed = |error: io::Error| {
            let message = format!("cannot write the audit log `{}`: {error}", path.display());
            Error::new(Kind::FailedPrecondition, message)
        };
        let file = OpenOptions::new().append(true).create(true).mode(0o600).open(path);
        let file = file.map_err(failed)?;
        let mode = file.metadata().map_err(failed)?.permissions().mode();
        if mode & 0o077 != 0 {
            let path = path.display();
            warn!("others may read the audit log: `chmod 600 {path}` keeps it to this user");
        }
        let audit = Audit::default();
        audit.inner(|inner| inner.file = Some(file));
        Ok(audit)
    }

    /// Tells what was only counted at the end of each window, and when `shutdown` begins.
    pub fn watch(&self, shutdown: &Shutdown) {
        let (audit, until) = (self.clone(), shutdown.clone());
        shutdown.spawn("audit", async move {
            loop {
                let stops = tokio::time::timeout(WINDOW, until.begun()).await.is_ok();
                audit.inner(|inner| inner.tell(stops));
                if stops {
                    return;
                }
            }
        });
    }

    /// What an operator did, or tried to.
    pub fn record<T>(&self, action: Action, who: &str, what: &str, outcome: &Result<T>) {
        let reason = outcome.as_ref().err().map(Error::message);
        self.inner(|inner| inner.write(action, who, what, reason));
    }

    /// What somebody was refused, and why: within bounds.
    pub fn refused(&self, action: Action, who: &str, reason: &str) {
        self.inner(|inner| {
            let at = Action::REFUSALS.iter().position(|known| *known == action);
            let Some(at) = at else { return inner.write(action, who, "", Some(reason)) };
            let now = Instant::now();
            let begun = inner.windows[at].begun;
            if begun.is_some_and(|begun| now.duration_since(begun) >= WINDOW) {
                inner.tell_of(at);
            }
            let window = &mut inner.windows[at];
            window.begun.get_or_insert(now);
            if window.lines == MOST {
                window.counted += 1;
                return;
            }
            window.lines += 1;
            inner.write(action, who, "", Some(reason));
        });
    }

    fn inner(&self, work: impl FnOnce(&mut Inner)) {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl Inner {
    /// What was only counted in windows that are over, or in all.
    fn tell(&mut self, all: bool) {
        for at in 0..self.windows.len() {
            let over = self.windows[at].begun.is_some_and(|begun| begun.elapsed() >= WINDOW);
            if all || over {
                self.tell_of(at);
            }
        }
    }

    fn tell_of(&mut self, at: usize) {
        let Window { counted, .. } = std::mem::take(&mut self.windows[at]);
        if counted > 0 {
            let reason = format!("{counted} more of the same sort, each as the lines before");
            self.write(Action::REFUSALS[at], "several", "", Some(&reason));
        }
    }

    fn write(&mut self, action: Action, who: &str, what: &str, reason: Option<&str>) {
        let (action, who, what) = (action.name(), short(who), short(what));
        let outcome = if reason.is_none() { "done" } else { "refused" };
        let reason = reason.map(short);
        info!(target: TARGET, action, who, what, outcome, reason, "audit");
        let Some(file) = &mut self.file else { return };
        let at = humantime::format_rfc3339_millis(SystemTime::now()).to_string();
        let mut line = json!({ "at": at, "action": action, "who": who, "outcome": outcome });
        if !what.is_empty() {
            line["what"] = what.into();
        }
        if let Some(reason) = reason {
            line["reason"] = Value::from(reason);
        }
        // one write, so that a line is whole for whoever reads along
        let written = file.write_all(format!("{line}\n").as_bytes());
        match (&written, self.broken) {
            (Err(error), false) => error!(%error, "the audit log cannot be written"),
            (Ok(()), true) => info!("the audit log is written again"),
            _ => {}
        }
        self.broken = written.is_err();
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.tell(true);
    }
}

fn short(text: &str) -> &str {
    &text[..text.floor_char_boundary(LONGEST)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(path: &Path) -> Vec<Value> {
        let text = std::fs::read_to_string(path).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_repeated_is_counted_and_what_operators_do_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("audit");
        let audit = Audit::open(&path).unwrap();
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        for _ in 0..1000 {
            audit.refused(Action::Token, "127.0.0.1:1", "none was sent");
        }
        audit.refused(Action::Grant, "app shop", "no grant for the key `a\nb`");
        for _ in 0..100 {
            audit.record(Action::Deploy, "uid 0", "hello", &Ok(()));
        }
        assert_eq!(lines(&path).len() as u64, MOST + 1 + 100);
        assert_eq!(lines(&path)[MOST as usize]["reason"], "no grant for the key `a\nb`");

        tokio::time::advance(WINDOW).await;
        audit.refused(Action::Token, "127.0.0.1:2", "none was sent");
        let told = lines(&path);
        let [.., sum, next] = &*told else { panic!("{told:?}") };
        assert_eq!((&sum["who"], &sum["action"]), (&"several".into(), &"token".into()));
        assert!(sum["reason"].as_str().unwrap().starts_with("980 more"), "{sum}");
        assert_eq!(next["who"], "127.0.0.1:2");

        let long = "ä".repeat(10_000);
        audit.record(Action::Delete, "uid 0", &long, &Err::<(), _>(Error::not_found("no")));
        let told = lines(&path);
        let last = told.last().unwrap();
        assert_eq!((&last["outcome"], &last["reason"]), (&"refused".into(), &"no".into()));
        assert_eq!(last["what"].as_str().unwrap().len(), LONGEST);
    }

    #[test]
    fn what_was_counted_is_told_in_the_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("audit");
        let audit = Audit::open(&path).unwrap();
        (0..=MOST).for_each(|_| audit.refused(Action::Grant, "app shop", "no grant"));
        drop(audit);
        assert!(lines(&path).last().unwrap()["reason"].as_str().unwrap().starts_with("1 more"));
    }
}

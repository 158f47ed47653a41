//! The files of a store, and what was last read of each. All of it blocks.

use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File};
use std::io::{ErrorKind, Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use ottavo_blocks::config::{Item, Key, Scope};
use ottavo_core::{Error, Kind, Result, StoreName};
use parking_lot::Mutex;

use super::{document, name};
use crate::folder;

/// What a scope holds.
pub(super) type Held = BTreeMap<Key, Item>;

/// The largest file, in bytes: all items of a scope.
const LARGEST: u64 = 16 << 20;

/// A file that changed this short ago may change again within one tick of the file system's clock.
pub(super) const TICK: Duration = Duration::from_millis(100);

/// Changes whenever the file does, once it is settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    inode: u64,
    length: u64,
    modified: (i64, i64),
    changed: (i64, i64),
    /// Whether the file's last change is long enough ago for the next one to have another stamp, and
    /// for whoever wrote it to be done.
    pub(super) settled: bool,
}

/// The files of one store.
pub(super) struct Files {
    store: StoreName,
    folder: PathBuf,
    /// Of files that are there.
    seen: Mutex<HashMap<Scope, Seen>>,
}

#[derive(Clone)]
struct Seen {
    /// None: it is read again in any case.
    stamp: Option<Stamp>,
    /// None: it never made sense.
    held: Option<Arc<Held>>,
    /// Why what the file holds now is not what is answered.
    broken: Option<String>,
}

impl Files {
    pub(super) fn new(store: StoreName, folder: PathBuf) -> Files {
        Files { store, folder, seen: Mutex::default() }
    }

    /// Whether the folder is there.
    pub(super) fn health(&self) -> Result<()> {
        match fs::read_dir(&self.folder) {
            Ok(_) => Ok(()),
            Err(error) => Err(failed("read", &self.folder, error)),
        }
    }

    /// The items of a scope; what they were before as long as its file makes no sense.
    ///
    /// # Errors
    /// `unavailable` when the disk fails, `failed-precondition` when the file never made sense.
    pub(super) fn read(&self, scope: &Scope) -> Result<Arc<Held>> {
        let seen = self.look(scope)?;
        seen.held.ok_or_else(|| self.broken(scope, seen.broken.as_deref()))
    }

    /// The items that the file of a scope holds now.
    ///
    /// # Errors
    /// As [`Files::read`], and `failed-precondition` while the file makes no sense.
    pub(super) fn sound(&self, scope: &Scope) -> Result<Arc<Held>> {
        let seen = self.look(scope)?;
        match (seen.broken, seen.held) {
            (None, Some(held)) => Ok(held),
            (why, _) => Err(self.broken(scope, why.as_deref())),
        }
    }

    /// What tells one file from its successor; none while there is no file.
    pub(super) fn stamp(&self, scope: &Scope) -> Result<Option<Stamp>> {
        self.health()?;
        stamp(&name::path(&self.folder, scope))
    }

    fn look(&self, scope: &Scope) -> Result<Seen> {
        let path = name::path(&self.folder, scope);
        let Some(stamp) = stamp(&path)? else {
            // without the store's folder, nothing is known of its files
            self.health()?;
            self.seen.lock().remove(scope);
            return Ok(Seen { stamp: None, held: Some(Arc::default()), broken: None });
        };
        let before = self.seen.lock().get(scope).cloned();
        if let Some(before) = &before
            && before.stamp == Some(stamp)
        {
            return Ok(before.clone());
        }
        let had = before.as_ref().and_then(|before| before.held.as_ref());
        let emptied = !stamp.settled && had.is_some_and(|held| !held.is_empty());
        let stamp = stamp.settled.then_some(stamp);
        let read = text(&path)?.and_then(|text| match text.is_empty() && emptied {
            // most programs empty a file before they write to it
            true => Err(Error::invalid("it was emptied just now")),
            false => document::parse(&text),
        });
        let seen = match read {
            Ok(held) => Seen { stamp, held: Some(Arc::new(held)), broken: None },
            Err(error) => {
                let why = error.message().to_owned();
                let known = before.as_ref().and_then(|before| before.broken.as_ref());
                if known != Some(&why) {
                    let (store, path) = (&self.store, path.display());
                    tracing::warn!(%store, %path, "{why}: the items stay as they were");
                }
                let held = before.and_then(|before| before.held);
                Seen { stamp, held, broken: Some(why) }
            }
        };
        self.seen.lock().insert(scope.clone(), seen.clone());
        Ok(seen)
    }

    /// Replaces the file of a scope. It is on the disk when this returns.
    pub(super) fn write(&self, scope: &Scope, held: &Held) -> Result<()> {
        let path = name::path(&self.folder, scope);
        let text = document::write(held)?;
        if text.len() as u64 > LARGEST {
            let message =
                format!("the items of the scope have {} bytes: use at most {LARGEST}", text.len());
            return Err(
                Error::new(Kind::TooLarge, message).with_detail("limit", LARGEST.to_string())
            );
        }
        let folder = path.parent().unwrap_or(&self.folder);
        folder::prepare(folder)?;
        let fresh = path.with_extension("new");
        let written = fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&fresh)
            .and_then(|mut file| {
                file.write_all(text.as_bytes())?;
                file.sync_all()
            })
            .and_then(|()| fs::rename(&fresh, &path));
        written.map_err(|error| failed("write", &path, error))?;
        // what to answer should somebody spoil the file before it is read
        let held = Some(Arc::new(held.clone()));
        self.seen.lock().insert(scope.clone(), Seen { stamp: None, held, broken: None });
        folder::sync(folder)
    }

    fn broken(&self, scope: &Scope, why: Option<&str>) -> Error {
        let path = name::path(&self.folder, scope);
        let cause = format!("`{}`: {}", path.display(), why.unwrap_or("it makes no sense"));
        let message = "the file of these items makes no sense: mend it, see the host's log";
        Error::new(Kind::FailedPrecondition, message).with_source(cause)
    }
}

/// None without a file.
fn stamp(path: &Path) -> Result<Option<Stamp>> {
    let about = match fs::metadata(path) {
        Ok(about) => about,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return Ok(None);
        }
        Err(error) => return Err(failed("read", path, error)),
    };
    let age = about.modified().ok().and_then(|at| SystemTime::now().duration_since(at).ok());
    Ok(Some(Stamp {
        inode: about.ino(),
        length: about.len(),
        modified: (about.mtime(), about.mtime_nsec()),
        changed: (about.ctime(), about.ctime_nsec()),
        settled: age.is_some_and(|age| age > TICK),
    }))
}

/// The outer error: the disk. The inner one: what is there is no file of items.
fn text(path: &Path) -> Result<Result<String>> {
    let read = fs::metadata(path).and_then(|about| {
        // opening a pipe would wait for its writer
        if !about.is_file() {
            return Ok(None);
        }
        let mut bytes = Vec::new();
        File::open(path)?.take(LARGEST + 1).read_to_end(&mut bytes)?;
        Ok(Some(bytes))
    });
    let bytes = match read {
        Ok(bytes) => bytes,
        // an editor has it in hand
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Ok(Err(Error::invalid("it is being replaced")));
        }
        Err(error) => return Err(failed("read", path, error)),
    };
    Ok(match bytes {
        None => Err(Error::invalid("it is not a file")),
        Some(bytes) if bytes.len() as u64 > LARGEST => {
            Err(Error::invalid(format!("it has more than {LARGEST} bytes")))
        }
        Some(bytes) => String::from_utf8(bytes).map_err(|_| Error::invalid("it is not UTF-8 text")),
    })
}

fn failed(attempted: &str, path: &Path, error: std::io::Error) -> Error {
    let message = match error.kind() {
        ErrorKind::StorageFull => "the disk of the store is full",
        _ => "the files of the store cannot be used: see the host's log",
    };
    let cause = format!("cannot {attempted} `{}`: {error}", path.display());
    Error::new(Kind::Unavailable, message).with_source(cause)
}

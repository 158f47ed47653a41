//! One store: what was read of the file, and whether that is still what it holds.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use ottavo_blocks::secret::{Bundle, Capability, Key, Leaves, Secrets, no_version};
use ottavo_core::{CallContext, Error, Result, StoreName};
use parking_lot::Mutex;

use crate::folder;
use crate::table::{self, Form};
use crate::text::{Stamp, bytes, refused, unreadable};

/// One store.
pub(crate) struct FileSecrets(Arc<Source>);

enum Source {
    Folder(PathBuf),
    File(Watched),
}

/// A file that is read again when it is another.
struct Watched {
    store: StoreName,
    path: PathBuf,
    form: Form,
    seen: Mutex<Seen>,
}

/// What was last seen of the file.
struct Seen {
    /// None: it is read again in any case.
    stamp: Option<Stamp>,
    leaves: Arc<Leaves>,
    /// Why what the file holds now is not what is answered.
    broken: Option<String>,
}

impl FileSecrets {
    /// Reads everything once. Blocks.
    ///
    /// # Errors
    /// What is wrong with the path and with what is there, for the operator.
    pub(crate) fn open(store: StoreName, path: PathBuf) -> Result<FileSecrets> {
        FileSecrets::look(store, &path).map_err(|error| {
            let path = path.display().to_string();
            let why = error.source_text().unwrap_or_else(|| error.message().to_owned());
            let why = why.strip_prefix(&format!("`{path}`: ")).unwrap_or(&why).to_owned();
            Error::new(error.kind(), format!("`path` is `{}`: {why}", path.escape_debug()))
        })
    }

    fn look(store: StoreName, path: &Path) -> Result<FileSecrets> {
        let about = std::fs::metadata(path).map_err(|error| unreadable(path, &error))?;
        if about.is_dir() {
            folder::all(path)?;
            return Ok(FileSecrets(Arc::new(Source::Folder(path.to_owned()))));
        }
        let form = Form::of(path).ok_or_else(|| {
            Error::invalid("it ends neither in `.toml` nor in `.json`, and is no folder")
        })?;
        let (stamp, settled) = Stamp::at(path)?;
        let leaves = Arc::new(table::parse(form, &bytes(path)?)?);
        let seen = Seen { stamp: settled.then_some(stamp), leaves, broken: None };
        let watched = Watched { store, path: path.to_owned(), form, seen: Mutex::new(seen) };
        Ok(FileSecrets(Arc::new(Source::File(watched))))
    }

    /// Looks at the disk, on a thread that may wait for it.
    async fn ask<T: Send + 'static>(
        &self,
        look: impl FnOnce(&Source) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let source = Arc::clone(&self.0);
        let asked = tokio::task::spawn_blocking(move || look(&source)).await;
        asked.map_err(|error| Error::internal("the secrets were not read").with_source(error))?
    }
}

impl Watched {
    /// What the file holds; what it held before as long as it makes no sense.
    fn now(&self) -> Result<Arc<Leaves>> {
        let (stamp, settled) = Stamp::at(&self.path)?;
        let mut seen = self.seen.lock();
        if seen.stamp == Some(stamp) {
            return Ok(Arc::clone(&seen.leaves));
        }
        let bytes = bytes(&self.path)?;
        match table::parse(self.form, &bytes) {
            Ok(leaves) => {
                if *seen.leaves != leaves || seen.broken.is_some() {
                    tracing::info!(store = %self.store, "the secrets were read again");
                }
                (seen.leaves, seen.broken) = (Arc::new(leaves), None);
            }
            Err(error) => {
                let why = error.message().to_owned();
                if seen.broken.as_ref() != Some(&why) {
                    let (store, path) = (&self.store, self.path.display());
                    tracing::warn!(%store, %path, "{why}: the secrets stay as they were");
                }
                seen.broken = Some(why);
            }
        }
        seen.stamp = settled.then_some(stamp);
        Ok(Arc::clone(&seen.leaves))
    }

    fn health(&self) -> Result<()> {
        self.now()?;
        match &self.seen.lock().broken {
            None => Ok(()),
            Some(why) => Err(refused(&self.path, why)),
        }
    }
}

#[async_trait]
impl Secrets for FileSecrets {
    fn capabilities(&self) -> &'static [Capability] {
        &[]
    }

    async fn health(&self, _: &CallContext) -> Result<()> {
        self.ask(|source| match source {
            Source::Folder(root) => folder::health(root),
            Source::File(watched) => watched.health(),
        })
        .await
    }

    async fn get(
        &self,
        _: &CallContext,
        name: &Key,
        version: Option<&str>,
    ) -> Result<Option<Bundle>> {
        no_version(version)?;
        let name = name.as_str().to_owned();
        self.ask(move |source| match source {
            Source::Folder(root) => folder::get(root, &name),
            Source::File(watched) => Ok(watched.now()?.get(&name)),
        })
        .await
    }

    async fn get_bulk(&self, _: &CallContext) -> Result<Vec<(Key, Bundle)>> {
        self.ask(|source| match source {
            Source::Folder(root) => Ok(folder::all(root)?.all()),
            Source::File(watched) => Ok(watched.now()?.all()),
        })
        .await
    }
}

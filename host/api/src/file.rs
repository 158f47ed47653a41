//! Files: which names a grant covers, and the prefix that the store has for them. Grants and errors
//! speak of the caller's names, the driver of prefixed ones.

mod open;

use ottavo_blocks::file::{File, FileName, FilePage, Info, NewFile, PageLimit, Range};
use ottavo_core::{KeyPrefix, Result};

pub use open::{OpenReader, OpenWriter};

use crate::prefix;
use crate::scope::Scope;

/// The calls of one session on one store of files, as of [`File`].
pub struct FileCalls<'a>(pub(crate) Scope<'a, dyn File>);

impl FileCalls<'_> {
    /// As [`File::open`].
    pub async fn open(&self, name: FileName, range: Range) -> Result<Option<OpenReader>> {
        let scope = &self.0;
        scope
            .run("open", async {
                scope.allow(name.as_str())?;
                let held = scope.hold(name.clone());
                let reader = scope.live().open(&scope.session.cx, &held, range).await?;
                Ok(reader.map(|reader| OpenReader::new(scope, name, reader)))
            })
            .await
    }

    /// As [`File::create`].
    pub async fn create(&self, file: NewFile) -> Result<OpenWriter> {
        let scope = &self.0;
        scope
            .run("create", async {
                scope.allow(file.name.as_str())?;
                let name = file.name.clone();
                let writer = scope.live().create(&scope.session.cx, scope.hold(file)).await?;
                Ok(OpenWriter::new(scope, name, writer))
            })
            .await
    }

    /// As [`File::stat`].
    pub async fn stat(&self, name: FileName) -> Result<Option<Info>> {
        let scope = &self.0;
        scope
            .run("stat", async {
                scope.allow(name.as_str())?;
                let held = scope.hold(name.clone());
                let info = scope.live().stat(&scope.session.cx, &held).await?;
                Ok(info.map(|info| Info { name, ..info }))
            })
            .await
    }

    /// As [`File::delete`].
    pub async fn delete(&self, name: FileName) -> Result<()> {
        let scope = &self.0;
        scope
            .run("delete", async {
                scope.allow(name.as_str())?;
                scope.live().delete(&scope.session.cx, &scope.hold(name)).await
            })
            .await
    }

    /// As [`File::list`]. All names with the prefix must be within the grant.
    pub async fn list(
        &self,
        prefix: &str,
        cursor: Option<&str>,
        limit: PageLimit,
    ) -> Result<FilePage> {
        let scope = &self.0;
        scope
            .run("list", async {
                FileName::check_prefix(prefix)?;
                scope.allow_all(prefix)?;
                let held = prefix::join(scope.prefix(), prefix);
                let page = scope.live().list(&scope.session.cx, &held, cursor, limit).await?;
                Ok(known(scope.prefix(), page))
            })
            .await
    }
}

/// A page as the caller knows its files.
fn known(prefix: &KeyPrefix, page: FilePage) -> FilePage {
    let known = |info: Info| Some(Info { name: info.name.without(prefix)?, ..info });
    FilePage { files: page.files.into_iter().filter_map(known).collect(), next: page.next }
}

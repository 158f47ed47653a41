//! A page of files, in the order of their names.
//!
//! A folder tells its entries in no order, so that a page looks at every file below the last folder of
//! the prefix; it holds no more than a page of them.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use futures_util::TryStreamExt as _;
use opendal::options::ListOptions;
use ottavo_blocks::file::{FileName, FilePage, Info};
use ottavo_blocks::state::cursor;
use ottavo_core::Result;

use super::place::{self, Place, There};
use crate::{error, name};

/// The first `limit` files after `after` whose names begin with `prefix`.
pub(super) async fn page(
    place: &Place,
    prefix: &str,
    after: Option<&str>,
    limit: usize,
) -> Result<FilePage> {
    name::prefix(prefix)?;
    let base = prefix.rsplit_once('/').map(|(folder, _)| folder);
    if let Some(folder) = base
        // a prefix of the door may begin in another app's: no file is called that
        && match FileName::stored(folder) {
            Some(folder) => place.what(&folder).await? != There::Folder,
            None => true,
        }
    {
        return Ok(FilePage::default());
    }
    let base = base.map(|folder| format!("{folder}/")).unwrap_or_default();
    let options = ListOptions { recursive: true, ..ListOptions::default() };
    let mut listed = place.folder().lister_options(&base, options).await.map_err(error::of)?;
    let mut first = BinaryHeap::new();
    while let Some(entry) = listed.try_next().await.map_err(error::of)? {
        let wanted = |name: &FileName| {
            let name = name.as_str();
            name.starts_with(prefix) && after.is_none_or(|after| name > after)
        };
        let name = name::found(entry.path()).filter(|_| entry.metadata().is_file());
        let Some(name) = name.filter(wanted) else { continue };
        let full = first.len() > limit;
        if full && first.peek().is_some_and(|ByName(last)| last.name <= name) {
            continue;
        }
        // opendal tells what a link leads to
        if place.what(&name).await? == There::File {
            first.push(ByName(place::info(name, entry.metadata())));
            if full {
                first.pop();
            }
        }
    }
    let mut files: Vec<_> = first.into_sorted_vec().into_iter().map(|ByName(info)| info).collect();
    let more = files.len() > limit;
    files.truncate(limit);
    let next = files.last().filter(|_| more).map(|info| cursor::after(info.name.as_str()));
    Ok(FilePage { files, next })
}

/// The one whose name is last is the greatest.
struct ByName(Info);

impl Ord for ByName {
    fn cmp(&self, other: &ByName) -> Ordering {
        self.0.name.cmp(&other.0.name)
    }
}

impl PartialOrd for ByName {
    fn partial_cmp(&self, other: &ByName) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for ByName {
    fn eq(&self, other: &ByName) -> bool {
        self.0.name == other.0.name
    }
}

impl Eq for ByName {}

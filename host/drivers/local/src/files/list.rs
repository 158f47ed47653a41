//! A page of files, in the order of their whole names' bytes.
//!
//! A folder counts as its name with a `/` behind, which is how its files are sorted among those
//! beside it. Of each folder on the way as many entries are held as a page has files, so that a page
//! costs the folders that it passes through and the memory of a page.

use std::collections::BinaryHeap;
use std::os::fd::{AsFd, BorrowedFd};

use ottavo_blocks::file::{FileName, FilePage, Info};
use ottavo_blocks::state::cursor;
use ottavo_core::{CallContext, Result};
use rustix::fs::{AtFlags, Dir, FileType};
use tokio::time::Instant;

use super::error::disk;
use super::path::{Way, folder};
use super::root::{Root, WRITING, look};

/// One page.
pub(super) fn page(
    root: &Root,
    cx: &CallContext,
    prefix: &str,
    after: Option<&str>,
    limit: usize,
) -> Result<FilePage> {
    let mut walk = Walk { cx, prefix, after, most: limit + 1, found: Vec::new() };
    // what the prefix names of folders is entered at once
    let base = prefix.rfind('/').map_or("", |at| &prefix[..=at]);
    if let Some(way) = Way::find(root.dir().as_fd(), base)? {
        walk.visit(way.dir(), base)?;
    }
    let mut files = walk.found;
    let more = files.len() > limit;
    files.truncate(limit);
    let next = files.last().filter(|_| more).map(|info| cursor::after(info.name.as_str()));
    Ok(FilePage { files, next })
}

struct Walk<'a> {
    cx: &'a CallContext,
    prefix: &'a str,
    after: Option<&'a str>,
    /// One more than a page has.
    most: usize,
    found: Vec<Info>,
}

impl Walk<'_> {
    /// Adds the files below a folder whose whole name is `base`.
    fn visit(&mut self, dir: BorrowedFd<'_>, base: &str) -> Result<()> {
        let mut last = None::<String>;
        loop {
            // the walk of a large store ends with its call
            self.cx.check(Instant::now())?;
            let entries = self.entries(dir, base, last.as_deref())?;
            let whole = entries.len() < self.most;
            for full in &entries {
                let own = &full[base.len()..];
                match own.strip_suffix('/') {
                    Some(segment) => {
                        if let Some(below) = folder(dir, segment)? {
                            self.visit(below.as_fd(), full)?;
                        }
                    }
                    None => {
                        let name = FileName::stored(full.clone());
                        let info = name.map(|name| look(dir, own, &name)).transpose()?.flatten();
                        self.found.extend(info.map(|(_, info)| info));
                    }
                }
                if self.found.len() >= self.most {
                    return Ok(());
                }
            }
            if whole {
                return Ok(());
            }
            last = entries.into_iter().next_back();
        }
    }

    /// The first entries of a folder that can lead to a file of the page, by whole name, after `last`.
    fn entries(&self, dir: BorrowedFd<'_>, base: &str, last: Option<&str>) -> Result<Vec<String>> {
        let mut first = BinaryHeap::new();
        for entry in Dir::read_from(dir).map_err(disk)? {
            let entry = entry.map_err(disk)?;
            let Ok(own) = entry.file_name().to_str() else { continue };
            if matches!(own, "." | "..") || (base.is_empty() && own == WRITING) {
                continue;
            }
            let full = match self.kind(dir, entry.file_type(), own)? {
                Some(FileType::RegularFile) => format!("{base}{own}"),
                Some(FileType::Directory) => format!("{base}{own}/"),
                _ => continue,
            };
            if last.is_some_and(|last| *full <= *last) || !self.wants(&full) {
                continue;
            }
            first.push(full);
            if first.len() > self.most {
                first.pop();
            }
        }
        Ok(first.into_sorted_vec())
    }

    /// Some file systems do not say what an entry is.
    fn kind(&self, dir: BorrowedFd<'_>, told: FileType, own: &str) -> Result<Option<FileType>> {
        if told != FileType::Unknown {
            return Ok(Some(told));
        }
        match rustix::fs::statat(dir, own, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => Ok(Some(FileType::from_raw_mode(stat.st_mode))),
            Err(rustix::io::Errno::NOENT) => Ok(None),
            Err(error) => Err(disk(error)),
        }
    }

    /// Whether it is, or has, a file of the page.
    fn wants(&self, full: &str) -> bool {
        let folder = full.ends_with('/');
        let named = match folder {
            // what no caller can name need not be entered
            true => FileName::stored(format!("{full}x")).is_some(),
            false => FileName::stored(full).is_some(),
        };
        let leads_on = |after: &str| full > after || (folder && after.starts_with(full));
        let later = self.after.is_none_or(leads_on);
        named && later && full.starts_with(self.prefix)
    }
}

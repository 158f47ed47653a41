//! What a folder's sources are at one moment.

use std::collections::BTreeMap;
use std::fs::{self, DirEntry, Metadata};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use ottavo_core::Digest;

use crate::build::Sources;
use crate::failure::{Failure, Result};

/// The most files and folders of one function: a folder with more is not the one that was meant.
const MOST: usize = 20_000;

/// Larger files are compared by their times alone.
const LARGEST_READ: u64 = 16 << 20;

/// A file that changed this short ago may change again within one tick of the file system's clock.
const TICK: Duration = Duration::from_millis(100);

/// Files by their paths relative to the folder, and folders by their whole paths.
#[derive(Clone, Debug, Default)]
pub(super) struct Scan {
    files: BTreeMap<PathBuf, File>,
    pub(super) folders: BTreeMap<PathBuf, Identity>,
}

/// Which folder it is: a path may lead to another one later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Identity {
    device: u64,
    inode: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct File {
    stamp: Stamp,
    /// None: too large, or gone before it was read.
    content: Option<Digest>,
    /// Whether the stamp will differ when the file changes again.
    settled: bool,
}

/// Changes whenever the file does, or at least may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stamp {
    inode: u64,
    length: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

/// When two scans of a file are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compare {
    /// It holds the same.
    Content,
    /// It was not even written.
    Times,
}

impl Scan {
    /// Looks at the folder. A file that is as in `before` is not read again. Blocks.
    ///
    /// # Errors
    /// When the folder holds more than a function's would.
    pub(super) fn of(
        dir: &Path,
        sources: &Sources,
        apart_from: &Path,
        before: &Scan,
    ) -> Result<Scan> {
        let now = SystemTime::now();
        let apart_from = Identity::at(apart_from);
        let mut scan = Scan::default();
        let mut open = vec![PathBuf::new()];
        while let Some(folder) = open.pop() {
            let path = dir.join(&folder);
            let Ok(data) = fs::metadata(&path) else { continue };
            let identity = Identity::of(&data);
            if Some(identity) == apart_from {
                continue;
            }
            let Ok(entries) = fs::read_dir(&path) else { continue };
            scan.folders.insert(path, identity);
            for entry in entries.flatten() {
                let place = folder.join(entry.file_name());
                match kind(&entry) {
                    Some(Kind::Folder) if sources.may_be_below(&place) => open.push(place),
                    Some(Kind::File(data)) if sources.has(&place) => {
                        let known = before.files.get(&place);
                        let file = File::of(&entry.path(), &data, known, now);
                        scan.files.insert(place, file);
                    }
                    _ => {}
                }
            }
            if scan.files.len() + scan.folders.len() + open.len() > MOST {
                let message = format!("`{}` holds over {MOST} files to watch", dir.display());
                return Err(Failure::new(message)
                    .hint("name the extensions of its sources with `build.watch` in its manifest, and keep what tools write in `target` or `build`"));
            }
        }
        Ok(scan)
    }

    /// The files that differ, by what `compare` says.
    pub(super) fn changed<'s>(&'s self, since: &'s Scan, compare: Compare) -> Vec<&'s Path> {
        let differs = |file: &Path| match (self.files.get(file), since.files.get(file)) {
            (Some(now), Some(then)) => !now.same(then, compare),
            (now, then) => now.is_some() != then.is_some(),
        };
        let gone = since.files.keys().filter(|file| !self.files.contains_key(*file));
        let all = self.files.keys().chain(gone).map(PathBuf::as_path);
        all.filter(|file| differs(file)).collect()
    }

    /// Takes one file as `other` has seen it.
    pub(super) fn take(&mut self, file: &Path, other: &Scan) {
        match other.files.get(file) {
            Some(seen) => drop(self.files.insert(file.to_owned(), *seen)),
            None => drop(self.files.remove(file)),
        }
    }
}

impl Identity {
    /// The folder at a path, if there is one.
    pub(super) fn at(path: &Path) -> Option<Identity> {
        fs::metadata(path).ok().map(|data| Identity::of(&data))
    }

    fn of(data: &Metadata) -> Identity {
        Identity { device: data.dev(), inode: data.ino() }
    }
}

impl File {
    fn of(path: &Path, data: &Metadata, known: Option<&File>, now: SystemTime) -> File {
        let stamp = Stamp {
            inode: data.ino(),
            length: data.len(),
            modified: (data.mtime(), data.mtime_nsec()),
            changed: (data.ctime(), data.ctime_nsec()),
        };
        if let Some(known) = known
            && known.settled
            && known.stamp == stamp
        {
            return *known;
        }
        let age = data.modified().ok().and_then(|modified| now.duration_since(modified).ok());
        let settled = age.is_some_and(|age| age > TICK);
        let small = data.len() <= LARGEST_READ;
        let bytes = small.then(|| fs::read(path).ok()).flatten();
        File { stamp, content: bytes.map(|bytes| Digest::of(&bytes)), settled }
    }

    fn same(&self, other: &File, compare: Compare) -> bool {
        match (compare, self.content, other.content) {
            (Compare::Content, Some(a), Some(b)) => a == b,
            (Compare::Times, a, b) => self.stamp == other.stamp && a == b,
            _ => self.stamp == other.stamp,
        }
    }
}

enum Kind {
    Folder,
    File(Metadata),
}

/// A link to a file is a file; one to a folder is not followed, it may lead round in a circle.
fn kind(entry: &DirEntry) -> Option<Kind> {
    if entry.file_type().ok()?.is_dir() {
        return Some(Kind::Folder);
    }
    let data = fs::metadata(entry.path()).ok()?;
    data.is_file().then_some(Kind::File(data))
}

#[cfg(test)]
mod tests {
    use ottavo_manifest::Manifest;
    use tempfile::TempDir;

    use super::*;

    struct Folder(TempDir);

    impl Folder {
        fn new() -> Folder {
            let folder = Folder(tempfile::tempdir().expect("a folder"));
            folder.write("function.toml", "x");
            folder.write("src/lib.rs", "one");
            folder
        }

        fn write(&self, file: &str, text: &str) {
            crate::build::write(&self.0.path().join(file), text.as_bytes()).expect("writes");
        }

        fn scan(&self, before: &Scan) -> Scan {
            let text = "manifest = 1\nname = \"f\"\n[build]\nlanguage = \"rust\"";
            let manifest = Manifest::parse(Path::new("function.toml"), text).expect("valid");
            let sources = Sources::of(&manifest, self.0.path()).expect("known");
            Scan::of(self.0.path(), &sources, &self.0.path().join("data"), before).expect("small")
        }
    }

    fn names(changed: &[&Path]) -> Vec<String> {
        changed.iter().map(|path| path.display().to_string()).collect()
    }

    #[test]
    fn files_that_are_written_made_renamed_and_deleted_have_changed() {
        let folder = Folder::new();
        let first = folder.scan(&Scan::default());
        assert!(first.changed(&first, Compare::Times).is_empty());
        folder.write("src/lib.rs", "two");
        folder.write("src/more/deep.rs", "three");
        let second = folder.scan(&first);
        assert_eq!(
            names(&second.changed(&first, Compare::Content)),
            ["src/lib.rs", "src/more/deep.rs"]
        );
        let root = folder.0.path();
        fs::rename(root.join("src/lib.rs"), root.join("src/main.rs")).expect("renamed");
        fs::remove_dir_all(root.join("src/more")).expect("removed");
        let third = folder.scan(&second);
        assert_eq!(
            names(&third.changed(&second, Compare::Content)),
            ["src/main.rs", "src/lib.rs", "src/more/deep.rs"]
        );
    }

    #[test]
    fn the_same_content_again_has_changed_in_its_times_alone() {
        let folder = Folder::new();
        let first = folder.scan(&Scan::default());
        folder.write("src/lib.rs.new", "one");
        let root = folder.0.path();
        fs::rename(root.join("src/lib.rs.new"), root.join("src/lib.rs")).expect("renamed");
        let second = folder.scan(&first);
        assert!(second.changed(&first, Compare::Content).is_empty());
        assert_eq!(names(&second.changed(&first, Compare::Times)), ["src/lib.rs"]);
    }

    #[test]
    fn what_tools_write_is_not_looked_at() {
        let folder = Folder::new();
        let first = folder.scan(&Scan::default());
        let written =
            ["target/x.rs", "node_modules/a/b.rs", ".git/x.rs", "data/x.rs", "Cargo.lock"];
        for file in written.into_iter().chain(["src/.lib.rs.swp", "src/lib.rs~", "notes.txt"]) {
            folder.write(file, "x");
        }
        let second = folder.scan(&first);
        assert!(second.changed(&first, Compare::Times).is_empty());
        assert_eq!(second.folders.len(), 2, "{:?}", second.folders);
    }

    #[test]
    fn two_writes_within_a_tick_of_the_clock_are_both_seen() {
        let folder = Folder::new();
        let mut before = folder.scan(&Scan::default());
        for n in 0..50 {
            folder.write("src/lib.rs", &format!("{n:03}"));
            let now = folder.scan(&before);
            assert_eq!(names(&now.changed(&before, Compare::Content)), ["src/lib.rs"], "{n}");
            before = now;
        }
    }
}

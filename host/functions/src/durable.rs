//! Files that are either as before or as they should be, whatever happens in between.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use tempfile::NamedTempFile;

/// What the name of a file begins with while it is written.
const PART: &str = ".part-";

/// Replaces the file at `path`: written beside it, synced, renamed, and the folder synced.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().ok_or_else(|| io::Error::other("a file without a folder"))?;
    let mut part = draft(folder)?;
    part.write_all(bytes)?;
    keep(part, path)
}

/// A file in `folder` that is not yet anything, and goes with the value.
pub(crate) fn draft(folder: &Path) -> io::Result<NamedTempFile> {
    // a name of its own: the same file may be written twice at a time
    tempfile::Builder::new().prefix(PART).tempfile_in(folder)
}

/// Makes it the file at `path`, in the same folder.
pub(crate) fn keep(draft: NamedTempFile, path: &Path) -> io::Result<()> {
    draft.as_file().sync_all()?;
    draft.persist(path)?;
    let folder = path.parent().ok_or_else(|| io::Error::other("a file without a folder"))?;
    File::open(folder)?.sync_all()
}

/// Makes `folder` if it is missing, and removes what a host that was killed left half-written in it.
pub(crate) fn open_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(PART) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_file_may_be_written_at_the_same_time() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("file");
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| replace(&path, b"content").expect("it is written"));
            }
        });
        assert_eq!(fs::read(&path).expect("it is there"), b"content");
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
    }

    #[test]
    fn what_was_half_written_is_gone_when_the_folder_is_opened_again() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join(format!("{PART}x")), b"half").expect("written");
        fs::write(folder.path().join("whole"), b"whole").expect("written");
        open_folder(folder.path()).expect("opened");
        let names: Vec<_> = fs::read_dir(folder.path())
            .expect("a folder")
            .map(|entry| entry.expect("an entry").file_name())
            .collect();
        assert_eq!(names, ["whole"]);
    }
}

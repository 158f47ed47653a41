//! What the system says: that something happened in a folder. Where it says nothing, nothing rings.

use std::path::{Path, PathBuf};

pub(crate) use system::Bell;

#[cfg(target_os = "linux")]
mod system {
    use std::collections::BTreeSet;

    use rustix::fs::inotify::{CreateFlags, WatchFlags, add_watch, init};
    use tokio::net::unix::pipe::Receiver;

    use super::{Path, PathBuf};

    /// Rings when something happens in the folders that it follows.
    pub(crate) struct Bell {
        queue: Option<Receiver>,
        followed: BTreeSet<PathBuf>,
    }

    impl Bell {
        /// Follows nothing yet.
        pub(crate) fn new() -> Bell {
            Bell { queue: open(), followed: BTreeSet::new() }
        }

        /// Follows these folders; what happened in new ones before may not have rung. Whether there
        /// are such.
        pub(crate) fn follow(&mut self, folders: &[PathBuf]) -> bool {
            let there: BTreeSet<_> = folders.iter().collect();
            if self.followed.iter().any(|path| !there.contains(path)) {
                // the system keeps no more than so many: begin anew without those that are gone
                *self = Bell::new();
            }
            let Some(queue) = &self.queue else { return false };
            let mut more = false;
            for path in folders {
                if self.followed.contains(path) {
                    continue;
                }
                if add(queue, path).is_err() {
                    // full, or the system refuses: looking now and then has to do
                    self.queue = None;
                    return false;
                }
                self.followed.insert(path.clone());
                more = true;
            }
            more
        }

        /// Whether it rings at all.
        pub(crate) fn works(&self) -> bool {
            self.queue.is_some()
        }

        /// Resolves when it has rung since the last time.
        pub(crate) async fn rings(&mut self) {
            let mut events = [0; 4096];
            while let Some(queue) = &self.queue {
                if queue.readable().await.is_err() {
                    self.queue = None;
                    break;
                }
                let mut rung = false;
                while queue.try_read(&mut events).is_ok_and(|read| read > 0) {
                    rung = true;
                }
                if rung {
                    return;
                }
            }
            std::future::pending().await
        }
    }

    fn open() -> Option<Receiver> {
        let queue = init(CreateFlags::NONBLOCK | CreateFlags::CLOEXEC).ok()?;
        // no pipe, but read as one: wait until it can be read, then read until it is empty
        Receiver::from_owned_fd_unchecked(queue).ok()
    }

    fn add(queue: &Receiver, path: &Path) -> std::io::Result<()> {
        let flags = WatchFlags::CLOSE_WRITE
            | WatchFlags::MODIFY
            | WatchFlags::CREATE
            | WatchFlags::DELETE
            | WatchFlags::DELETE_SELF
            | WatchFlags::MOVE
            | WatchFlags::MOVE_SELF
            | WatchFlags::ONLYDIR;
        match add_watch(queue, path, flags) {
            // gone again: the next look will not see it
            Ok(_) | Err(rustix::io::Errno::NOENT | rustix::io::Errno::NOTDIR) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use super::PathBuf;

    /// There is none: the folder is looked at now and then.
    pub(crate) struct Bell;

    impl Bell {
        pub(crate) fn new() -> Bell {
            Bell
        }

        pub(crate) fn follow(&mut self, _: &[PathBuf]) -> bool {
            false
        }

        pub(crate) fn works(&self) -> bool {
            false
        }

        pub(crate) async fn rings(&mut self) {
            std::future::pending().await
        }
    }
}

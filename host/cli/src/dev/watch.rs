//! When to look at a folder again.
//!
//! On Linux the system says so (inotify), and a slow look at the folder itself catches what it does not
//! say: that another one is in its place. Everywhere else, where the system refuses, or where `--poll` asks for it
//! (network file systems, folders shared with a virtual machine), a quick look is taken regularly.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::scan::Identity;

#[cfg(target_os = "linux")]
use inotify::Bell;
#[cfg(not(target_os = "linux"))]
use none::Bell;

/// How often the folder itself is looked at where the system watches what is in it.
const SLOW: Duration = Duration::from_secs(2);

/// How often one that nobody watches.
const QUICK: Duration = Duration::from_millis(300);

/// Watches the folders of one function.
pub(super) struct Watch {
    bell: Option<Bell>,
    root: PathBuf,
    /// What the root was when its folders were followed.
    followed: Option<Identity>,
}

impl Watch {
    /// Watches nothing yet; and why it has to poll, if it was not asked to.
    pub(super) fn new(root: &Path, poll: bool) -> (Watch, Option<String>) {
        let (bell, refused) = match poll {
            true => (None, None),
            false => match Bell::new() {
                Ok(bell) => (Some(bell), None),
                Err(error) => (None, Some(error.to_string())),
            },
        };
        (Watch { bell, root: root.to_owned(), followed: None }, refused)
    }

    /// Watches these folders and no others. Why it has to poll from now on, if it does. A folder
    /// that is new to it may have changed before: look at it once more.
    pub(super) fn follow(&mut self, folders: &BTreeMap<PathBuf, Identity>) -> Followed {
        self.followed = folders.get(&self.root).copied();
        let Some(bell) = &mut self.bell else { return Followed::AsBefore };
        match bell.follow(folders) {
            Ok(false) => Followed::AsBefore,
            Ok(true) => Followed::More,
            Err(error) => {
                self.bell = None;
                Followed::Poll(error.to_string())
            }
        }
    }

    /// Resolves when it is time to look.
    pub(super) async fn due(&mut self) {
        let Some(bell) = &mut self.bell else { return tokio::time::sleep(QUICK).await };
        while tokio::time::timeout(SLOW, bell.rings()).await.is_err() {
            if Identity::at(&self.root) != self.followed {
                return;
            }
        }
    }
}

/// What came of [`Watch::follow`].
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Followed {
    AsBefore,
    More,
    Poll(String),
}

#[cfg(target_os = "linux")]
mod inotify {
    use std::collections::BTreeMap;
    use std::io;
    use std::path::PathBuf;

    use rustix::fs::inotify::{CreateFlags, WatchFlags, add_watch, init, remove_watch};
    use rustix::io::Errno;
    use tokio::net::unix::pipe::Receiver;

    use super::Identity;

    /// Rings when something happens in the folders that it follows.
    pub(super) struct Bell {
        queue: Receiver,
        watched: BTreeMap<PathBuf, (Identity, i32)>,
    }

    impl Bell {
        pub(super) fn new() -> io::Result<Bell> {
            let queue = init(CreateFlags::NONBLOCK | CreateFlags::CLOEXEC)?;
            // no pipe, but read as one: wait until it can be read, then read until it is empty
            let queue = Receiver::from_owned_fd_unchecked(queue)?;
            Ok(Bell { queue, watched: BTreeMap::new() })
        }

        /// Whether there are new ones.
        pub(super) fn follow(&mut self, folders: &BTreeMap<PathBuf, Identity>) -> io::Result<bool> {
            let queue = &self.queue;
            self.watched.retain(|path, (identity, watch)| {
                let stays = folders.get(path) == Some(identity);
                if !stays {
                    // the system has removed it already where the folder is gone
                    remove_watch(queue, *watch).ok();
                }
                stays
            });
            let mut more = false;
            for (path, identity) in folders {
                if self.watched.contains_key(path) {
                    continue;
                }
                let flags = WatchFlags::CLOSE_WRITE
                    | WatchFlags::MODIFY
                    | WatchFlags::CREATE
                    | WatchFlags::DELETE
                    | WatchFlags::DELETE_SELF
                    | WatchFlags::MOVE
                    | WatchFlags::MOVE_SELF
                    | WatchFlags::ONLYDIR;
                match add_watch(queue, path, flags) {
                    Ok(watch) => {
                        self.watched.insert(path.clone(), (*identity, watch));
                        more = true;
                    }
                    // gone again: the next look will not see it
                    Err(Errno::NOENT | Errno::NOTDIR) => {}
                    Err(error) => return Err(error.into()),
                }
            }
            Ok(more)
        }

        /// Resolves when it has rung since the last time.
        pub(super) async fn rings(&mut self) {
            let mut events = [0; 4096];
            loop {
                // a queue that cannot be read is looked at no more: the slow look goes on
                if self.queue.readable().await.is_err() {
                    return std::future::pending().await;
                }
                let mut rung = false;
                while self.queue.try_read(&mut events).is_ok_and(|n| n > 0) {
                    rung = true;
                }
                if rung {
                    return;
                }
            }
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod none {
    use std::collections::BTreeMap;
    use std::io;
    use std::path::PathBuf;

    use super::Identity;

    /// There is none: the reason is said once, and the folder is polled.
    pub(super) enum Bell {}

    impl Bell {
        pub(super) fn new() -> io::Result<Bell> {
            Err(io::Error::new(io::ErrorKind::Unsupported, "this system is polled"))
        }

        pub(super) fn follow(&mut self, _: &BTreeMap<PathBuf, Identity>) -> io::Result<bool> {
            match *self {}
        }

        pub(super) async fn rings(&mut self) {
            match *self {}
        }
    }
}

//! Where the deploy API's unix socket lies: one rule for the host and for its clients.
//!
//! It lies in the data directory, as `deploy.sock`. A unix socket's path is limited to about 107
//! bytes; where that path is longer, the socket lies in a private folder of the runtime directory,
//! and `deploy.path` in the data directory holds its path.

use std::path::{Path, PathBuf};

use ottavo_core::Digest;

/// The socket's file name.
pub const SOCKET: &str = "deploy.sock";

/// The name of the file that holds the path of a socket that lies elsewhere.
pub const POINTER: &str = "deploy.path";

/// The longest path that every system takes as a socket's address, in bytes.
const LONGEST: usize = 100;

/// Where a host's deploy socket belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SocketPlace {
    /// In the data directory. The host removes a [`pointer`] that an earlier one left there.
    DataDir(PathBuf),
    /// Elsewhere: the host makes `folder` for its user alone (0700; one that exists must be exactly
    /// that), and writes `socket` to the [`pointer`].
    Private {
        /// The folder that holds only the socket.
        folder: PathBuf,
        /// The socket in it.
        socket: PathBuf,
    },
}

impl SocketPlace {
    /// The place for a host with this absolute data directory.
    pub fn of(data_dir: &Path, runtime_dir: &Path) -> SocketPlace {
        let direct = data_dir.join(SOCKET);
        if direct.as_os_str().len() <= LONGEST {
            return SocketPlace::DataDir(direct);
        }
        let digest = Digest::of(data_dir.as_os_str().as_encoded_bytes()).short();
        let folder = runtime_dir.join(format!("ottavo-{digest}"));
        SocketPlace::Private { socket: folder.join(SOCKET), folder }
    }

    /// The socket itself.
    pub fn socket(&self) -> &Path {
        match self {
            SocketPlace::DataDir(socket) | SocketPlace::Private { socket, .. } => socket,
        }
    }
}

/// The pointer file of a data directory.
pub fn pointer(data_dir: &Path) -> PathBuf {
    data_dir.join(POINTER)
}

/// Where a client finds the socket, given the text of the [`pointer`] file if there is one.
pub fn find(data_dir: &Path, pointer: Option<&str>) -> PathBuf {
    match pointer.map(str::trim).filter(|path| !path.is_empty()) {
        Some(path) => PathBuf::from(path),
        None => data_dir.join(SOCKET),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_path_lies_in_the_data_directory() {
        let data_dir = Path::new("/home/ada/shop/.ottavo");
        let place = SocketPlace::of(data_dir, Path::new("/run/user/1000"));
        assert_eq!(place, SocketPlace::DataDir("/home/ada/shop/.ottavo/deploy.sock".into()));
        assert_eq!(find(data_dir, None), place.socket());
    }

    #[test]
    fn a_long_path_is_pointed_to_and_each_host_has_its_own() {
        let long = |n: char| PathBuf::from(format!("/{}", n.to_string().repeat(120)));
        let place = SocketPlace::of(&long('a'), Path::new("/run/user/1000"));
        let other = SocketPlace::of(&long('b'), Path::new("/run/user/1000"));
        assert!(place.socket().starts_with("/run/user/1000"));
        assert!(place.socket().as_os_str().len() <= LONGEST);
        assert_ne!(place, other);
        let text = format!("{}\n", place.socket().display());
        assert_eq!(find(&long('a'), Some(&text)), place.socket());
    }
}

//! Finding the host to talk to.

use std::path::{Path, PathBuf};

use ottavo_control::socket as place;
use ottavo_settings::Env;

use crate::arguments::HostArguments;
use crate::client::{Address, Place};
use crate::failure::{Failure, Result};

/// The name of the data directory that `serve` makes where it is started.
const DATA_DIR: &str = ".ottavo";

/// What to do when nothing is found.
const HINT: &str = "start one with `ottavo serve`, or name its data directory with `--host`";

/// Where the host is that was asked for, else the one that is nearest.
///
/// # Errors
/// No data directory of a host was found, with where was looked.
pub(crate) fn find(arguments: &HostArguments, env: &Env, current: &Path) -> Result<Place> {
    let asked = arguments.host.as_deref().and_then(Path::to_str);
    if let Some(url) = asked.or_else(|| env.get("OTTAVO_HOST")).filter(|text| is_url(text)) {
        let ca = arguments.ca.clone().or_else(|| env.get("OTTAVO_CA").map(PathBuf::from));
        let token = token(arguments.token_file.as_deref(), env)?;
        return Address::new(url, &token, ca).map(Place::Address);
    }
    socket(arguments.host.as_deref(), env, current).map(Place::Socket)
}

fn is_url(text: &str) -> bool {
    text.starts_with("http://") || text.starts_with("https://")
}

/// The token to show: the first of a file of them, each with a name before it or without.
fn token(file: Option<&Path>, env: &Env) -> Result<String> {
    let Some(file) = file else {
        return env.get("OTTAVO_TOKEN").map(|token| token.trim().to_owned()).ok_or_else(|| {
            Failure::usage("the address of a host needs a token")
                .hint("set `OTTAVO_TOKEN`, or name its file with `--token-file`")
        });
    };
    let shown = file.display();
    let text = std::fs::read_to_string(file)
        .map_err(|error| Failure::new(format!("read the token in `{shown}`: {error}")))?;
    let mut lines = text.lines().map(str::trim).filter(|line| !line.starts_with('#'));
    let token = lines.find_map(|line| line.split_whitespace().last());
    token.map(str::to_owned).ok_or_else(|| Failure::new(format!("`{shown}` has no token")))
}

/// The deploy socket of the host that was asked for, else of the one that is nearest.
fn socket(asked: Option<&Path>, env: &Env, current: &Path) -> Result<PathBuf> {
    if let Some(asked) = asked {
        return at(asked, "--host");
    }
    if let Some(asked) = env.get("OTTAVO_HOST") {
        return at(Path::new(asked), "OTTAVO_HOST");
    }
    let upwards = current.ancestors().map(|folder| folder.join(DATA_DIR));
    let all: Vec<_> = upwards.chain(user_data_dir(env)).collect();
    if let Some(found) = all.iter().find(|folder| is_host(folder)) {
        return Ok(socket_of(found));
    }
    let user = user_data_dir(env).map(|folder| format!(", nor in `{}`", folder.display()));
    let message = format!(
        "no host is running: there is none in `{DATA_DIR}` of `{}` or a folder above{}",
        current.display(),
        user.unwrap_or_default()
    );
    Err(Failure::new(message).hint(HINT))
}

/// Nothing answers at a socket.
pub(crate) fn absent(socket: &Path) -> Failure {
    Failure::new(format!("no host is running: nothing answers at `{}`", socket.display()))
        .hint(HINT)
}

/// The socket at a path that was given: a data directory, a folder that holds one, or the socket.
fn at(path: &Path, from: &str) -> Result<PathBuf> {
    if is_host(path) {
        return Ok(socket_of(path));
    }
    let inner = path.join(DATA_DIR);
    if is_host(&inner) {
        return Ok(socket_of(&inner));
    }
    let shown = path.display();
    match path.metadata() {
        Ok(found) if found.is_dir() => {
            Err(Failure::new(format!("no host is running in `{shown}` (from `{from}`)")).hint(HINT))
        }
        Ok(_) => Ok(path.to_owned()),
        Err(error) => Err(Failure::new(format!("no host at `{shown}` (from `{from}`): {error}"))
            .hint("give a host's data directory or its deploy socket")),
    }
}

/// Whether a host has opened its deploy API here. The build of a function leaves a folder of the
/// same name, which is none.
fn is_host(folder: &Path) -> bool {
    // not `exists`: a socket that cannot be reached any more still shows where the host was
    let there = |file: PathBuf| file.symlink_metadata().is_ok();
    there(folder.join(place::SOCKET)) || there(place::pointer(folder))
}

fn socket_of(folder: &Path) -> PathBuf {
    let pointer = std::fs::read_to_string(place::pointer(folder)).ok();
    place::find(folder, pointer.as_deref())
}

fn user_data_dir(env: &Env) -> Option<PathBuf> {
    let home = || env.get("HOME").map(|home| Path::new(home).join(".local/share"));
    let data = env.get("XDG_DATA_HOME").map(PathBuf::from).or_else(home)?;
    Some(data.join("ottavo"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(folder: &Path) -> PathBuf {
        std::fs::create_dir_all(folder).expect("a folder");
        std::fs::write(folder.join(place::SOCKET), "").expect("a file");
        folder.join(place::SOCKET)
    }

    #[test]
    fn the_nearest_data_directory_upwards_wins_over_the_users() {
        let root = tempfile::tempdir().expect("a folder");
        let inner = root.path().join("shop/cart");
        // what a build leaves behind is not a host
        std::fs::create_dir_all(inner.join(DATA_DIR)).expect("a folder");
        let user = root.path().join("home");
        let env = Env::of([("XDG_DATA_HOME", user.to_str().expect("UTF-8"))]);

        let failure = socket(None, &env, &inner).expect_err("no host anywhere");
        assert!(failure.messages[0].contains("no host is running"), "{failure:?}");
        assert_eq!(failure.hint.as_deref(), Some(HINT));

        let users = host(&user.join("ottavo"));
        assert_eq!(socket(None, &env, &inner), Ok(users));
        let nearest = host(&root.path().join("shop").join(DATA_DIR));
        assert_eq!(socket(None, &env, &inner), Ok(nearest));
    }

    #[test]
    fn a_host_is_named_by_flag_variable_data_directory_or_socket() {
        let root = tempfile::tempdir().expect("a folder");
        let data_dir = root.path().join(DATA_DIR);
        let known = host(&data_dir);
        let none = Env::default();
        let here = Path::new("/");
        for path in [root.path(), &data_dir, &known] {
            assert_eq!(socket(Some(path), &none, here), Ok(known.clone()), "{path:?}");
            let env = Env::of([("OTTAVO_HOST", path.to_str().expect("UTF-8"))]);
            assert_eq!(socket(None, &env, here), Ok(known.clone()), "{path:?}");
        }
        let failure = socket(Some(&root.path().join("typo")), &none, here).expect_err("absent");
        assert!(failure.messages[0].contains("typo"), "{failure:?}");
    }

    #[test]
    fn a_pointer_leads_to_a_socket_elsewhere() {
        let root = tempfile::tempdir().expect("a folder");
        std::fs::write(place::pointer(root.path()), "/run/user/1/x.sock\n").expect("a file");
        let found = socket(Some(root.path()), &Env::default(), Path::new("/"));
        assert_eq!(found, Ok(PathBuf::from("/run/user/1/x.sock")));
    }
}

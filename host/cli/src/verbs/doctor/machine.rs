//! What a host needs of this machine: room, ports, a folder, the backends of its stores.

use std::fs::{self, File};
use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream, ToSocketAddrs as _};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use ottavo_app::{Examination, ServeError};
use ottavo_control::HostInfo;
use ottavo_settings::{Listen, Settings};

use super::report::{Finding, Status};

/// For a backend to take a connection.
const PATIENCE: Duration = Duration::from_secs(2);

/// Looks at all of it. `running` is the host that has the ports and the folder already, if one does.
pub(super) fn check(settings: &Settings, running: Option<&HostInfo>, into: &mut Vec<Finding>) {
    into.push(folder(&settings.data_dir));
    let grpc = match &settings.grpc.listen {
        Listen::Tcp(address) => Some(*address),
        Listen::Unix(_) => None,
    };
    let ports = [
        ("http", Some(settings.http.listen), running.map(|host| &host.http)),
        ("grpc", grpc, running.map(|host| &host.grpc)),
        ("actuator", Some(settings.actuator.listen), running.map(|host| &host.actuator)),
    ];
    for (name, address, ours) in ports {
        if let Some(address) = address {
            let ours = ours.is_some_and(|ours| *ours == address.to_string());
            into.push(port(name, address, ours));
        }
    }
    into.extend(engine(settings));
    for (block, stores) in &settings.stores {
        for (name, table) in stores {
            let path = format!("{block}.{name}");
            let urls = match table.options.expose().get("url") {
                Some(serde_json::Value::String(url)) => vec![url.as_str()],
                Some(serde_json::Value::Array(urls)) => {
                    urls.iter().filter_map(serde_json::Value::as_str).collect()
                }
                _ => Vec::new(),
            };
            into.extend(urls.into_iter().filter_map(|url| backend(&path, &table.driver, url)));
        }
    }
}

/// Whether a host may write its data there; the folder is not made.
fn folder(data_dir: &Path) -> Finding {
    let shown = data_dir.display();
    let absolute = std::path::absolute(data_dir).unwrap_or_else(|_| data_dir.to_owned());
    let existing = absolute.ancestors().find(|folder| folder.exists()).unwrap_or(Path::new("/"));
    let file = existing.join(format!(".ottavo-doctor-{}", std::process::id()));
    let written = File::options().write(true).create_new(true).open(&file);
    match written.and_then(|_| fs::remove_file(&file)) {
        Ok(()) => {
            let text = match existing == absolute {
                true => format!("`{shown}` is writable"),
                false => format!("`{shown}` can be made"),
            };
            Finding::new("data directory", "", Status::Ok, text)
        }
        Err(error) => {
            let text = format!("cannot write in `{}`: {error}", existing.display());
            Finding::new("data directory", "", Status::Wrong, text)
                .fix("make it writable for this user, or set `data_dir` to another folder")
        }
    }
}

/// Whether a host could listen there, or ours does.
fn port(name: &str, address: SocketAddr, ours: bool) -> Finding {
    if ours {
        return Finding::new("port", name, Status::Ok, format!("the host listens on {address}"));
    }
    match TcpListener::bind(address) {
        Ok(_) => Finding::new("port", name, Status::Ok, format!("{address} is free")),
        Err(error) => {
            let text = match error.kind() {
                io::ErrorKind::AddrInUse => format!("another program listens on {address}"),
                _ => format!("cannot listen on {address}: {error}"),
            };
            let fix = format!("stop it, or set `{name}.listen`, or `--{name}` of `ottavo serve`");
            Finding::new("port", name, Status::Wrong, text).fix(&fix)
        }
    }
}

fn engine(settings: &Settings) -> Vec<Finding> {
    let Examination { instances, pagemap_scan } = match ottavo_app::examine(settings) {
        Ok(examination) => examination,
        Err(ServeError::Configuration(text) | ServeError::Unavailable(text)) => {
            let lines = text.lines();
            return lines.map(|l| Finding::new("configuration", "", Status::Wrong, l)).collect();
        }
        Err(ServeError::Failed(error)) => {
            return vec![Finding::new("engine", "", Status::Wrong, error.to_string())];
        }
    };
    let wanted = settings.engine.max_instances;
    let pool = match instances {
        Some(room) if room >= wanted => {
            let text = format!("room for {room} instances at a time");
            Finding::new("instance pool", "", Status::Ok, text)
        }
        found => {
            let room = found.unwrap_or_default();
            let text = format!("room for {room} instances of {wanted}: the address space is small");
            let fix = "lift `ulimit -v`, or lower `engine.max_instances` or `engine.max_memory`";
            Finding::new("instance pool", "", Status::Slow, text).fix(fix)
        }
    };
    let scan = match pagemap_scan {
        true => Finding::new("pagemap_scan", "", Status::Ok, "the kernel has it"),
        false => Finding::new("pagemap_scan", "", Status::Slow, "the kernel does not have it")
            .fix("Linux 6.7 and later have it; without, a fresh instance takes half as long again"),
    };
    vec![pool, scan]
}

/// Whether something takes connections at a store's address. An address that says no place is left
/// to the driver. Never shows more of it than the place: there may be a password beside.
fn backend(path: &str, driver: &str, url: &str) -> Option<Finding> {
    let place = place(url)?;
    let connected = match &place {
        Place::Unix(path) => UnixStream::connect(path).map(drop),
        Place::Tcp(place) => place.to_socket_addrs().and_then(|mut addresses| {
            let address = addresses.next().ok_or(io::ErrorKind::AddrNotAvailable)?;
            TcpStream::connect_timeout(&address, PATIENCE).map(drop)
        }),
    };
    let (Place::Unix(place) | Place::Tcp(place)) = place;
    Some(match connected {
        Ok(()) => {
            let text = format!("{driver} at {place} takes connections");
            Finding::new("store", path, Status::Ok, text)
        }
        Err(error) => {
            let text = format!("cannot reach {driver} at {place}: {error}");
            Finding::new("store", path, Status::Wrong, text)
                .fix(&format!("start it, or change `{path}.url`"))
        }
    })
}

/// Where an address leads.
#[derive(Debug, PartialEq, Eq)]
enum Place {
    /// `host:port`
    Tcp(String),
    Unix(String),
}

fn place(url: &str) -> Option<Place> {
    let (scheme, rest) = url.split_once("://")?;
    if scheme == "unix" || scheme.ends_with("+unix") {
        return Some(Place::Unix(rest.split('?').next()?.to_owned()));
    }
    let authority = rest.split(['/', '?', '#']).next()?;
    let place = authority.rsplit_once('@').map_or(authority, |(_, place)| place);
    let has_port = place
        .rsplit_once(':')
        .is_some_and(|(_, port)| !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()));
    let default = match scheme {
        "redis" | "rediss" => Some(6379),
        "http" => Some(80),
        "https" => Some(443),
        _ => None,
    };
    match (place.is_empty(), has_port, default) {
        (true, ..) | (_, false, None) => None,
        (_, true, _) => Some(Place::Tcp(place.to_owned())),
        (_, false, Some(port)) => Some(Place::Tcp(format!("{place}:{port}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_of_an_address_is_without_its_password() {
        let tcp = |text: &str| Some(Place::Tcp(text.to_owned()));
        let cases = [
            ("redis://127.0.0.1:6379", tcp("127.0.0.1:6379")),
            ("redis://u:p%40ss@cache/3", tcp("cache:6379")),
            ("rediss://u:a@b@[::1]:7000/0?x=y", tcp("[::1]:7000")),
            ("redis://[::1]", tcp("[::1]:6379")),
            ("unix:///run/redis.sock?db=1", Some(Place::Unix("/run/redis.sock".to_owned()))),
            ("mysql://db", None),
            ("nonsense", None),
            ("redis://", None),
        ];
        for (url, expected) in cases {
            assert_eq!(place(url), expected, "{url}");
        }
    }

    #[test]
    fn a_port_that_is_taken_is_named_unless_it_is_the_hosts() {
        let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = taken.local_addr().expect("it listens");
        let finding = port("http", address, false);
        assert_eq!(finding.status, Status::Wrong);
        assert!(finding.fix.is_some_and(|fix| fix.contains("`http.listen`")));
        assert_eq!(port("http", address, true).status, Status::Ok);
    }

    #[test]
    fn a_folder_that_is_not_there_yet_is_writable_where_it_would_be_made() {
        let folder = tempfile::tempdir().expect("a folder");
        let new = folder.path().join("a/b");
        assert_eq!(super::folder(&new).status, Status::Ok);
        assert!(!folder.path().join("a").exists());
        assert_eq!(super::folder(Path::new("/proc/ottavo/data")).status, Status::Wrong);
    }
}

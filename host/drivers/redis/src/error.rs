//! What redis, its client and the network say, as the errors of the contract.

use ottavo_core::{Error, Kind};
use redis::{ErrorKind, RedisError};

/// What an error means for the call, and for the connection.
pub(crate) enum Fault {
    /// The connection is gone; what was sent may have taken effect.
    Lost,
    /// Redis refused, before any effect, what another node or another moment will take. The
    /// connection may be one to the wrong server.
    Elsewhere(Error),
    /// Another node of the cluster has the slot, or, when it asks for that, is about to have it.
    /// Nothing was done.
    Moved { slot: u16, to: (String, u16), asking: bool },
    /// The answer of redis to this call.
    Refused(Error),
    /// The script is not known to this server; nothing was done.
    NoScript,
    /// The key holds another kind of data; nothing was done.
    WrongType,
}

/// Sorts an error that came instead of an answer.
pub(crate) fn fault(error: RedisError) -> Fault {
    let kind = error.kind();
    if matches!(kind, ErrorKind::Io | ErrorKind::Parse) {
        return Fault::Lost;
    }
    if let Some((to, slot)) = error.redirect_node()
        && let Some((host, port)) = to.rsplit_once(':')
        && let Ok(port) = port.parse()
        && !host.is_empty()
    {
        let (to, asking) = ((host.to_owned(), port), code(&error) == "ASK");
        return Fault::Moved { slot, to, asking };
    }
    match code(&error) {
        "NOSCRIPT" => Fault::NoScript,
        "WRONGTYPE" => Fault::WrongType,
        "MOVED" | "ASK" | "TRYAGAIN" => {
            Fault::Elsewhere(unavailable("the key is being moved within the redis cluster"))
        }
        "CLUSTERDOWN" => Fault::Elsewhere(unavailable("the redis cluster is down")),
        "MASTERDOWN" => Fault::Elsewhere(unavailable("redis is cut off from its master")),
        "READONLY" => Fault::Elsewhere(unavailable("redis is a read-only replica")),
        "LOADING" => Fault::Elsewhere(unavailable("redis is still loading its data")),
        _ => Fault::Refused(refused(error)),
    }
}

/// Why a connection could not be made. The second is whether only a change of configuration helps.
pub(crate) fn connect(error: &RedisError) -> (Error, bool) {
    if error.is_timeout() {
        return (unavailable("redis did not answer in time"), false);
    }
    match error.kind() {
        ErrorKind::AuthenticationFailed => (credentials(), true),
        ErrorKind::RESP3NotSupported => (too_old(), true),
        ErrorKind::MasterNameNotFoundBySentinel => {
            (unavailable("the sentinels know no master of the name in `master`"), false)
        }
        _ => match code(error) {
            "WRONGPASS" | "NOAUTH" | "NOPERM" => (credentials(), true),
            _ if error.to_string().contains("DB index is out of range") => {
                let message = "redis does not have the database of the store's `url`";
                (Error::new(Kind::FailedPrecondition, message), true)
            }
            _ => (unavailable("redis cannot be reached"), false),
        },
    }
}

/// The connection went away under a call.
pub(crate) fn lost(may_have_taken_effect: bool) -> Error {
    let message = match may_have_taken_effect {
        true => "the connection to redis was lost: whether the call took effect is unknown",
        false => "the connection to redis was lost",
    };
    unavailable(message).with_retryable(!may_have_taken_effect)
}

/// An answer that none of our commands gives.
pub(crate) fn strange() -> Error {
    Error::internal("redis answered in an unknown form")
}

fn refused(error: RedisError) -> Error {
    let mapped = match code(&error) {
        "OOM" => Error::new(Kind::Exhausted, "redis has used up its memory"),
        "NOAUTH" | "WRONGPASS" => credentials(),
        "NOPERM" => Error::new(
            Kind::FailedPrecondition,
            "the redis user of the store may not do this: it needs the commands that the driver's \
             page lists, and the keys of the store",
        ),
        "MISCONF" => unavailable("redis takes no writes: it cannot save to its disk"),
        "NOREPLICAS" => unavailable("redis takes no writes: it has too few replicas"),
        "BUSY" => unavailable("redis is busy with a script"),
        "CROSSSLOT" => Error::new(
            Kind::Unsupported,
            "the keys are in several slots of the redis cluster: give them one `{tag}`, or use a \
             store on a single redis, `local` or `memory`",
        ),
        _ => Error::internal("redis refused the call: see the host's log"),
    };
    mapped.with_source(error)
}

/// The first word of what the server said.
fn code(error: &RedisError) -> &str {
    error.code().unwrap_or_default()
}

fn credentials() -> Error {
    let message = "redis refuses the user name or the password of the store";
    Error::new(Kind::FailedPrecondition, message)
}

fn too_old() -> Error {
    Error::new(Kind::FailedPrecondition, "redis is too old: use version 6 or later")
}

pub(crate) fn unavailable(message: &str) -> Error {
    Error::new(Kind::Unavailable, message)
}

//! The `wasi:*` interfaces this host provides beside its own package.

use crate::interface::{InterfaceName, Version};

/// The newest version of the packages below. It is that of the engine's WASI: older patches fit.
pub(crate) const VERSION: Version = (0, 2, 12);

const INTERFACES: &[(&str, &[&str])] = &[
    (
        "wasi:cli",
        &[
            "environment",
            "exit",
            "stdin",
            "stdout",
            "stderr",
            "terminal-input",
            "terminal-output",
            "terminal-stdin",
            "terminal-stdout",
            "terminal-stderr",
        ],
    ),
    ("wasi:clocks", &["monotonic-clock", "wall-clock"]),
    ("wasi:filesystem", &["types", "preopens"]),
    ("wasi:http", &["types", "outgoing-handler"]),
    ("wasi:io", &["error", "poll", "streams"]),
    ("wasi:random", &["random", "insecure", "insecure-seed"]),
    (
        "wasi:sockets",
        &[
            "network",
            "instance-network",
            "ip-name-lookup",
            "tcp",
            "tcp-create-socket",
            "udp",
            "udp-create-socket",
        ],
    ),
];

/// Whether this is one of ours to provide, whatever its version.
pub(crate) fn known(name: &InterfaceName<'_>) -> bool {
    INTERFACES
        .iter()
        .any(|(package, list)| *package == name.package && list.contains(&name.interface))
}

/// The handler of requests that is not of our own package.
pub(crate) const HANDLER: &str = "wasi:http/incoming-handler";

/// Whether this is [`HANDLER`], whatever its version.
pub(crate) fn is_handler(name: &InterfaceName<'_>) -> bool {
    name.package == "wasi:http" && name.interface == "incoming-handler"
}

/// The block whose grant covers what this interface does, beside those of our own package.
pub(crate) fn block(name: &InterfaceName<'_>) -> Option<&'static str> {
    (name.package == "wasi:http" && name.interface == "outgoing-handler").then_some("egress")
}

/// Whether the version fits: 0.2.N, not newer than what is provided.
pub(crate) fn fits(name: &InterfaceName<'_>) -> bool {
    name.version.is_some_and(|v| (v.0, v.1) == (VERSION.0, VERSION.1) && v.2 <= VERSION.2)
}

/// `0.2.12`
pub(crate) fn version() -> String {
    format!("{}.{}.{}", VERSION.0, VERSION.1, VERSION.2)
}

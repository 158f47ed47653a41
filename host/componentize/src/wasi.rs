//! The `wasi:*` interfaces this host provides beside its own package, in two generations: 0.2, and 0.3
//! whose functions may be asynchronous.

use crate::interface::{InterfaceName, Version};

/// One minor version of WASI, which shares nothing with the next.
pub(crate) struct Generation {
    /// The newest version of its packages that the engine has.
    version: Version,
    /// Whether an interface of a newer patch fits as well, as long as the types of what is used do. Of
    /// 0.3, where new patches add functions, linking finds out.
    newer: bool,
    interfaces: &'static [(&'static str, &'static [&'static str])],
    /// In `wasi:http`: what a function exports to be called.
    handler: &'static str,
    /// In `wasi:http`: what it imports to send requests.
    client: &'static str,
}

const GENERATIONS: &[Generation] = &[
    Generation {
        version: (0, 2, 12),
        newer: false,
        interfaces: &[
            ("wasi:cli", CLI),
            ("wasi:clocks", &["monotonic-clock", "wall-clock"]),
            ("wasi:filesystem", &["types", "preopens"]),
            ("wasi:http", &["types", "outgoing-handler"]),
            ("wasi:io", &["error", "poll", "streams"]),
            ("wasi:random", RANDOM),
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
        ],
        handler: "incoming-handler",
        client: "outgoing-handler",
    },
    Generation {
        version: (0, 3, 0),
        newer: true,
        interfaces: &[
            ("wasi:cli", CLI),
            ("wasi:cli", &["types"]),
            ("wasi:clocks", &["types", "monotonic-clock", "system-clock"]),
            ("wasi:filesystem", &["types", "preopens"]),
            ("wasi:http", &["types", "client"]),
            ("wasi:random", RANDOM),
            ("wasi:sockets", &["types", "ip-name-lookup"]),
        ],
        handler: "handler",
        client: "client",
    },
];

const CLI: &[&str] = &[
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
];

const RANDOM: &[&str] = &["random", "insecure", "insecure-seed"];

impl Generation {
    fn has(&self, name: &InterfaceName<'_>) -> bool {
        let list = |(package, list): &(&str, &[&str])| {
            *package == name.package && list.contains(&name.interface)
        };
        self.interfaces.iter().any(list)
    }

    fn calls(&self, name: &InterfaceName<'_>) -> bool {
        name.package == "wasi:http" && name.interface == self.handler
    }

    fn is_of(&self, name: &InterfaceName<'_>) -> bool {
        name.version.is_some_and(|v| (v.0, v.1) == (self.version.0, self.version.1))
    }

    fn fits(&self, name: &InterfaceName<'_>) -> bool {
        self.is_of(name) && (self.newer || name.version.is_some_and(|v| v.2 <= self.version.2))
    }

    /// `0.2.12`
    fn version(&self) -> String {
        format!("{}.{}.{}", self.version.0, self.version.1, self.version.2)
    }

    /// `wasi:http/incoming-handler@0.2.12`
    fn handler(&self) -> String {
        format!("wasi:http/{}@{}", self.handler, self.version())
    }
}

/// Whether this is one of ours to provide in that version.
pub(crate) fn provides(name: &InterfaceName<'_>) -> bool {
    GENERATIONS.iter().any(|generation| generation.has(name) && generation.fits(name))
}

/// The versions in which it is provided; none when it never is.
pub(crate) fn provided_as(name: &InterfaceName<'_>) -> Option<String> {
    versions(|generation| generation.has(name))
}

/// Whether this is a handler that is called, whatever its version.
pub(crate) fn is_handler(name: &InterfaceName<'_>) -> bool {
    GENERATIONS.iter().any(|generation| generation.calls(name))
}

/// Whether this is a handler that is called, in a version that is.
pub(crate) fn calls(name: &InterfaceName<'_>) -> bool {
    GENERATIONS.iter().any(|generation| generation.calls(name) && generation.fits(name))
}

/// The versions in which this handler is called; none when it is none.
pub(crate) fn called_as(name: &InterfaceName<'_>) -> Option<String> {
    versions(|generation| generation.calls(name))
}

/// All handlers that are called, each with its newest version.
pub(crate) fn handlers() -> impl Iterator<Item = String> {
    GENERATIONS.iter().map(Generation::handler)
}

/// Whether this is of the generation whose functions may be asynchronous.
pub(crate) fn is_concurrent(name: &InterfaceName<'_>) -> bool {
    name.package.starts_with("wasi:") && GENERATIONS.iter().any(|g| g.newer && g.is_of(name))
}

/// The block whose grant covers what this interface does, beside those of our own package.
pub(crate) fn block(name: &InterfaceName<'_>) -> Option<&'static str> {
    let sends = |generation: &Generation| {
        name.package == "wasi:http" && name.interface == generation.client
    };
    GENERATIONS.iter().any(sends).then_some("egress")
}

/// `0.2.12`, or `0.2.12 or 0.3.0`
fn versions(which: impl Fn(&Generation) -> bool) -> Option<String> {
    let versions = GENERATIONS.iter().filter(|generation| which(generation));
    versions.map(Generation::version).reduce(|all, version| format!("{all} or {version}"))
}

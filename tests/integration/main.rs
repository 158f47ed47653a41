//! The real binary, as its users and its worst guests meet it: one file per feature.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::disallowed_methods, reason = "a test ends with its runtime and all its tasks")]

mod actuator;
mod compiling;
mod config;
mod configuration;
mod coordination;
mod deploy;
mod deploy_api;
mod dev;
mod durability;
mod events;
mod faults;
mod grants;
mod http;
mod identity;
mod languages;
mod new;
mod objects;
mod orders;
mod preview1;
mod printed;
mod pubsub;
mod redis;
mod reference;
mod refusals;
mod reuse;
mod secrets;
mod shutdown;
mod signatures;
mod take_over;
mod unloading;
mod uploads;
mod verbs;
mod versions;
mod wasi_http;
mod widening;

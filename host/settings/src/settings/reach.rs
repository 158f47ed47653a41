//! Addresses that other machines reach, and what each listener wants before it takes one.

use std::net::SocketAddr;

use ottavo_document::Reader;

use super::tls;
use crate::{Drivers, Listen, Settings};

/// What is wrong with the addresses: the table, and the message.
pub(crate) fn refusals(settings: &Settings) -> Vec<(&'static str, String)> {
    let Settings { http, grpc, actuator, app, .. } = settings;
    let mut refused = Vec::new();
    if let Some(address) = beyond(http.listen)
        && http.tls.is_none()
        && !http.plaintext
    {
        refused.push(("http", refusal(address, "", &encrypted("http"))));
    }
    if let Listen::Tcp(address) = grpc.listen
        && let Some(address) = beyond(address)
    {
        let certified = grpc.tls.as_ref().is_some_and(|files| files.client_ca.is_some());
        if app.is_empty() && !certified {
            let what = "add `[app.NAME]` with a `token_file`, or write `client_ca` in `grpc.tls`";
            let why = ", and who they are is not asked";
            refused.push(("grpc", refusal(address, why, what)));
        }
        if grpc.tls.is_none() && !grpc.plaintext {
            refused.push(("grpc", refusal(address, "", &encrypted("grpc"))));
        }
    }
    if let Some(address) = beyond(actuator.listen)
        && !actuator.public
    {
        let what = "set `actuator.public = true` if they may read health, info and metrics";
        refused.push(("actuator", refusal(address, "", what)));
    }
    refused
}

/// Reports addresses that are refused, and certificates that cannot be used.
pub(crate) fn check(reader: &Reader<'_>, settings: &Settings, drivers: &dyn Drivers) {
    for (table, message) in refusals(settings) {
        let path = format!("{table}.listen");
        reader.report(reader.place_of(&path).unwrap_or_default(), path, message);
    }
    tls::check(reader, "http.tls", settings.http.tls.as_ref(), drivers);
    tls::check(reader, "grpc.tls", settings.grpc.tls.as_ref(), drivers);
    if let (Listen::Unix(_), Some(_)) = (&settings.grpc.listen, &settings.grpc.tls) {
        let path = "grpc.tls";
        let message = "is for an address: leave it out beside a unix socket".to_owned();
        reader.report(reader.place_within(path).unwrap_or_default(), path.to_owned(), message);
    }
}

fn beyond(address: SocketAddr) -> Option<SocketAddr> {
    Some(address).filter(|address| !address.ip().is_loopback())
}

fn encrypted(table: &str) -> String {
    format!(
        "set `{table}.tls = {{ cert = \"FILE\", key = \"FILE\" }}`, or `{table}.plaintext = true` \
         where a proxy in front speaks TLS"
    )
}

fn refusal(address: SocketAddr, why: &str, what: &str) -> String {
    let port = address.port();
    format!(
        "is `{address}`, which other machines reach{why}: {what}, or use a loopback address such as \
         `127.0.0.1:{port}`"
    )
}

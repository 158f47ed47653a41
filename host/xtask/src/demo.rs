//! `demo`: the whole height of the house on a fresh machine. Builds, starts a host without
//! configuration, deploys the examples as a user would, calls them and checks the answers.

pub(crate) mod ports;
pub(crate) mod request;
mod server;

use std::process::Command;

use anyhow::{Context, Result, bail};
use signal_hook::consts::{SIGCHLD, SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use self::ports::Ports;
use self::request::Request;
use self::server::Server;
use crate::guests::{Program, Recipe};
use crate::place::Place;
use crate::setup::{self, Ready};
use crate::{guests, host, process, say};

/// The languages: the suffix of their examples' folders, and what their routes begin with.
const LANGUAGES: [(&str, &str); 3] =
    [("rust", ""), ("go", "/go"), ("assemblyscript", "/assemblyscript")];

/// The examples that are deployed, in each language.
const EXAMPLES: [&str; 3] = ["hello", "inventory", "counter"];

/// Whether the host stays up after the calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stay {
    Once,
    UntilStopped,
}

/// Runs the demo; says whether every answer was the expected one.
pub(crate) fn run(place: &Place, stay: Stay) -> Result<bool> {
    // from here on Ctrl-C ends what is under way, and then us, with the host stopped
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP]).context("wait for Ctrl-C")?;
    say::heading("setup");
    let (ready, languages) = languages(place)?;
    say::heading("build the host (a few minutes the first time)");
    host::build(place)?;
    if signals.pending().next().is_some() {
        return Ok(false);
    }

    say::heading("start a host: no configuration file, embedded storage, a fresh folder");
    let ports = choose_ports()?;
    let mut server = Server::start(place, &ports)?;
    let shown =
        deploy(place, &ready, &server, &languages).and_then(|()| call(place, &ports, &languages));
    let good = shown.as_ref().is_ok_and(|good| *good);
    if !good {
        server.show_log();
    }
    if good && stay == Stay::UntilStopped {
        say::heading("the host stays up: try the lines above yourself; Ctrl-C stops it");
        wait(&mut signals, &mut server)?;
    }
    say::heading("stop the host");
    server.stop()?;
    shown?;
    say::line(if good { "demo: every answer as expected" } else { "demo: not as expected" });
    Ok(good)
}

/// One language with its examples.
struct Language {
    name: &'static str,
    prefix: &'static str,
    examples: Vec<Program>,
}

/// Those that can be built here; the others are named.
fn languages(place: &Place) -> Result<(Ready, Vec<Language>)> {
    let mut languages = Vec::new();
    for (name, prefix) in LANGUAGES {
        let example = |what: &str| guests::example(place, &format!("{what}-{name}"));
        let examples = EXAMPLES.map(example).into_iter().collect::<Result<_>>()?;
        languages.push(Language { name, prefix, examples });
    }
    let all: Vec<_> = languages.iter().flat_map(|language| language.examples.clone()).collect();
    let (ready, recipes) = (setup::for_guests(place, &all)?, Recipe::all(place)?);
    languages.retain(|language| {
        let lacks = language.examples.iter().find_map(|e| ready.compilers.lacks(&recipes, e));
        if let Some(why) = lacks {
            say::line(format_args!("without {}: {why}", language.name));
        }
        lacks.is_none()
    });
    Ok((ready, languages))
}

/// Until somebody wants us to stop, or the host is no more.
fn wait(signals: &mut Signals, server: &mut Server) -> Result<()> {
    signals.add_signal(SIGCHLD)?;
    while !server.has_ended()? {
        if signals.wait().any(|signal| signal != SIGCHLD) {
            return Ok(());
        }
    }
    server.show_log();
    bail!("the host ended by itself")
}

fn choose_ports() -> Result<Ports> {
    let usual = Ports::usual();
    match usual.taken() {
        None => Ok(usual),
        Some(taken) => {
            say::line(format_args!("`{taken}` is in use: the host gets free ports"));
            Ports::free()
        }
    }
}

fn deploy(place: &Place, ready: &Ready, server: &Server, languages: &[Language]) -> Result<()> {
    say::heading("build and deploy the examples");
    for example in languages.iter().flat_map(|language| &language.examples) {
        let mut command = server.client(place);
        command.arg("deploy").arg(&example.folder);
        process::run(ready.tell(&mut command))?;
    }
    process::run(server.client(place).arg("list"))
}

fn call(place: &Place, ports: &Ports, languages: &[Language]) -> Result<bool> {
    say::heading("call");
    let mut good = true;
    for (at, Language { name, prefix, .. }) in languages.iter().enumerate() {
        say::line(format_args!("\n{name}:"));
        let hello = format!("{prefix}/hello/Ottavo");
        good &= check(&Request::get(ports.http, &hello), Some("Hello, Ottavo!"))?;
        let book = format!("{prefix}/inventory?name=book1");
        let body = (100 + at).to_string();
        let put = Request { method: "PUT", address: ports.http, target: &book, body: &body };
        good &= check(&put, None)?;
        let counter = format!("{prefix}/counter/demo");
        let post = Request { method: "POST", address: ports.http, target: &counter, body: "" };
        good &= check(&post, Some(&(at + 1).to_string()))?;
    }
    let last = (100 + languages.len()).saturating_sub(1).to_string();
    say::line("\nthe same key, read by every language and by an app through the gRPC door:");
    for Language { prefix, .. } in languages {
        let book = format!("{prefix}/inventory?name=book1");
        let expected = format!("There are {last} inventories for book1.");
        good &= check(&Request::get(ports.http, &book), Some(&expected))?;
    }
    let mut app = place.command(host::grpc_get(place));
    app.args([ports.grpc.to_string().as_str(), "default", "book1"]);
    good &= check_app(&mut app, &last)?;
    Ok(good)
}

/// Sends the request, shows it with its answer, and compares.
fn check(request: &Request<'_>, expected: Option<&str>) -> Result<bool> {
    say::line(format_args!("  $ {}", request.as_curl()));
    let answer = request.send()?;
    say::line(format_args!("    {} {}", answer.status, answer.body.trim_end()));
    let good = (200..300).contains(&answer.status)
        && expected.is_none_or(|expected| answer.body.trim_end() == expected);
    if !good {
        say::line(format_args!("    expected: 2xx {}", expected.unwrap_or_default()));
    }
    Ok(good)
}

fn check_app(app: &mut Command, expected: &str) -> Result<bool> {
    say::command(app);
    let value = process::capture(app).context("read the key through the gRPC door")?;
    let value = value.trim_end();
    say::line(format_args!("    {value}"));
    if value != expected {
        bail!("the app read `{value}` where the function wrote `{expected}`");
    }
    Ok(true)
}

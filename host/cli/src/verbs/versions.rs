//! `ottavo versions`: the kept versions of a function, and which of them answer.

use std::process::ExitCode;
use std::str::FromStr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use clap::Args;
use ottavo_control::{TrafficReply, TrafficRequest, VersionInfo, VersionList};
use ottavo_core::FunctionName;
use ottavo_settings::Env;

use crate::arguments::HostArguments;
use crate::failure::Result;
use crate::output::{self, Format};

#[derive(Args, Debug)]
pub(crate) struct Versions {
    /// The function's name
    name: FunctionName,
    #[command(flatten)]
    host: HostArguments,
}

/// The number of a version, as `v3` or `3`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Number(pub(super) u64);

impl FromStr for Number {
    type Err = String;

    fn from_str(text: &str) -> Result<Number, String> {
        let number = text.strip_prefix('v').unwrap_or(text).parse().ok();
        number.map(Number).ok_or_else(|| "write it like `v3`".to_owned())
    }
}

pub(crate) fn run(versions: Versions, format: Format, env: &Env) -> Result<ExitCode> {
    let client = super::client(&versions.host, env)?;
    let list = super::talk(client.versions(&versions.name))?;
    output::result(format, &list, |list| text(list, SystemTime::now()));
    Ok(ExitCode::SUCCESS)
}

/// Changes which versions answer, and shows which do now.
pub(super) fn change(
    name: &FunctionName,
    request: &TrafficRequest,
    host: &HostArguments,
    format: Format,
    env: &Env,
) -> Result<ExitCode> {
    let client = super::client(host, env)?;
    let reply: TrafficReply = super::talk(client.change(name, request))?;
    output::result(format, &reply, |reply| text(&reply.versions, SystemTime::now()));
    for grant in &reply.added {
        output::say(format_args!("it may reach what the one before could not: {grant}"));
    }
    if !reply.changed {
        output::say("nothing has changed: it was so already");
    }
    Ok(ExitCode::SUCCESS)
}

fn text(list: &VersionList, now: SystemTime) -> String {
    let head = ["VERSION", "STATE", "REQUESTS", "DEPLOYED", "SIZE", "DIGEST"];
    let mut head = head.map(str::to_owned).to_vec();
    let signed = list.versions.iter().any(|version| version.signed_by.is_some());
    head.extend(signed.then(|| "SIGNED BY".to_owned()));
    let rows = list.versions.iter().map(|version| {
        let mut row = row(version, list, now);
        row.extend(signed.then(|| version.signed_by.clone().unwrap_or_default()));
        row
    });
    let mut text = output::table(&std::iter::once(head).chain(rows).collect::<Vec<_>>());
    if let Some(header) = &list.sticky {
        text.push_str(&format!("\nthe same `{header}` gets the same version\n"));
    }
    text
}

fn row(version: &VersionInfo, list: &VersionList, now: SystemTime) -> Vec<String> {
    let deployed = UNIX_EPOCH + Duration::from_millis(version.deployed_at);
    let age = now.duration_since(deployed).unwrap_or_default();
    let state = match version.version {
        number if number == list.active => "active",
        _ if version.share > 0 => "split",
        number if Some(number) == list.previous => "kept, active before",
        _ => "kept",
    };
    vec![
        format!("v{}", version.version),
        state.to_owned(),
        format!("{} %", version.share),
        format!("{} ago", indicatif::HumanDuration(age)),
        output::size(version.size),
        version.digest.short(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_written_with_or_without_its_letter() {
        assert_eq!("v3".parse(), Ok(Number(3)));
        assert_eq!("3".parse(), Ok(Number(3)));
        for wrong in ["", "v", "vv3", "-1", "latest"] {
            assert!(wrong.parse::<Number>().is_err(), "{wrong}");
        }
    }
}

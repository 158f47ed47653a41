//! `ottavo list`: the deployed functions.

use std::process::ExitCode;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use clap::Args;
use ottavo_control::{FunctionInfo, FunctionList};
use ottavo_settings::Env;

use crate::arguments::HostArguments;
use crate::failure::Result;
use crate::output::{self, Format};

#[derive(Args, Debug)]
pub(crate) struct List {
    #[command(flatten)]
    host: HostArguments,
}

pub(crate) fn run(list: List, format: Format, env: &Env) -> Result<ExitCode> {
    let client = super::client(&list.host, env)?;
    let list = super::talk(client.list())?;
    if list.functions.is_empty() {
        output::say("no function is deployed: `ottavo deploy DIR` does it");
    }
    output::result(format, &list, |list| text(list, SystemTime::now()));
    Ok(ExitCode::SUCCESS)
}

fn text(list: &FunctionList, now: SystemTime) -> String {
    if list.functions.is_empty() {
        return String::new();
    }
    let head = ["NAME", "VERSION", "DEPLOYED", "SIZE", "ROUTES"].map(str::to_owned).to_vec();
    let rows = list.functions.iter().map(|function| row(function, now));
    output::table(&std::iter::once(head).chain(rows).collect::<Vec<_>>())
}

/// The active version, and those that have a share of its requests.
fn version(function: &FunctionInfo) -> String {
    let shares =
        function.shares.iter().map(|share| format!("v{} {} %", share.version, share.percent));
    match shares.collect::<Vec<_>>() {
        shares if shares.is_empty() => function.version.to_string(),
        shares => format!("{} ({})", function.version, shares.join(", ")),
    }
}

fn row(function: &FunctionInfo, now: SystemTime) -> Vec<String> {
    let deployed = UNIX_EPOCH + Duration::from_millis(function.deployed_at);
    let age = now.duration_since(deployed).unwrap_or_default();
    let routes: Vec<_> = function.http.iter().map(|trigger| trigger.route.as_str()).collect();
    vec![
        function.name.to_string(),
        version(function),
        format!("{} ago", indicatif::HumanDuration(age)),
        output::size(function.size),
        routes.join(" "),
    ]
}

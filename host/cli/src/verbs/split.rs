//! `ottavo split`: a share of the requests for another version.

use std::process::ExitCode;

use clap::Args;
use ottavo_control::{Share, TrafficRequest};
use ottavo_core::FunctionName;
use ottavo_settings::Env;

use super::versions::{self, Number};
use crate::arguments::HostArguments;
use crate::failure::Result;
use crate::output::Format;

#[derive(Args, Debug)]
pub(crate) struct Split {
    /// The function's name
    name: FunctionName,
    /// A kept version and its share of the requests in percent: `v3=10`; the active version has the
    /// rest, and `v3=0` ends it
    #[arg(required = true, value_name = "VERSION=PERCENT", value_parser = share)]
    shares: Vec<Share>,
    /// Choose by the value of this header, so that the same value gets the same version; requests
    /// without it are spread at random
    #[arg(long, value_name = "HEADER")]
    sticky: Option<String>,
    #[command(flatten)]
    host: HostArguments,
}

pub(crate) fn run(split: Split, format: Format, env: &Env) -> Result<ExitCode> {
    let request = TrafficRequest::Split { shares: split.shares, sticky: split.sticky };
    versions::change(&split.name, &request, &split.host, format, env)
}

fn share(text: &str) -> Result<Share, String> {
    let parts = text.split_once('=');
    let share = parts.and_then(|(version, percent)| {
        let Number(version) = version.parse().ok()?;
        let percent = percent.strip_suffix('%').unwrap_or(percent).parse().ok()?;
        (percent <= 100).then_some(Share { version, percent })
    });
    share.ok_or_else(|| "write it like `v3=10`, with 0 to 100 percent".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_a_version_and_a_percentage() {
        for text in ["v3=10", "3=10", "v3=10%"] {
            assert_eq!(share(text), Ok(Share { version: 3, percent: 10 }), "{text}");
        }
        for wrong in ["", "v3", "v3=", "=10", "v3=101", "v3=-1", "v3=1.5"] {
            assert!(share(wrong).is_err(), "{wrong}");
        }
    }
}

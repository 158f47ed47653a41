//! The host that the other verbs would talk to.

use ottavo_control::HostInfo;
use ottavo_settings::Env;

use super::report::{Finding, Status};
use crate::arguments::HostArguments;
use crate::verbs;

/// The one that runs, if one does. That none runs is fine, unless one was asked for.
pub(super) fn running(
    arguments: &HostArguments,
    env: &Env,
    findings: &mut Vec<Finding>,
) -> Option<HostInfo> {
    let asked = arguments.host.is_some() || env.get("OTTAVO_HOST").is_some();
    let found = verbs::client(arguments, env).and_then(|client| verbs::talk(client.host()));
    let host = match found {
        Ok(host) => host,
        Err(failure) => {
            let status = if asked { Status::Wrong } else { Status::Absent };
            let text = failure.messages.join("; ");
            findings.push(Finding::new("host", "", status, text).hint(failure.hint));
            return None;
        }
    };
    let HostInfo { version, pid, data_dir, .. } = &host;
    let data_dir = data_dir.display();
    let text = format!("version {version} runs as process {pid} in `{data_dir}`");
    let ours = env!("CARGO_PKG_VERSION");
    findings.push(match version == ours {
        true => Finding::new("host", "", Status::Ok, text),
        false => Finding::new("host", "", Status::Wrong, format!("{text}; this is {ours}")).fix(
            "use the `ottavo` that the host was started with, or restart the host with this one",
        ),
    });
    Some(host)
}

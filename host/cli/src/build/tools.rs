//! The tools that a recipe needs.

use std::path::Path;

use super::command::Surroundings;
use super::compiler::{Expect, Tool};
use super::places::Places;
use crate::failure::{Failure, Result};

/// Runs the checks in order.
///
/// # Errors
/// The first tool that is missing, with the command that installs it.
pub(crate) fn check(
    tools: &[Tool],
    places: &Places,
    surroundings: &Surroundings<'_>,
) -> Result<()> {
    tools.iter().try_for_each(|tool| match find(tool, places, surroundings) {
        Some(_) => Ok(()),
        None => Err(Failure::new(format!("{} is missing", places.fill(&tool.name)))
            .hint(format!("install it: {}", places.fill(&tool.install)))),
    })
}

/// The first line that a tool's check prints; none when the tool is missing.
pub(crate) fn find(
    tool: &Tool,
    places: &Places,
    surroundings: &Surroundings<'_>,
) -> Option<String> {
    let command = places.fill_all(&tool.check);
    let output = surroundings.command(&command)?.output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let first = text.lines().next().unwrap_or_default().trim().to_owned();
    let found = match tool.expect {
        Expect::Success => true,
        Expect::Path => !first.is_empty() && Path::new(&first).exists(),
    };
    (found && output.status.success()).then_some(first)
}

#[cfg(test)]
mod tests {
    use ottavo_settings::Env;

    use super::*;

    fn tool(check: &[&str], expect: Expect) -> Tool {
        Tool {
            name: "the thing for {target}".into(),
            check: check.iter().map(ToString::to_string).collect(),
            expect,
            install: "get {target}".into(),
        }
    }

    #[test]
    fn a_missing_tool_is_named_with_what_installs_it() {
        let places =
            Places { target: "t".into(), name: String::new(), dir: "/".into(), out: "/".into() };
        let env = Env::of_process();
        let here = Surroundings::new(Path::new("/"), &env);
        let there = [tool(&["true"], Expect::Success), tool(&["echo", "{dir}"], Expect::Path)];
        assert_eq!(check(&there, &places, &here), Ok(()));
        let missing = [
            tool(&["false"], Expect::Success),
            tool(&["ottavo-no-such-program"], Expect::Success),
            tool(&["echo", "/no/such/path"], Expect::Path),
            tool(&["true"], Expect::Path),
        ];
        for tool in missing {
            let failure = check(&[tool], &places, &here).expect_err("it is missing");
            assert_eq!(failure.messages, ["the thing for t is missing"]);
            assert_eq!(failure.hint.as_deref(), Some("install it: get t"));
        }
    }
}

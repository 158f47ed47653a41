//! How fast this is, as ratios to a floor or a peer that is measured in the same run, in alternation.
//!
//! Prints one table in Markdown for each group; what it does meanwhile goes to standard error. Run by
//! `cargo xtask bench`, which says where programs, and the peer, are:
//!
//! | argument | what it does |
//! |---|---|
//! | a group's name | measures that group; all of them without a name |
//! | `--quick` | short rounds: everything is run and every answer checked, the figures mean little |
//! | `floor NAME ARGUMENTS` | is a floor: serves on a port of loopback, printed first, until its input ends |

#![expect(
    clippy::disallowed_methods,
    reason = "a benchmark is told by its environment, and ends with its runtime and all its tasks"
)]
#![expect(clippy::print_stdout, reason = "tables are what this is for")]
#![expect(clippy::print_stderr, reason = "a person may want to know why it takes so long")]

mod callers;
mod contender;
mod floors;
mod groups;
mod hello;
mod load;
mod peer;
mod plan;
mod rpc;
mod server;
mod stamp;
mod table;

use anyhow::{Result, bail};
use plan::Plan;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // cargo itself says `--bench`
    let (options, names): (Vec<&str>, Vec<&str>) =
        arguments.iter().map(String::as_str).partition(|argument| argument.starts_with("--"));
    if let ["floor", name, arguments @ ..] = &names[..] {
        return floors::serve(name, arguments);
    }
    if let Some(name) = names.iter().find(|name| !groups::NAMES.contains(name)) {
        bail!("no group is called `{name}`: {}", groups::NAMES.join(", "));
    }
    let plan = if options.contains(&"--quick") { Plan::quick() } else { Plan::whole() };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    for name in groups::NAMES.iter().filter(|name| names.is_empty() || names.contains(name)) {
        eprintln!("{name}");
        println!("{}", runtime.block_on(groups::run(name, &plan))?);
    }
    Ok(())
}

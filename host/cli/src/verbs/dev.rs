//! `ottavo dev`: a host that builds the functions it serves, again on each save.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};

use clap::Args;
use ottavo_app::Start;
use ottavo_settings::{Compiler, Env};
use tokio::sync::Semaphore;

use super::serve::{self, Serve};
use crate::dev::{Project, Teller, Workshop, same_name};
use crate::failure::Result;
use crate::output::Format;

/// The host's own lines say what a deploy does, and so do those of this verb.
const QUIETER: (&str, &str) = ("info", "warn,function=info");

#[derive(Args, Debug)]
pub(crate) struct Dev {
    /// The functions' folders
    #[arg(default_value = ".", value_name = "DIR")]
    dirs: Vec<PathBuf>,
    /// Look for changes regularly, where the system does not tell: network file systems, folders
    /// shared with a virtual machine
    #[arg(long)]
    poll: bool,
    #[command(flatten)]
    host: Serve,
}

pub(crate) fn run(dev: Dev, format: Format, env: &Env) -> Result<ExitCode> {
    let Dev { dirs, poll, host } = dev;
    let mut projects = Vec::new();
    let mut names = BTreeMap::new();
    for dir in dirs {
        let project = Project::open(&dir)?;
        if let Some(other) = names.insert(project.name().clone(), project.dir().to_owned()) {
            return Err(same_name(project.name(), &other, project.dir()));
        }
        projects.push(project);
    }
    let mut settings = host.settings(env)?;
    if settings.log.filter == QUIETER.0 {
        settings.log.filter = QUIETER.1.to_owned();
    }
    // a day of saving must not fill the disk
    settings.deploy.keep = 1;
    // elsewhere it does not yet take every component
    if cfg!(target_arch = "x86_64") {
        settings.engine.compiler.get_or_insert(Compiler::Baseline);
    }
    let compilers = std::thread::available_parallelism().map_or(1, usize::from);
    serve::host(settings, Start::Alone, |host, deployer| {
        serve::announce(host, format);
        let shop = Arc::new(Workshop {
            deployer: deployer.clone(),
            host: host.clone(),
            env: env.clone(),
            teller: Teller(format),
            poll,
            benches: Semaphore::new(compilers),
            names: Mutex::new(names),
        });
        for project in projects {
            deployer.spawn("dev", project.run(Arc::clone(&shop)));
        }
    })
}

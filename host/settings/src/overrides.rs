//! What the command line sets over the file.

use std::path::PathBuf;

use crate::origin::{Origin, Origins};
use crate::settings::{grpc, http, reach};
use crate::{Place, Problem, Problems, Settings};

/// Flags of `serve`, as given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    /// `--data-dir`.
    pub data_dir: Option<PathBuf>,
    /// `--http`.
    pub http: Option<String>,
    /// `--grpc`.
    pub grpc: Option<String>,
    /// `--actuator`.
    pub actuator: Option<String>,
    /// `--require-signed`.
    pub require_signed: bool,
}

impl Overrides {
    /// Sets what was given.
    ///
    /// # Errors
    /// Every flag that is wrong.
    pub fn apply(&self, settings: &mut Settings) -> Result<(), Problems> {
        let mut problems = Vec::new();
        if let Some(data_dir) = &self.data_dir {
            settings.data_dir.clone_from(data_dir);
            settings.origins.insert("data_dir".to_owned(), Origin::Flag("--data-dir"));
        }
        if self.require_signed {
            settings.deploy.require_signed = true;
            let origin = Origin::Flag("--require-signed");
            settings.origins.insert("deploy.require_signed".to_owned(), origin);
        }
        let origins = &mut settings.origins;
        let mut set = Set { origins, problems: &mut problems };
        set.flag("--http", &self.http, http::address, &mut settings.http.listen);
        set.flag("--grpc", &self.grpc, grpc::listen, &mut settings.grpc.listen);
        set.flag("--actuator", &self.actuator, http::address, &mut settings.actuator.listen);
        // a file of such addresses has been refused already
        for (table, message) in reach::refusals(settings) {
            let path = format!("--{table}");
            problems.push(Problem { place: Place::default(), path, message });
        }
        Problems::none(problems)
    }
}

/// Sets the `listen` of the table that a flag is named after.
struct Set<'a> {
    origins: &'a mut Origins,
    problems: &'a mut Vec<Problem>,
}

impl Set<'_> {
    fn flag<T>(
        &mut self,
        flag: &'static str,
        given: &Option<String>,
        read: impl FnOnce(&str) -> Result<T, String>,
        slot: &mut T,
    ) {
        match given.as_deref().map(read) {
            Some(Ok(value)) => {
                *slot = value;
                let path = format!("{}.listen", flag.trim_start_matches('-'));
                self.origins.insert(path, Origin::Flag(flag));
            }
            Some(Err(message)) => {
                self.problems.push(Problem { place: Place::default(), path: flag.into(), message });
            }
            None => {}
        }
    }
}

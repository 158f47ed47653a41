//! What the command line sets over the file.

use std::path::PathBuf;

use crate::settings::{grpc, http};
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
        }
        set("--http", &self.http, http::loopback, &mut settings.http.listen, &mut problems);
        set("--grpc", &self.grpc, grpc::listen, &mut settings.grpc.listen, &mut problems);
        let actuator = &mut settings.actuator.listen;
        set("--actuator", &self.actuator, http::loopback, actuator, &mut problems);
        Problems::none(problems)
    }
}

fn set<T>(
    flag: &str,
    given: &Option<String>,
    read: impl FnOnce(&str) -> Result<T, String>,
    slot: &mut T,
    problems: &mut Vec<Problem>,
) {
    match given.as_deref().map(read) {
        Some(Ok(value)) => *slot = value,
        Some(Err(message)) => {
            problems.push(Problem { place: Place::default(), path: flag.into(), message });
        }
        None => {}
    }
}

//! The same functions in every guest language.

mod counter;
mod ends;
mod resources;
mod stress;
mod traps;
mod waiting;

use std::path::{Path, PathBuf};

use ottavo_test_support::{TestHost, not_built, program, root};

/// A language, as one of its compilers builds it.
pub(crate) struct Language {
    /// The last part of its programs' names: `stress-<name>`.
    pub(crate) name: &'static str,
    /// The folders of its programs end so.
    folder: &'static str,
    /// What the routes of its examples begin with.
    pub(crate) prefix: &'static str,
}

const LANGUAGES: [Language; 5] = [
    Language { name: "rust", folder: "rust", prefix: "" },
    Language { name: "go", folder: "go", prefix: "/go" },
    Language { name: "go-tinygo", folder: "go", prefix: "/go" },
    Language { name: "go-goroutines", folder: "go", prefix: "/go" },
    Language { name: "assemblyscript", folder: "assemblyscript", prefix: "/assemblyscript" },
];

/// Those whose program `stress` is built here.
pub(crate) fn with_stress() -> Vec<&'static Language> {
    let built = |language: &&Language| not_built(&language.stress()).unwrap().is_none();
    LANGUAGES.iter().filter(built).collect()
}

/// Those whose examples are built here: one compiler for each language.
pub(crate) fn with_examples() -> Vec<&'static Language> {
    let built = |language: &&Language| {
        language.name == language.folder && not_built(&language.example("hello")).unwrap().is_none()
    };
    LANGUAGES.iter().filter(built).collect()
}

impl Language {
    fn stress(&self) -> String {
        format!("stress-{}", self.name)
    }

    fn example(&self, what: &str) -> String {
        format!("{what}-{}", self.folder)
    }

    /// Deploys one of its examples.
    pub(crate) async fn deploy_example(&self, host: &TestHost, what: &str) {
        host.deploy(root().join("examples").join(self.example(what))).await.unwrap();
    }

    /// Deploys its program `stress`, routed to `/stress/<name>/...`, with these lines under
    /// `[limits]`.
    pub(crate) async fn deploy_stress(&self, host: &TestHost, limits: &str) {
        let manifest = self.stress_manifest(host.folder(), limits);
        host.deploy_with(&program(&self.stress()).unwrap(), &manifest).await.unwrap();
    }

    fn stress_manifest(&self, folder: &Path, limits: &str) -> PathBuf {
        let name = self.stress();
        let file = folder.join(format!("{name}.toml"));
        let route = format!("/stress/{}/:what", self.name);
        let text = format!(
            "manifest = 1\nname = \"{name}\"\n[[http]]\nroute = \"{route}\"\n\
             [needs]\nstate = [\"default\"]\n[limits]\nbody = \"2MiB\"\n{limits}\n"
        );
        std::fs::write(&file, text).unwrap();
        file
    }
}

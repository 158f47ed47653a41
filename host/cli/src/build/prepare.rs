//! Commands before the build, run when they are due.

use std::path::Path;
use std::time::SystemTime;

use super::command::{self, Surroundings};
use super::compiler::Preparation;
use super::places::Places;
use crate::failure::{Failure, Result};

/// Runs those that are due, in order.
pub(crate) fn run(
    preparations: &[Preparation],
    places: &Places,
    surroundings: &Surroundings<'_>,
) -> Result<()> {
    let dir = Path::new(&places.dir);
    for preparation in preparations.iter().filter(|p| is_due(p, dir)) {
        let line = places.fill_all(&preparation.command);
        let progress =
            surroundings.progress(format!("preparing `{}`: {}", places.name, line.join(" ")));
        command::run(&line, Vec::new(), surroundings, &progress)?;
        let made = dir.join(&preparation.makes);
        if changed(&made).is_none() {
            let (line, made) = (line.join(" "), made.display());
            return Err(Failure::new(format!("`{line}` succeeded, but did not make `{made}`")));
        }
    }
    Ok(())
}

/// Whether what it makes is missing, or older than what it is made from.
fn is_due(preparation: &Preparation, dir: &Path) -> bool {
    let Some(made) = changed(&dir.join(&preparation.makes)) else { return true };
    let sources = preparation.from.iter().filter_map(|from| changed(&dir.join(from)));
    sources.max().is_some_and(|newest| newest > made)
}

fn changed(file: &Path) -> Option<SystemTime> {
    file.metadata().and_then(|data| data.modified()).ok()
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::time::Duration;

    use ottavo_settings::Env;

    use super::*;

    fn prepare(dir: &Path, script: &str) -> Result<()> {
        let env = Env::of::<&str, &str>([]);
        let preparation = Preparation {
            command: ["sh", "-c", script].map(str::to_owned).into(),
            makes: "made".into(),
            from: vec!["list".into(), "lock".into()],
        };
        let places = Places {
            target: String::new(),
            name: "f".into(),
            dir: dir.to_string_lossy().into_owned(),
            out: String::new(),
        };
        run(&[preparation], &places, &Surroundings::new(dir, &env))
    }

    fn touch(file: &Path, age: u64) {
        let file = File::create(file).expect("a file");
        file.set_modified(SystemTime::now() - Duration::from_secs(age)).expect("its time is set");
    }

    #[test]
    fn it_runs_when_something_is_missing_or_newer() {
        let dir = tempfile::tempdir().expect("a folder");
        let count = || std::fs::read_to_string(dir.path().join("made")).unwrap_or_default().len();
        let script = "printf x >> made";
        touch(&dir.path().join("list"), 60);
        prepare(dir.path(), script).expect("it is missing");
        assert_eq!(count(), 1);
        prepare(dir.path(), script).expect("it is there");
        assert_eq!(count(), 1);
        touch(&dir.path().join("made"), 30);
        touch(&dir.path().join("lock"), 20);
        prepare(dir.path(), script).expect("the lock is newer");
        assert_eq!(count(), 1, "the file was emptied above");
    }

    #[test]
    fn what_it_did_not_make_is_told() {
        let dir = tempfile::tempdir().expect("a folder");
        let failure = prepare(dir.path(), "true").expect_err("nothing was made");
        assert!(failure.messages[0].contains("did not make"), "{failure:?}");
        let failure = prepare(dir.path(), "exit 4").expect_err("it failed");
        assert!(failure.messages[0].contains("exit status: 4"), "{failure:?}");
    }
}

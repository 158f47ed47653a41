//! `ottavo new`: a folder with a function that builds and answers as it is.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use ottavo_core::FunctionName;
use ottavo_settings::Env;
use serde::Serialize;

use crate::build;
use crate::build::recipe::{self, Recipe};
use crate::failure::{Failure, Result};
use crate::output::{self, Format};
use crate::template::{Kind, Values};

#[derive(Args, Debug)]
pub(crate) struct New {
    /// The folder to make; its name becomes the function's
    #[arg(value_name = "NAME")]
    path: PathBuf,
    /// What to write it in: rust, go, tinygo or assemblyscript
    #[arg(long, value_name = "LANGUAGE")]
    lang: Option<String>,
    /// What calls it: requests, or events of a topic
    #[arg(long, value_enum, default_value_t)]
    kind: Kind,
}

/// What was made.
#[derive(Serialize)]
struct Report<'a> {
    name: &'a str,
    language: &'a str,
    path: PathBuf,
    /// Where the SDK is unpacked.
    sdk: PathBuf,
    /// The commands that come next.
    next: Vec<String>,
}

pub(crate) fn run(new: New, format: Format, env: &Env) -> Result<ExitCode> {
    let recipes = recipe::all()?;
    let (recipe, language) = choose(&recipes, new.lang.as_deref(), &new.path)?;
    let name = name(&new.path)?;
    refuse_what_is_there(&new.path)?;
    // what may fail for other reasons comes before there is anything to clean up
    recipe.sdk().unpack(env)?;
    let values = Values { name: &name, language };
    for (file, text) in recipe.template(new.kind) {
        build::write(&new.path.join(file), values.fill(text).as_bytes())?;
    }
    let sdk = recipe.sdk().provide(&new.path, env)?;
    let path = std::path::absolute(&new.path).map_err(Failure::new)?;
    output::say(format_args!("made `{name}` ({language}) in `{}`", new.path.display()));
    if let Some(missing) = build::lacks(recipe, language, &path, env) {
        output::say(format_args!("note: to build it, {}", missing.messages.join(", ")));
        missing.hint.iter().for_each(|hint| output::say(format_args!("hint: {hint}")));
    }
    let next = next(&new.path, &name, new.kind);
    let report = Report { name: name.as_str(), language, path, sdk, next };
    output::result(format, &report, |report| report.next.join("\n") + "\n");
    Ok(ExitCode::SUCCESS)
}

/// The language that was asked for, by the name that it was asked by.
fn choose<'a>(
    recipes: &'a [Recipe],
    asked: Option<&'a str>,
    path: &Path,
) -> Result<(&'a Recipe, &'a str)> {
    let all = || recipes.iter().filter(|recipe| recipe.makes_new());
    let names = || all().flat_map(Recipe::names).collect::<Vec<_>>().join(", ");
    let Some(asked) = asked else {
        let path = shell(path);
        return Err(Failure::usage(format!("`--lang` is missing: use one of {}", names()))
            .hint(format!("for example `ottavo new {path} --lang rust`")));
    };
    let found = all().find(|recipe| recipe.names().any(|name| name == asked));
    found.map(|recipe| (recipe, asked)).ok_or_else(|| {
        let asked = asked.escape_debug();
        Failure::usage(format!("`{asked}` is no language for `--lang`: use one of {}", names()))
    })
}

/// The last part of the path.
fn name(path: &Path) -> Result<FunctionName> {
    let last = match path.file_name() {
        Some(name) => name.to_owned(),
        // `.` and the like
        None => {
            let shown = path.display();
            let full = path.canonicalize();
            let full = full
                .map_err(|error| Failure::usage(format!("find the folder `{shown}`: {error}")))?;
            full.file_name().unwrap_or_default().to_owned()
        }
    };
    let name = last.to_string_lossy().parse::<FunctionName>();
    name.map_err(|error| Failure::usage(error).hint("the folder's name becomes the function's"))
}

fn refuse_what_is_there(path: &Path) -> Result<()> {
    let shown = path.display();
    match path.read_dir() {
        Ok(mut entries) => match entries.next() {
            None => Ok(()),
            Some(_) => Err(Failure::new(format!("the folder `{shown}` is not empty"))
                .hint("choose another name, or remove what is there")),
        },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(Failure::new(format!("make the folder `{shown}`: {error}"))
            .hint("choose another name, or remove what is there")),
    }
}

/// What is typed next. The address is that of a host that runs without a configuration.
fn next(path: &Path, name: &FunctionName, kind: Kind) -> Vec<String> {
    let mut next = vec![
        "ottavo serve          # in another terminal, unless a host runs".to_owned(),
        "ottavo deploy".to_owned(),
    ];
    match kind {
        Kind::Http => next.push(format!("curl http://127.0.0.1:2045/{name}")),
        Kind::Event => next.extend([
            format!("ottavo events publish default {name} 'hello'"),
            format!("ottavo logs {name}"),
        ]),
    }
    if path.file_name().is_some() {
        next.insert(0, format!("cd {}", shell(path)));
    }
    next
}

/// As a shell takes it.
fn shell(path: &Path) -> String {
    let path = path.to_string_lossy();
    let plain = |c: char| c.is_alphanumeric() || "/._-".contains(c);
    match path.chars().all(plain) && !path.starts_with('-') {
        true => path.into_owned(),
        false => format!("'{}'", path.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sdk::LINK;

    fn new(path: PathBuf, lang: Option<&str>) -> Result<ExitCode> {
        let home = tempfile::tempdir().expect("a folder");
        let env = Env::of([("HOME", home.path().to_str().expect("UTF-8"))]);
        let (lang, kind) = (lang.map(str::to_owned), Kind::Http);
        run(New { path, lang, kind }, Format::Text, &env)
    }

    #[test]
    fn every_template_is_a_function_that_names_its_sdk_and_no_placeholder_stays() {
        let recipes = recipe::all().expect("they are valid");
        let languages = ["rust", "go", "tinygo", "assemblyscript"];
        let both = |language| [(language, Kind::Http), (language, Kind::Event)];
        for (language, kind) in languages.into_iter().flat_map(both) {
            let folder = tempfile::tempdir().expect("a folder");
            let (recipe, _) = choose(&recipes, Some(language), Path::new("x")).expect("known");
            let name = "hello-2".parse().expect("a name");
            let values = Values { name: &name, language };
            for (file, text) in recipe.template(kind) {
                let text = values.fill(text);
                assert!(!text.contains("{{"), "{language}: {file}");
                build::write(&folder.path().join(file), text.as_bytes()).expect("it is written");
            }
            let manifest = build::manifest(folder.path()).expect("a manifest");
            assert_eq!(manifest.name, name);
            assert_eq!(manifest.build.language.as_deref(), Some(language));
            match kind {
                Kind::Http => assert_eq!(manifest.http[0].route.as_str(), "/hello-2"),
                Kind::Event => assert_eq!(manifest.subscribe[0].topic, "hello-2"),
            }
            assert!(recipe.sdk_of(folder.path()).is_some_and(|sdk| !sdk.files.is_empty()));
            let ignored = std::fs::read_to_string(folder.path().join(".gitignore")).expect("it is");
            assert!(ignored.lines().any(|line| LINK.starts_with(line)), "{ignored}");
        }
    }

    #[test]
    fn what_was_typed_wrong_is_told_with_what_is_right() {
        let told = |path: &str, lang| {
            let failure = new(path.into(), lang).expect_err("it is wrong");
            (failure.messages.concat(), failure.hint.unwrap_or_default())
        };
        let (message, hint) = told("my function", None);
        assert!(message.contains("rust") && message.contains("tinygo"), "{message}");
        assert_eq!(hint, "for example `ottavo new 'my function' --lang rust`");
        let (message, _) = told("hello", Some("cobol"));
        assert!(message.contains("`cobol`") && message.contains("assemblyscript"), "{message}");
        let (message, _) = told("/tmp/My Function", Some("rust"));
        assert!(message.contains("`My Function` is not a function name"), "{message}");
    }

    #[test]
    fn what_is_there_is_left_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let taken = folder.path().join("taken");
        build::write(&taken.join("file"), b"mine").expect("a file");
        let failure = new(taken.clone(), Some("go")).expect_err("it is taken");
        assert!(failure.messages[0].contains("is not empty"), "{failure:?}");
        let failure = new(taken.join("file"), Some("go")).expect_err("it is a file");
        assert!(failure.messages[0].contains("make the folder"), "{failure:?}");
        assert_eq!(taken.read_dir().expect("a folder").count(), 1);

        let empty = folder.path().join("empty");
        std::fs::create_dir(&empty).expect("a folder");
        new(empty.clone(), Some("go")).expect("there was nothing in it");
        assert!(empty.join("function.toml").is_file());
    }

    #[test]
    fn commands_can_be_pasted_into_a_shell() {
        assert_eq!(shell(Path::new("a/b-c.d_é")), "a/b-c.d_é");
        assert_eq!(shell(Path::new("it's here/f")), r"'it'\''s here/f'");
        assert_eq!(shell(Path::new("$HOME")), "'$HOME'");
    }
}

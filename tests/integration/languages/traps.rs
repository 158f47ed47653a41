//! Where a function stopped: the names of its functions, and files and lines where it was built to
//! tell them.

use ottavo_test_support::{TestHost, not_built, program, root};

use super::with_stress;

/// The functions of the chain, outermost last, as each language names them.
fn chain(language: &str) -> [&'static str; 2] {
    match language {
        "rust" => ["stress_rust::step_on_a_mine", "stress_rust::descend"],
        "assemblyscript" => ["assembly/index/stepOnAMine", "assembly/index/descend"],
        _ => ["main.stepOnAMine", "main.descend"],
    }
}

#[tokio::test]
async fn a_trap_names_the_functions_that_led_to_it() {
    let host = TestHost::start().await.unwrap();
    for language in with_stress() {
        language.deploy_stress(&host, "").await;
        let name = language.name;
        let answer = host.get(&format!("/stress/{name}/trap")).await.unwrap();
        assert_eq!(answer.status, 500, "{name}: {}", answer.text());
        let error = answer.json()["error"].clone();
        let told = error["insides"].as_str().unwrap();
        let log = host.log();
        let id = error["request_id"].as_str().unwrap();
        let line = log.lines().find(|line| line.contains(id) && line.contains("backtrace"));
        let line = line.unwrap_or_else(|| panic!("{name}: {log}"));
        for function in chain(name) {
            assert!(told.contains(&format!("in {function}")), "{name}: {told}");
            assert!(line.contains(function), "{name}: {line}");
        }
        // nothing that nobody wrote, and the innermost first
        let frames: Vec<&str> =
            told.lines().filter_map(|line| line.strip_prefix("  in ")).collect();
        assert!(!frames.iter().any(|frame| frame.starts_with("function ")), "{name}: {told}");
        let at = |function: &str| frames.iter().position(|frame| frame.starts_with(function));
        let [inner, outer] = chain(name);
        assert!(at(inner) < at(outer), "{name}: {told}");
        if name == "rust" {
            assert!(frames[0].starts_with(inner), "{told}");
        }
    }
}

#[tokio::test]
async fn with_symbols_each_frame_tells_its_file_and_line() {
    let host = TestHost::start().await.unwrap();
    for (language, manifest, file) in [
        ("rust", "stress-rust/function-debug.toml", "stress-rust/src/lib.rs"),
        ("go-tinygo", "stress-go/function-tinygo-debug.toml", "stress-go/main.go"),
    ] {
        let name = format!("stress-{language}-debug");
        if not_built(&name).unwrap().is_some() {
            continue;
        }
        let manifest = root().join("tests/programs").join(manifest);
        host.deploy_with(&program(&name).unwrap(), &manifest).await.unwrap();
        let answer = host.get(&format!("/stress/{language}-debug/trap")).await.unwrap();
        let error = answer.json()["error"].clone();
        let told = error["insides"].as_str().unwrap();
        let source = std::fs::read_to_string(root().join("tests/programs").join(file)).unwrap();
        for function in chain(language) {
            let frame = told.lines().find(|line| line.contains(&format!("in {function} at ")));
            let frame = frame.unwrap_or_else(|| panic!("no file of {function}: {told}"));
            let (place, line) = frame.rsplit_once(':').unwrap();
            assert!(place.ends_with(file), "{frame}");
            // the line is one of the function's
            let line: usize = line.parse().unwrap();
            let short = function.rsplit(['.', ':']).next().unwrap();
            let begins = source.lines().position(|line| {
                line.contains(&format!("fn {short}(")) || line.contains(&format!("func {short}("))
            });
            let begins = begins.unwrap() + 1;
            assert!((begins..begins + 8).contains(&line), "{frame}: begins at {begins}");
        }
        let log = host.log();
        assert!(log.contains(&format!("{file}:")), "{log}");
    }
}

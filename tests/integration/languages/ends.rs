//! How a function in each language ends: its own errors, its panics, and what it writes before.

use ottavo_test_support::TestHost;

use super::with_stress;

#[tokio::test]
async fn the_text_of_a_panic_is_in_the_log_and_in_the_answer() {
    let host = TestHost::start().await.unwrap();
    for language in with_stress() {
        language.deploy_stress(&host, "").await;
        let name = language.name;
        let path = format!("/stress/{name}/panic?text=out+of+{name}+tea");
        let answer = host.get(&path).await.unwrap();
        let text = format!("out of {name} tea");
        assert_eq!(answer.status, 500, "{name}");
        assert!(answer.text().contains(&text), "{name}: {}", answer.text());
        let id = answer.json()["error"]["request_id"].as_str().unwrap().to_owned();
        let log = host.log();
        let line = log.lines().find(|line| line.contains(&id) && line.contains(&text));
        assert!(line.is_some(), "{name}: {log}");
        // TinyGo tells the text alone
        if !["go-tinygo", "go-goroutines"].contains(&name) {
            let place = match name {
                "rust" => "lib.rs:",
                "go" => ".go:",
                _ => ".ts:",
            };
            assert!(answer.text().contains(place), "{name}: {}", answer.text());
        }
        // and the next call is answered
        assert_eq!(host.get(&format!("/stress/{name}/memory")).await.unwrap().status, 200);
    }
}

#[tokio::test]
async fn errors_are_the_same_in_every_language() {
    let host = TestHost::start().await.unwrap();
    for language in with_stress() {
        language.deploy_stress(&host, "").await;
        for (kind, status) in [("invalid-argument", 400), ("conflict", 409), ("data-loss", 500)] {
            let path = format!("/stress/{}/fail?kind={kind}", language.name);
            let answer = host.get(&path).await.unwrap();
            let error = &answer.json()["error"];
            assert_eq!(
                (answer.status, &error["kind"], &error["message"]),
                (status, &kind.into(), &"as asked".into()),
                "{}",
                language.name
            );
        }
        let unknown = host.get(&format!("/stress/{}/nothing", language.name)).await.unwrap();
        assert_eq!(unknown.status, 404, "{}", language.name);
    }
}

#[tokio::test]
async fn lines_belong_to_the_request_that_wrote_them() {
    let host = TestHost::start().await.unwrap();
    for language in with_stress() {
        let name = language.name;
        language.deploy_stress(&host, "reuse = { calls = 1000, idle = \"1h\" }").await;
        let mut ids = Vec::new();
        for text in ["first", "second"] {
            let answer = host.get(&format!("/stress/{name}/log?text={name}-{text}")).await.unwrap();
            assert_eq!(answer.status, 204, "{name}");
            ids.push(answer.headers["x-request-id"].to_str().unwrap().to_owned());
        }
        let log = host.log();
        for (text, id) in ["first", "second"].into_iter().zip(ids) {
            let text = format!("{name}-{text}");
            let lines: Vec<_> = log.lines().filter(|line| line.contains(&text)).collect();
            // through the log, and through both outputs where the language has them
            let written = if name == "assemblyscript" { 1.. } else { 3.. };
            assert!(written.contains(&lines.len()), "{name}: {lines:?}");
            assert!(lines.iter().all(|line| line.contains(&id)), "{name}: {lines:?}");
        }
    }
}

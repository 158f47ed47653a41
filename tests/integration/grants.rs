//! Only what `[needs]` names is reachable.

use ottavo_test_support::{TestHost, program, root};

#[tokio::test]
async fn a_store_that_was_not_asked_for_is_denied_and_the_client_is_not_blamed() {
    let host = TestHost::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let manifest = folder.path().join("function.toml");
    let text = "manifest = 1\nname = \"inventory\"\n[[http]]\nroute = \"/inventory\"\n";
    std::fs::write(&manifest, text).unwrap();
    host.deploy_with(&program("inventory-rust").unwrap(), &manifest).await.unwrap();

    let answer = host.get("/inventory?name=book1").await.unwrap();
    assert_eq!(answer.status, 500);
    let error = &answer.json()["error"];
    assert_eq!(error["kind"], "denied");
    assert!(error["message"].as_str().unwrap().contains("state = [\"default\"]"), "{error}");
}

#[tokio::test]
async fn a_grant_of_some_keys_covers_no_others() {
    let host = TestHost::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let manifest = folder.path().join("function.toml");
    let text = "manifest = 1\nname = \"inventory\"\n[[http]]\nroute = \"/inventory\"\n\
                [needs]\nstate = [\"default:book*\"]\n";
    std::fs::write(&manifest, text).unwrap();
    host.deploy_with(&program("inventory-rust").unwrap(), &manifest).await.unwrap();

    let book = host.send("PUT", "/inventory?name=book1", "1").await.unwrap();
    assert!((200..300).contains(&book.status), "{}", book.text());
    let lamp = host.send("PUT", "/inventory?name=lamp", "1").await.unwrap();
    assert_eq!((lamp.status, &lamp.json()["error"]["kind"]), (500, &"denied".into()));
}

#[tokio::test]
async fn a_store_that_is_not_configured_is_refused_at_deploy() {
    let host = TestHost::builder().config("[state.other]\ndriver = \"memory\"\n");
    let host = host.start().await.unwrap();
    let error = host.deploy(root().join("examples/inventory-rust")).await.unwrap_err().to_string();
    assert!(error.contains("no state store `default`: configured are other"), "{error}");
}

//! From a deploy to an answer, and the same data through the other door.

use ottavo_test_support::{TestHost, root};

#[tokio::test]
async fn a_function_reads_and_writes_what_an_outside_app_reads_too() {
    let host = TestHost::start().await.unwrap();
    host.deploy(root().join("examples/inventory-rust")).await.unwrap();

    let missing = host.get("/inventory?name=book1").await.unwrap();
    assert_eq!(missing.status, 404, "{}", missing.text());
    let put = host.send("PUT", "/inventory?name=book1", "100").await.unwrap();
    assert!((200..300).contains(&put.status), "{}", put.text());
    let got = host.get("/inventory?name=book1").await.unwrap();
    assert_eq!((got.status, got.text()), (200, "There are 100 inventories for book1."));

    let value = host.value("book1").await.unwrap().unwrap();
    assert_eq!(&value[..], b"100");
}

#[tokio::test]
async fn the_cli_lists_and_invokes_what_it_deployed() {
    let host = TestHost::start().await.unwrap();
    host.deploy(root().join("examples/hello-rust")).await.unwrap();

    let (status, out, err) = host.cli(&["list"]).await.unwrap();
    assert!(status.success() && out.contains("hello"), "{out}{err}");
    let (status, out, err) = host.cli(&["list", "--output", "json"]).await.unwrap();
    assert!(status.success(), "{err}");
    let list: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(list["functions"][0]["name"], "hello");
    assert_eq!(list["functions"][0]["version"], 1);

    let args = ["invoke", "hello", "--path", "/hello/ann"];
    let (status, out, err) = host.cli(&args).await.unwrap();
    assert!(status.success() && out.contains("ann"), "{out}{err}");
    let (status, _, err) = host.cli(&["invoke", "nobody"]).await.unwrap();
    assert_eq!(status.code(), Some(1));
    assert!(err.contains("no function `nobody` is deployed"), "{err}");
}

#[tokio::test]
async fn what_was_deployed_is_there_after_a_restart_and_a_kill() {
    let host = TestHost::start().await.unwrap();
    host.deploy(root().join("examples/hello-rust")).await.unwrap();
    let folder = host.kill().await.unwrap();

    let host = TestHost::builder().folder(folder).start().await.unwrap();
    assert_eq!(host.get("/hello/bob").await.unwrap().status, 200);
    // the same again changes nothing
    host.deploy(root().join("examples/hello-rust")).await.unwrap();
    let (_, out, _) = host.cli(&["list", "--output", "json"]).await.unwrap();
    let list: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(list["functions"][0]["version"], 1);
}

#[tokio::test]
async fn a_route_that_is_taken_is_refused_and_its_owner_named() {
    let host = TestHost::start().await.unwrap();
    host.deploy(root().join("examples/hello-rust")).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let manifest = folder.path().join("function.toml");
    let text = "manifest = 1\nname = \"rival\"\n[[http]]\nroute = \"/hello/:who\"\n";
    std::fs::write(&manifest, text).unwrap();
    let wasm = ottavo_test_support::program("echo").unwrap();
    let error = host.deploy_with(&wasm, &manifest).await.unwrap_err().to_string();
    assert!(error.contains("hello") && error.contains("rival"), "{error}");
    assert_eq!(host.get("/hello/bob").await.unwrap().status, 200);
}

//! What the verbs print when all is well.

use expect_test::expect_file;
use ottavo_test_support::{TestHost, program, root};

use super::{compare, run, told};

#[tokio::test(flavor = "multi_thread")]
async fn results_read_alike_as_text_and_as_json() {
    let host = TestHost::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let at = host.data_dir().display().to_string();
    let wasm = program("counter-rust").unwrap().display().to_string();
    let manifest = root().join("examples/counter-rust/function.toml").display().to_string();
    let mut all = String::new();
    for arguments in [
        &["list"][..],
        &["deploy", &wasm, "--manifest", &manifest],
        &["deploy", &wasm, "--manifest", &manifest, "--output", "json"],
        &["list"],
        &["list", "--output", "json"],
        &["describe", "counter"],
        &["invoke", "counter", "--path", "/counter/visits", "-X", "POST"],
        &["state", "list", "default"],
        &["logs", "counter"],
        &["delete", "counter"],
        &["delete", "counter"],
    ] {
        let asked = [arguments, &["--host", &at]].concat();
        let output = run(folder.path(), &asked).await;
        all += &told(arguments, &output);
        all += "\n";
    }
    let all = all.replace(&wasm, "counter.wasm").replace(&manifest, "function.toml");
    compare(&expect_file!["results.txt"], &host.data_dir(), &all);
}

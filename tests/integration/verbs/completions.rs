//! `ottavo completions`

use ottavo_test_support::binary;
use tokio::process::Command;

async fn completions(shell: &str) -> std::process::Output {
    Command::new(binary()).args(["completions", shell]).output().await.unwrap()
}

#[tokio::test]
async fn each_shell_has_completions_that_know_the_verbs() {
    for shell in ["bash", "zsh", "fish"] {
        let output = completions(shell).await;
        assert!(output.status.success(), "{shell}");
        let script = String::from_utf8(output.stdout).unwrap();
        for verb in ["describe", "logs", "doctor"] {
            assert!(script.contains(verb), "{shell}: {verb}");
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ottavo.bash");
    std::fs::write(&file, completions("bash").await.stdout).unwrap();
    let read = Command::new("bash").arg("-n").arg(&file).status().await.unwrap();
    assert!(read.success(), "bash reads it");
    assert_eq!(completions("cmd").await.status.code(), Some(2));
}

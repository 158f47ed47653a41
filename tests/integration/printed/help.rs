//! The help of every verb, as a newcomer reads it.

use expect_test::expect_file;

use super::{compare, run};

#[tokio::test]
async fn every_verb_explains_itself() {
    let folder = tempfile::tempdir().unwrap();
    let mut all = String::new();
    for verb in verbs(folder.path(), &[]).await {
        all += &help(folder.path(), &[&verb]).await;
        for below in verbs(folder.path(), &[&verb]).await {
            all += &help(folder.path(), &[&verb, &below]).await;
        }
    }
    let first = help(folder.path(), &[]).await;
    compare(&expect_file!["help.txt"], folder.path(), &format!("{first}{all}"));
}

async fn help(folder: &std::path::Path, path: &[&str]) -> String {
    let arguments = [path, &["--help"]].concat();
    let output = run(folder, &arguments).await;
    assert!(output.status.success() && output.stderr.is_empty(), "{path:?}: {output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    format!("$ ottavo {}\n{text}\n", arguments.join(" "))
}

/// The verbs that a help lists.
async fn verbs(folder: &std::path::Path, path: &[&str]) -> Vec<String> {
    let text = help(folder, path).await;
    let listed = text.lines().skip_while(|line| *line != "Commands:").skip(1);
    let listed = listed.take_while(|line| !line.is_empty());
    let names = listed.filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next());
    names.filter(|name| *name != "help").map(str::to_owned).collect()
}

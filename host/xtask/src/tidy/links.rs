//! Links between documents: what a relative link names exists.

use std::path::Path;

use anyhow::Result;

use crate::place::Place;

/// The findings in all Markdown files.
pub(super) fn check(place: &Place, files: &[String]) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| file.ends_with(".md")) {
        let path = place.root.join(file);
        let folder = path.parent().unwrap_or(&place.root);
        for link in relative_links(&std::fs::read_to_string(&path)?) {
            if !exists(folder, &place.root, &link) {
                findings.push(format!("`{file}` links to `{link}`, which does not exist"));
            }
        }
    }
    Ok(findings)
}

fn exists(folder: &Path, root: &Path, link: &str) -> bool {
    match link.strip_prefix('/') {
        Some(from_root) => root.join(from_root).exists(),
        None => folder.join(link).exists(),
    }
}

/// The targets of `[text](target)` that name a file, without their `#part`. Code is not looked at.
fn relative_links(text: &str) -> Vec<String> {
    let mut links = Vec::new();
    let mut in_code = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        }
        if in_code {
            continue;
        }
        // every second piece stands between backticks
        for prose in line.split('`').step_by(2) {
            for rest in prose.split("](").skip(1) {
                let target = rest.split([')', ' ', '#']).next().unwrap_or_default();
                if !target.is_empty() && !target.contains(':') {
                    links.push(target.to_owned());
                }
            }
        }
    }
    links
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_are_links_to_check() {
        let text = "See [a](a.md#part), [b](../b/c.md \"title\"), [web](https://example.com/x.md),\n\
                    [here](#below), `[code](no.md)`.\n```\n[fence](no.md)\n```\n[d](/d.md)\n";
        assert_eq!(relative_links(text), ["a.md", "../b/c.md", "/d.md"]);
    }
}

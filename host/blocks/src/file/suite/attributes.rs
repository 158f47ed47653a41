//! What is known of a file beside its bytes.

use super::space::Space;
use crate::file::{ContentType, Info, Metadata, NewFile, Range};
use crate::suite::{Verdict, cases, ensure, equal, ok};

cases! {
    every_call_tells_the_same_of_a_file,
    content_type_and_metadata_are_kept needs Attributes,
    a_later_file_has_attributes_of_its_own needs Attributes,
    a_list_tells_all_of_a_file needs ListsInFull,
}

fn with(space: &Space, name: &str, content_type: &str, pairs: &[(&str, &str)]) -> Verdict<NewFile> {
    let pairs = pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    let metadata = ok(Metadata::parse(pairs), "parse metadata")?;
    let content_type = Some(ok(ContentType::parse(content_type), "parse a content type")?);
    Ok(NewFile { content_type, metadata, ..space.new_file(name) })
}

async fn every_call_tells_the_same_of_a_file(space: &Space) -> Verdict {
    let written = space.put("folder/a", "data").await?;
    equal!(written.name, space.name("folder/a"), "the name");
    equal!(written.size, 4, "the size");
    let known = space.info("folder/a").await?;
    ensure!(known.last_modified.is_some(), "nothing is known of when it was finished");
    equal!((&written.name, &written.etag), (&known.name, &known.etag), "of finish and stat");
    let range = Range { offset: 2, length: Some(1) };
    let reader = space.opened("folder/a", range).await?;
    equal!(*reader.info(), known, "of open and stat");
    let listed = space.infos("", 1).await?;
    equal!(listed.iter().map(key).collect::<Vec<_>>(), [key(&known)], "of list and stat");
    Ok(())
}

/// What is in every list.
fn key(info: &Info) -> (&str, u64) {
    (info.name.as_str(), info.size)
}

async fn content_type_and_metadata_are_kept(space: &Space) -> Verdict {
    let long = "x".repeat(2000);
    let pairs =
        [("author", "A. N. Other <a@b>"), ("empty", ""), ("n_1-2", "%41=\"&;"), ("z", &*long)];
    let file = with(space, "a", "text/plain; charset=utf-8", &pairs)?;
    let written = ok(space.write(file.clone(), &[b"x"]).await, "write")?;
    for info in [written, space.info("a").await?] {
        equal!(info.content_type, file.content_type, "the content type");
        equal!(info.metadata, file.metadata, "the metadata");
    }
    let plain = space.put("plain", "x").await?;
    equal!(plain.metadata, Metadata::default(), "the metadata of a file without any");
    Ok(())
}

async fn a_later_file_has_attributes_of_its_own(space: &Space) -> Verdict {
    let file = with(space, "a", "text/html", &[("one", "1")])?;
    ok(space.write(file, &[b"x"]).await, "write")?;
    let file = with(space, "a", "text/css", &[("two", "2")])?;
    ok(space.write(file.clone(), &[b"y"]).await, "write again")?;
    let info = space.info("a").await?;
    equal!(info.content_type, file.content_type, "the content type");
    equal!(info.metadata, file.metadata, "the metadata");
    Ok(())
}

async fn a_list_tells_all_of_a_file(space: &Space) -> Verdict {
    let file = with(space, "a", "text/html", &[("one", "1")])?;
    ok(space.write(file, &[b"x"]).await, "write")?;
    equal!(space.infos("", 10).await?, [space.info("a").await?], "the list");
    Ok(())
}

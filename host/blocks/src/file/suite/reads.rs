//! What is read, whole and in ranges.

use ottavo_core::Kind;

use super::space::Space;
use crate::file::{ChunkSize, Range};
use crate::suite::{Verdict, cases, ensure, equal, ok};

cases! {
    a_missing_file_is_no_error,
    a_file_is_read_as_it_was_written,
    an_empty_file_is_a_file,
    a_large_file_is_read_in_chunks,
    a_range_is_read_and_no_more,
    a_read_gives_at_most_what_was_asked_for,
    names_may_have_any_characters,
    a_reader_sees_one_version,
}

async fn a_missing_file_is_no_error(space: &Space) -> Verdict {
    space.expect_missing("a").await?;
    space.delete("a").await?;
    space.expect_missing("folder/a").await
}

async fn a_file_is_read_as_it_was_written(space: &Space) -> Verdict {
    let every: Vec<u8> = (0..=255).collect();
    let info = space.put("bytes", &every).await?;
    equal!(info.size, 256, "the size of what was written");
    space.expect("bytes", &every).await?;
    let parts: [&[u8]; 5] = [b"one", b"", b"\r\n\0", b"\xff\xfe", b"end"];
    ok(space.write(space.new_file("parts"), &parts).await, "write in parts")?;
    space.expect("parts", parts.concat()).await
}

async fn an_empty_file_is_a_file(space: &Space) -> Verdict {
    ok(space.write(space.new_file("never-written"), &[]).await, "create and finish")?;
    space.put("nothing-written", "").await?;
    for name in ["never-written", "nothing-written"] {
        space.expect(name, "").await?;
        equal!(space.info(name).await?.size, 0, "the size of `{name}`");
    }
    equal!(space.list("", 10).await?, ["never-written", "nothing-written"], "the list");
    Ok(())
}

async fn a_large_file_is_read_in_chunks(space: &Space) -> Verdict {
    let mut data = vec![0; (5 << 19) + 3];
    fastrand::Rng::with_seed(7).fill(&mut data);
    let chunks: Vec<&[u8]> = data.chunks(1 << 20).collect();
    ok(space.write(space.new_file("large"), &chunks).await, "write")?;
    space.expect("large", &data).await?;
    let middle = Range { offset: (1 << 20) - 1, length: Some(2) };
    equal!(space.read("large", middle).await?, data[(1 << 20) - 1..=1 << 20], "the middle");
    Ok(())
}

async fn a_range_is_read_and_no_more(space: &Space) -> Verdict {
    let data = b"0123456789";
    space.put("a", data).await?;
    for (offset, length, expected) in [
        (0, None, "0123456789"),
        (3, None, "3456789"),
        (3, Some(4), "3456"),
        (0, Some(1), "0"),
        (9, Some(1), "9"),
        (9, Some(100), "9"),
        (3, Some(0), ""),
        (10, None, ""),
        (11, Some(1), ""),
        (0, Some(u64::MAX), "0123456789"),
        (5, Some(u64::MAX), "56789"),
        (u64::MAX, Some(u64::MAX), ""),
    ] {
        let mut reader = space.opened("a", Range { offset, length }).await?;
        equal!(reader.info().size, 10, "the size of the whole file");
        let got = space.rest(&mut *reader, 4).await?;
        equal!(got, expected.as_bytes(), "{length:?} bytes at {offset}");
    }
    Ok(())
}

async fn a_read_gives_at_most_what_was_asked_for(space: &Space) -> Verdict {
    space.put("a", "abc").await?;
    let mut reader = space.opened("a", Range::default()).await?;
    let one = ok(ChunkSize::parse(1), "one byte")?;
    for expected in ["a", "b", "c", "", ""] {
        let got = ok(reader.read(&space.cx(), one).await, "read one byte")?;
        equal!(got, expected, "one byte");
    }
    Ok(())
}

async fn names_may_have_any_characters(space: &Space) -> Verdict {
    let long = format!("{}/{}", "l".repeat(255), "m".repeat(255));
    let names =
        ["grüße/世界/\u{10ffff}", "a b", "%2e%2e/x", "...", ".hidden", "-rf", "a|b:c*?\"<>", &long];
    for name in names {
        space.put(name, name).await?;
    }
    for name in names {
        space.expect(name, name).await?;
        equal!(space.info(name).await?.name, space.name(name), "the name of `{name}`");
    }
    equal!(space.list("", 100).await?.len(), names.len(), "how many are listed");
    Ok(())
}

async fn a_reader_sees_one_version(space: &Space) -> Verdict {
    for replaced in [true, false] {
        let old = vec![b'o'; 100_000];
        space.put("a", &old).await?;
        let mut reader = space.opened("a", Range::default()).await?;
        let mut seen = ok(reader.read(&space.cx(), ChunkSize::MAX).await, "read")?.to_vec();
        match replaced {
            true => drop(space.put("a", vec![b'n'; 200_000]).await?),
            false => space.delete("a").await?,
        }
        loop {
            match reader.read(&space.cx(), ChunkSize::MAX).await {
                Ok(chunk) if chunk.is_empty() => break,
                Ok(chunk) => seen.extend_from_slice(&chunk),
                Err(error) if error.kind() == Kind::Conflict => return Ok(()),
                Err(error) => return Err(format!("read on: {error:?}")),
            }
        }
        ensure!(seen == old, "a mixture of versions was read");
    }
    Ok(())
}

//! Reading: what is there, byte for byte, under any valid key.

use ottavo_core::Kind;

use super::space::Space;
use crate::Options;
use crate::state::{Entry, MAX_VALUE};
use crate::suite::{Verdict, cases, equal, ok, refused};

cases! {
    a_missing_key_has_no_value,
    a_value_is_read_with_the_etag_of_its_write,
    every_byte_comes_back,
    an_empty_value_is_a_value,
    a_value_of_one_mebibyte_comes_back,
    the_largest_value_comes_back,
    a_value_beyond_the_largest_is_too_large,
    keys_of_any_script_are_apart,
    the_longest_key_works,
    common_options_are_accepted,
    an_option_of_another_driver_is_ignored,
}

async fn a_missing_key_has_no_value(space: &Space) -> Verdict {
    space.expect_missing("nothing").await
}

async fn a_value_is_read_with_the_etag_of_its_write(space: &Space) -> Verdict {
    let etag = space.set("a", "1").await?;
    let value = space.value("a").await?;
    equal!(value.etag, etag, "the etag read");
    space.expect_data("a", "1").await
}

async fn every_byte_comes_back(space: &Space) -> Verdict {
    let bytes: Vec<u8> = (0..=255).chain([0, 0, 0xff, 0xfe]).collect();
    space.set("bytes", &bytes).await?;
    space.expect_data("bytes", &bytes).await
}

async fn an_empty_value_is_a_value(space: &Space) -> Verdict {
    let etag = space.set("empty", "").await?;
    space.expect_data("empty", "").await?;
    equal!(space.value("empty").await?.etag, etag, "the etag of an empty value");
    Ok(())
}

async fn a_value_of_one_mebibyte_comes_back(space: &Space) -> Verdict {
    comes_back(space, 1 << 20).await
}

async fn the_largest_value_comes_back(space: &Space) -> Verdict {
    comes_back(space, MAX_VALUE).await
}

async fn comes_back(space: &Space, size: usize) -> Verdict {
    let data = pattern(size);
    space.set("large", &data).await?;
    let got = space.value("large").await?.data;
    equal!(got.len(), data.len(), "the length of a large value");
    let differs = got.iter().zip(&data).position(|(got, put)| got != put);
    equal!(differs, None, "the first byte that differs");
    space.remove("large").await
}

/// Bytes without a short period, so that a misplaced part shows.
fn pattern(size: usize) -> Vec<u8> {
    (0..size).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect()
}

async fn a_value_beyond_the_largest_is_too_large(space: &Space) -> Verdict {
    space.set("a", "small").await?;
    let before = space.value("a").await?;
    let result = space.write(space.entry("a", pattern(MAX_VALUE + 1))).await;
    refused(result, Kind::TooLarge, "set of a value beyond the largest")?;
    space.expect_unchanged("a", &before).await
}

async fn keys_of_any_script_are_apart(space: &Space) -> Verdict {
    let names = [
        "a",
        "A",
        "a ",
        " a",
        "a/b",
        "a|b",
        "a:b",
        "%",
        "_",
        "*",
        "?",
        "[a]",
        "\\",
        "'",
        "\"",
        "\n",
        "\u{7f}",
        "ä",
        "a\u{308}",
        "日本語",
        "🦀",
        "\u{d7ff}",
        "\u{e000}",
        "\u{10ffff}",
    ];
    for name in names {
        space.set(name, name).await?;
    }
    for name in names {
        space.expect_data(name, name).await?;
    }
    Ok(())
}

async fn the_longest_key_works(space: &Space) -> Verdict {
    let room = 4096 - space.prefix().len();
    let (one, other) = ("x".repeat(room), format!("{}y", "x".repeat(room - 1)));
    space.set(&one, "one").await?;
    space.set(&other, "other").await?;
    space.expect_data(&one, "one").await?;
    space.expect_data(&other, "other").await?;
    equal!(space.list("x", 10).await?, [one.clone(), other.clone()], "the longest keys listed");
    space.remove(&one).await?;
    space.expect_missing(&one).await?;
    space.expect_data(&other, "other").await
}

async fn common_options_are_accepted(space: &Space) -> Verdict {
    for consistency in ["strong", "eventual"] {
        with_option(space, "consistency", consistency).await?;
    }
    Ok(())
}

async fn an_option_of_another_driver_is_ignored(space: &Space) -> Verdict {
    with_option(space, "no-such-driver.option", "1").await
}

async fn with_option(space: &Space, name: &str, value: &str) -> Verdict {
    let pairs = vec![(name.to_owned(), value.to_owned())];
    let options = ok(Options::parse(pairs), "parse an option")?;
    let entry = Entry { options: options.clone(), ..space.entry("a", value) };
    ok(space.write(entry).await, &format!("set with `{name}`"))?;
    let got = space.store.get(&space.cx(), &space.key("a"), &options).await;
    let data = ok(got, &format!("get with `{name}`"))?.map(|found| found.data);
    equal!(data.as_deref(), Some(value.as_bytes()), "the value read with `{name}`");
    Ok(())
}

//! Reading: one secret, several under one name, and all.

use ottavo_core::Kind;

use super::FIXTURE;
use super::space::{Space, key, texts};
use crate::suite::{Verdict, cases, ensure, equal, ok, refused};

cases! {
    a_missing_secret_is_none,
    a_secret_has_its_value_under_its_own_name,
    a_name_above_others_has_the_values_of_all,
    the_beginning_of_a_name_is_no_secret,
    names_are_compared_letter_by_letter,
    no_name_leads_out_of_the_store,
    the_longest_name_is_missing,
    every_secret_is_among_all_of_them_once,
    nothing_of_a_secret_shows,
    a_version_that_is_missing_is_none needs Versions,
    a_version_is_refused_or_known,
}

async fn a_missing_secret_is_none(space: &Space) -> Verdict {
    for name in ["suite/nothing", "nothing", "suite/token/below", "日本語"] {
        space.expect_missing(name).await?;
    }
    Ok(())
}

async fn a_secret_has_its_value_under_its_own_name(space: &Space) -> Verdict {
    for (name, value) in FIXTURE {
        equal!(space.values(name).await?, [(name.to_owned(), value.to_owned())], "get `{name}`");
    }
    Ok(())
}

async fn a_name_above_others_has_the_values_of_all(space: &Space) -> Verdict {
    for name in ["suite/db", "suite", "suite/db/replica"] {
        let mut below: Vec<_> = FIXTURE
            .iter()
            .filter_map(|(held, value)| Some((held.strip_prefix(name)?.strip_prefix('/')?, value)))
            .map(|(held, value)| (held.to_owned(), (*value).to_owned()))
            .collect();
        below.sort();
        equal!(space.values(name).await?, below, "get `{name}`");
    }
    Ok(())
}

async fn the_beginning_of_a_name_is_no_secret(space: &Space) -> Verdict {
    for name in ["s", "suite/t", "suite/toke", "suite/d", "suite/db/pass"] {
        space.expect_missing(name).await?;
    }
    Ok(())
}

async fn names_are_compared_letter_by_letter(space: &Space) -> Verdict {
    for name in ["SUITE/TOKEN", "Suite/token", "suite__token", "suite/token ", "suite.token"] {
        space.expect_missing(name).await?;
    }
    Ok(())
}

async fn no_name_leads_out_of_the_store(space: &Space) -> Verdict {
    for name in [
        "..",
        ".",
        "/",
        "../suite/token",
        "suite/../suite/token",
        "suite/./token",
        "suite//token",
        "/suite/token",
        "suite/token/",
        "suite/",
        "/etc/hostname",
        "../../../../../../../../etc/hostname",
    ] {
        space.expect_missing(name).await?;
    }
    Ok(())
}

async fn the_longest_name_is_missing(space: &Space) -> Verdict {
    space.expect_missing(&"x".repeat(4096)).await?;
    space.expect_missing(&"x/".repeat(2048)).await
}

async fn every_secret_is_among_all_of_them_once(space: &Space) -> Verdict {
    let all = ok(space.store.get_bulk(&space.cx()).await, "get-bulk")?;
    let of_suite = all.into_iter().filter(|(name, _)| name.as_str().starts_with("suite"));
    let mut found: Vec<_> =
        of_suite.map(|(name, bundle)| (name.into_string(), texts(bundle))).collect();
    found.sort();
    let pair =
        |name: &str, value: &str| (name.to_owned(), vec![(name.to_owned(), value.to_owned())]);
    let mut expected: Vec<_> = FIXTURE.iter().map(|(name, value)| pair(name, value)).collect();
    expected.sort();
    equal!(found, expected, "every secret");
    Ok(())
}

async fn nothing_of_a_secret_shows(space: &Space) -> Verdict {
    let bundle = space.get("suite/token").await?;
    let shown = format!("{bundle:?} {bundle:#?}");
    ensure!(!shown.contains("hunter2"), "Debug of a bundle shows the value");
    Ok(())
}

async fn a_version_that_is_missing_is_none(space: &Space) -> Verdict {
    let got = space.store.get(&space.cx(), &key("suite/token"), Some("no-such-version")).await;
    equal!(ok(got, "get a version")?, None, "a version that is missing");
    Ok(())
}

async fn a_version_is_refused_or_known(space: &Space) -> Verdict {
    let bundle = space.get("suite/token").await?.ok_or("`suite/token` is missing")?;
    let version = bundle.version.as_deref();
    let asked = Some(version.unwrap_or("1"));
    let got = space.store.get(&space.cx(), &key("suite/token"), asked).await;
    match version {
        None => refused(got, Kind::Unsupported, "get of a version"),
        Some(_) => {
            equal!(ok(got, "get of the newest version")?, Some(bundle), "the newest version");
            Ok(())
        }
    }
}

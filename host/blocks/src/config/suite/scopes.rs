//! Scopes: each has its own items.

use super::space::{Space, pairs};
use crate::suite::{Verdict, cases, equal, ok};

cases! {
    scopes_share_nothing,
    empty_words_are_default,
    words_lead_nowhere,
    the_longest_words_work,
}

async fn scopes_share_nothing(space: &Space) -> Verdict {
    let scopes =
        [("", ""), ("g", ""), ("", "g"), ("g", "g"), ("g", "h"), ("G", "g"), ("default", "g2")];
    for (group, label) in scopes {
        space.save_in(&space.scope_of(group, label), &[(&format!("{group}|{label}"), "x")]).await?;
    }
    for (group, label) in scopes {
        let found = space.values_in(&space.scope_of(group, label), &[]).await?;
        equal!(
            found,
            pairs(&[(&format!("{group}|{label}"), "x")]),
            "group `{group}`, label `{label}`"
        );
    }
    let gone = space.scope_of("g", "g");
    let key = super::space::key("g|g");
    ok(space.store.delete(&space.cx(), &gone, &[key]).await, "delete")?;
    equal!(space.values_in(&gone, &[]).await?, [], "a scope whose only key was deleted");
    equal!(space.values_in(&space.scope_of("g", "h"), &[]).await?.len(), 1, "another scope");
    Ok(())
}

async fn empty_words_are_default(space: &Space) -> Verdict {
    space.save(&[("a", "1")]).await?;
    let named = space.values_in(&space.scope_of("default", "default"), &[]).await?;
    equal!(named, pairs(&[("a", "1")]), "the scope by its words");
    Ok(())
}

async fn words_lead_nowhere(space: &Space) -> Verdict {
    let words = [
        "..", ".", "/", "../x", "a/b", "%2e%2e", "a.toml", "~", "ä", "🦀", "a|b", " ", "{a}", "}{",
    ];
    for word in words {
        space.save_in(&space.scope_of(word, word), &[("k", word)]).await?;
    }
    for word in words {
        let found = space.values_in(&space.scope_of(word, word), &[]).await?;
        equal!(found, pairs(&[("k", word)]), "the scope `{word}`");
    }
    equal!(space.values(&[]).await?, [], "the scope of no words");
    Ok(())
}

async fn the_longest_words_work(space: &Space) -> Verdict {
    let (one, other) = ("ä".repeat(40), format!("{}ö", "ä".repeat(39)));
    space.save_in(&space.scope_of(&one, &one), &[("k", "1")]).await?;
    space.save_in(&space.scope_of(&one, &other), &[("k", "2")]).await?;
    let found = space.values_in(&space.scope_of(&one, &one), &[]).await?;
    equal!(found, pairs(&[("k", "1")]), "the longest words");
    Ok(())
}

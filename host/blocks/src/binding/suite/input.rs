//! What comes in.

use futures_util::StreamExt as _;
use ottavo_core::Kind;

use super::Capability;
use super::space::Space;
use crate::binding::{Input, Inputs};
use crate::suite::{Verdict, cases, ensure, equal, ok};

cases! {
    listening_stands_or_is_unsupported,
    what_happens_after_the_listening_began_is_told needs Loop,
    every_byte_comes_in needs Loop,
    each_listener_is_told_of_everything needs Loop,
    a_listener_that_goes_disturbs_no_other needs Loop,
    what_a_slow_listener_has_not_asked_for_waits needs Loop,
    each_has_an_id_of_its_own needs Loop,
}

/// The next one with this data: others are of other cases.
async fn next(inputs: &mut Inputs, data: &str) -> Verdict<Input> {
    while let Some(input) = inputs.next().await {
        let input = ok(input, "listen")?;
        if input.data == data.as_bytes() {
            return Ok(input);
        }
    }
    Err(format!("nothing more came while `{data}` was expected"))
}

async fn send(space: &Space, data: &str) -> Verdict {
    ok(space.invoke("create", data.to_owned(), &[]).await, "invoke `create`").map(drop)
}

async fn listening_stands_or_is_unsupported(space: &Space) -> Verdict {
    match (space.subscribe().await, space.claims(Capability::Input)) {
        (Ok(_), true) => Ok(()),
        (Err(error), false) if error.kind() == Kind::Unsupported => Ok(()),
        (Ok(_), false) => Err("listening succeeded, and `Input` is not claimed".to_owned()),
        (Err(error), _) => Err(format!("listening failed with {error:?}")),
    }
}

async fn what_happens_after_the_listening_began_is_told(space: &Space) -> Verdict {
    let mut inputs = ok(space.subscribe().await, "subscribe")?;
    let data = space.word("told");
    send(space, &data).await?;
    let input = next(&mut inputs, &data).await?;
    ensure!(!input.id.is_empty() && !input.kind.is_empty(), "no id or type: {input:?}");
    ensure!(input.content_type.contains('/'), "no media type: {input:?}");
    let time = input.time.unwrap_or_default();
    ensure!(time.contains('T') && time.ends_with('Z'), "`{time}` is no time");
    Ok(())
}

async fn every_byte_comes_in(space: &Space) -> Verdict {
    let mut inputs = ok(space.subscribe().await, "subscribe")?;
    let begin = space.word("bytes").into_bytes();
    let data: Vec<u8> = begin.iter().copied().chain(0..=255).chain([0, 0xff, 0xfe]).collect();
    ok(space.invoke("create", data.clone(), &[]).await, "invoke `create`")?;
    loop {
        let input = inputs.next().await.ok_or("nothing more came")?;
        let input = ok(input, "listen")?;
        if input.data.starts_with(&begin) {
            ensure!(input.data == data, "{} bytes came in, or others", input.data.len());
            return Ok(());
        }
    }
}

async fn each_listener_is_told_of_everything(space: &Space) -> Verdict {
    let mut one = ok(space.subscribe().await, "subscribe")?;
    let mut other = ok(space.subscribe().await, "subscribe")?;
    let words = ["a", "b", "c"].map(|word| space.word(word));
    for word in &words {
        send(space, word).await?;
    }
    for word in &words {
        next(&mut one, word).await?;
        next(&mut other, word).await?;
    }
    Ok(())
}

async fn a_listener_that_goes_disturbs_no_other(space: &Space) -> Verdict {
    let mut stays = ok(space.subscribe().await, "subscribe")?;
    let goes = ok(space.subscribe().await, "subscribe")?;
    let words = ["before", "after"].map(|word| space.word(word));
    send(space, &words[0]).await?;
    drop(goes);
    send(space, &words[1]).await?;
    next(&mut stays, &words[0]).await?;
    next(&mut stays, &words[1]).await.map(drop)
}

async fn what_a_slow_listener_has_not_asked_for_waits(space: &Space) -> Verdict {
    let mut inputs = ok(space.subscribe().await, "subscribe")?;
    let words: Vec<_> = (0..50).map(|number| space.word(&format!("slow {number}"))).collect();
    for word in &words {
        send(space, word).await?;
    }
    for word in &words {
        next(&mut inputs, word).await?;
    }
    Ok(())
}

async fn each_has_an_id_of_its_own(space: &Space) -> Verdict {
    let mut inputs = ok(space.subscribe().await, "subscribe")?;
    let word = space.word("twice");
    send(space, &word).await?;
    send(space, &word).await?;
    let (one, other) = (next(&mut inputs, &word).await?, next(&mut inputs, &word).await?);
    ensure!(one.id != other.id, "both have the id `{}`", one.id);
    equal!(one.kind, other.kind, "the type");
    Ok(())
}

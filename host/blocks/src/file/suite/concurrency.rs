//! Several writers and readers of one name at the same time.

use futures_util::future::join_all;
use ottavo_core::Kind;

use super::space::Space;
use crate::file::{Precondition, Range};
use crate::suite::{Verdict, cases, ensure, equal};

cases! {
    a_reader_never_sees_half_a_file,
    of_many_first_writes_one_succeeds needs FirstWrites,
}

async fn a_reader_never_sees_half_a_file(space: &Space) -> Verdict {
    let content = |n: u8| vec![n; 3000 + usize::from(n)];
    space.put("a", content(0)).await?;
    let writes = join_all((1..=8).map(async |n| space.put("a", content(n)).await.map(drop)));
    let reads = join_all((0..8).map(async |_| {
        let got = space.read("a", Range::default()).await?;
        let whole = got.first().is_some_and(|n| got == content(*n));
        ensure!(whole, "{} bytes that nobody wrote", got.len());
        Ok(())
    }));
    let (writes, reads) = futures_util::future::join(writes, reads).await;
    writes.into_iter().chain(reads).collect::<Verdict>()?;
    let last = space.read("a", Range::default()).await?;
    ensure!(last.first().is_some_and(|n| last == content(*n)), "a mixture stays");
    equal!(space.list("", 10).await?, ["a"], "the list");
    Ok(())
}

async fn of_many_first_writes_one_succeeds(space: &Space) -> Verdict {
    let writes = (0..8).map(|n| {
        let data = format!("writer {n}");
        async move { space.put_if("a", &data, Precondition::Absent).await.map(|_| data) }
    });
    let mut winners = Vec::new();
    for outcome in join_all(writes).await {
        match outcome {
            Ok(data) => winners.push(data),
            Err(error) => ensure!(error.kind() == Kind::Conflict, "a first write: {error:?}"),
        }
    }
    ensure!(winners.len() == 1, "{winners:?} all succeeded");
    space.expect("a", &winners[0]).await
}

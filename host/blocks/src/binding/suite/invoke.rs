//! One call out.

use bytes::Bytes;
use futures_util::future::join_all;
use ottavo_core::Kind;

use super::space::Space;
use crate::binding::MAX_DATA;
use crate::suite::{Verdict, cases, ensure, equal, ok, refused};

cases! {
    data_goes_out_and_an_answer_comes_back needs Echo,
    every_byte_goes_both_ways needs Echo,
    no_data_is_data needs Echo,
    metadata_goes_both_ways needs Echo,
    large_data_goes_both_ways needs Echo,
    data_beyond_the_largest_is_too_large,
    an_unknown_operation_is_unsupported,
    calls_at_the_same_time_get_their_own_answers needs Echo,
}

async fn echoes(space: &Space, data: &[u8]) -> Verdict {
    let sent = Bytes::copy_from_slice(data);
    let answer = ok(space.invoke("create", sent, &[]).await, "invoke `create`")?;
    ensure!(
        answer.data == data,
        "{} bytes came back, or others, of {}",
        answer.data.len(),
        data.len()
    );
    Ok(())
}

async fn data_goes_out_and_an_answer_comes_back(space: &Space) -> Verdict {
    echoes(space, b"hello").await
}

async fn every_byte_goes_both_ways(space: &Space) -> Verdict {
    let bytes: Vec<u8> = (0..=255).chain([0, 0, 0xff, 0xfe]).collect();
    echoes(space, &bytes).await
}

async fn no_data_is_data(space: &Space) -> Verdict {
    echoes(space, b"").await
}

async fn metadata_goes_both_ways(space: &Space) -> Verdict {
    let sent = [("X-Suite-A", "one"), ("X-Suite-B", "two words"), ("X-Suite-A", "three")];
    let answer = ok(space.invoke("create", "x", &sent).await, "invoke `create`")?;
    let pairs = answer.metadata.into_pairs();
    let of_suite = pairs.iter().map(|(name, value)| (name.to_lowercase(), value.as_str()));
    let mut found: Vec<_> = of_suite.filter(|(name, _)| name.starts_with("x-suite")).collect();
    // of one name, the order is kept
    found.sort_by(|one, other| one.0.cmp(&other.0));
    let pair = |name: &str, value| (name.to_owned(), value);
    let expected =
        [pair("x-suite-a", "one"), pair("x-suite-a", "three"), pair("x-suite-b", "two words")];
    equal!(found, expected, "the metadata that came back");
    Ok(())
}

async fn large_data_goes_both_ways(space: &Space) -> Verdict {
    let data: Vec<u8> =
        (0..3usize << 20).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    echoes(space, &data).await
}

async fn data_beyond_the_largest_is_too_large(space: &Space) -> Verdict {
    let result = space.invoke("create", vec![0; MAX_DATA + 1], &[]).await;
    refused(result, Kind::TooLarge, "invoke with data beyond the largest")
}

async fn an_unknown_operation_is_unsupported(space: &Space) -> Verdict {
    for operation in ["no-such-operation", "CREATE", "create ", "日本語"] {
        let result = space.invoke(operation, "x", &[]).await;
        refused(result, Kind::Unsupported, &format!("invoke `{operation}`"))?;
    }
    Ok(())
}

async fn calls_at_the_same_time_get_their_own_answers(space: &Space) -> Verdict {
    let numbers: Vec<_> = (0..20).map(|number| format!("number {number}")).collect();
    let calls = numbers.iter().map(|number| echoes(space, number.as_bytes()));
    join_all(calls).await.into_iter().collect()
}

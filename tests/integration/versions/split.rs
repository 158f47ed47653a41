//! A share of the requests for another version.

use std::collections::BTreeMap;

use bytes::Bytes;
use ottavo_test_support::{Client, TestHost, send};

use super::function::{PATH, answers, deploy, run, shares, version};

const REQUESTS: u64 = 1000;

/// How many requests each version answers.
async fn counted(host: &TestHost) -> BTreeMap<u64, u64> {
    let mut client = Client::open(host.http()).await.unwrap();
    let mut counts = BTreeMap::new();
    for _ in 0..REQUESTS {
        let answer = client.send("GET", PATH, "").await.unwrap();
        *counts.entry(version(&answer.json())).or_default() += 1;
    }
    counts
}

/// The version that answers each user.
async fn of_users(host: &TestHost) -> Vec<u64> {
    let mut versions = Vec::new();
    for user in 0..100 {
        let request = http::Request::builder().uri(PATH).header("host", "localhost");
        let request = request.header("X-User", format!("user-{user}"));
        let answer = send(host.http(), request.body(Bytes::new()).unwrap()).await.unwrap();
        versions.push(version(&answer.json()));
    }
    versions
}

#[tokio::test]
async fn requests_are_split_as_asked_and_a_header_makes_that_sticky() {
    let host = TestHost::start().await.unwrap();
    deploy(&host, 1, &[]).await.unwrap();
    deploy(&host, 2, &["--no-activate"]).await.unwrap();
    let split = run(&host, &["split", "f", "v2=20", "--sticky", "X-User"]).await.unwrap();
    assert_eq!((&split["changed"], &split["sticky"]), (&true.into(), &"x-user".into()));
    let again = run(&host, &["split", "f", "2=20%", "--sticky", "x-user"]).await.unwrap();
    assert_eq!(again["changed"], false);

    // 200 are expected; five standard deviations are 63
    let counts = counted(&host).await;
    assert!((130..270).contains(&counts[&2]) && counts.len() == 2, "{counts:?}");
    let users = of_users(&host).await;
    let new = users.iter().filter(|version| **version == 2).count();
    assert!((5..40).contains(&new), "{new} of 100 users");
    assert_eq!(of_users(&host).await, users);
    let (_, out, _) = host.cli(&["list"]).await.unwrap();
    assert!(out.contains("1 (v2 20 %)"), "{out}");
    let (_, out, _) = host.cli(&["describe", "f"]).await.unwrap();
    assert!(out.contains("v2 gets 20 % of the requests"), "{out}");

    let folder = host.kill().await.unwrap();
    let host = TestHost::builder().folder(folder).start().await.unwrap();
    assert_eq!(shares(&host).await, [(2, 20), (1, 80)]);
    assert_eq!(of_users(&host).await, users, "also after a restart");

    // whoever has met the new version keeps it when its share grows
    run(&host, &["split", "f", "v2=60", "--sticky", "x-user"]).await.unwrap();
    let more = of_users(&host).await;
    assert!(users.iter().zip(&more).all(|(before, now)| now >= before), "{users:?} {more:?}");
    run(&host, &["promote", "f"]).await.unwrap();
    assert_eq!(shares(&host).await, [(2, 100), (1, 0)]);
    assert_eq!(counted(&host).await, BTreeMap::from([(2, REQUESTS)]));
    let again = run(&host, &["promote", "f", "v2"]).await.unwrap();
    assert_eq!(again["changed"], false);
}

#[tokio::test]
async fn a_rollback_a_deploy_and_a_zero_end_a_split() {
    let host = TestHost::start().await.unwrap();
    for mark in 1..=2 {
        deploy(&host, mark, &[]).await.unwrap();
    }
    let split = ["split", "f", "v1=99"];
    for end in [&["rollback", "f"][..], &["split", "f", "v1=0"], &["activate", "f", "v2"]] {
        run(&host, &split).await.unwrap();
        assert_eq!(shares(&host).await, [(2, 1), (1, 99)]);
        run(&host, end).await.unwrap();
        assert_eq!(shares(&host).await, [(2, 100), (1, 0)], "{end:?}");
    }
    run(&host, &split).await.unwrap();
    let refused = run(&host, &["delete", "f", "--version", "v1"]).await.unwrap_err();
    assert!(refused.contains("version 1 of `f` answers 99 %"), "{refused}");
    deploy(&host, 3, &[]).await.unwrap();
    assert_eq!(shares(&host).await, [(3, 100), (2, 0), (1, 0)]);
    assert_eq!(answers(&host).await, 3);
}

#[tokio::test]
async fn a_split_that_makes_no_sense_is_refused_with_what_would() {
    let host = TestHost::start().await.unwrap();
    for mark in 1..=3 {
        deploy(&host, mark, &[]).await.unwrap();
    }
    for (arguments, said) in [
        (&["split", "f", "v1=60", "v2=40"][..], "v3 is active and has the rest"),
        (&["split", "f", "v1=10", "v3=80"], "make it 100 %"),
        (&["split", "f", "v9=10"], "`f` has no version 9"),
        (&["split", "f", "v1=10", "v1=20"], "version 1 has two shares"),
        (&["split", "f", "v1=101"], "0 to 100"),
        (&["split", "f"], "VERSION=PERCENT"),
        (&["split", "f", "v1=10", "--sticky", "no header"], "not the name of a header"),
        (&["split", "nobody", "v1=10"], "no function `nobody` is deployed"),
        (&["promote", "f"], "no version of `f` has a share"),
        (&["promote", "f", "v1"], "`ottavo activate f v1`"),
    ] {
        let refused = run(&host, arguments).await.unwrap_err();
        assert!(refused.contains(said), "{arguments:?}: {refused}");
    }
    assert_eq!(shares(&host).await, [(3, 100), (2, 0), (1, 0)]);
    run(&host, &["split", "f", "v1=10", "v2=20", "v3=70"]).await.unwrap();
    let refused = run(&host, &["promote", "f"]).await.unwrap_err();
    assert!(refused.contains("v1, v2 of `f` have shares: say which one"), "{refused}");
    run(&host, &["promote", "f", "v1"]).await.unwrap();
    assert_eq!(answers(&host).await, 1);
}

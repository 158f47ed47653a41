//! What is kept, active and shared after each change.

use std::path::Path;

use super::*;

fn name() -> FunctionName {
    "a".parse().expect("a name")
}

fn record(version: u64) -> Record {
    let text = "manifest = 1\nname = \"a\"";
    let manifest = Manifest::parse(Path::new("function.toml"), text).expect("valid");
    let digest = Digest::of(&version.to_le_bytes());
    Record {
        version,
        deployed_at: 0,
        artifact: digest,
        size: 8,
        component: digest,
        concurrent: false,
        signed: None,
        handles: None,
        manifest,
    }
}

/// Versions 1 to `last`, each active once.
fn lineage(last: u64) -> Lineage {
    let mut lineage = Lineage::of(record(1));
    for version in 2..=last {
        lineage.add(record(version));
        lineage.activate(version);
    }
    lineage
}

fn kept(lineage: &Lineage) -> Vec<u64> {
    lineage.versions.keys().copied().collect()
}

#[test]
fn rolling_back_walks_through_what_was_active_and_forgets_what_was_left() {
    let mut lineage = lineage(3);
    lineage.roll_back();
    lineage.add(record(4));
    lineage.activate(4);
    assert_eq!((lineage.active, lineage.previous()), (4, Some(2)), "3 was left for good");
    lineage.roll_back();
    lineage.roll_back();
    assert_eq!((lineage.active, lineage.previous()), (1, None));
    assert_eq!(lineage.next(), 5, "a number is never given again");
    // back and forth between two leaves no trace but the last step
    for version in [2, 1, 2, 1] {
        lineage.activate(version);
    }
    assert_eq!(lineage.previous(), Some(2));
    lineage.roll_back();
    assert_eq!(lineage.previous(), None);
}

#[test]
fn what_is_in_use_and_the_way_back_are_never_pruned() {
    let mut all = lineage(6);
    all.prune(4);
    assert_eq!(kept(&all), [3, 4, 5, 6]);
    let error = all.get(&name(), 2).expect_err("dropped");
    assert!(error.message().contains("not kept any more: kept are v3, v4, v5, v6"), "{error}");
    let error = all.get(&name(), 7).expect_err("never was");
    assert!(error.message().contains("no version 7"), "{error}");

    let mut split = lineage(4);
    split.activate(1);
    split.split(&name(), &BTreeMap::from([(2, 10)]), None).expect("kept");
    split.prune(1);
    assert_eq!(kept(&split), [1, 2, 4], "active, share, newest");

    let mut staged = lineage(2);
    (3..=8).for_each(|version| staged.add(record(version)));
    staged.prune(3);
    assert_eq!(kept(&staged), [1, 2, 8], "active, newest, and where a rollback goes");
    staged.prune(1);
    assert_eq!(kept(&staged), [2, 8]);
    assert_eq!(staged.previous(), None);
}

#[test]
fn shares_add_up_or_are_refused_with_what_would_fit() {
    let mut three = lineage(3);
    let mut split = |shares: &[(u64, u32)]| {
        let shares = shares.iter().copied().collect();
        let done = three.split(&name(), &shares, None).map_err(|error| error.to_string());
        done.map(|()| [1, 2, 3].map(|version| three.share(version)))
    };
    assert_eq!(split(&[(1, 10)]), Ok([10, 0, 90]));
    assert_eq!(split(&[(1, 10), (2, 20), (3, 70)]), Ok([10, 20, 70]));
    assert_eq!(split(&[(1, 0)]), Ok([0, 0, 100]), "taken back");
    assert_eq!(split(&[]), Ok([0, 0, 100]));
    for (shares, part) in [
        (&[(1, 100)][..], "v3 is active and has the rest"),
        (&[(1, u32::MAX), (2, u32::MAX)], "has the rest"),
        (&[(1, 10), (3, 80)], "make it 100 %"),
        (&[(1, 100), (3, 0)], "nothing is left for v3"),
        (&[(9, 10)], "no version 9"),
    ] {
        let refused = split(shares).expect_err("does not add up");
        assert!(refused.contains(part), "{shares:?}: {refused}");
    }
}

#[test]
fn the_same_content_is_found_in_the_active_and_the_newest_version_only() {
    let mut three = lineage(3);
    three.roll_back();
    let same = |version: u64| three.same(&record(1).manifest, &record(version).artifact, None);
    assert_eq!([same(1), same(2), same(3), same(4)], [None, Some(2), Some(3), None]);
}

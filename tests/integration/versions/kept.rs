//! Which versions are kept, and how one of them answers again.

use ottavo_test_support::{TestHost, program};

use super::function::{PATH, answers, artifacts, deploy, deploy_file, run, shares, wasm};

#[tokio::test]
async fn a_rollback_goes_to_what_was_active_before_and_survives_a_restart() {
    let host = TestHost::start().await.unwrap();
    for mark in 1..=3 {
        deploy(&host, mark, &[]).await.unwrap();
    }
    let (_, out, _) = host.cli(&["rollback", "f"]).await.unwrap();
    assert!(out.contains("v2       active"), "{out}");
    assert_eq!(answers(&host).await, 2);
    // said twice by a script: from version 3 it went back already
    let again = run(&host, &["rollback", "f", "--from", "v3"]).await.unwrap();
    assert_eq!((&again["changed"], &again["active"]), (&false.into(), &2.into()));

    let folder = host.kill().await.unwrap();
    let host = TestHost::builder().folder(folder).start().await.unwrap();
    assert_eq!(answers(&host).await, 2);
    run(&host, &["rollback", "f"]).await.unwrap();
    assert_eq!(answers(&host).await, 1);
    let refused = run(&host, &["rollback", "f"]).await.unwrap_err();
    assert!(refused.contains("nothing to go back to"), "{refused}");

    let forth = run(&host, &["activate", "f", "3"]).await.unwrap();
    assert_eq!((&forth["changed"], &forth["previous"]), (&true.into(), &1.into()));
    let again = run(&host, &["activate", "f", "v3"]).await.unwrap();
    assert_eq!(again["changed"], false);
    assert_eq!((answers(&host).await, shares(&host).await), (3, vec![(3, 100), (2, 0), (1, 0)]));
}

#[tokio::test]
async fn what_is_only_kept_does_not_answer_until_it_is_activated() {
    let host = TestHost::start().await.unwrap();
    let refused = deploy(&host, 1, &["--no-activate"]).await.unwrap_err();
    assert!(refused.contains("`f` has no version that answers"), "{refused}");
    deploy(&host, 1, &[]).await.unwrap();
    let kept = deploy(&host, 2, &["--no-activate"]).await.unwrap();
    assert_eq!((&kept["active"], &kept["function"]["version"]), (&false.into(), &2.into()));
    assert_eq!(answers(&host).await, 1);
    let again = deploy(&host, 2, &["--no-activate"]).await.unwrap();
    assert_eq!((&again["changed"], &again["function"]["version"]), (&false.into(), &2.into()));
    // what is there is not made once more
    let active = deploy(&host, 2, &[]).await.unwrap();
    assert_eq!((&active["changed"], &active["active"]), (&true.into(), &true.into()));
    assert_eq!((answers(&host).await, shares(&host).await), (2, vec![(2, 100), (1, 0)]));
    let (_, out, _) = host.cli(&["list"]).await.unwrap();
    assert!(out.contains("f     2 "), "{out}");
}

#[tokio::test]
async fn as_many_are_kept_as_the_configuration_says_and_the_rest_is_collected() {
    let host = TestHost::builder().config("[deploy]\nkeep = 3\n").start().await.unwrap();
    for mark in 1..=5 {
        deploy_file(&host, wasm(&host, mark), mark.into(), &[]).await.unwrap();
    }
    assert_eq!(shares(&host).await, [(5, 100), (4, 0), (3, 0)]);
    assert_eq!(artifacts(&host), 3);
    let refused = run(&host, &["activate", "f", "v2"]).await.unwrap_err();
    assert!(
        refused.contains("version 2 of `f` is not kept any more: kept are v3, v4, v5"),
        "{refused}"
    );
    let refused = run(&host, &["activate", "f", "v9"]).await.unwrap_err();
    assert!(refused.contains("`f` has no version 9"), "{refused}");

    // each that is left can answer
    for version in ["v3", "v4", "v5"] {
        run(&host, &["activate", "f", version]).await.unwrap();
        assert_eq!(format!("v{}", answers(&host).await), version);
    }
    let refused = run(&host, &["delete", "f", "--version", "v5"]).await.unwrap_err();
    assert!(refused.contains("version 5 of `f` answers 100 % of the requests"), "{refused}");
    run(&host, &["delete", "f", "--version", "v3"]).await.unwrap();
    let refused = run(&host, &["delete", "f", "--version", "v3"]).await.unwrap_err();
    assert!(refused.contains("not kept any more"), "{refused}");
    assert_eq!((shares(&host).await, artifacts(&host)), (vec![(5, 100), (4, 0)], 2));

    // two functions with one artifact: it stays for the other
    let manifest = super::function::manifest(&host, "g", 1);
    std::fs::write(&manifest, "manifest = 1\nname = \"g\"\n").unwrap();
    host.deploy_with(&wasm(&host, 5), &manifest).await.unwrap();
    run(&host, &["delete", "f"]).await.unwrap();
    assert_eq!(artifacts(&host), 1);
    run(&host, &["invoke", "g", "--path", PATH]).await.unwrap();
    run(&host, &["delete", "g"]).await.unwrap();
    assert_eq!(artifacts(&host), 0);
}

#[tokio::test]
async fn a_version_that_fails_its_first_request_is_not_deployed() {
    let host = TestHost::start().await.unwrap();
    let manifest = host.folder().join("faults.toml");
    let deploy = async |mark: u32, smoke: &str| {
        let text = format!(
            "manifest = 1\nname = \"f\"\ndescription = \"{mark}\"\n[[http]]\nroute = \"/f/...\"\n[needs]\nstate = [\"default\"]\n"
        );
        std::fs::write(&manifest, text).unwrap();
        let wasm = program("faults").unwrap();
        let (wasm, manifest) = (wasm.to_str().unwrap(), manifest.to_str().unwrap());
        run(&host, &["deploy", wasm, "--manifest", manifest, "--smoke", smoke]).await
    };
    deploy(1, "/f/ok").await.unwrap();
    for (smoke, said) in [
        ("/f/panic", "panicked at"),
        ("/f/no-such-fault", "no fault `no-such-fault`"),
        ("ok", "`ok` is not a path to try"),
    ] {
        let refused = deploy(2, smoke).await.unwrap_err();
        assert!(refused.contains(said), "{smoke}: {refused}");
        assert_eq!(host.get("/f/ok").await.unwrap().status, 200);
    }
    assert_eq!(shares(&host).await, [(1, 100)]);
    deploy(2, "/f/ok").await.unwrap();
    assert_eq!(shares(&host).await, [(2, 100), (1, 0)]);
}

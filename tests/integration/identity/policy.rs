//! What the operator does not allow is not granted, whoever accepts it.

use ottavo_test_support::{TestHost, program};

use super::eventually;

const NEEDS: &str = "state = [\"default:book*\"]\nlock = [\"default:stock\"]\n";

/// Deploys `inventory` with these needs: whether it went through, and what was said.
async fn deploy(host: &TestHost, needs: &str) -> (bool, String) {
    let folder = tempfile::tempdir().unwrap();
    let manifest = folder.path().join("function.toml");
    let text =
        format!("manifest = 1\nname = \"inventory\"\n[[http]]\nroute = \"/inventory\"\n{needs}");
    std::fs::write(&manifest, text).unwrap();
    let (wasm, manifest) = (program("inventory-rust").unwrap(), manifest.display().to_string());
    let args = ["deploy", wasm.to_str().unwrap(), "--manifest", &manifest, "--accept"];
    let (status, out, err) = host.cli(&args).await.unwrap();
    (status.success(), format!("{out}{err}"))
}

#[tokio::test]
async fn a_deploy_beyond_the_policy_is_refused_with_the_lines_that_would_allow_it() {
    let config = "[policy]\nstate = [\"default:book*\"]\n";
    let host = TestHost::builder().config(config).start().await.unwrap();
    let (deployed, said) = deploy(&host, "[needs]\nstate = [\"default:book1*\"]\n").await;
    assert!(deployed, "{said}");

    for (needs, beyond) in [
        ("[needs]\nstate = [\"default\"]\n", "`state = [\"default\"]`"),
        ("[needs]\negress = [\"api.example.com\"]\n", "`egress = [\"api.example.com\"]`"),
        ("[needs]\ninvoke = [\"fn:audit\"]\n", "`invoke = [\"fn:audit\"]`"),
        (
            "[[subscribe]]\npubsub = \"default\"\ntopic = \"orders\"\n",
            "`pubsub = [\"default:orders\"]`",
        ),
    ] {
        let (deployed, said) = deploy(&host, needs).await;
        assert!(!deployed && said.contains("`[policy]`") && said.contains(beyond), "{said}");
    }
    let answer = host.send("PUT", "/inventory?name=book1", "1").await.unwrap();
    assert_eq!(answer.status / 100, 2, "the version before serves: {}", answer.text());
}

#[tokio::test]
async fn what_is_deployed_does_not_answer_under_a_narrower_policy_and_comes_back_with_a_wider_one()
{
    let host = TestHost::start().await.unwrap();
    let (deployed, said) = deploy(&host, &format!("[needs]\n{NEEDS}")).await;
    assert!(deployed, "{said}");

    let narrow = "[policy]\nstate = [\"default\"]\n";
    let folder = host.kill().await.unwrap();
    let host = TestHost::builder().folder(folder).config(narrow).start().await.unwrap();
    let answer = host.get("/inventory?name=book1").await.unwrap();
    assert_eq!(answer.status, 503, "{}", answer.text());
    assert!(answer.text().contains("lock = ["), "{}", answer.text());
    let health = host.health("/actuator/health").await.unwrap();
    assert_eq!(health.status, 503);
    let broken = &health.json()["components"]["function.inventory"];
    assert_eq!(broken["status"], "DOWN", "{broken}");
    assert!(broken["details"]["error"]["message"].as_str().unwrap().contains("lock default:stock"));
    assert_eq!(host.health("/actuator/health/readiness").await.unwrap().status, 200);
    // nor does going back to it help
    let (status, _, err) = host.cli(&["activate", "inventory", "v1"]).await.unwrap();
    assert!(status.success() || err.contains("[policy]"), "{err}");
    assert_eq!(host.get("/inventory?name=book1").await.unwrap().status, 503);

    // the function has a table of its own, for itself alone
    let own = format!("{narrow}[policy.function.inventory]\n{NEEDS}");
    let folder = host.kill().await.unwrap();
    let host = TestHost::builder().folder(folder).config(own).start().await.unwrap();
    let answer = host.send("PUT", "/inventory?name=book1", "1").await.unwrap();
    assert_eq!(answer.status / 100, 2, "{}", answer.text());
    eventually(async || host.health("/actuator/health").await.unwrap().status, 200).await;
}

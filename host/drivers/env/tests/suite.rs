//! The behaviour suite of secrets on the driver `env`, and what is its own.

use std::collections::BTreeMap;
use std::sync::Arc;

use ottavo_blocks::secret::Secrets;
use ottavo_blocks::secret::suite::{self, FIXTURE, Harness, Time};
use ottavo_core::{Kind, Result, Shutdown, StoreName, SystemClock};
use ottavo_driver_env::Env;
use ottavo_registry::{Driver, OpenContext};
use serde_json::{Value, json};

async fn open(variables: &[(&str, &str)], table: Value) -> Result<Arc<dyn Secrets>> {
    let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let variables: BTreeMap<_, _> = variables.iter().map(pair).collect();
    let context = OpenContext {
        name: "test".parse::<StoreName>().expect("valid"),
        folder: "/nonexistent".into(),
        clock: Arc::new(SystemClock),
        shutdown: Shutdown::new(),
    };
    Env::new(variables).open(context, table).await
}

#[tokio::test]
async fn every_case_passes() {
    let variable = |name: &str| format!("SHOP_{}", name.to_uppercase().replace('/', "__"));
    let variables = FIXTURE.map(|(name, value)| (variable(name), value));
    let mut variables: Vec<_> =
        variables.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    variables.extend([("SHO", "x"), ("SHOP", "x"), ("SHOP_", "x"), ("SHOP_SUITE__NOTHING", "")]);
    variables.extend([("SUITE__TOKEN__BELOW", "x"), ("ZZ", "x")]);
    let store = open(&variables, json!({ "prefix": "SHOP_" })).await.expect("open");
    let harness = Harness { store, time: Time::Real };
    let report = suite::run_all(&harness).await;
    assert_eq!(report.failures(), [""; 0], "\n{report}");
    let report = suite::run_all_at_once(&harness).await;
    assert_eq!(report.failures(), [""; 0], "\n{report}");
}

#[tokio::test]
async fn two_variables_that_would_be_one_secret_are_refused_without_their_values() {
    let variables = [("P_A__B", "hunter2"), ("P_a__b", "hunter3")];
    let error = open(&variables, json!({ "prefix": "P_" })).await.err().expect("refused");
    assert_eq!(error.kind(), Kind::InvalidArgument);
    let said = "environment variable `P_a__b`: the secret `a/b` is there twice";
    assert_eq!(format!("{error:?}"), format!("invalid-argument: {said}"));
}

#[tokio::test]
async fn a_prefix_is_required_and_must_be_one() {
    for table in [json!({}), json!({ "prefix": "" }), json!({ "prefix": "A=" })] {
        let error = open(&[], table.clone()).await.err().expect("refused");
        assert!(error.message().contains("`prefix`"), "{table}: {error}");
    }
}

//! What is counted, as it is read.

use std::time::Duration;

use ottavo_core::Kind;

use super::*;

fn has(metrics: &Metrics, line: &str) -> bool {
    metrics.text().lines().any(|found| found == line)
}

#[test]
fn a_function_is_counted_over_its_versions_and_gone_with_the_last() {
    let metrics = Metrics::new();
    let (old, new) = (metrics.function("hello"), metrics.function("hello"));
    let took = Duration::from_millis(3);
    old.route("/a/:b").begin("GET").answered(200, took);
    let kept = new.route("/a/:b");
    Arc::clone(&kept).begin("GET").answered(204, took);
    // a route that nobody holds is forgotten
    let line = |n| {
        format!(
            "ottavo_requests_total{{function=\"hello\",route=\"/a/:b\",method=\"GET\",status=\"2xx\"}} {n}"
        )
    };
    assert!(has(&metrics, &line(1)), "{}", metrics.text());
    drop(old);
    Arc::clone(&kept).begin("GET").answered(200, took);
    assert!(has(&metrics, &line(2)));
    drop(new);
    assert!(!metrics.text().contains("hello"));
}

#[test]
fn a_client_that_goes_away_is_counted_as_gone_and_made_up_methods_as_one() {
    let metrics = Metrics::new();
    drop(Arc::clone(metrics.unrouted()).begin("GET"));
    for method in ["BREW", "get", "Ω"] {
        Arc::clone(metrics.unrouted()).begin(method).answered(404, Duration::ZERO);
    }
    let line = |method, status, n| {
        format!(
            "ottavo_requests_total{{function=\"\",route=\"\",method=\"{method}\",status=\"{status}\"}} {n}"
        )
    };
    assert!(has(&metrics, &line("GET", "gone", 1)), "{}", metrics.text());
    assert!(has(&metrics, &line("other", "4xx", 3)));
    assert!(has(&metrics, "ottavo_request_duration_seconds_count{function=\"\",route=\"\"} 3"));
}

#[test]
fn instances_are_counted_while_they_run_and_while_they_wait() {
    let metrics = Metrics::new();
    let meter = metrics.function("f");
    let line = |metric: &str, n| format!("ottavo_instances_{metric}{{function=\"f\"}} {n}");
    {
        let (_one, _two, _three) = (meter.running(), meter.running(), meter.waiting());
        assert!(has(&metrics, &line("running", 2)) && has(&metrics, &line("waiting", 1)));
    }
    assert!(has(&metrics, &line("running", 0)) && has(&metrics, &line("waiting", 0)));
    meter.fault(FaultKind::Cpu);
    assert!(has(&metrics, "ottavo_faults_total{function=\"f\",kind=\"cpu\"} 1"));
}

#[test]
fn a_call_of_a_store_has_one_outcome() {
    let metrics = Metrics::new();
    let store = metrics.store("state", "orders", "redis");
    store.begin("get").ended(None, Duration::ZERO);
    metrics.store("state", "orders", "redis").begin("get").ended(None, Duration::ZERO);
    store.begin("get").ended(Some(Kind::Unavailable), Duration::ZERO);
    drop(store.begin("set"));
    let line = |operation, outcome, n| {
        format!(
            "ottavo_block_calls_total{{block=\"state\",operation=\"{operation}\",store=\"orders\",driver=\"redis\",outcome=\"{outcome}\"}} {n}"
        )
    };
    assert!(has(&metrics, &line("get", "ok", 2)), "{}", metrics.text());
    assert!(has(&metrics, &line("get", "unavailable", 1)));
    assert!(has(&metrics, &line("set", "cancelled", 1)));
}

#[cfg(target_os = "linux")]
#[test]
fn the_process_is_told() {
    let text = Metrics::new().text();
    let value = |name: &str| -> f64 {
        let line = text.lines().find_map(|line| line.strip_prefix(&format!("{name} ")));
        line.expect(name).parse().expect(name)
    };
    assert!(value("process_resident_memory_bytes") > 1e6);
    assert!(value("process_open_fds") > 2.0);
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let age = now.expect("after 1970").as_secs_f64() - value("process_start_time_seconds");
    assert!((-2.0..3600.0).contains(&age), "{age}");
    assert!(value("process_cpu_seconds_total") < 3600.0);
}

#[test]
fn names_that_come_and_go_leave_nothing_behind() {
    let metrics = Metrics::new();
    for n in 0..1000 {
        drop(metrics.function(&format!("f{n}")));
    }
    assert!(metrics.0.functions.lock().len() <= 2);
}

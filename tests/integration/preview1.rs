//! Programs built for WASI preview 1, through the adapter of `componentize`: what each function
//! answers, and that no use of one harms the host.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ottavo_test_support::{Answer, TestHost, root};
use tokio::time::Instant;

async fn host() -> TestHost {
    let host = TestHost::start().await.unwrap();
    host.deploy(root().join("tests/programs/preview1")).await.unwrap();
    host
}

async fn get(host: &TestHost, path: &str) -> Answer {
    host.get(&format!("/preview1/{path}")).await.unwrap()
}

/// The text of an answer that is 200.
async fn text(host: &TestHost, path: &str) -> String {
    let answer = get(host, path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer.text().to_owned()
}

/// The milliseconds waited and the events of one `poll_oneoff`.
async fn poll(host: &TestHost, subs: &str) -> (u64, Vec<String>) {
    let text = text(host, &format!("poll?subs={subs}")).await;
    let mut parts = text.split("; ");
    let (ready, waited) = parts.next().unwrap().split_once(" after ").unwrap();
    let events: Vec<String> = parts.map(str::to_owned).collect();
    assert_eq!(ready, format!("0 {}", events.len()), "{text}");
    (waited.parse().unwrap(), events)
}

#[tokio::test]
async fn what_streams_and_folders_cannot_do_is_refused_as_posix_does() {
    let host = host().await;
    let text = text(&host, "errors").await;
    let mut answers: BTreeMap<(i32, i32), BTreeSet<&str>> = BTreeMap::new();
    for line in text.lines() {
        let [name, fd, errno] = line.split(' ').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let key = (fd.parse().unwrap(), errno.parse().unwrap());
        answers.entry(key).or_default().insert(name);
    }
    let of = |fd, errno| answers.get(&(fd, errno)).cloned().unwrap_or_default();
    let set = |names: &[&'static str]| names.iter().copied().collect::<BTreeSet<_>>();
    assert_eq!(of(1, 0), set(&["fd_datasync", "fd_fdstat_set_flags", "fd_sync", "sched_yield"]));
    let seeking = ["fd_advise", "fd_allocate", "fd_pread", "fd_pwrite", "fd_seek", "fd_tell"];
    assert_eq!(of(1, 70), set(&seeking));
    let folders = ["path_create_directory", "path_filestat_get", "path_open", "path_unlink_file"];
    assert_eq!(of(1, 54), &set(&folders) | &set(&["fd_readdir"]));
    assert_eq!(of(1, 57), set(&["sock_accept", "sock_shutdown"]));
    let fixed = ["fd_fdstat_set_rights", "fd_filestat_set_times", "fd_renumber"];
    assert_eq!(of(1, 58), set(&fixed));
    // where there is no such descriptor, only those answer otherwise that name none
    assert_eq!(of(3, 0), set(&["sched_yield"]));
    assert_eq!(of(3, 52), set(&["proc_raise"]));
    assert_eq!(of(3, 8).len(), 22, "{answers:?}");
}

#[tokio::test]
async fn a_stream_is_written_until_it_is_closed() {
    let host = host().await;
    let text = text(&host, "streams").await;
    let lines: Vec<&str> = text.lines().collect();
    let fresh = "[0, 0, 0, 1, 0, 0, 0, 0]";
    let none =
        "(8, 8) [7, 7, 7] [7, 7, 7, 7, 7, 7, 7, 7], write 8, read 8, 7, close (8, 8), write 8";
    assert_eq!(
        lines,
        [
            format!("0: (0, 0) [0, 2, 0] {fresh}, write 8, read 0, 0, close (0, 8), write 8"),
            format!("1: (0, 0) [0, 64, 0] {fresh}, write 0, read 8, 15, close (0, 8), write 8"),
            format!("2: (0, 0) [0, 64, 0] {fresh}, write 0, read 8, 15, close (0, 8), write 8"),
            format!("3: {none}"),
            format!("-1: {none}"),
            "args 0 0 0".to_owned(),
            "environ 0 0 0".to_owned(),
        ]
    );
    let log = host.log();
    assert_eq!(log.matches("from preview 1").count(), 2, "{log}");
    // more at once than one call of the host takes
    let text = self::text(&host, "write?bytes=6000000&parts=1").await;
    assert_eq!(text, "0 6000000");
    assert_eq!(self::text(&host, "write?bytes=300000&parts=300").await, "0 300000");
}

#[tokio::test]
async fn clocks_are_sane_and_random_is_random() {
    let host = host().await;
    let now = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos();
    let before = now();
    let text = text(&host, "clocks").await;
    let after = now();
    let lines: Vec<_> = text.lines().collect();
    let times = |line: &str| -> (u128, u128) {
        let numbers: Vec<&str> = line.split(' ').rev().collect();
        assert_eq!(numbers[2], "1", "a resolution: {text}");
        (numbers[1].parse().unwrap(), numbers[0].parse().unwrap())
    };
    let (first, second) = times(lines[0]);
    assert!(before <= first && second <= after, "{before} {text} {after}");
    let (first, second) = times(lines[1]);
    assert!(0 < first && first < second && second - first < 1_000_000_000, "{text}");
    assert!(lines[2..].iter().all(|line| line.ends_with("[28, 28, 28] 0 0 0")), "{text}");

    let mut seen = BTreeSet::new();
    for (bytes, skip) in [(0, 0), (1, 0), (7, 1), (8, 3), (9, 0), (40, 5), (20_000, 3)] {
        let answer = get(&host, &format!("random?bytes={bytes}&skip={skip}")).await;
        let (edge, rest) = answer.body.split_at(8);
        let (random, end) = rest.split_at(bytes);
        assert_eq!((edge, end), (&[0; 8][..], &[0; 8][..]), "{bytes} bytes at {skip}");
        if bytes >= 8 {
            assert!(seen.insert(random[..8].to_vec()), "twice the same");
        }
        if bytes == 20_000 {
            let ones: u32 = random.iter().map(|byte| byte.count_ones()).sum();
            // ten times the standard deviation
            assert!(ones.abs_diff(80_000) < 2_000, "{ones} of 160,000 bits");
            let words = random.chunks_exact(8).collect::<BTreeSet<_>>();
            assert_eq!(words.len(), 2_500, "a word twice");
        }
    }
}

#[tokio::test]
async fn a_poll_waits_for_the_first_of_its_subscriptions() {
    let host = host().await;
    let (waited, events) = poll(&host, "rel1:400,rel1:30,abs0:500").await;
    assert!((30..400).contains(&waited), "{waited}");
    assert_eq!(events, ["101 0 0 0 0"]);
    for subs in ["never,rel0:20", "never,abs0:20", "never,abs1:20"] {
        let (waited, events) = poll(&host, subs).await;
        // the program's own reading of the clocks is older than the wait
        assert!((19..1000).contains(&waited), "{subs}: {waited}");
        assert_eq!(events, ["101 0 0 0 0"], "{subs}");
    }
    // all that are due at once come together, and what has passed does not wait
    let (_, events) = poll(&host, "rel1:0,abs0:0,abs1:0,rel1:900").await;
    assert_eq!(events, ["100 0 0 0 0", "101 0 0 0 0", "102 0 0 0 0"]);
    // streams never wait, what is wrong is told, and the clock is not waited for
    let (waited, events) = poll(&host, "rel1:900,read:0,write:2,write:0,read:7,tag:9,rel3:9").await;
    assert!(waited < 900, "{waited}");
    assert_eq!(
        events,
        [
            "101 0 1 0 1",
            "102 0 2 65536 0",
            "103 8 2 0 0",
            "104 8 1 0 0",
            "105 28 9 0 0",
            "106 28 0 0 0"
        ]
    );
    assert_eq!(text(&host, "poll?subs=").await, "28 77 after 0");
    assert_eq!(text(&host, "sleep?millis=50").await, "slept");
}

#[tokio::test]
async fn a_sleep_ends_at_the_calls_timeout_and_costs_no_cpu_time() {
    let host = host().await;
    // three times the CPU limit
    let begun = Instant::now();
    assert_eq!(text(&host, "sleep?millis=1500").await, "slept");
    assert!(begun.elapsed() >= Duration::from_millis(1500));
    for path in ["sleep?millis=600000", "poll?subs=never"] {
        let begun = Instant::now();
        let answer = get(&host, path).await;
        let error = answer.json()["error"].clone();
        assert_eq!((answer.status, &error["kind"]), (504, &"timeout".into()), "{path}: {error}");
        assert!(error["message"].as_str().unwrap().contains("timeout of 2s"), "{error}");
        assert!((2..20).contains(&begun.elapsed().as_secs()), "{path}: {:?}", begun.elapsed());
    }
}

#[tokio::test]
async fn a_program_that_ends_itself_tells_its_code() {
    let host = host().await;
    for code in [0, 3, 255] {
        let answer = get(&host, &format!("exit?code={code}")).await;
        let message = format!("function `preview1` ended itself with exit code {code}");
        assert_eq!(answer.status, 500);
        assert_eq!(answer.json()["error"]["message"], message.as_str());
    }
}

#[tokio::test]
async fn no_pointer_and_no_count_reaches_beyond_the_program() {
    let host = host().await;
    for what in [
        "args_sizes_get",
        "clock_res_get",
        "clock_time_get",
        "environ_sizes_get",
        "fd_fdstat_get",
        "fd_filestat_get",
        "fd_read-out",
        "fd_write-bytes",
        "fd_write-count",
        "fd_write-length",
        "fd_write-list",
        "fd_write-out",
        "poll-count",
        "poll-events",
        "poll-out",
        "poll-subs",
        "random_get",
        "random_get-size",
    ] {
        let answer = get(&host, &format!("wild?what={what}")).await;
        let error = answer.json()["error"].clone();
        assert_eq!(answer.status, 500, "{what}: {error}");
        assert_eq!(error["message"], "function `preview1` trapped", "{what}");
        assert!(error["insides"].as_str().unwrap().contains("out of bounds"), "{what}: {error}");
        assert_eq!(text(&host, "poll?subs=rel1:0").await.split(';').count(), 2, "after {what}");
    }
}

//! Times and time zones.

use jiff::Timestamp;

use crate::{Cron, Zone};

/// The next `count` times after `from`, in UTC.
fn times(cron: &str, zone: &str, from: &str, count: usize) -> Vec<String> {
    let (cron, zone): (Cron, Zone) = (cron.parse().expect(cron), zone.parse().expect(zone));
    let mut now = from.parse::<Timestamp>().expect(from).as_millisecond().try_into().expect(from);
    let mut times = Vec::new();
    while times.len() < count {
        now = cron.next_after(&zone, now).expect("a next time");
        let time = Timestamp::from_millisecond(now.try_into().expect("a time"));
        times.push(time.expect("a time").to_string());
    }
    times
}

#[test]
fn times_are_those_of_the_zone() {
    let at = |cron, zone| times(cron, zone, "2026-11-22T20:30:00Z", 2);
    assert_eq!(at("0 3 * * *", "UTC"), ["2026-11-23T03:00:00Z", "2026-11-24T03:00:00Z"]);
    assert_eq!(at("0 3 * * *", "Europe/Berlin"), ["2026-11-23T02:00:00Z", "2026-11-24T02:00:00Z"]);
    assert_eq!(at("@daily", "Asia/Kolkata"), ["2026-11-23T18:30:00Z", "2026-11-24T18:30:00Z"]);
    assert_eq!(at("*/20 * * * * *", "UTC"), ["2026-11-22T20:30:20Z", "2026-11-22T20:30:40Z"]);
    assert_eq!(at("30 6 * * MON-FRI", "UTC"), ["2026-11-23T06:30:00Z", "2026-11-24T06:30:00Z"]);
    assert_eq!(at("0 0 L 2 *", "UTC"), ["2027-02-28T00:00:00Z", "2028-02-29T00:00:00Z"]);
}

#[test]
fn a_change_of_the_clocks_neither_loses_nor_doubles_a_daily_time() {
    // forward from 02:00 to 03:00 on 2027-03-28, back from 03:00 to 02:00 on 2027-10-31
    let forward = times("30 2 * * *", "Europe/Berlin", "2027-03-27T00:00:00Z", 3);
    assert_eq!(forward, ["2027-03-27T01:30:00Z", "2027-03-28T01:00:00Z", "2027-03-29T00:30:00Z"]);
    let back = times("30 2 * * *", "Europe/Berlin", "2027-10-30T12:00:00Z", 2);
    assert_eq!(back, ["2027-10-31T00:30:00Z", "2027-11-01T01:30:00Z"]);
    // what comes each hour goes on coming each hour
    let hourly = times("0 * * * *", "Europe/Berlin", "2027-10-30T23:30:00Z", 3);
    assert_eq!(hourly, ["2027-10-31T00:00:00Z", "2027-10-31T01:00:00Z", "2027-10-31T02:00:00Z"]);
}

#[test]
fn what_is_no_time_is_refused_with_an_example() {
    for bad in ["", "* * *", "61 * * * *", "a b c d e", "0 0 0 1 1 * 2027", &"* ".repeat(200)] {
        let error = bad.parse::<Cron>().expect_err(bad).to_string();
        assert!(error.contains("write it like `30 6 * * MON-FRI`"), "{error}");
    }
    let error = "Mars/Olympus".parse::<Zone>().expect_err("no zone").to_string();
    assert!(error.contains("`Mars/Olympus` is not a time zone"), "{error}");
    let comes = |cron: &str| cron.parse::<Cron>().expect(cron).comes();
    assert_eq!(["0 0 30 2 *", "0 0 29 2 *"].map(comes), [false, true]);
}

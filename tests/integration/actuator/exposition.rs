//! The text form of Prometheus, read strictly: a scrape is valid as a whole or the test fails.

use std::collections::{BTreeMap, BTreeSet};

/// The samples of one scrape, by their series as written.
#[derive(Debug)]
pub(super) struct Scrape(BTreeMap<String, f64>);

impl Scrape {
    /// Reads every line.
    pub(super) fn parse(text: &str) -> Scrape {
        assert!(text.ends_with('\n'), "the last line does not end");
        let mut samples = BTreeMap::new();
        let (mut seen, mut helped, mut family) = (BTreeSet::new(), String::new(), None);
        for line in text.lines() {
            if let Some(help) = line.strip_prefix("# HELP ") {
                let (name, words) = help.split_once(' ').unwrap();
                assert!(is_name(name) && !words.is_empty(), "{line}");
                helped = name.to_owned();
            } else if let Some(kind) = line.strip_prefix("# TYPE ") {
                let (name, kind) = kind.split_once(' ').unwrap();
                assert_eq!(name, helped, "{line}");
                assert!(["counter", "gauge", "histogram"].contains(&kind), "{line}");
                assert!(seen.insert(name.to_owned()), "twice: {line}");
                family = Some((name.to_owned(), kind.to_owned()));
            } else {
                let (name, kind) = family.as_ref().expect("a sample without a family");
                let (series, value) = sample(line, name, kind);
                assert!(samples.insert(series, value).is_none(), "twice: {line}");
            }
        }
        let scrape = Scrape(samples);
        scrape.check_histograms();
        scrape
    }

    /// The value of a series; 0 when it is left out.
    pub(super) fn get(&self, series: &str) -> f64 {
        self.0.get(series).copied().unwrap_or_default()
    }

    pub(super) fn has(&self, series: &str) -> bool {
        self.0.contains_key(series)
    }

    /// Every series.
    pub(super) fn series(&self) -> impl Iterator<Item = (&str, f64)> {
        self.0.iter().map(|(series, value)| (series.as_str(), *value))
    }

    /// Buckets grow, and the last one has everything.
    fn check_histograms(&self) {
        for (count, total) in self.series().filter(|(series, _)| series.contains("_count{")) {
            let bucket = |bound: &str| {
                let series = count.replace("_count{", "_bucket{");
                format!("{},le=\"{bound}\"}}", series.strip_suffix('}').unwrap())
            };
            assert_eq!(self.0.get(&bucket("+Inf")), Some(&total), "{count}");
            let mut before = 0.0;
            for bound in ["0.0001", "0.001", "0.01", "0.1", "1", "10"] {
                let up_to = self.0[&bucket(bound)];
                assert!((before..=total).contains(&up_to), "{count} {bound}");
                before = up_to;
            }
            assert!(self.has(&count.replace("_count{", "_sum{")), "{count}");
        }
    }
}

fn is_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_')
        && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// One sample of this family: its series, and its value.
fn sample(line: &str, family: &str, kind: &str) -> (String, f64) {
    let (series, value) = line.rsplit_once(' ').unwrap();
    let value: f64 = value.parse().unwrap_or_else(|error| panic!("{line}: {error}"));
    assert!(value.is_finite() && (value >= 0.0 || kind == "gauge"), "{line}");
    let (name, labels) = match series.split_once('{') {
        Some((name, labels)) => (name, labels.strip_suffix('}').expect(line)),
        None => (series, ""),
    };
    let suffix = name.strip_prefix(family).unwrap_or_else(|| panic!("not of `{family}`: {line}"));
    match kind {
        "histogram" => assert!(["_bucket", "_sum", "_count"].contains(&suffix), "{line}"),
        _ => assert_eq!(suffix, "", "{line}"),
    }
    let mut rest = labels;
    while !rest.is_empty() {
        let (label, quoted) = rest.split_once("=\"").expect(line);
        assert!(is_name(label), "{line}");
        let end = closing(quoted).expect(line);
        rest = &quoted[end + 1..];
        rest = match rest.strip_prefix(',') {
            Some(more) if !more.is_empty() => more,
            None if rest.is_empty() => rest,
            _ => panic!("{line}"),
        };
    }
    (series.to_owned(), value)
}

/// Where a value ends that began after a quote.
fn closing(text: &str) -> Option<usize> {
    let mut escaped = false;
    text.bytes().position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    })
}

//! Tables of cases, and a naive matcher that the tree must agree with.

use http::Method;
use ottavo_manifest::{HttpTrigger, Segment};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;

fn trigger(host: Option<&str>, methods: &[&str], route: &str) -> HttpTrigger {
    HttpTrigger {
        route: route.parse().expect("a valid route"),
        methods: methods.iter().map(|method| (*method).to_owned()).collect(),
        host: host.map(str::to_owned),
    }
}

/// A table from lines like `GET,POST shop.example.com/a/:b`; each leads to its own line.
fn table(lines: &[&'static str]) -> Result<RouteTable<&'static str>> {
    let triggers: Vec<_> = lines
        .iter()
        .map(|line| {
            let (methods, place) = line.split_once(' ').expect("methods, a space, a place");
            let methods: Vec<_> = methods.split(',').filter(|method| *method != "*").collect();
            let slash = place.find('/').expect("a path");
            let host = Some(&place[..slash]).filter(|host| !host.is_empty());
            (trigger(host, &methods, &place[slash..]), *line)
        })
        .collect();
    RouteTable::build(triggers.iter().map(|(t, line)| (t, *line)), |line| (*line).to_owned())
}

/// What `METHOD host/path` leads to, as text: the route's line and its parameters, or the miss.
fn look_up(table: &RouteTable<&'static str>, request: &str) -> String {
    let (method, place) = request.split_once(' ').expect("a method, a space, a place");
    let slash = place.find(['/', '*']).expect("a path");
    let host = Some(&place[..slash]).filter(|host| !host.is_empty());
    let method = method.parse::<Method>().expect("a method");
    match table.find(host, &method, &place[slash..]) {
        Ok(found) => {
            assert!(found.value.ends_with(&**found.route), "{found:?}");
            let params = found.params.iter().map(|(name, value)| format!(" {name}={value}"));
            format!("{}{}", found.value, params.collect::<String>())
        }
        Err(Miss::NotFound) => "not found".to_owned(),
        Err(Miss::BadPath) => "bad path".to_owned(),
        Err(Miss::Method { allowed }) => format!("allowed {}", allowed.join(",")),
    }
}

fn check(lines: &[&'static str], cases: &[(&str, &str)]) {
    let table = table(lines).expect("no conflict");
    for (request, expected) in cases {
        assert_eq!(look_up(&table, request), *expected, "{request}");
    }
}

#[test]
fn the_most_exact_route_wins_segment_by_segment() {
    check(
        &["* /", "* /a/b", "* /a/:x", "* /a/...", "* /:x/b/c", "* /:x/:y/d"],
        &[
            ("GET /", "* /"),
            ("GET /a/b", "* /a/b"),
            ("GET /a/z", "* /a/:x x=z"),
            ("GET /a", "* /a/..."),
            ("GET /a/", "* /a/..."),
            ("GET /a/z/y", "* /a/..."),
            ("GET /a/b/c", "* /a/..."),
            ("GET /z/b/c", "* /:x/b/c x=z"),
            ("GET /z/b/d", "* /:x/:y/d x=z y=b"),
            ("GET /z", "not found"),
            ("GET /z/b", "not found"),
        ],
    );
}

#[test]
fn a_promising_branch_that_ends_in_nothing_is_left_again() {
    check(
        &["* /a/b/c", "* /a/:x/d", "* /:y/b/e", "* /..."],
        &[
            ("GET /a/b/c", "* /a/b/c"),
            ("GET /a/b/d", "* /a/:x/d x=b"),
            ("GET /a/b/e", "* /:y/b/e y=a"),
            ("GET /a/b/f", "* /..."),
        ],
    );
}

#[test]
fn methods_choose_among_the_routes_that_match_the_path() {
    check(
        &["GET /a/b", "POST,PUT /a/:x", "HEAD /h", "GET /h", "* /all", "GET /x/:id", "PUT /x/:key"],
        &[
            ("GET /a/b", "GET /a/b"),
            ("HEAD /a/b", "GET /a/b"),
            ("POST /a/b", "POST,PUT /a/:x x=b"),
            ("DELETE /a/b", "allowed GET,HEAD,POST,PUT"),
            ("OPTIONS /a/z", "allowed POST,PUT"),
            ("HEAD /h", "HEAD /h"),
            ("BREW /all", "* /all"),
            ("GET /x/1", "GET /x/:id id=1"),
            ("PUT /x/1", "PUT /x/:key key=1"),
        ],
    );
}

#[test]
fn a_route_with_a_host_wins_and_others_still_answer_there() {
    check(
        &["* /a", "* /b", "GET Shop.example.com/a", "* shop.example.com/:x/y"],
        &[
            ("GET shop.example.com/a", "GET Shop.example.com/a"),
            ("GET SHOP.example.COM./a", "GET Shop.example.com/a"),
            ("POST shop.example.com/a", "* /a"),
            ("GET shop.example.com/b", "* /b"),
            ("GET shop.example.com/b/y", "* shop.example.com/:x/y x=b"),
            ("GET other.example.com/a", "* /a"),
            ("GET /a", "* /a"),
        ],
    );
}

#[test]
fn segments_are_decoded_after_the_path_is_split() {
    check(
        &["* /a+b/é", "* /f/:name", "* /f/:name/x"],
        &[
            ("GET /a%2Bb/%C3%A9", "* /a+b/é"),
            ("GET /f/x%2Fy", "* /f/:name name=x/y"),
            ("GET /f/x%2Fx", "* /f/:name name=x/x"),
            ("GET /f/%25%32%46", "* /f/:name name=%2F"),
            ("GET /f/+", "* /f/:name name=+"),
            ("GET /f/", "not found"),
            ("GET /f//x", "not found"),
        ],
    );
}

#[test]
fn paths_that_cannot_be_read_or_climb_are_bad_even_below_a_rest() {
    let bad = [
        "/%",
        "/%4",
        "/%4g",
        "/a/%zz/b",
        "/%ff",
        "/a/%C3",
        "/.",
        "/..",
        "/a/../b",
        "/a/./b",
        "/a/..",
        "/%2e",
        "/%2E%2e/b",
        "/.%2e",
        "/a/%2e%2e%2fb",
        "/x%2F..",
        "/..%5Cx",
        "*",
    ];
    let table = table(&["* /..."]).expect("no conflict");
    for path in bad {
        assert_eq!(look_up(&table, &format!("GET {path}")), "bad path", "{path}");
    }
    for path in ["/...", "/.a", "/a..", "/a/..b", "/%2e%2e%2e", "/a//b"] {
        assert_eq!(look_up(&table, &format!("GET {path}")), "* /...", "{path}");
    }
}

#[test]
fn a_trailing_slash_is_part_of_the_path() {
    check(
        &["GET /a", "PUT /a/", "* /b"],
        &[
            ("GET /a", "GET /a"),
            ("GET /a/", "allowed PUT"),
            ("PUT /a/", "PUT /a/"),
            ("GET /b/", "not found"),
        ],
    );
}

#[test]
fn routes_that_answer_the_same_requests_are_refused_with_both_names() {
    let refused: [[&'static str; 2]; 5] = [
        ["* /a", "GET /a"],
        ["GET,PUT /a/:x", "POST,PUT /a/:y"],
        ["* /a/...", "* /a/..."],
        ["* H.example/a", "DELETE h.example./a"],
        ["GET /", "GET /"],
    ];
    for lines in refused {
        let error = table(&lines).expect_err("conflict");
        assert_eq!(error.kind(), Kind::AlreadyExists);
        for line in lines {
            assert!(error.message().contains(&format!("`{line}`")), "{error}");
        }
    }
    let fine = ["GET /a", "PUT /a", "GET h/a", "GET /a/", "GET /:x", "GET /...", "HEAD /a"];
    assert!(table(&fine).is_ok());
}

/// One route of a random table.
#[derive(Clone, Debug)]
struct Line {
    host: Option<&'static str>,
    methods: Vec<&'static str>,
    route: String,
}

fn line() -> impl Strategy<Value = Line> {
    let segment = select(vec!["a", "b", "é", "...", ":p"]);
    let hosts = option::of(select(vec!["h", "i"]));
    let methods = vec(select(vec!["GET", "HEAD", "PUT"]), 0..3);
    (hosts, methods, vec(segment, 0..5), any::<bool>()).prop_map(
        |(host, methods, segments, slash)| {
            let mut parts = Vec::new();
            for (at, segment) in segments.into_iter().enumerate() {
                match segment {
                    "..." => {
                        parts.push("...".to_owned());
                        break;
                    }
                    ":p" => parts.push(format!(":p{at}")),
                    text => parts.push(text.to_owned()),
                }
            }
            let open = parts.last().is_some_and(|last| last != "...");
            let end = if slash && open { "/" } else { "" };
            Line { host, methods, route: format!("/{}{end}", parts.join("/")) }
        },
    )
}

/// The parameters of `path`, when `segments` match it: written without regard to speed.
fn naive_match(segments: &[Segment], path: &[String]) -> Option<Vec<(String, String)>> {
    match (segments, path) {
        ([], []) | ([Segment::Rest], _) => Some(Vec::new()),
        ([Segment::Exact(text), segments @ ..], [first, path @ ..]) if text == first => {
            naive_match(segments, path)
        }
        ([Segment::Param(name), segments @ ..], [first, path @ ..]) if !first.is_empty() => {
            let mut params = naive_match(segments, path)?;
            params.insert(0, (name.clone(), first.clone()));
            Some(params)
        }
        _ => None,
    }
}

/// Smaller is better: a host before none, then segment by segment.
fn rank(trigger: &HttpTrigger) -> (bool, Vec<u8>) {
    let segments = trigger.route.segments().iter().map(|segment| match segment {
        Segment::Exact(_) => 0,
        Segment::Param(_) => 1,
        Segment::Rest => 2,
    });
    (trigger.host.is_none(), segments.collect())
}

fn naive_find(
    triggers: &[HttpTrigger],
    host: Option<&str>,
    method: &str,
    path: &[String],
) -> Result<(usize, Vec<(String, String)>), Miss> {
    let mut matching: Vec<_> = (0..triggers.len())
        .filter(|at| triggers[*at].host.is_none() || triggers[*at].host.as_deref() == host)
        .filter_map(|at| Some((at, naive_match(triggers[at].route.segments(), path)?)))
        .collect();
    matching.sort_by_key(|(at, _)| rank(&triggers[*at]));
    let answers = |at: usize, method: &str| {
        let methods = &triggers[at].methods;
        methods.is_empty() || methods.iter().any(|m| m == method)
    };
    let shape = |at: usize| rank(&triggers[at]);
    for (at, params) in &matching {
        let instead = method == "HEAD" && answers(*at, "GET");
        let named = |other: &&(usize, _)| shape(other.0) == shape(*at) && answers(other.0, method);
        if answers(*at, method) || (instead && matching.iter().find(named).is_none()) {
            return Ok((*at, params.clone()));
        }
    }
    if matching.is_empty() {
        return Err(Miss::NotFound);
    }
    let mut allowed: Vec<_> =
        matching.iter().flat_map(|(at, _)| triggers[*at].methods.clone()).collect();
    if allowed.iter().any(|method| method == "GET") {
        allowed.push("HEAD".to_owned());
    }
    allowed.sort();
    allowed.dedup();
    Err(Miss::Method { allowed })
}

/// `segment` with some of its bytes escaped.
fn encoded(segment: &str, escape: bool) -> String {
    let escape_all = |text: &str| text.bytes().map(|b| format!("%{b:02X}")).collect::<String>();
    match escape || !segment.is_ascii() {
        true => escape_all(segment),
        false => segment.to_owned(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn the_tree_finds_what_a_naive_matcher_finds(
        lines in vec(line(), 0..12),
        host in option::of(select(vec!["h", "i", "j"])),
        method in select(vec!["GET", "HEAD", "PUT", "POST"]),
        path in vec((select(vec!["a", "b", "é", "z", ""]), any::<bool>()), 0..6),
    ) {
        // Routes that conflict with an earlier one are left out, as a deploy would refuse them.
        let mut triggers: Vec<HttpTrigger> = Vec::new();
        for line in &lines {
            let next = trigger(line.host, &line.methods, &line.route);
            let all = triggers.iter().chain([&next]).map(|trigger| (trigger, ()));
            if RouteTable::build(all, |()| String::new()).is_ok() {
                triggers.push(next);
            }
        }
        let table =
            RouteTable::build(triggers.iter().zip(0usize..), usize::to_string).expect("no conflict");

        let text = path.iter().map(|(segment, escape)| encoded(segment, *escape));
        let text = format!("/{}", text.collect::<Vec<_>>().join("/"));
        let segments: Vec<_> = path.iter().map(|(segment, _)| (*segment).to_owned()).collect();
        let segments = if text == "/" { Vec::new() } else { segments };

        let method = method.parse::<Method>().expect("a method");
        let found = table.find(host, &method, &text).map(|found| (*found.value, found.params));
        prop_assert_eq!(found, naive_find(&triggers, host, method.as_str(), &segments));
    }
}

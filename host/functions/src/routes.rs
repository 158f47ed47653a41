//! The route table: which function answers a host, a method and a path.
//!
//! A tree of hash maps, one level per segment, so that finding a route costs the same with one
//! function and with ten thousand. The table is never changed: a deploy builds the next one.
//!
//! What matches:
//! - The path is split at `/` first and each segment decoded then: `%2F` inside a segment is not a
//!   separator. Wrong percent-encoding and what is not UTF-8 is [`Miss::BadPath`].
//! - So is a segment `.` or `..`, encoded or not, also between encoded slashes: a function may use
//!   a parameter as the name of a file, and what it means must not depend on who resolves dots.
//! - `/a` and `/a/` are two paths; neither route answers for the other.
//! - Segment by segment an exact text wins over `:name`, and that over `...`; a route with a host
//!   wins over one without. Of all routes that match, the best one *that answers the method* is
//!   taken: a better one with other methods does not hide it.
//! - `HEAD` is answered by the route of `GET` where no route of the same shape names `HEAD`.
//!
//! Absent: redirects, matching by header or query, and any knowledge of what a route leads to.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use http::Method;
use ottavo_core::{Error, Kind, Result};
use ottavo_manifest::{HttpTrigger, Segment};

mod path;

#[cfg(test)]
mod tests;

/// Where requests go, `T` being what a route leads to.
#[derive(Debug)]
pub struct RouteTable<T> {
    any: Node<T>,
    hosts: HashMap<String, Node<T>>,
}

/// A route that was found.
#[derive(Debug)]
pub struct Match<'t, T> {
    /// What the route leads to.
    pub value: &'t T,
    /// The route as written.
    pub route: &'t Arc<str>,
    /// What its `:name` segments matched, decoded, in order.
    pub params: Vec<(String, String)>,
}

/// Why no route was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Miss {
    /// No route matches the path.
    NotFound,
    /// Routes match the path, but not the method.
    Method {
        /// What they answer, sorted.
        allowed: Vec<String>,
    },
    /// The path cannot be read, or has dots for segments.
    BadPath,
}

impl<T> RouteTable<T> {
    /// A table of these routes. `name` says in errors what a route leads to.
    ///
    /// # Errors
    /// `already-exists`, with both names, when two routes have the same host, the same shape (the
    /// names of parameters do not count) and a method in common.
    pub fn build<'r>(
        routes: impl IntoIterator<Item = (&'r HttpTrigger, T)>,
        name: impl Fn(&T) -> String,
    ) -> Result<RouteTable<T>> {
        let mut table = RouteTable { any: Node::default(), hosts: HashMap::new() };
        for (trigger, value) in routes {
            let root = match &trigger.host {
                Some(host) => table.hosts.entry(host_key(host).into_owned()).or_default(),
                None => &mut table.any,
            };
            root.add(trigger, value, &name)?;
        }
        Ok(table)
    }

    /// The best route for a request: `host` without a port and in any case, `path` as received.
    ///
    /// # Errors
    /// See [`Miss`].
    pub fn find(
        &self,
        host: Option<&str>,
        method: &Method,
        path: &str,
    ) -> Result<Match<'_, T>, Miss> {
        let path = path::checked(path).ok_or(Miss::BadPath)?;
        let mut search = Search { method, values: Vec::new(), allowed: Vec::new() };
        let special = match host {
            Some(host) if !self.hosts.is_empty() => self.hosts.get(&*host_key(host)),
            _ => None,
        };
        for root in special.into_iter().chain([&self.any]) {
            if let Some(entry) = search.walk(root, path) {
                return Ok(search.found(entry));
            }
        }
        Err(search.missed())
    }
}

/// Host names compare without case and without the dot of a full name.
fn host_key(host: &str) -> Cow<'_, str> {
    let host = host.strip_suffix('.').unwrap_or(host);
    match host.bytes().any(|b| b.is_ascii_uppercase()) {
        true => Cow::Owned(host.to_ascii_lowercase()),
        false => Cow::Borrowed(host),
    }
}

/// One place in the tree: the segments so far.
#[derive(Debug)]
struct Node<T> {
    exact: HashMap<String, Node<T>>,
    param: Option<Box<Node<T>>>,
    /// Routes that end here.
    end: Vec<Entry<T>>,
    /// Routes that end here with `...`.
    rest: Vec<Entry<T>>,
}

/// One route, at the place that its segments lead to.
#[derive(Debug)]
struct Entry<T> {
    value: T,
    route: Arc<str>,
    /// None: all.
    methods: Vec<String>,
    /// The names of its parameters, in order.
    params: Vec<String>,
}

impl<T> Default for Node<T> {
    fn default() -> Node<T> {
        Node { exact: HashMap::new(), param: None, end: Vec::new(), rest: Vec::new() }
    }
}

impl<T> Node<T> {
    fn add(&mut self, trigger: &HttpTrigger, value: T, name: &impl Fn(&T) -> String) -> Result<()> {
        let mut node = self;
        let mut params = Vec::new();
        let mut rest = false;
        for segment in trigger.route.segments() {
            match segment {
                Segment::Exact(text) => node = node.exact.entry(text.clone()).or_default(),
                Segment::Param(param) => {
                    params.push(param.clone());
                    node = node.param.get_or_insert_default();
                }
                Segment::Rest => rest = true,
            }
        }
        let entries = if rest { &mut node.rest } else { &mut node.end };
        let route = Arc::from(trigger.route.to_string());
        let entry = Entry { value, route, methods: trigger.methods.clone(), params };
        if let Some(other) = entries.iter().find(|other| entry.overlaps(other)) {
            return Err(conflict(trigger, &entry, other, name));
        }
        entries.push(entry);
        Ok(())
    }
}

fn conflict<T>(
    trigger: &HttpTrigger,
    new: &Entry<T>,
    old: &Entry<T>,
    name: &impl Fn(&T) -> String,
) -> Error {
    let host = trigger.host.as_deref().map(|host| format!(" on host `{host}`")).unwrap_or_default();
    let message = format!(
        "route `{}` of `{}`{host} answers what route `{}` of `{}` answers: change the route, the \
         methods or the host of one of them",
        new.route,
        name(&new.value),
        old.route,
        name(&old.value),
    );
    Error::new(Kind::AlreadyExists, message)
}

impl<T> Entry<T> {
    fn names(&self, method: &str) -> bool {
        self.methods.is_empty() || self.methods.iter().any(|m| m == method)
    }

    fn overlaps(&self, other: &Entry<T>) -> bool {
        other.methods.is_empty() || other.methods.iter().any(|method| self.names(method))
    }
}

/// One request on its way through the tree.
struct Search<'r> {
    method: &'r Method,
    /// What parameters matched on the way here.
    values: Vec<Cow<'r, str>>,
    /// The methods of routes that matched the path only.
    allowed: Vec<String>,
}

impl<'r> Search<'r> {
    /// The best entry at or below `node` for the rest of the path; none of it left is `None`.
    fn walk<'t, T>(&mut self, node: &'t Node<T>, path: Option<&'r str>) -> Option<&'t Entry<T>> {
        let Some(path) = path else {
            return self.pick(&node.end).or_else(|| self.pick(&node.rest));
        };
        let (segment, left) = path::split(path);
        let segment = path::decode(segment);
        if let Some(next) = node.exact.get(&*segment)
            && let Some(entry) = self.walk(next, left)
        {
            return Some(entry);
        }
        if let Some(next) = &node.param
            && !segment.is_empty()
        {
            self.values.push(segment);
            if let Some(entry) = self.walk(next, left) {
                return Some(entry);
            }
            self.values.pop();
        }
        self.pick(&node.rest)
    }

    fn pick<'t, T>(&mut self, entries: &'t [Entry<T>]) -> Option<&'t Entry<T>> {
        let named = |method: &str| entries.iter().find(|entry| entry.names(method));
        let mut found = named(self.method.as_str());
        if found.is_none() && self.method == Method::HEAD {
            found = named("GET");
        }
        if found.is_none() {
            self.allowed.extend(entries.iter().flat_map(|entry| entry.methods.iter().cloned()));
        }
        found
    }

    fn found<T>(self, entry: &Entry<T>) -> Match<'_, T> {
        let values = self.values.into_iter().map(Cow::into_owned);
        let params = entry.params.iter().cloned().zip(values).collect();
        Match { value: &entry.value, route: &entry.route, params }
    }

    fn missed(mut self) -> Miss {
        if self.allowed.is_empty() {
            return Miss::NotFound;
        }
        if self.allowed.iter().any(|method| method == "GET") {
            self.allowed.push("HEAD".to_owned());
        }
        self.allowed.sort();
        self.allowed.dedup();
        Miss::Method { allowed: self.allowed }
    }
}

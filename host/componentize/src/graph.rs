//! Names that depend on names, and the longest chain of them.

use std::collections::{HashMap, HashSet};

/// A directed graph of names.
#[derive(Default)]
pub(crate) struct Graph {
    numbers: HashMap<String, usize>,
    edges: HashSet<(usize, usize)>,
}

impl Graph {
    /// The number of a name, new or known.
    pub(crate) fn node(&mut self, name: &str) -> usize {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = self.numbers.len();
        self.numbers.insert(name.to_owned(), number);
        number
    }

    /// `from` depends on `on`; on itself is nothing.
    pub(crate) fn depend(&mut self, from: &str, on: &str) {
        let edge = (self.node(from), self.node(on));
        if edge.0 != edge.1 {
            self.edges.insert(edge);
        }
    }

    /// How many names the longest chain has. None when there is a circle.
    pub(crate) fn longest_chain(&self) -> Option<usize> {
        let count = self.numbers.len();
        let mut users = vec![Vec::new(); count];
        let mut waiting = vec![0_usize; count];
        for &(from, on) in &self.edges {
            users[on].push(from);
            waiting[from] += 1;
        }
        let mut length = vec![1_usize; count];
        let mut ready: Vec<usize> = (0..count).filter(|node| waiting[*node] == 0).collect();
        let mut done = 0;
        while let Some(node) = ready.pop() {
            done += 1;
            for &user in &users[node] {
                length[user] = length[user].max(length[node] + 1);
                waiting[user] -= 1;
                if waiting[user] == 0 {
                    ready.push(user);
                }
            }
        }
        (done == count).then(|| length.into_iter().max().unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn longest(edges: &[(&str, &str)]) -> Option<usize> {
        let mut graph = Graph::default();
        for (from, on) in edges {
            graph.depend(from, on);
        }
        graph.longest_chain()
    }

    #[test]
    fn the_longest_chain_is_counted_in_names() {
        assert_eq!(longest(&[]), Some(0));
        assert_eq!(longest(&[("a", "b"), ("b", "c"), ("a", "c")]), Some(3));
        assert_eq!(longest(&[("a", "a")]), Some(1));
    }

    #[test]
    fn a_circle_has_no_end() {
        assert_eq!(longest(&[("a", "b"), ("b", "a")]), None);
        assert_eq!(longest(&[("x", "a"), ("a", "b"), ("b", "c"), ("c", "a")]), None);
    }
}

//! How much memory there is for functions.

use std::fs;
use std::path::Path;

use ottavo_core::units::ByteCount;

/// What is assumed where nothing says.
const UNKNOWN: ByteCount = ByteCount::mib(4096);

/// Three quarters of what this process may have: of the machine, or of its control group and those above it.
pub(crate) fn memory() -> ByteCount {
    let groups = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
    let limits = group_limits(&groups, Path::new("/sys/fs/cgroup"));
    let most = limits.into_iter().chain(physical()).min();
    most.map_or(UNKNOWN, |bytes| ByteCount(bytes / 4 * 3))
}

fn physical() -> Option<u64> {
    let text = fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    Some(line.split_whitespace().next()?.parse::<u64>().ok()? << 10)
}

/// The limits of the groups of this process, each with those above it: `/proc/self/cgroup` names them.
fn group_limits(groups: &str, root: &Path) -> Vec<u64> {
    let mut limits = Vec::new();
    for line in groups.lines() {
        let mut parts = line.splitn(3, ':').skip(1);
        let (folder, file) = match parts.next() {
            Some("") => (root.to_owned(), "memory.max"),
            Some(kinds) if kinds.split(',').any(|kind| kind == "memory") => {
                (root.join("memory"), "memory.limit_in_bytes")
            }
            _ => continue,
        };
        let own = Path::new(parts.next().unwrap_or_default().trim_start_matches('/'));
        // seen from within a container, its own group may be the root
        for group in own.ancestors() {
            let text = fs::read_to_string(folder.join(group).join(file)).unwrap_or_default();
            // `max` is none
            limits.extend(text.trim().parse::<u64>());
        }
    }
    limits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_of_a_group_and_those_above_it_counts() {
        let root = tempfile::tempdir().expect("a folder");
        let write = |file: &str, text: &str| {
            let file = root.path().join(file);
            fs::create_dir_all(file.parent().expect("it has one")).expect("made");
            fs::write(file, text).expect("written");
        };
        write("a/memory.max", "1000\n");
        write("a/b/memory.max", "max\n");
        write("memory/c/memory.limit_in_bytes", "500\n");
        assert_eq!(group_limits("0::/a/b\n", root.path()), [1000]);
        assert_eq!(group_limits("9:cpu:/\n4:memory:/c\n", root.path()), [500]);
        assert_eq!(group_limits("0::/elsewhere\n", root.path()), [0; 0]);
        assert!(memory() > ByteCount::mib(64));
    }
}

//! The name of an interface, `ottavo:runtime/state@0.1.0`, and which versions fit each other.

/// A version as far as compatibility needs it.
pub(crate) type Version = (u64, u64, u64);

/// `namespace:package/interface@version`, in its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct InterfaceName<'a> {
    /// `ottavo:runtime`
    pub(crate) package: &'a str,
    /// `state`
    pub(crate) interface: &'a str,
    /// None when there is none, or when it is a pre-release, which fits nothing but itself.
    pub(crate) version: Option<Version>,
}

impl<'a> InterfaceName<'a> {
    /// None for a plain name such as `run`.
    pub(crate) fn parse(name: &'a str) -> Option<InterfaceName<'a>> {
        let (path, version) = match name.split_once('@') {
            Some((path, version)) => (path, parse_version(version)),
            None => (name, None),
        };
        let (package, interface) = path.split_once('/')?;
        package.contains(':').then_some(InterfaceName { package, interface, version })
    }

    /// The same interface, whatever the version.
    pub(crate) fn same_interface(&self, other: &InterfaceName<'_>) -> bool {
        self.package == other.package && self.interface == other.interface
    }

    /// The same interface in a compatible version.
    pub(crate) fn compatible(&self, other: &InterfaceName<'_>) -> bool {
        let tracks = self.version.zip(other.version);
        self.same_interface(other) && tracks.is_some_and(|(a, b)| track(a) == track(b))
    }
}

/// The part of a version that must be equal (semver): `1`, `0.1`, `0.0.3`.
pub(crate) fn track(version: Version) -> Version {
    match version {
        (0, 0, patch) => (0, 0, patch),
        (0, minor, _) => (0, minor, 0),
        (major, ..) => (major, 0, 0),
    }
}

/// `0.1.0`, and not a pre-release.
pub(crate) fn parse_version(text: &str) -> Option<Version> {
    let text = text.split_once('+').map_or(text, |(version, _)| version);
    let mut parts = text.split('.').map(|part| part.parse().ok());
    let version = (parts.next()??, parts.next()??, parts.next()??);
    parts.next().is_none().then_some(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn compatible(a: &str, b: &str) -> bool {
        InterfaceName::parse(a).unwrap().compatible(&InterfaceName::parse(b).unwrap())
    }

    #[test]
    fn minor_versions_before_one_and_major_versions_after_divide() {
        assert!(compatible("a:b/c@0.1.0", "a:b/c@0.1.7"));
        assert!(compatible("a:b/c@1.2.0", "a:b/c@1.0.1"));
        assert!(!compatible("a:b/c@0.1.0", "a:b/c@0.2.0"));
        assert!(!compatible("a:b/c@1.0.0", "a:b/c@2.0.0"));
        assert!(!compatible("a:b/c@0.1.0", "a:b/d@0.1.0"));
        assert!(!compatible("a:b/c@0.1.0-rc.1", "a:b/c@0.1.0"));
        assert!(!compatible("a:b/c", "a:b/c@0.1.0"));
    }

    #[test]
    fn plain_names_are_no_interfaces() {
        assert_eq!(InterfaceName::parse("run"), None);
        assert_eq!(InterfaceName::parse("env/run"), None);
        assert_eq!(InterfaceName::parse(""), None);
    }
}

//! The folder for what can be made again: `ottavo` in the user's cache directory.

use std::path::{Path, PathBuf};

use ottavo_settings::Env;

/// The folder, which may not be there yet; none when the environment names no place for it.
pub(crate) fn folder(env: &Env) -> Option<PathBuf> {
    let named = env.get("XDG_CACHE_HOME").map(PathBuf::from).filter(|folder| folder.is_absolute());
    let home = || env.get("HOME").map(|home| Path::new(home).join(".cache"));
    Some(named.or_else(home)?.join("ottavo"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_users_cache_unless_another_is_named_in_full() {
        let of = |pairs: &[(&str, &str)]| folder(&Env::of(pairs.iter().copied()));
        assert_eq!(of(&[]), None);
        let home = Some(PathBuf::from("/h/.cache/ottavo"));
        assert_eq!(of(&[("HOME", "/h")]), home);
        assert_eq!(of(&[("HOME", "/h"), ("XDG_CACHE_HOME", "beside")]), home);
        assert_eq!(of(&[("HOME", "/h"), ("XDG_CACHE_HOME", "/c")]), Some("/c/ottavo".into()));
    }
}

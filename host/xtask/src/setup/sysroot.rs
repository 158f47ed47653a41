//! Step three: `std` for wasm, built once from Debian's Rust into a sysroot of our own, which is
//! linked as a rustup toolchain.
//!
//! The compiler is Debian's `rustc-web`, as the sources must be those of the very same compiler;
//! cargo and the linkers (`rust-lld`, `wasm-component-ld`) are those of the user's toolchain. No
//! file of either is written.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::debian;
use super::wasm::{OURS, has_std};
use crate::place::Place;
use crate::{process, say};

/// Raised when the recipe below changes, so that old sysroots are built anew.
const RECIPE: u32 = 1;
const RUSTC: &str = "/usr/bin/rustc";
const SOURCES: &str = "/usr/lib/rustlib/src/rust/library";
const LIBC: &str = "/usr/lib/wasm32-wasi";
const PACKAGES: [&str; 3] = ["rustc-web", "rust-web-src", "wasi-libc"];

/// Debian's wasi-libc may lack pthreads, which `std` names: with these, spawning a thread answers
/// "unsupported", as it does with every single-threaded libc.
const NO_THREADS: &str = r#"#![no_std]
macro_rules! answer { ($($name:ident($($arg:ty),*) = $code:expr;)*) => { $(
    #[no_mangle] pub unsafe extern "C" fn $name($(_: $arg),*) -> i32 { $code }
)* } }
answer! {
    pthread_attr_init(*mut u8) = 0;
    pthread_attr_setstacksize(*mut u8, usize) = 0;
    pthread_attr_destroy(*mut u8) = 0;
    pthread_create(*mut u8, *const u8, *const u8, *mut u8) = 58;
    pthread_join(*mut u8, *mut u8) = 58;
    pthread_detach(*mut u8) = 58;
}
"#;

/// An empty crate: what is wanted is what it depends on.
const EMPTY: &str = r#"[package]
name = "empty"
version = "0.0.0"
edition = "2021"
[workspace]
[profile.release]
opt-level = 3
codegen-units = 1
panic = "abort"
debug = 0
"#;

/// The sysroot, there or not.
pub(super) struct Sysroot {
    folder: PathBuf,
    scratch: PathBuf,
    /// The user's toolchain.
    active: String,
    /// And its sysroot.
    active_root: PathBuf,
}

impl Sysroot {
    /// Where it is, or would be.
    pub(super) fn new(place: &Place, active: &str) -> Result<Self> {
        let mut ask = Command::new("rustup");
        let root = process::capture(ask.args(["run", active, "rustc", "--print", "sysroot"]))?;
        Ok(Self {
            folder: place.cache.join("rust-wasm"),
            scratch: place.cache.join("rust-wasm-build"),
            active: active.to_owned(),
            active_root: PathBuf::from(root.trim()),
        })
    }

    /// Whether these targets were built by this recipe, from the packages as they are now, and the
    /// toolchain is linked.
    pub(super) fn has(&self, targets: &[String]) -> Result<bool> {
        if !self.missing(targets).is_empty() {
            return Ok(false);
        }
        self.link()?;
        Ok(true)
    }

    /// Builds those that are missing: about a minute of CPU for each.
    pub(super) fn build(&self, targets: &[String]) -> Result<()> {
        debian::ensure(&PACKAGES, &format!("rustup target add {}", targets.join(" ")))?;
        if self.is_stale() {
            fs::remove_dir_all(&self.folder)?;
        }
        let missing = self.missing(targets);
        self.lay_out()?;
        self.build_std(&missing)?;
        for target in missing.iter().filter(|target| target.contains("wasi")) {
            self.add_libc(target)?;
        }
        self.link()?;
        for target in missing {
            self.prove(target)?;
            fs::write(self.stamp_file(target), self.stamp())?;
        }
        fs::remove_dir_all(&self.scratch)?;
        say::line(format_args!("the standard library is in {}", self.folder.display()));
        Ok(())
    }

    fn missing<'t>(&self, targets: &'t [String]) -> Vec<&'t str> {
        let stamp = self.stamp();
        let is_there = |target: &str| {
            has_std(&self.libraries(target))
                && fs::read_to_string(self.stamp_file(target)).is_ok_and(|found| found == stamp)
        };
        targets.iter().map(String::as_str).filter(|target| !is_there(target)).collect()
    }

    /// Whether the folder was made by another recipe or from other packages.
    fn is_stale(&self) -> bool {
        let laid_out = fs::read_to_string(self.stamp_file("layout"));
        self.folder.exists() && laid_out.ok() != Some(self.stamp())
    }

    /// The parts that are not built: the compiler behind a wrapper that knows this sysroot, the
    /// library for build scripts, cargo and the linkers.
    fn lay_out(&self) -> Result<()> {
        if self.stamp_file("layout").exists() {
            return Ok(());
        }
        let host = host()?;
        let bin = self.folder.join("bin");
        let rustlib = self.folder.join("lib/rustlib").join(&host);
        fs::create_dir_all(&bin)?;
        fs::create_dir_all(&rustlib)?;
        for tool in ["rustc", "rustdoc"] {
            let real = Path::new("/usr/bin").join(tool);
            if !real.exists() {
                continue;
            }
            let (real, folder) = (real.display(), self.folder.display());
            let wrapper = bin.join(tool);
            fs::write(&wrapper, format!("#!/bin/sh\nexec {real} --sysroot '{folder}' \"$@\"\n"))?;
            fs::set_permissions(&wrapper, fs::Permissions::from_mode(0o755))?;
        }
        symlink(self.active_root.join("bin/cargo"), bin.join("cargo"))?;
        symlink(Path::new("/usr/lib/rustlib").join(&host).join("lib"), rustlib.join("lib"))?;
        symlink(self.active_root.join("lib/rustlib").join(&host).join("bin"), rustlib.join("bin"))?;
        fs::write(self.stamp_file("layout"), self.stamp())?;
        Ok(())
    }

    /// One build for all targets, and its libraries moved to where the compiler looks.
    fn build_std(&self, targets: &[&str]) -> Result<()> {
        let crate_dir = self.scratch.join("empty");
        let target_dir = self.scratch.join("target");
        fs::create_dir_all(crate_dir.join("src"))?;
        fs::write(crate_dir.join("src/lib.rs"), "")?;
        fs::write(crate_dir.join("Cargo.toml"), EMPTY)?;
        let mut cargo = Command::new("cargo");
        cargo.current_dir(&crate_dir).args(["build", "--release"]);
        for target in targets {
            cargo.args(["--target", target]);
        }
        cargo.args(["-Zbuild-std=std,panic_abort", "-Zbuild-std-features="]);
        cargo.env("RUSTUP_TOOLCHAIN", &self.active).env("RUSTC", RUSTC);
        cargo.env("RUSTC_BOOTSTRAP", "1").env("__CARGO_TESTS_ONLY_SRC_ROOT", SOURCES);
        cargo.env("CARGO_TARGET_DIR", &target_dir).env("CARGO_INCREMENTAL", "0");
        cargo.env("RUSTFLAGS", "-Cembed-bitcode=yes -Zforce-unstable-if-unmarked");
        for name in [
            "CARGO_ENCODED_RUSTFLAGS",
            "CARGO_BUILD_RUSTFLAGS",
            "CARGO_BUILD_TARGET",
            "RUSTC_WRAPPER",
            "RUSTC_WORKSPACE_WRAPPER",
        ] {
            cargo.env_remove(name);
        }
        process::run(&mut cargo).context("build the standard library")?;
        for target in targets {
            let libraries = self.libraries(target);
            fs::create_dir_all(&libraries)?;
            for entry in fs::read_dir(target_dir.join(target).join("release/deps"))? {
                let file = entry?.path();
                let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
                if name.ends_with(".rlib") && !name.starts_with("libempty-") {
                    fs::copy(&file, libraries.join(name))?;
                }
            }
            if !has_std(&libraries) {
                bail!("building the standard library for `{target}` gave none");
            }
        }
        Ok(())
    }

    /// libc and the start-up objects, as the official target ships them beside `std`.
    fn add_libc(&self, target: &str) -> Result<()> {
        let folder = self.libraries(target).join("self-contained");
        fs::create_dir_all(&folder)?;
        fs::copy(Path::new(LIBC).join("libc.a"), folder.join("libc.a"))?;
        let source = self.scratch.join("no_threads.rs");
        let object = self.scratch.join(format!("no_threads-{target}.o"));
        fs::write(&source, NO_THREADS)?;
        let mut rustc = Command::new(self.folder.join("bin/rustc"));
        rustc.args(["--edition", "2021", "--crate-type", "lib", "--emit", "obj", "-O"]);
        rustc.args(["-C", "panic=abort", "--target", target, "-o"]).arg(&object).arg(&source);
        process::quietly(&mut rustc)?;
        let linker = self.active_root.join("lib/rustlib").join(host()?).join("bin/rust-lld");
        for name in ["crt1-command.o", "crt1-reactor.o"] {
            let mut lld = Command::new(&linker);
            lld.args(["-flavor", "wasm", "-r"]).arg(Path::new(LIBC).join(name)).arg(&object);
            process::quietly(lld.arg("-o").arg(folder.join(name)))?;
        }
        Ok(())
    }

    /// Compiles and links a small program.
    fn prove(&self, target: &str) -> Result<()> {
        let source = self.scratch.join("proof.rs");
        fs::write(
            &source,
            "#[no_mangle] pub extern \"C\" fn digits(n: u32) -> usize { format!(\"{n}\").len() }\n",
        )?;
        let mut rustc = Command::new("rustc");
        rustc.env("RUSTUP_TOOLCHAIN", OURS).args(["--edition", "2021", "--crate-type", "cdylib"]);
        rustc.args(["-O", "-C", "panic=abort", "--target", target, "-o"]);
        rustc.arg(self.scratch.join("proof.wasm")).arg(&source);
        process::quietly(&mut rustc).context("link a program with the new standard library")
    }

    /// Makes it known to rustup: an entry of our own beside the user's toolchains.
    fn link(&self) -> Result<()> {
        let mut ask = Command::new("rustup");
        let known = process::ask(ask.args(["run", OURS, "rustc", "--print", "sysroot"]));
        if known.is_some_and(|root| Path::new(root.trim()) == self.folder) {
            return Ok(());
        }
        let mut link = Command::new("rustup");
        process::run(link.args(["toolchain", "link", OURS]).arg(&self.folder))
    }

    fn libraries(&self, target: &str) -> PathBuf {
        self.folder.join("lib/rustlib").join(target).join("lib")
    }

    fn stamp_file(&self, part: &str) -> PathBuf {
        self.folder.join(format!("stamp-{part}"))
    }

    /// What the sysroot was made of.
    fn stamp(&self) -> String {
        let packages =
            PACKAGES.map(|name| format!("{name} {}\n", debian::version(name).unwrap_or_default()));
        format!("recipe {RECIPE}\n{}\n{}", self.active_root.display(), packages.concat())
    }
}

fn host() -> Result<String> {
    let shown = process::capture(Command::new(RUSTC).arg("-vV"))?;
    let host = shown.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.with_context(|| format!("find the host in what `{RUSTC} -vV` says"))?.to_owned())
}

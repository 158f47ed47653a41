//! Everything that a host is told, typed and with its defaults.

pub(crate) mod actuator;
pub(crate) mod engine;
pub(crate) mod grpc;
pub(crate) mod http;
mod limits;
pub(crate) mod log;
pub(crate) mod shutdown;
pub(crate) mod stores;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use ottavo_core::Limits;

use crate::document::Document;
use crate::section::Section;
use crate::{
    Actuator, BLOCKS, Engine, Env, Grpc, Http, Log, Place, Problem, Problems, Shutdown, Stores,
};

/// The file that is read when none is named.
pub const FILE: &str = "ottavo.toml";

/// A host's settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Where the host keeps everything, relative to the current folder. Default `.ottavo`.
    pub data_dir: PathBuf,
    /// For sockets whose path in the data directory would be too long: `XDG_RUNTIME_DIR`, else the
    /// system's folder for temporary files. Not in the file.
    pub runtime_dir: PathBuf,
    /// `[http]`.
    pub http: Http,
    /// `[grpc]`.
    pub grpc: Grpc,
    /// `[actuator]`.
    pub actuator: Actuator,
    /// `[limits]`: the defaults of every function.
    pub limits: Limits,
    /// `[engine]`.
    pub engine: Engine,
    /// `[shutdown]`.
    pub shutdown: Shutdown,
    /// `[log]`.
    pub log: Log,
    /// Names the app that this host serves, where several share a backend. Default none.
    pub app_id: Option<String>,
    /// `[state.NAME]`. Default: `state.default` on the driver `local`.
    pub stores: Stores,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            data_dir: PathBuf::from(".ottavo"),
            runtime_dir: std::env::temp_dir(),
            http: Http::default(),
            grpc: Grpc::default(),
            actuator: Actuator::default(),
            limits: Limits::default(),
            engine: Engine::default(),
            shutdown: Shutdown::default(),
            log: Log::default(),
            app_id: None,
            stores: complete(Stores::new()),
        }
    }
}

impl Settings {
    /// Reads `file`, else the one that the environment or the current folder has, else none.
    ///
    /// # Errors
    /// Everything that is wrong in the file.
    pub fn load(file: Option<&Path>, env: &Env) -> Result<Settings, Problems> {
        let named = file.map(Path::to_owned).or_else(|| env.get("OTTAVO_CONFIG").map(Into::into));
        let found = named.or_else(|| Some(PathBuf::from(FILE)).filter(|file| file.exists()));
        let mut settings = match found {
            Some(file) => Settings::parse(&file, &text_of(&file)?, env)?,
            None => Settings::default(),
        };
        if let Some(data_dir) = env.get("OTTAVO_DATA_DIR") {
            settings.data_dir = PathBuf::from(data_dir);
        }
        if let Some(runtime_dir) = env.get("XDG_RUNTIME_DIR") {
            settings.runtime_dir = PathBuf::from(runtime_dir);
        }
        Ok(settings)
    }

    /// Reads `text`, which stands in `file`.
    ///
    /// # Errors
    /// Everything that is wrong in it.
    pub fn parse(file: &Path, text: &str, env: &Env) -> Result<Settings, Problems> {
        Document::new(file, text, env).read(read)
    }

    /// Refuses stores whose driver does not exist; `known` has the drivers of a block.
    ///
    /// # Errors
    /// Each such store.
    pub fn check_drivers(
        &self,
        known: &dyn Fn(&str) -> Option<Vec<&'static str>>,
    ) -> Result<(), Problems> {
        stores::check(&self.stores, known)
    }
}

fn read(mut root: Section<'_>) -> Settings {
    let Settings { mut data_dir, runtime_dir, .. } = Settings::default();
    root.text("data_dir", "`.ottavo`", &mut data_dir, |text| match text {
        "" => Err("is empty: write the path of a folder".to_owned()),
        text => Ok(PathBuf::from(text)),
    });
    let mut app_id = None;
    root.text("app_id", "`shop`", &mut app_id, |text| match text {
        "" => Err("is empty: name the app, or leave it out".to_owned()),
        text => Ok(Some(text.to_owned())),
    });
    let engine = Engine::read(root.section("engine"));
    let settings = Settings {
        data_dir,
        runtime_dir,
        http: Http::read(root.section("http")),
        grpc: Grpc::read(root.section("grpc")),
        actuator: Actuator::read(root.section("actuator")),
        limits: limits::read(root.section("limits"), engine.max_memory),
        engine,
        shutdown: Shutdown::read(root.section("shutdown")),
        log: Log::read(root.section("log")),
        stores: complete(blocks(&mut root, app_id.as_deref())),
        app_id,
    };
    root.finish();
    settings
}

fn blocks(root: &mut Section<'_>, app_id: Option<&str>) -> Stores {
    let read = |block: &'static str| (block.to_owned(), stores::read(&root.section(block), app_id));
    BLOCKS.into_iter().map(read).collect()
}

/// Gives a block without any store the one that needs no configuration.
fn complete(mut stores: Stores) -> Stores {
    for block in BLOCKS {
        let tables = stores.entry(block.to_owned()).or_default();
        if tables.is_empty() {
            *tables = stores::unconfigured();
        }
    }
    stores
}

fn text_of(file: &Path) -> Result<String, Problems> {
    let fail = |message| {
        let place = Place::file(file);
        Problems::from(Problem { place, path: String::new(), message })
    };
    let bytes = std::fs::read(file)
        .map_err(|error| fail(format!("cannot read the configuration: {error}")))?;
    String::from_utf8(bytes).map_err(|_| fail("the configuration is not UTF-8 text".to_owned()))
}

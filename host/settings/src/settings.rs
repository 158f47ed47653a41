//! Everything that a host is told, typed and with its defaults.

pub(crate) mod actuator;
pub(crate) mod app;
pub(crate) mod audit;
pub(crate) mod deploy;
pub(crate) mod egress;
pub(crate) mod engine;
pub(crate) mod grants;
pub(crate) mod grpc;
pub(crate) mod http;
pub(crate) mod limits;
pub(crate) mod log;
pub(crate) mod policy;
pub(crate) mod reach;
pub(crate) mod shutdown;
pub(crate) mod stores;
#[cfg(test)]
mod tests;
pub(crate) mod tls;

use std::path::{Path, PathBuf};

use ottavo_core::Limits;
use ottavo_document::{Entry, Reader, Shape};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use toml::de::DeTable;

use crate::format::PATH;
use crate::origin::{Origin, Origins};
use crate::rules::FileRules;
use crate::schema;
use crate::{
    Actuator, Apps, Audit, BLOCKS, Deploy, Drivers, Egress, Engine, Env, Grpc, Http, Log, Place,
    Policy, Problem, Problems, Shutdown, Stores,
};

/// The file that is read when none is named.
pub const FILE: &str = "ottavo.toml";

/// What a host is told by its file, the environment and flags.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Where functions, stores and the deploy socket are, relative to the current folder. Default
    /// `.ottavo`.
    #[schemars(extend("format" = PATH, "minLength" = 1, "examples" = [".ottavo"]))]
    pub data_dir: PathBuf,
    /// For sockets whose path in the data directory would be too long: `XDG_RUNTIME_DIR`, else the
    /// system's folder for temporary files. Not in the file.
    #[serde(skip)]
    pub runtime_dir: PathBuf,
    /// The environment, for stores that give parts of it. Not in the file.
    #[serde(skip)]
    pub environment: Env,
    /// The listener that calls functions.
    pub http: Http,
    /// The door for apps.
    pub grpc: Grpc,
    /// `[app.NAME]`: apps that show a token, and what each of them may reach. Without any, whoever
    /// reaches the door may do everything.
    pub app: Apps,
    /// Health and info.
    pub actuator: Actuator,
    /// The defaults of every function.
    #[serde(with = "limits")]
    #[schemars(with = "limits::LimitsTable")]
    pub limits: Limits,
    /// What all functions share.
    pub engine: Engine,
    /// Requests of functions to the outside.
    pub egress: Egress,
    /// What becomes of versions of functions.
    pub deploy: Deploy,
    /// What functions may be granted at all. Default: whatever they ask for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<Policy>,
    /// How the host stops.
    pub shutdown: Shutdown,
    /// Who did what.
    pub audit: Audit,
    /// What the host writes to its standard error.
    pub log: Log,
    /// Names the app that this host serves, where several share a backend. Default none.
    #[schemars(extend("minLength" = 1, "examples" = ["shop"]))]
    pub app_id: Option<String>,
    /// `[state.NAME]` and its like. Default: `default` on the driver `local`, for `invoke` on `http`; but
    /// for `secret` and `binding`, of which there are none.
    #[serde(skip)]
    pub stores: Stores,
    /// What should be better, though it works.
    #[serde(skip)]
    pub warnings: Vec<Problem>,
    #[serde(skip)]
    pub(crate) origins: Origins,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            data_dir: PathBuf::from(".ottavo"),
            runtime_dir: std::env::temp_dir(),
            environment: Env::default(),
            http: Http::default(),
            grpc: Grpc::default(),
            app: Apps::default(),
            actuator: Actuator::default(),
            limits: Limits::default(),
            engine: Engine::default(),
            egress: Egress::default(),
            deploy: Deploy::default(),
            policy: None,
            shutdown: Shutdown::default(),
            audit: Audit::default(),
            log: Log::default(),
            app_id: None,
            stores: complete(Stores::new()),
            warnings: Vec::new(),
            origins: Origins::new(),
        }
    }
}

impl Settings {
    /// The file that is read: `asked`, else the one that the environment or the current folder has.
    pub fn file(asked: Option<&Path>, env: &Env) -> Option<PathBuf> {
        let named = asked.map(Path::to_owned).or_else(|| env.get("OTTAVO_CONFIG").map(Into::into));
        named.or_else(|| Some(PathBuf::from(FILE)).filter(|file| file.exists()))
    }

    /// Reads `file`, else the one that the environment or the current folder has, else none.
    ///
    /// # Errors
    /// Everything that is wrong in the file.
    pub fn load(
        file: Option<&Path>,
        env: &Env,
        drivers: &dyn Drivers,
    ) -> Result<Settings, Problems> {
        let mut settings = match Settings::file(file, env) {
            Some(file) => Settings::parse(&file, &text_of(&file)?, env, drivers)?,
            None => Settings::default(),
        };
        if let Some(data_dir) = env.get("OTTAVO_DATA_DIR") {
            settings.data_dir = PathBuf::from(data_dir);
            let origin = Origin::Environment("OTTAVO_DATA_DIR");
            settings.origins.insert("data_dir".to_owned(), origin);
        }
        settings.environment = env.clone();
        if let Some(runtime_dir) = env.get("XDG_RUNTIME_DIR") {
            settings.runtime_dir = PathBuf::from(runtime_dir);
        }
        Ok(settings)
    }

    /// Reads `text`, which stands in `file`.
    ///
    /// # Errors
    /// Everything that is wrong in it.
    pub fn parse(
        file: &Path,
        text: &str,
        env: &Env,
        drivers: &dyn Drivers,
    ) -> Result<Settings, Problems> {
        let rules = FileRules::new(env);
        let read =
            |reader: &Reader<'_>, root: &DeTable<'_>| read(&rules, reader, root, file, drivers);
        let (settings, findings) = Reader::new(file, text, &rules).read(read)?;
        Problems::none(findings.problems)?;
        let origin = |(path, (place, via))| (path, Origin::File { place, via });
        let origins = findings.found.into_iter().map(origin).collect();
        Ok(Settings { warnings: findings.warnings, origins, ..settings })
    }
}

fn read(
    rules: &FileRules<'_>,
    reader: &Reader<'_>,
    root: &DeTable<'_>,
    file: &Path,
    drivers: &dyn Drivers,
) -> Settings {
    let place = Place::file(file);
    let schema = schema::of_settings();
    let own = reader.table(("", &place), root, Shape::of(&schema), BLOCKS);
    let mut settings: Settings = match serde_json::from_value(Value::Object(own)) {
        Ok(settings) => settings,
        Err(error) => {
            // what is missing or of another form has been said
            if reader.problems() == 0 {
                reader.report(place, String::new(), format!("cannot be read: {error}"));
            }
            Settings::default()
        }
    };
    let (memory, most) = (settings.limits.memory, settings.engine.max_memory);
    if memory > most {
        let path = "limits.memory";
        let message =
            format!("is {memory}, over `engine.max_memory`, which is {most}: change either");
        let place = reader.place_of(path).or_else(|| reader.place_of("engine.max_memory"));
        reader.report(place.unwrap_or_default(), path.to_owned(), message);
    }
    let app_id = settings.app_id.as_deref();
    let blocks = reader.entries("", root).into_iter().filter(|(key, _)| BLOCKS.contains(key));
    let read = |(block, entry): (&str, Entry<'_>)| {
        let table = reader.table_of(&entry)?;
        Some((block.to_owned(), stores::read(rules, reader, block, table, app_id, drivers)))
    };
    settings.stores = complete(blocks.filter_map(read).collect());
    stores::check_references(reader, &settings.stores);
    app::check(reader, &settings, drivers);
    reach::check(reader, &settings, drivers);
    deploy::check(reader, &settings.deploy, drivers);
    policy::check(reader, &settings, drivers);
    settings
}

/// Gives a block without any store the one that needs no configuration.
fn complete(mut stores: Stores) -> Stores {
    for &block in BLOCKS {
        let tables = stores.entry(block.to_owned()).or_default();
        if tables.is_empty() {
            *tables = stores::unconfigured(block);
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

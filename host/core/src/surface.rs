//! What a component asks for and offers, and what a host makes of each.

use serde::{Deserialize, Serialize};

/// A component, seen from outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Surface {
    /// Best effort, from what its tools wrote into it.
    pub language: Option<String>,
    /// What a backtrace of its can name.
    pub symbols: Symbols,
    /// In the order of the binary.
    pub imports: Vec<Import>,
    /// In the order of the binary.
    pub exports: Vec<Export>,
    /// Whether a host can run it: every import is provided, and something can be called.
    pub runs: bool,
}

/// What a backtrace can name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Symbols {
    /// Nothing.
    #[default]
    None,
    /// Functions.
    Names,
    /// Functions, files and lines.
    Lines,
}

/// One import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Import {
    /// `ottavo:runtime/state@0.1.0`
    pub interface: String,
    /// Whether a host provides it.
    pub status: ImportStatus,
    /// What exactly is wrong: the version that there is, the functions that there are not.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
    /// What to do; empty when it is provided.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub fix: String,
}

/// Whether a host provides an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ImportStatus {
    /// It does.
    Provided,
    /// It does, and the function's manifest asks for none of it: every call is refused.
    NotGranted,
    /// It knows no such interface.
    Missing,
    /// It has the interface in a version that does not fit.
    WrongVersion,
    /// It has the interface without some of the functions.
    UnknownFunction,
    /// It has functions of the interface with another type.
    WrongType,
}

/// One export.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Export {
    /// `ottavo:runtime/http-handler@0.1.0`
    pub interface: String,
    /// Whether a host calls it.
    pub status: ExportStatus,
    /// What to do; empty when it is called, or never would be.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub fix: String,
}

/// Whether a host calls an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExportStatus {
    /// It does.
    Called,
    /// It would, in another version or with other types.
    Unfit,
    /// It knows no such interface.
    NotCalled,
}

macro_rules! words {
    ($($type:ident { $($case:ident => $word:literal),* $(,)? })*) => {
        $(impl $type {
            /// In a word or two, for people.
            pub fn as_str(self) -> &'static str {
                match self {
                    $($type::$case => $word,)*
                }
            }
        })*
    };
}

words! {
    Symbols { None => "none", Names => "names of functions", Lines => "names, files and lines" }
    ImportStatus {
        Provided => "provided", NotGranted => "not granted", Missing => "missing",
        WrongVersion => "wrong version", UnknownFunction => "unknown function",
        WrongType => "wrong type",
    }
    ExportStatus { Called => "called", Unfit => "wrong version or type", NotCalled => "not called" }
}

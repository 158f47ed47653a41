//! Scripts, of which each block has one per operation. Redis is asked to run one by its hash, and gets the text only
//! when it does not know it, after a restart for example.

use std::sync::LazyLock;

use ottavo_core::{CallContext, Result};
use redis::{Cmd, Value};

use crate::conn::{Answer, At, Conn, Effect};
use crate::error;

/// Scripts by name, each put together from files of the folder `scripts`.
macro_rules! scripts {
    ($($name:ident = $($file:literal)+;)*) => {
        $(pub(super) static $name: $crate::script::Script = $crate::script::Script::new(
            concat!($($crate::script::text!($file), "\n"),+),
            || redis::Script::new(concat!($($crate::script::text!($file), "\n"),+)),
        );)*
    };
}

macro_rules! text {
    ($file:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/", $file))
    };
}

pub(crate) use {scripts, text};

/// A script with its hash and its text.
pub(crate) struct Script(LazyLock<redis::Script>, &'static str);

/// One run of a script: its keys, and the arguments so far.
pub(crate) struct Call {
    script: &'static Script,
    keys: Vec<String>,
    arguments: Vec<Argument>,
}

pub(crate) type Argument = bytes::Bytes;

impl Script {
    /// `script` is made of the same text.
    pub(crate) const fn new(text: &'static str, script: fn() -> redis::Script) -> Script {
        Script(LazyLock::new(script), text)
    }

    pub(crate) fn on<'a>(&'static self, keys: impl IntoIterator<Item = &'a str>) -> Call {
        let keys = keys.into_iter().map(str::to_owned).collect();
        Call { script: self, keys, arguments: Vec::new() }
    }
}

/// What can be an argument; bytes are shared, not copied.
pub(crate) trait Word {
    fn word(self) -> Argument;
}

impl Word for &'static str {
    fn word(self) -> Argument {
        Argument::from_static(self.as_bytes())
    }
}

impl Word for String {
    fn word(self) -> Argument {
        Argument::from(self)
    }
}

impl Word for &bytes::Bytes {
    fn word(self) -> Argument {
        self.clone()
    }
}

impl Call {
    pub(crate) fn arg(&mut self, word: impl Word) -> &mut Call {
        self.arguments.push(word.word());
        self
    }

    /// Runs it where its keys are.
    pub(crate) async fn run(
        &self,
        conn: &Conn,
        cx: &CallContext,
        effect: Effect,
    ) -> Result<Vec<Value>> {
        let first = self.keys.first().map(String::as_str).unwrap_or_default();
        self.run_at(conn, cx, effect, At::Key(first)).await
    }

    /// Runs it on a node of a cluster.
    pub(crate) async fn run_at(
        &self,
        conn: &Conn,
        cx: &CallContext,
        effect: Effect,
        at: At<'_>,
    ) -> Result<Vec<Value>> {
        let Script(script, text) = self.script;
        let size = self.arguments.iter().map(|argument| argument.len()).sum();
        let by_hash = self.command("EVALSHA", script.get_hash());
        let mut answer = conn.call(cx, &by_hash, effect, size, at).await?;
        drop(by_hash);
        if let Answer::NoScript = answer {
            // nothing was done; this also makes redis know it
            let by_text = self.command("EVAL", text);
            answer = Box::pin(conn.call(cx, &by_text, effect, size, at)).await?;
        }
        match answer {
            Answer::Value(Value::Array(items)) => Ok(items),
            _ => Err(error::strange()),
        }
    }

    fn command(&self, name: &str, script: &str) -> Cmd {
        let mut command = redis::cmd(name);
        command.arg(script).arg(self.keys.len());
        for key in &self.keys {
            command.arg(key.as_str());
        }
        for argument in &self.arguments {
            command.arg(&argument[..]);
        }
        command
    }
}

/// The text in an answer.
pub(crate) fn text_of(reply: Option<Value>) -> Result<String> {
    match reply {
        Some(Value::BulkString(bytes)) => String::from_utf8(bytes).map_err(|_| error::strange()),
        Some(Value::SimpleString(text)) => Ok(text),
        _ => Err(error::strange()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_names_its_keys_before_its_arguments() {
        static GET: Script = Script::new("return 1", || redis::Script::new("return 1"));
        let mut call = GET.on(["a", "b"]);
        call.arg("any").arg("x".to_owned()).arg(&bytes::Bytes::from_static(b"\0"));
        let packed = call.command("EVAL", "return 1").get_packed_command();
        let text = "*8\r\n$4\r\nEVAL\r\n$8\r\nreturn 1\r\n$1\r\n2\r\n$1\r\na\r\n$1\r\nb\r\n\
                    $3\r\nany\r\n$1\r\nx\r\n$1\r\n\0\r\n";
        assert_eq!(String::from_utf8_lossy(&packed), text);
    }
}

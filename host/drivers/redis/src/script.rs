//! Scripts, of which each block has one per operation. Redis is asked to run one by its hash, and gets the text only
//! when it does not know it, after a restart for example.

use std::sync::LazyLock;

use ottavo_core::{CallContext, Result};
use redis::{Arg, Cmd, Value};

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

/// One run of a script, as the command that asks for it by its hash: its keys, and the arguments so far.
pub(crate) struct Call {
    script: &'static Script,
    command: Cmd,
    /// Of all arguments, in bytes.
    size: usize,
}

/// What stands before the keys: the script, and how many keys there are.
const BEFORE: usize = 3;

impl Script {
    /// `script` is made of the same text.
    pub(crate) const fn new(text: &'static str, script: fn() -> redis::Script) -> Script {
        Script(LazyLock::new(script), text)
    }

    pub(crate) fn on<'a, K>(&'static self, keys: K) -> Call
    where
        K: IntoIterator<Item = &'a str, IntoIter: ExactSizeIterator>,
    {
        let keys = keys.into_iter();
        let mut command = Cmd::with_capacity(ARGUMENTS, BYTES);
        command.arg("EVALSHA").arg(self.0.get_hash()).arg(keys.len());
        for key in keys {
            command.arg(key);
        }
        Call { script: self, command, size: 0 }
    }
}

/// Room for most commands.
const ARGUMENTS: usize = 12;
const BYTES: usize = 512;

impl Call {
    pub(crate) fn arg(&mut self, word: impl AsRef<[u8]>) -> &mut Call {
        let word = word.as_ref();
        self.size += word.len();
        self.command.arg(word);
        self
    }

    /// Runs it where its keys are.
    pub(crate) async fn run(
        &self,
        conn: &Conn,
        cx: &CallContext,
        effect: Effect,
    ) -> Result<Vec<Value>> {
        self.run_telling(conn, cx, effect, None).await
    }

    /// The same; `sent` is called when what is asked for now is answered after it.
    pub(crate) async fn run_telling(
        &self,
        conn: &Conn,
        cx: &CallContext,
        effect: Effect,
        sent: Option<&(dyn Fn() + Sync)>,
    ) -> Result<Vec<Value>> {
        let first = self.command.args_iter().nth(BEFORE);
        let key = match first {
            Some(Arg::Simple(key)) => std::str::from_utf8(key).unwrap_or_default(),
            _ => "",
        };
        self.run_at(conn, cx, effect, At::Key(key), sent).await
    }

    /// Runs it on a node of a cluster.
    pub(crate) async fn run_at(
        &self,
        conn: &Conn,
        cx: &CallContext,
        effect: Effect,
        at: At<'_>,
        sent: Option<&(dyn Fn() + Sync)>,
    ) -> Result<Vec<Value>> {
        let Call { command, size, .. } = self;
        let mut answer = conn.call_telling(cx, command, effect, *size, at, sent).await?;
        if let Answer::NoScript = answer {
            // nothing was done; this also makes redis know it
            let by_text = self.by_text();
            answer = Box::pin(conn.call_telling(cx, &by_text, effect, *size, at, sent)).await?;
        }
        match answer {
            Answer::Value(Value::Array(items)) => Ok(items),
            _ => Err(error::strange()),
        }
    }

    fn by_text(&self) -> Cmd {
        let mut command = redis::cmd("EVAL");
        command.arg(self.script.1);
        for argument in self.command.args_iter().skip(2) {
            if let Arg::Simple(argument) = argument {
                command.arg(argument);
            }
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
        call.arg("any").arg("x").arg(b"\0");
        let packed = call.by_text().get_packed_command();
        let text = "*8\r\n$4\r\nEVAL\r\n$8\r\nreturn 1\r\n$1\r\n2\r\n$1\r\na\r\n$1\r\nb\r\n\
                    $3\r\nany\r\n$1\r\nx\r\n$1\r\n\0\r\n";
        assert_eq!(String::from_utf8_lossy(&packed), text);
    }
}

//! The processes that compile: one at a time, bounded in threads, memory and time.
//!
//! A compilation cannot be stopped within a process, and what it takes depends on what was uploaded.
//! So the host starts itself once more for each one; it ends with its time, with its memory, and with
//! whoever waits for it. That it is killed or falls over is an answer to the deploy and no more.

use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};

use ottavo_core::units::{ByteCount, Span};
use ottavo_core::{Digest, Error, Kind, Result};
use ottavo_engine::{Draft, Target};
use ottavo_telemetry::field;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command};
use tokio::sync::SemaphorePermit;
use tokio::time::{Instant, timeout_at};

use crate::compile::{Job, Known, Reply};
use crate::line::Line;

/// The longest answer and the longest complaint that are read.
const MAX_ANSWER: u64 = 1 << 20;

/// Ends a process that has used up its CPU time.
const SIGXCPU: i32 = 24;

/// How compilations are done, and what each may take.
#[derive(Clone, Debug)]
pub struct Compiling {
    /// The program that calls [`compile`](crate::compile) when it is started with these arguments.
    pub program: PathBuf,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// From its start to its end.
    pub timeout: Span,
    /// What the program holds itself to; said where that was too little.
    pub memory: ByteCount,
    /// At once.
    pub threads: u32,
}

/// Where compilations are done.
pub(crate) struct Compilers {
    how: Compiling,
    line: Line,
}

/// One process.
pub(crate) struct Bench<'c> {
    how: &'c Compiling,
    child: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
    complaints: ChildStderr,
    deadline: Instant,
    _turn: SemaphorePermit<'c>,
}

impl Compilers {
    pub(crate) fn new(how: Compiling) -> Compilers {
        Compilers { how, line: Line::of("compile") }
    }

    /// Starts a process, once it is its turn. It ends with the value.
    pub(crate) async fn bench(&self) -> Result<Bench<'_>> {
        let turn = self.line.turn().await?;
        let how = &self.how;
        let mut command = Command::new(&how.program);
        command.arg0("ottavo").args(&how.arguments).current_dir("/");
        // nothing of the host's environment, in which secrets may be
        command.env_clear().env("RAYON_NUM_THREADS", how.threads.to_string());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let started = command.kill_on_drop(true).spawn();
        let mut child = started.map_err(|error| {
            let program = how.program.display();
            let message = format!("cannot start the compiler `{program}`: {error}");
            Error::new(Kind::Unavailable, message).with_source(error)
        })?;
        let gone = || Error::internal("the compiler was started without its pipes");
        Ok(Bench {
            requests: child.stdin.take().ok_or_else(gone)?,
            answers: BufReader::new(child.stdout.take().ok_or_else(gone)?),
            complaints: child.stderr.take().ok_or_else(gone)?,
            deadline: Instant::now() + how.timeout.0,
            how,
            child,
            _turn: turn,
        })
    }
}

impl Bench<'_> {
    /// Reads what was uploaded; a component that is made of it is written to `component`.
    ///
    /// # Errors
    /// What is wrong with it; that it took too much.
    pub(crate) async fn read(
        &mut self,
        artifact: &Path,
        digest: Digest,
        component: &Path,
    ) -> Result<Known> {
        let (artifact, component) = (artifact.to_owned(), component.to_owned());
        match self.ask(&Job::Read { artifact, digest, component }).await? {
            Reply::Known(known) => Ok(known),
            _ => Err(Error::internal("the compiler answered something else")),
        }
    }

    /// Compiles what was read last.
    ///
    /// # Errors
    /// Why it cannot be compiled; that it took too much.
    pub(crate) async fn compile(&mut self, target: Target, draft: &Draft) -> Result<()> {
        let to = draft.path().to_owned();
        self.ask(&Job::Compile { to, target }).await.map(drop)
    }

    async fn ask(&mut self, job: &Job) -> Result<Reply> {
        let mut line = serde_json::to_vec(job)
            .map_err(|error| Error::internal(format!("a request of the compiler: {error}")))?;
        line.push(b'\n');
        let (requests, answers) = (&mut self.requests, &mut self.answers);
        let exchange = async {
            requests.write_all(&line).await?;
            let mut answer = Vec::new();
            answers.take(MAX_ANSWER).read_until(b'\n', &mut answer).await?;
            Ok::<_, std::io::Error>(answer)
        };
        match timeout_at(self.deadline, exchange).await {
            Err(_) => Err(self.too_slow()),
            Ok(Ok(answer)) if answer.ends_with(b"\n") => {
                let reply: Reply = serde_json::from_slice(&answer)
                    .map_err(|error| Error::internal(format!("the compiler's answer: {error}")))?;
                reply.accepted()
            }
            Ok(_) => Err(self.ended().await),
        }
    }

    fn too_slow(&self) -> Error {
        let most = self.how.timeout;
        let message = format!(
            "compilation took more than {most}: make the function smaller, or raise `deploy.compile_timeout` in the host's configuration"
        );
        Error::new(Kind::Timeout, message)
    }

    /// Why there is no answer.
    async fn ended(&mut self) -> Error {
        let mut text = Vec::new();
        let (complaints, child) = (&mut self.complaints, &mut self.child);
        let end = async {
            let read = complaints.take(MAX_ANSWER).read_to_end(&mut text).await;
            (read, child.wait().await)
        };
        let Ok((_, Ok(status))) = timeout_at(self.deadline, end).await else {
            return self.too_slow();
        };
        let text = String::from_utf8_lossy(&text);
        tracing::warn!(%status, { field::ERROR } = %text.trim_end(), "a compilation fell over");
        if status.signal() == Some(SIGXCPU) {
            return self.too_slow();
        }
        self.fell_over(status, &text)
    }

    fn fell_over(&self, status: ExitStatus, text: &str) -> Error {
        // what an allocation that fails says before it ends the process
        if text.contains("memory allocation of") || text.contains("OutOfMemory") {
            let most = self.how.memory;
            let message = format!(
                "compilation took more memory than {most}: make the function smaller, or raise `deploy.compile_memory` in the host's configuration"
            );
            return Error::new(Kind::TooLarge, message);
        }
        let hint = "the host's log says more; build the function with other tools, and report it";
        Error::invalid(format!(
            "the component does not compile: the compiler fell over ({status}); {hint}"
        ))
    }
}

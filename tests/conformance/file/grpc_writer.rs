//! The stream of `Create`, driven by the calls of a writer and by no task: dropping it cancels the call.

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use futures_util::stream;
use ottavo_blocks::file::{ContentType, Info, NewFile, Precondition, Writer};
use ottavo_core::{CallContext, Error, Result};
use ottavo_wire::from_status;
use ottavo_wire::v1::file_client::FileClient;
use ottavo_wire::v1::file_create_request::Step;
use ottavo_wire::v1::*;
use tokio::sync::mpsc::{self, Sender};
use tonic::transport::Channel;

use super::grpc::info;

pub(super) struct GrpcWriter {
    steps: Sender<FileCreateRequest>,
    answer: std::sync::Mutex<BoxFuture<'static, Result<Info>>>,
}

impl GrpcWriter {
    pub(super) async fn begin(
        mut client: FileClient<Channel>,
        cx: &CallContext,
        store: String,
        file: NewFile,
    ) -> Result<GrpcWriter> {
        let (steps, receiver) = mpsc::channel(1);
        let sent = stream::unfold(receiver, async |mut receiver: mpsc::Receiver<_>| {
            // a writer that is dropped leaves no end of the stream behind, as an app that is killed
            match receiver.recv().await {
                Some(step) => Some((step, receiver)),
                None => std::future::pending().await,
            }
        });
        let mut request = tonic::Request::new(sent);
        request.set_timeout(cx.remaining());
        let answer = async move {
            let answer = client.create(request).await.map_err(|status| from_status(&status))?;
            let known = answer.into_inner().info;
            info(known.ok_or_else(|| Error::internal("the host left the info unset"))?)
        };
        let mut writer = GrpcWriter { steps, answer: std::sync::Mutex::new(answer.boxed()) };
        let pair = |(name, value)| Pair { name, value };
        let begin = FileBegin {
            store,
            name: file.name.into_string(),
            content_type: file.content_type.map(ContentType::into_string),
            precondition: precondition(file.precondition),
            metadata: file.metadata.into_pairs().into_iter().map(pair).collect(),
        };
        writer.send(Step::Begin(begin)).await?;
        Ok(writer)
    }

    /// Sends a step; an answer before the end is an error.
    async fn send(&mut self, step: Step) -> Result<()> {
        let answer = self.answer.get_mut().expect("nothing panics with it");
        let step = FileCreateRequest { step: Some(step) };
        let early = tokio::select! {
            biased;
            early = &mut *answer => early,
            sent = self.steps.send(step) => match sent {
                Ok(()) => return Ok(()),
                // the host takes no more, and its answer is on the way
                Err(_) => answer.await,
            },
        };
        Err(early.err().unwrap_or_else(|| Error::internal("an early answer")))
    }
}

#[async_trait]
impl Writer for GrpcWriter {
    async fn write(&mut self, _: &CallContext, data: Bytes) -> Result<()> {
        self.send(Step::Chunk(data)).await
    }

    async fn finish(mut self: Box<Self>, _: &CallContext) -> Result<Info> {
        self.send(Step::Finish(true)).await?;
        self.answer.get_mut().expect("nothing panics with it").await
    }
}

fn precondition(precondition: Precondition) -> Option<StatePrecondition> {
    use state_precondition::Rule;
    let rule = match precondition {
        Precondition::Any => return None,
        Precondition::Absent => Rule::Absent(true),
        Precondition::Match(etag) => Rule::Match(etag.into_string()),
    };
    Some(StatePrecondition { rule: Some(rule) })
}

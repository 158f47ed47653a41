//! `grpc.reflection`, as clients without the definitions use it.

use ottavo_core::units::Span;
use ottavo_grpc::Config;
use tokio_stream::StreamExt as _;
use tonic::Code;
use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;
use tonic_reflection::pb::v1::server_reflection_response::MessageResponse;
use tonic_reflection::pb::v1::{ServerReflectionRequest, ServerReflectionResponse};
use tonic_reflection::pb::v1alpha;

use ottavo_api::Grants;

use crate::host::{Host, PATIENCE, config};

const SERVICES: &[&str] = &[
    "grpc.health.v1.Health",
    "grpc.reflection.v1.ServerReflection",
    "grpc.reflection.v1alpha.ServerReflection",
    "ottavo.runtime.v1.Binding",
    "ottavo.runtime.v1.Config",
    "ottavo.runtime.v1.File",
    "ottavo.runtime.v1.Invoke",
    "ottavo.runtime.v1.Lock",
    "ottavo.runtime.v1.PubSub",
    "ottavo.runtime.v1.Secret",
    "ottavo.runtime.v1.Sequencer",
    "ottavo.runtime.v1.State",
];

fn question(message: MessageRequest) -> ServerReflectionRequest {
    ServerReflectionRequest { host: String::new(), message_request: Some(message) }
}

/// Asks one question on a stream of its own.
async fn ask(host: &Host, message: MessageRequest) -> Result<MessageResponse, tonic::Status> {
    let mut client = ServerReflectionClient::new(host.channel().await);
    let questions = tokio_stream::once(question(message));
    let mut answers = client.server_reflection_info(questions).await?.into_inner();
    let answer: ServerReflectionResponse = answers.next().await.unwrap()?;
    assert!(answers.next().await.is_none());
    Ok(answer.message_response.unwrap())
}

/// The files of an answer as text: names and comments stand in them as they are.
fn files(answer: MessageResponse) -> String {
    let MessageResponse::FileDescriptorResponse(found) = answer else { panic!("{answer:?}") };
    found.file_descriptor_proto.iter().map(|file| String::from_utf8_lossy(file)).collect()
}

#[tokio::test]
async fn what_is_served_is_listed_in_both_versions() {
    let host = Host::start().await;
    let answer = ask(&host, MessageRequest::ListServices(String::new())).await.unwrap();
    let MessageResponse::ListServicesResponse(list) = answer else { panic!("{answer:?}") };
    let mut names: Vec<_> = list.service.into_iter().map(|service| service.name).collect();
    names.sort();
    assert_eq!(names, SERVICES);

    let channel = host.channel().await;
    let mut old = v1alpha::server_reflection_client::ServerReflectionClient::new(channel);
    let question = v1alpha::ServerReflectionRequest {
        host: String::new(),
        message_request: Some(v1alpha::server_reflection_request::MessageRequest::ListServices(
            String::new(),
        )),
    };
    let answers = old.server_reflection_info(tokio_stream::once(question)).await.unwrap();
    let answer = answers.into_inner().next().await.unwrap().unwrap().message_response.unwrap();
    let v1alpha::server_reflection_response::MessageResponse::ListServicesResponse(list) = answer
    else {
        panic!("{answer:?}");
    };
    assert_eq!(list.service.len(), SERVICES.len());
    host.stop().await;
}

#[tokio::test]
async fn the_definitions_are_told_by_file_and_by_symbol() {
    let host = Host::start().await;
    let name = "ottavo/runtime/v1/state.proto".to_owned();
    let by_name = files(ask(&host, MessageRequest::FileByFilename(name)).await.unwrap());
    assert!(by_name.contains("ottavo.runtime.v1") && by_name.contains("StateGetRequest"));
    for symbol in ["ottavo.runtime.v1.State", "ottavo.runtime.v1.State.Get"] {
        let found = ask(&host, MessageRequest::FileContainingSymbol(symbol.to_owned())).await;
        assert_eq!(files(found.unwrap()), by_name, "{symbol}");
    }
    // what it imports is there as well
    let types = MessageRequest::FileByFilename("ottavo/runtime/v1/types.proto".to_owned());
    assert!(files(ask(&host, types).await.unwrap()).contains("ErrorKind"));
    let nothing = MessageRequest::FileContainingSymbol("ottavo.runtime.v1.Nothing".to_owned());
    assert_eq!(ask(&host, nothing).await.unwrap_err().code(), Code::NotFound);
    host.stop().await;
}

#[tokio::test]
async fn a_stream_that_is_left_open_ends_in_time_and_does_not_hold_up_shutdown() {
    for timeout in [Span::secs(3600), Span(std::time::Duration::from_millis(50))] {
        let host = Host::with(Config { timeout, ..config() }, Grants::everything()).await;
        let mut client = ServerReflectionClient::new(host.channel().await);
        let first = question(MessageRequest::ListServices(String::new()));
        let open = tokio_stream::once(first).chain(tokio_stream::pending());
        let mut answers = client.server_reflection_info(open).await.unwrap().into_inner();
        assert!(answers.next().await.unwrap().is_ok());
        if timeout >= Span::secs(3600) {
            host.shutdown.begin();
        }
        let end = tokio::time::timeout(PATIENCE, answers.next()).await.unwrap();
        assert!(end.is_none(), "{end:?}");
        host.stop().await;
    }
}

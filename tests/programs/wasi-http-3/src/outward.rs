//! Requests to the outside.

use std::pin::pin;

use futures_util::future::{join, select};
use wasip3::http::client::send;
use wasip3::http::types::{Fields, Method, Request, Response, Scheme};
use wasip3::spawn_local;

use crate::answer::{Body, Reading, answer, begin};

/// Sends the request's method and body there, and the answer back.
pub(crate) async fn fetch(request: Request, url: &str) -> Response {
    let (mut sending, outgoing) = outgoing(&request.get_method(), url);
    let mut reading = Reading::of(request);
    spawn_local(async move {
        while let Some(chunk) = reading.next().await {
            if !sending.try_send(chunk).await {
                break;
            }
        }
        sending.finish(None).await;
    });
    match send(outgoing).await {
        Ok(response) => passed_on(response),
        Err(code) => answer(502, &format!("{code:?}")),
    }
}

/// Two at the same time.
pub(crate) async fn both(urls: &str) -> Response {
    let (one, two) = urls.split_once(',').expect("two URLs");
    let (one, two) = join(status(one), status(two)).await;
    answer(200, &format!("{one} {two}"))
}

async fn status(url: &str) -> String {
    let (body, request) = outgoing(&Method::Get, url);
    spawn_local(body.finish(None));
    match send(request).await {
        Ok(response) => response.get_status_code().to_string(),
        Err(code) => format!("{code:?}"),
    }
}

/// Leaves a request on its way.
pub(crate) async fn abandon(url: &str) -> Response {
    let (body, request) = outgoing(&Method::Get, url);
    let (sent, written) = (pin!(send(request)), pin!(body.finish(None)));
    select(sent, written).await;
    answer(200, "not waited for")
}

fn passed_on(response: Response) -> Response {
    let fields = Fields::new();
    for (name, value) in response.get_headers().copy_all() {
        if name != "content-length" {
            fields.append(&name, &value).expect("a header");
        }
    }
    let (mut body, answer) = begin(response.get_status_code(), fields);
    let mut reading = Reading::of_response(response);
    spawn_local(async move {
        while let Some(chunk) = reading.next().await {
            body.send(chunk).await;
        }
        match reading.end().await {
            Ok(_) => body.finish(None).await,
            Err(_) => body.give_up().await,
        }
    });
    answer
}

fn outgoing(method: &Method, url: &str) -> (Body, Request) {
    let (scheme, rest) = url.split_once("://").expect("a URL");
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let (body, stream, end) = Body::new();
    let (request, _) = Request::new(Fields::new(), Some(stream), end, None);
    let scheme = if scheme == "https" { Scheme::Https } else { Scheme::Http };
    request.set_method(method).expect("a method");
    request.set_scheme(Some(&scheme)).expect("a scheme");
    request.set_authority(Some(authority)).expect("an authority");
    request.set_path_with_query(Some(&format!("/{path}"))).expect("a path");
    (body, request)
}

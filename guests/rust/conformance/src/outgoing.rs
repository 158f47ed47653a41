//! Requests to be sent, and their answers: what `invoke` and `http-client` share.

use std::time::Duration;

use ottavo_sdk::http_client::Outgoing;
use ottavo_sdk::{Response, Result};

use crate::decode::Decoder;
use crate::{encode, unknown};

/// The two operations of `invoke`.
pub(crate) fn invoke(operation: &str, mut call: Decoder<'_>) -> Result<Vec<u8>> {
    let mut to = Vec::new();
    match operation {
        "call" => {
            let (target, request) = (call.string()?, outgoing(&mut call)?);
            call.end()?;
            encode::result(&mut to, ottavo_sdk::invoke::call(target, &request), response);
        }
        "call-many" => {
            let calls = call.list(|call| Ok((call.string()?, outgoing(call)?)))?;
            call.end()?;
            answers(&mut to, ottavo_sdk::invoke::call_many(&calls));
        }
        _ => return Err(unknown(&format!("invoke.{operation}"))),
    }
    Ok(to)
}

/// The two operations of `http-client`.
pub(crate) fn http_client(operation: &str, mut call: Decoder<'_>) -> Result<Vec<u8>> {
    let mut to = Vec::new();
    match operation {
        "send" => {
            let request = outgoing(&mut call)?;
            call.end()?;
            encode::result(&mut to, ottavo_sdk::http_client::send(&request), response);
        }
        "send-many" => {
            let requests = call.list(outgoing)?;
            call.end()?;
            answers(&mut to, ottavo_sdk::http_client::send_many(&requests));
        }
        _ => return Err(unknown(&format!("http-client.{operation}"))),
    }
    Ok(to)
}

fn outgoing<'a>(call: &mut Decoder<'a>) -> Result<Outgoing<'a>> {
    let mut request = Outgoing::new(call.string()?, call.string()?);
    for (name, value) in call.list(|call| Ok((call.string()?, call.string()?)))? {
        request = request.header(name, value);
    }
    request = request.body(call.bytes()?);
    Ok(match call.option(Decoder::u64)? {
        Some(millis) => request.timeout(Duration::from_millis(millis)),
        None => request,
    })
}

fn answers(to: &mut Vec<u8>, outcomes: Vec<Result<Response>>) {
    encode::list(to, outcomes, |to, outcome| encode::result(to, outcome, response));
}

fn response(to: &mut Vec<u8>, answer: Response) {
    to.extend_from_slice(&answer.status_code().to_le_bytes());
    encode::list(to, answer.headers().collect(), |to, (name, value)| {
        encode::string(to, name);
        encode::string(to, value);
    });
    encode::bytes(to, answer.body());
}

//! Calls functions of WASI preview 1 as no standard library would.
//!
//! | path | what happens |
//! |---|---|
//! | `/preview1/errors` | one line for each function that is refused: its name and the error |
//! | `/preview1/streams` | what the three descriptors answer, open and closed |
//! | `/preview1/clocks` | resolutions and times, a line each |
//! | `/preview1/random?bytes=&skip=` | so many random bytes, written `skip` bytes into a buffer, in a frame of zeros |
//! | `/preview1/write?bytes=&parts=` | one `fd_write` of so many bytes in so many equal parts |
//! | `/preview1/poll?subs=` | one `poll_oneoff`; see `poll.rs` |
//! | `/preview1/sleep?millis=` | sleeps with the standard library |
//! | `/preview1/exit?code=` | ends itself |
//! | `/preview1/wild?what=` | hands a pointer or a count to the function that no memory has |

use std::str::FromStr;

use ottavo_sdk::{Error, Request, Response, Result};

mod abi;
mod answers;
mod poll;
mod wild;

#[ottavo_sdk::http]
fn preview1(request: Request) -> Result<Response> {
    let text = match request.param("what").unwrap_or_default() {
        "errors" => answers::errors(),
        "streams" => answers::streams(),
        "clocks" => answers::clocks(),
        "random" => {
            let (bytes, skip) = (number(&request, "bytes")?, number(&request, "skip")?);
            return Ok(Response::bytes(answers::random(bytes, skip)));
        }
        "write" => answers::write(number(&request, "bytes")?, number(&request, "parts")?),
        "poll" => poll::poll(&request.query("subs").unwrap_or_default())?,
        "sleep" => {
            std::thread::sleep(std::time::Duration::from_millis(number(&request, "millis")?));
            "slept".to_owned()
        }
        "exit" => std::process::exit(number(&request, "code")?),
        "wild" => wild::call(&request.query("what").unwrap_or_default())?,
        other => return Err(Error::not_found(format!("no function `{other}`"))),
    };
    Ok(Response::text(text))
}

fn number<T: FromStr>(request: &Request, name: &str) -> Result<T> {
    let text = request.query(name).unwrap_or_default();
    text.parse().map_err(|_| Error::invalid_argument(format!("`{name}` is `{text}`")))
}

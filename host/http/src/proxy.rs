//! The header of the PROXY protocol, versions 1 and 2: for whom a proxy in front speaks.
//!
//! Nothing behind the header is read, so that what follows may be TLS. Its size is bounded by the
//! protocol for version 1, and by [`LONGEST`] for version 2, which may carry more than addresses.
//! Who waits for it bounds the time.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::str::FromStr;

use tokio::io::{AsyncRead, AsyncReadExt as _};

/// What version 2 begins with. No request of HTTP and no record of TLS does.
const SIGNATURE: [u8; 12] = *b"\r\n\r\n\0\r\nQUIT\n";

/// What a header has at least, in either version: `PROXY UNKNOWN` and the end of its line.
const LEAST: usize = 15;

/// Before the addresses in version 2.
const HEAD: usize = 16;

/// The longest line of version 1, with its end.
const LONGEST_LINE: usize = 107;

/// The most that may follow the head of version 2.
const LONGEST: usize = 2048;

/// Reads the header, and nothing else. The address is that of the client; none where the proxy
/// speaks for itself, as when it asks whether we are there, or does not know.
///
/// # Errors
/// `InvalidData` that says what is wrong with it; what the connection says when it ends.
pub(crate) async fn read<S: AsyncRead + Unpin>(stream: &mut S) -> io::Result<Option<SocketAddr>> {
    let mut first = [0; LEAST];
    stream.read_exact(&mut first).await?;
    if first.starts_with(&SIGNATURE) {
        let mut head = [0; HEAD];
        head[..LEAST].copy_from_slice(&first);
        stream.read_exact(&mut head[LEAST..]).await?;
        let length = usize::from(u16::from_be_bytes([head[14], head[15]]));
        if length > LONGEST {
            return Err(wrong("the header is too long"));
        }
        let mut rest = vec![0; length];
        stream.read_exact(&mut rest).await?;
        return binary(head[12], head[13], &rest);
    }
    if !first.starts_with(b"PROXY ") {
        return Err(wrong("there is no header"));
    }
    let mut line = Vec::with_capacity(LONGEST_LINE);
    line.extend_from_slice(&first);
    while !line.ends_with(b"\r\n") {
        if line.len() == LONGEST_LINE {
            return Err(wrong("the header is too long"));
        }
        line.push(stream.read_u8().await?);
    }
    let text = std::str::from_utf8(&line[..line.len() - 2]).map_err(|_| wrong("it is not text"))?;
    line_of_text(text)
}

/// Version 1, without its end.
fn line_of_text(text: &str) -> io::Result<Option<SocketAddr>> {
    let words: Vec<_> = text.split(' ').collect();
    match words[..] {
        [_, "UNKNOWN", ..] => Ok(None),
        [_, "TCP4", from, to, port, to_port] => {
            let (from, _) = (ip::<Ipv4Addr>(from)?, ip::<Ipv4Addr>(to)?);
            let (port, _) = (number(port)?, number(to_port)?);
            Ok(Some((from, port).into()))
        }
        [_, "TCP6", from, to, port, to_port] => {
            let (from, _) = (ip::<Ipv6Addr>(from)?, ip::<Ipv6Addr>(to)?);
            let (port, _) = (number(port)?, number(to_port)?);
            Ok(Some((from, port).into()))
        }
        _ => Err(wrong("the header is not of version 1")),
    }
}

fn ip<A: FromStr + Into<IpAddr>>(word: &str) -> io::Result<IpAddr> {
    word.parse::<A>().map(Into::into).map_err(|_| wrong("an address is none"))
}

fn number(word: &str) -> io::Result<u16> {
    match word.bytes().all(|byte| byte.is_ascii_digit()) {
        true => word.parse().map_err(|_| wrong("a port is none")),
        false => Err(wrong("a port is none")),
    }
}

/// Version 2: its version and command, its family and protocol, and what follows.
fn binary(command: u8, family: u8, rest: &[u8]) -> io::Result<Option<SocketAddr>> {
    match command {
        // the proxy itself, whatever else it says
        0x20 => return Ok(None),
        0x21 => {}
        _ => return Err(wrong("the header is of no version and command that is known")),
    }
    let port = |at: usize| -> Option<u16> {
        Some(u16::from_be_bytes(rest.get(at..at + 2)?.try_into().ok()?))
    };
    let known = match family {
        // TCP over IPv4 and IPv6: two addresses, then two ports
        0x11 => {
            rest.first_chunk::<4>().map(|bytes| IpAddr::from(*bytes)).zip(port(8).zip(port(10)))
        }
        0x21 => {
            rest.first_chunk::<16>().map(|bytes| IpAddr::from(*bytes)).zip(port(32).zip(port(34)))
        }
        // not known, datagrams, unix sockets
        0x00 | 0x12 | 0x22 | 0x31 | 0x32 => return Ok(None),
        _ => return Err(wrong("the header is of no family that is known")),
    };
    match known {
        Some((address, (port, _))) => Ok(Some((address, port).into())),
        None => Err(wrong("the header has no room for its addresses")),
    }
}

fn wrong(what: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("PROXY protocol: {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is made of these bytes, and what is left of them.
    async fn parse(bytes: &[u8]) -> (Result<Option<String>, io::ErrorKind>, usize) {
        let mut left = bytes;
        let read = read(&mut left).await;
        let read = read.map(|found| found.map(|address| address.to_string()));
        (read.map_err(|error| error.kind()), left.len())
    }

    fn second(command: u8, family: u8, rest: &[u8]) -> Vec<u8> {
        let length = u16::try_from(rest.len()).expect("short").to_be_bytes();
        [&SIGNATURE[..], &[command, family], &length, rest].concat()
    }

    #[tokio::test]
    async fn the_client_is_who_the_header_says_and_nothing_else_is_read() {
        let four = [192, 0, 2, 7, 10, 0, 0, 1, 0xdc, 0x04, 1, 187];
        let mut six = vec![0; 36];
        (six[15], six[32], six[33]) = (1, 0x1f, 0x90);
        let mut more = four.to_vec();
        more.extend_from_slice(&[4, 0, 2, 0, 0]);
        for (header, expected) in [
            (b"PROXY TCP4 192.0.2.7 10.0.0.1 56324 443\r\n".to_vec(), Some("192.0.2.7:56324")),
            (b"PROXY TCP6 ::1 2001:db8::1 8080 443\r\n".to_vec(), Some("[::1]:8080")),
            (b"PROXY UNKNOWN\r\n".to_vec(), None),
            (b"PROXY UNKNOWN and more of it\r\n".to_vec(), None),
            (second(0x21, 0x11, &four), Some("192.0.2.7:56324")),
            (second(0x21, 0x11, &more), Some("192.0.2.7:56324")),
            (second(0x21, 0x21, &six), Some("[::1]:8080")),
            (second(0x20, 0x11, &four), None),
            (second(0x20, 0x00, &[]), None),
            (second(0x21, 0x00, &[]), None),
            (second(0x21, 0x31, &[0; 216]), None),
        ] {
            let shown = header.escape_ascii().to_string();
            let whole = [&header, &b"GET /"[..]].concat();
            let expected = expected.map(str::to_owned);
            assert_eq!(parse(&whole).await, (Ok(expected), 5), "{shown}");
            for cut in 0..header.len() {
                let ended = Err(io::ErrorKind::UnexpectedEof);
                assert_eq!(parse(&header[..cut]).await.0, ended, "{cut} of {shown}");
            }
        }
    }

    #[tokio::test]
    async fn what_is_no_header_is_refused_as_soon_as_that_is_clear() {
        let long = [&b"PROXY UNKNOWN "[..], &[b'x'; 200]].concat();
        for bytes in [
            &b"GET / HTTP/1.1\r\nhost: a\r\n\r\n"[..],
            b"PROXY TCP4 192.0.2.7 10.0.0.1 56324\r\n",
            b"PROXY TCP4 192.0.2.7 10.0.0.1 56324 443 1\r\n",
            b"PROXY TCP4 192.0.2.777 10.0.0.1 56324 443\r\n",
            b"PROXY TCP4 ::1 10.0.0.1 56324 443\r\n",
            b"PROXY TCP6 192.0.2.7 10.0.0.1 56324 443\r\n",
            b"PROXY TCP4 192.0.2.7 10.0.0.1 66324 443\r\n",
            b"PROXY TCP4 192.0.2.7 10.0.0.1 +5 443\r\n",
            b"PROXY TCP4  192.0.2.7 10.0.0.1 5 443\r\n",
            b"PROXY UDP4 192.0.2.7 10.0.0.1 5 443\r\n",
            b"PROXY TCP4 \xff\xff\xff\xff\r\n",
            &long,
            &second(0x11, 0x11, &[0; 12]),
            &second(0x22, 0x11, &[0; 12]),
            &second(0x21, 0x41, &[0; 12]),
            &second(0x21, 0x11, &[0; 11]),
            &second(0x21, 0x21, &[0; 35]),
            &second(0x21, 0x11, &[0; LONGEST + 1]),
        ] {
            let found = parse(bytes).await.0;
            assert_eq!(found, Err(io::ErrorKind::InvalidData), "{}", bytes.escape_ascii());
        }
    }
}

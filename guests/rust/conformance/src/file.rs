//! Files: whole transfers, as a reader or a writer lives no longer than a request.

use std::io::{Read as _, Write as _};

use ottavo_sdk::file::{Info, NewFile, Store};
use ottavo_sdk::{Error, Result};

use crate::decode::{Decoder, no_case};
use crate::{encode, unknown};

/// Reads the parameters, makes the calls, and encodes their outcome.
pub(crate) fn call(operation: &str, mut call: Decoder<'_>) -> Result<Vec<u8>> {
    let to = &mut Vec::new();
    match operation {
        "read" => {
            let (store, name, offset) = (store(&mut call)?, call.string()?, call.u64()?);
            let (length, max) = (call.option(Decoder::u64)?, call.u32()?);
            call.end()?;
            let read = read(&store, name, offset, length, max);
            encode::result(to, read, |to, found| {
                encode::option(to, found, |to, (known, data)| {
                    info(to, known);
                    encode::bytes(to, &data);
                });
            });
        }
        "write" => {
            let (store, file) = (store(&mut call)?, new_file(&mut call)?);
            let (chunks, finish) = (call.list(Decoder::bytes)?, call.u8()? != 0);
            call.end()?;
            encode::result(to, write(&store, &file, &chunks, finish), |to, written| {
                encode::option(to, written, info);
            });
        }
        "copy" => {
            let (store, from, name) = (store(&mut call)?, call.string()?, call.string()?);
            let chunk = call.u32()?;
            call.end()?;
            let copied = copy(&store, from, name, chunk);
            encode::result(to, copied, |to, size| to.extend_from_slice(&size.to_le_bytes()));
        }
        "stat" => {
            let (store, name) = (store(&mut call)?, call.string()?);
            call.end()?;
            encode::result(to, store.stat(name), |to, found| encode::option(to, found, info));
        }
        "delete" => {
            let (store, name) = (store(&mut call)?, call.string()?);
            call.end()?;
            encode::result(to, store.delete(name), encode::nothing);
        }
        "list" => {
            let (store, prefix) = (store(&mut call)?, call.string()?);
            let (cursor, limit) = (call.option(Decoder::string)?, call.u32()?);
            call.end()?;
            encode::result(to, store.list_page(prefix, cursor, limit), |to, page| {
                encode::list(to, page.files, info);
                encode::option(to, page.next, encode::string);
            });
        }
        _ => return Err(unknown(&format!("file.{operation}"))),
    }
    Ok(std::mem::take(to))
}

fn read(
    store: &Store,
    name: &str,
    offset: u64,
    length: Option<u64>,
    max: u32,
) -> Result<Option<(Info, Vec<u8>)>> {
    let Some(mut reader) = store.reader_from(name, offset, length)? else { return Ok(None) };
    let mut data = Vec::new();
    loop {
        let chunk = reader.read_chunk(max)?;
        if chunk.is_empty() {
            return Ok(Some((reader.info(), data)));
        }
        data.extend_from_slice(&chunk);
    }
}

fn write(
    store: &Store,
    file: &NewFile<'_>,
    chunks: &[&[u8]],
    finish: bool,
) -> Result<Option<Info>> {
    let mut writer = store.writer_with(file)?;
    for chunk in chunks {
        writer.write_chunk(chunk)?;
    }
    finish.then(|| writer.finish()).transpose()
}

/// As streams, with a chunk in memory.
fn copy(store: &Store, from: &str, to: &str, chunk: u32) -> Result<u64> {
    let missing = || Error::not_found(format!("no file `{from}`"));
    let mut reader = store.reader(from)?.ok_or_else(missing)?;
    let (mut writer, mut buffer) = (store.writer(to)?, vec![0; chunk as usize]);
    loop {
        let length = reader.read(&mut buffer)?;
        if length == 0 {
            return Ok(writer.finish()?.size);
        }
        writer.write_all(&buffer[..length])?;
    }
}

fn info(to: &mut Vec<u8>, info: Info) {
    encode::string(to, info.name);
    to.extend_from_slice(&info.size.to_le_bytes());
    for text in [info.content_type, info.last_modified, info.etag] {
        encode::option(to, text, encode::string);
    }
    encode::list(to, info.metadata, |to, (name, value)| {
        encode::string(to, name);
        encode::string(to, value);
    });
}

fn store(call: &mut Decoder<'_>) -> Result<Store> {
    Ok(Store::open(call.string()?.to_owned()))
}

fn new_file<'a>(call: &mut Decoder<'a>) -> Result<NewFile<'a>> {
    let mut file = NewFile::new(call.string()?);
    if let Some(content_type) = call.option(Decoder::string)? {
        file = file.content_type(content_type);
    }
    file = match call.u8()? {
        0 => file,
        1 => file.if_absent(),
        2 => file.if_match(call.string()?),
        other => return Err(no_case("precondition", other)),
    };
    let metadata = call.list(|call| Ok((call.string()?, call.string()?)))?;
    Ok(metadata.into_iter().fold(file, |file, (name, value)| file.metadata(name, value)))
}

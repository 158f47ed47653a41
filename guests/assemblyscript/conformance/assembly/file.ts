// Files: whole transfers, as a reader or a writer lives no longer than a request.

import { Error, Result, err, file, ok } from "@ottavo/sdk";
import { Decoder } from "./decode";
import { Encoder } from "./encode";
import * as read from "./read";

/** Reads the parameters, makes the calls, and encodes their outcome; what was refused, if anything. */
export function call(operation: string, from: Decoder, to: Encoder): Error | null {
  const failure = from.failure;
  if (failure !== null) return failure;
  if (operation == "file.read") return readFile(from, to);
  if (operation == "file.write") return writeFile(from, to);
  if (operation == "file.copy") return copyFile(from, to);
  if (operation == "file.stat") return stat(from, to);
  if (operation == "file.delete") return delete_(from, to);
  if (operation == "file.list") return list(from, to);
  return Error.invalidArgument(`unknown operation \`${operation}\``);
}

function readFile(from: Decoder, to: Encoder): Error | null {
  const store = new file.Store(from.string());
  const name = from.string();
  const offset = from.u64();
  const limited = from.option();
  const length: u64 = limited ? from.u64() : 0;
  const max = from.u32();
  const refused = from.end();
  if (refused !== null) return refused;
  const opened = limited ? store.readerOf(name, offset, length) : store.reader(name, offset);
  if (opened.isErr) {
    to.outcome(opened.error);
    return null;
  }
  const reader = opened.value;
  if (reader === null) {
    to.outcome(null);
    to.bool(false);
    return null;
  }
  const data = reader.readAll(max);
  if (to.outcome(failure(data))) {
    to.bool(true);
    info(to, reader.info);
    to.bytes(data.value);
  }
  reader.close();
  return null;
}

function writeFile(from: Decoder, to: Encoder): Error | null {
  const store = new file.Store(from.string());
  const fresh = newFile(from);
  const chunks: Uint8Array[] = [];
  for (let left = from.count(); left > 0; left--) chunks.push(from.bytes());
  const finish = from.u8() != 0;
  const refused = from.end();
  if (refused !== null) return refused;
  const created = store.writer(fresh);
  if (created.isErr) {
    to.outcome(created.error);
    return null;
  }
  const writer = created.value;
  let failed: Error | null = null;
  for (let i = 0; i < chunks.length && failed === null; i++) failed = failure(writer.write(chunks[i]));
  if (failed !== null) {
    to.outcome(failed);
  } else if (finish) {
    const finished = writer.finish();
    if (to.outcome(failure(finished))) {
      to.bool(true);
      info(to, finished.value);
    }
  } else {
    to.outcome(null);
    to.bool(false);
  }
  writer.close();
  return null;
}

function copyFile(from: Decoder, to: Encoder): Error | null {
  const store = new file.Store(from.string());
  const source = from.string();
  const target = from.string();
  const max = from.u32();
  const refused = from.end();
  if (refused !== null) return refused;
  const size = copy(store, source, target, max);
  if (to.outcome(failure(size))) to.u64(size.value);
  return null;
}

/** As streams, with a chunk in memory. */
function copy(store: file.Store, source: string, target: string, max: u32): Result<u64> {
  const opened = store.reader(source);
  if (opened.isErr) return err<u64>(opened.error);
  const reader = opened.value;
  if (reader === null) return err<u64>(Error.notFound(`no file \`${source}\``));
  const created = store.writer(new file.NewFile(target));
  if (created.isErr) return err<u64>(created.error);
  const writer = created.value;
  while (true) {
    const chunk = reader.read(max);
    if (chunk.isErr) return err<u64>(chunk.error);
    if (chunk.value.length == 0) break;
    const written = writer.write(chunk.value);
    if (written.isErr) return err<u64>(written.error);
  }
  reader.close();
  const finished = writer.finish();
  writer.close();
  return finished.isErr ? err<u64>(finished.error) : ok(finished.value.size);
}

function stat(from: Decoder, to: Encoder): Error | null {
  const store = new file.Store(from.string());
  const name = from.string();
  const refused = from.end();
  if (refused !== null) return refused;
  const known = store.stat(name);
  if (to.outcome(failure(known))) {
    const found = known.value;
    to.bool(found !== null);
    if (found !== null) info(to, found);
  }
  return null;
}

function delete_(from: Decoder, to: Encoder): Error | null {
  const store = new file.Store(from.string());
  const name = from.string();
  const refused = from.end();
  if (refused === null) to.outcome(failure(store.delete(name)));
  return refused;
}

function list(from: Decoder, to: Encoder): Error | null {
  const store = new file.Store(from.string());
  const prefix = from.string();
  const cursor: string | null = from.option() ? from.string() : null;
  const limit = from.u32();
  const refused = from.end();
  if (refused !== null) return refused;
  const page = store.listPage(prefix, cursor, limit);
  if (to.outcome(failure(page))) {
    const files = page.value.files;
    to.u32(files.length);
    for (let i = 0; i < files.length; i++) info(to, files[i]);
    to.text(page.value.next);
  }
  return null;
}

function newFile(from: Decoder): file.NewFile {
  const fresh = new file.NewFile(from.string());
  if (from.option()) fresh.contentType(from.string());
  const precondition = from.u8();
  if (precondition == 1) fresh.ifAbsent();
  else if (precondition == 2) fresh.ifMatch(from.string());
  else if (precondition != 0) from.noCase("precondition", precondition);
  const metadata = read.options(from);
  for (let i = 0; i < metadata.length; i++) fresh.metadata(metadata.name(i), metadata.value(i));
  return fresh;
}

function info(to: Encoder, known: file.Info): void {
  to.string(known.name);
  to.u64(known.size);
  to.text(known.contentType);
  to.text(known.lastModified);
  to.text(known.etag);
  to.u32(known.metadata.length);
  for (let i = 0; i < known.metadata.length; i++) {
    to.string(known.metadata.name(i));
    to.string(known.metadata.value(i));
  }
}

function failure<T>(outcome: Result<T>): Error | null {
  return outcome.isErr ? outcome.error : null;
}

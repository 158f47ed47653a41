// Files and objects in named stores, streamed both ways.

import { Option, none, some } from "./bindings/abi";
import * as host from "./bindings/file";
import { Error } from "./error";
import { Info } from "./file/info";
import { FilePage, Files } from "./file/list";
import { NewFile } from "./file/new";
import { MAX_CHUNK, Reader, Writer } from "./file/stream";
import { Result, done, err, ok } from "./result";
import { encode } from "./text";

export { Info } from "./file/info";
export { FilePage, Files } from "./file/list";
export { NewFile } from "./file/new";
export { MAX_CHUNK, Reader, Writer } from "./file/stream";

/** One named store of files. Making it costs nothing; the manifest's `[needs]` must name it. */
export class Store {
  constructor(
    /** As the host's configuration has it. */
    public readonly name: string,
  ) {}

  /** A whole file, or null when it is missing. */
  read(name: string): Result<Uint8Array | null> {
    const opened = this.reader(name);
    if (opened.isErr) return err<Uint8Array | null>(opened.error);
    const reader = opened.value;
    if (reader === null) return ok<Uint8Array | null>(null);
    const data = reader.readAll();
    reader.close();
    return data.isErr ? err<Uint8Array | null>(data.error) : ok<Uint8Array | null>(data.value);
  }

  /** Writes text as a whole file, in place of one that is there. */
  write(name: string, text: string): Result<Info> {
    return this.writeFile(new NewFile(name), encode(text));
  }

  /** The same with bytes. */
  writeBytes(name: string, bytes: Uint8Array): Result<Info> {
    return this.writeFile(new NewFile(name), bytes);
  }

  /** The same, with what is said of the file; `conflict` when its precondition does not hold. */
  writeFile(file: NewFile, bytes: Uint8Array): Result<Info> {
    const created = this.writer(file);
    if (created.isErr) return err<Info>(created.error);
    const writer = created.value;
    const written = writer.write(bytes);
    const finished = written.isErr ? err<Info>(written.error) : writer.finish();
    writer.close();
    return finished;
  }

  /** Reads a file as a stream, from `offset` to its end; null when it is missing. */
  reader(name: string, offset: u64 = 0): Result<Reader | null> {
    return this.open(name, offset, none<u64>());
  }

  /** Reads so many bytes of a file from `offset` on, and nothing else. */
  readerOf(name: string, offset: u64, length: u64): Result<Reader | null> {
    return this.open(name, offset, some<u64>(length));
  }

  /** Writes a file as a stream, to be finished. */
  writer(file: NewFile): Result<Writer> {
    const created = host.create(this.name, file.name, file.type, file.precondition, file.pairs.raw());
    if (created.isErr) return err<Writer>(Error.of(created.error));
    return ok(new Writer(created.value));
  }

  /** What is known of a file; null when it is missing. */
  stat(name: string): Result<Info | null> {
    const known = host.stat(this.name, name);
    if (known.isErr) return err<Info | null>(Error.of(known.error));
    const raw = known.value;
    return ok<Info | null>(raw === null ? null : Info.of(raw));
  }

  /** Deletes a file; a missing one is fine. */
  delete(name: string): Result<bool> {
    const deleted = host.delete_(this.name, name);
    return deleted.isErr ? err<bool>(Error.of(deleted.error)) : done();
  }

  /** Every file whose name begins with `prefix`, fetched page by page as one goes on. */
  list(prefix: string): Files {
    return new Files(this, prefix);
  }

  /** One page of files, at most `limit` (1 to 1000); `cursor` is the page before's `next`. */
  listPage(prefix: string, cursor: string | null, limit: u32): Result<FilePage> {
    const listed = host.list(this.name, prefix, cursor, limit);
    if (listed.isErr) return err<FilePage>(Error.of(listed.error));
    const raw = listed.value.files;
    const files = new Array<Info>(raw.length);
    for (let i = 0; i < raw.length; i++) files[i] = Info.of(raw[i]);
    return ok(new FilePage(files, listed.value.next));
  }

  private open(name: string, offset: u64, length: Option<u64>): Result<Reader | null> {
    const opened = host.open(this.name, name, offset, length);
    if (opened.isErr) return err<Reader | null>(Error.of(opened.error));
    const raw = opened.value;
    return ok<Reader | null>(raw === null ? null : new Reader(raw));
  }
}

// Files as streams, a chunk at a time.

import * as host from "../bindings/file";
import { Error } from "../error";
import { Result, done, err, ok } from "../result";
import { Info } from "./info";

/** The most that is read or written at once, in bytes. */
export const MAX_CHUNK: i32 = 1 << 20;

/** Reads one version of a file. What is not closed is closed with the call. */
export class Reader {
  constructor(private readonly raw: host.Reader) {}

  /** Of the whole file. */
  get info(): Info {
    return Info.of(this.raw.info());
  }

  /** The next bytes, at least one and at most `max`; none at the end. */
  read(max: u32 = MAX_CHUNK): Result<Uint8Array> {
    const read = this.raw.read(max);
    return read.isErr ? err<Uint8Array>(Error.of(read.error)) : ok(read.value);
  }

  /** Everything that is left, at most `max` bytes at a time. */
  readAll(max: u32 = MAX_CHUNK): Result<Uint8Array> {
    const chunks: Uint8Array[] = [];
    let size = 0;
    while (true) {
      const chunk = this.read(max);
      if (chunk.isErr) return chunk;
      if (chunk.value.length == 0) break;
      chunks.push(chunk.value);
      size += chunk.value.length;
    }
    if (chunks.length == 1) return ok(chunks[0]);
    const all = new Uint8Array(size);
    for (let i = 0, at = 0; i < chunks.length; i++) {
      all.set(chunks[i], at);
      at += chunks[i].length;
    }
    return ok(all);
  }

  /** Gives back what the host holds; once is enough. */
  close(): void {
    this.raw.drop();
  }
}

/** Writes a whole file, which nobody sees before `finish`. */
export class Writer {
  constructor(private readonly raw: host.Writer) {}

  /** Adds bytes, as many as there are. After an error there is nothing to be done but `close`. */
  write(bytes: Uint8Array): Result<bool> {
    for (let at = 0; at < bytes.length; at += MAX_CHUNK) {
      const end = min(bytes.length, at + MAX_CHUNK);
      const written = this.raw.write(bytes.subarray(at, end));
      if (written.isErr) return err<bool>(Error.of(written.error));
    }
    return done();
  }

  /** Makes the file visible, all of it at once. */
  finish(): Result<Info> {
    const finished = this.raw.finish();
    return finished.isErr ? err<Info>(Error.of(finished.error)) : ok(Info.of(finished.value));
  }

  /** Leaves nothing behind, unless the file is finished; once is enough. */
  close(): void {
    this.raw.drop();
  }
}

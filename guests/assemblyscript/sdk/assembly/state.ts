// Key-value state in named stores.

import { Result as RawResult } from "./bindings/abi";
import * as host from "./bindings/state";
import { Error as RawError } from "./bindings/types";
import { Error } from "./error";
import { Pairs } from "./pairs";
import { Result, done, err, ok } from "./result";
import { Entry, Expiry, Removal } from "./state/entry";
import { KeyPage, Keys } from "./state/keys";
import { Transaction } from "./state/transaction";
import { Value } from "./state/value";
import { encode } from "./text";

export { Entry, Expiry, Removal } from "./state/entry";
export { KeyPage, Keys } from "./state/keys";
export { Transaction } from "./state/transaction";
export { Value } from "./state/value";

/** One named store. Making it costs nothing; the manifest's `[needs]` must name it. */
export class Store {
  constructor(
    /** As the host's configuration has it. */
    public readonly name: string,
  ) {}

  /** The value of a key, or null when it is missing or expired. */
  get(key: string, options: Pairs = Pairs.empty()): Result<Value | null> {
    return found(host.get(this.name, key, options.raw()));
  }

  /** Several values in the order asked, each with its own outcome. */
  getMany(keys: string[], options: Pairs = Pairs.empty()): Result<Array<Result<Value | null>>> {
    const outcome = host.getMany(this.name, keys, options.raw());
    if (outcome.isErr) return err<Array<Result<Value | null>>>(Error.of(outcome.error));
    const raw = outcome.value;
    const each = new Array<Result<Value | null>>(raw.length);
    for (let i = 0; i < raw.length; i++) each[i] = found(raw[i]);
    return ok(each);
  }

  /** Writes text to a key whatever is there, keeps its expiry, and returns the new etag. */
  set(key: string, text: string): Result<string> {
    return this.setBytes(key, encode(text));
  }

  /** The same with bytes. */
  setBytes(key: string, bytes: Uint8Array): Result<string> {
    return this.setEntry(new Entry(key, bytes));
  }

  /**
   * Writes an entry with its precondition and expiry, and returns the new etag; `conflict` when the
   * precondition does not hold.
   */
  setEntry(entry: Entry): Result<string> {
    return plain(host.set(this.name, entry.raw()));
  }

  /** Writes each entry on its own; not atomic as a whole. */
  setMany(entries: Entry[]): Result<Array<Result<string>>> {
    const raw = new Array<host.Entry>(entries.length);
    for (let i = 0; i < raw.length; i++) raw[i] = entries[i].raw();
    const outcome = host.setMany(this.name, raw);
    if (outcome.isErr) return err<Array<Result<string>>>(Error.of(outcome.error));
    const each = new Array<Result<string>>(outcome.value.length);
    for (let i = 0; i < each.length; i++) each[i] = plain(outcome.value[i]);
    return ok(each);
  }

  /** Removes a key; a missing one is fine. */
  delete(key: string): Result<bool> {
    return this.deleteEntry(new Removal(key));
  }

  /** Removes a key under a precondition; `conflict` when it does not hold. */
  deleteEntry(removal: Removal): Result<bool> {
    return finished(host.delete_(this.name, removal.raw()));
  }

  /** Removes each key on its own; not atomic as a whole. */
  deleteMany(removals: Removal[]): Result<Array<Result<bool>>> {
    const raw = new Array<host.Removal>(removals.length);
    for (let i = 0; i < raw.length; i++) raw[i] = removals[i].raw();
    const outcome = host.deleteMany(this.name, raw);
    if (outcome.isErr) return err<Array<Result<bool>>>(Error.of(outcome.error));
    const each = new Array<Result<bool>>(outcome.value.length);
    for (let i = 0; i < each.length; i++) each[i] = finished(outcome.value[i]);
    return ok(each);
  }

  /** All or nothing, in order. Returns the new etag of each upsert, and null for other steps. */
  transact(transaction: Transaction): Result<Array<string | null>> {
    return plain(host.transact(this.name, transaction.raw()));
  }

  /**
   * Adds to a decimal integer atomically and returns the sum. A missing key counts as 0, and then
   * `initial` is its expiry.
   */
  increment(key: string, delta: i64, initial: Expiry = Expiry.keep()): Result<i64> {
    return plain(host.increment(this.name, key, delta, initial.raw()));
  }

  /** Every key that begins with `prefix`, fetched page by page as one goes on. */
  listKeys(prefix: string): Keys {
    return new Keys(this, prefix);
  }

  /** One page of keys, at most `limit` (1 to 1000); `cursor` is the page before's `next`. */
  listPage(prefix: string, cursor: string | null, limit: u32): Result<KeyPage> {
    const outcome = host.listKeys(this.name, prefix, cursor, limit);
    if (outcome.isErr) return err<KeyPage>(Error.of(outcome.error));
    return ok(new KeyPage(outcome.value.keys, outcome.value.next));
  }
}

function plain<T>(outcome: RawResult<T, RawError>): Result<T> {
  return outcome.isErr ? err<T>(Error.of(outcome.error)) : ok(outcome.value);
}

function finished(outcome: RawResult<bool, RawError>): Result<bool> {
  return outcome.isErr ? err<bool>(Error.of(outcome.error)) : done();
}

function found(outcome: RawResult<host.Value | null, RawError>): Result<Value | null> {
  if (outcome.isErr) return err<Value | null>(Error.of(outcome.error));
  const raw = outcome.value;
  return ok<Value | null>(raw === null ? null : new Value(raw.data, raw.etag));
}

// Writes and removals, with their preconditions and expiry.

import * as host from "../bindings/state";
import { Pairs } from "../pairs";
import { encode } from "../text";

/** A key with what to write there: whatever is there, and its expiry stays. */
export class Entry {
  private precondition: host.Precondition = host.Precondition.any();
  private expiring: host.Expiry = host.Expiry.keep();
  private options: Pairs = Pairs.empty();

  constructor(public readonly key: string, public readonly bytes: Uint8Array) {}

  /** An entry with text. */
  static text(key: string, text: string): Entry {
    return new Entry(key, encode(text));
  }

  /** Only when the key is missing. */
  ifAbsent(): this {
    this.precondition = host.Precondition.absent();
    return this;
  }

  /** Only while the etag is this one. */
  ifMatch(etag: string): this {
    this.precondition = host.Precondition.match(etag);
    return this;
  }

  /** Gone after so many milliseconds. */
  expiresIn(millis: u64): this {
    return this.expiry(Expiry.after(millis));
  }

  /** Never gone by itself. */
  neverExpires(): this {
    return this.expiry(Expiry.never());
  }

  /** Any expiry. */
  expiry(expiry: Expiry): this {
    this.expiring = expiry.raw();
    return this;
  }

  /** Adds an option for the driver. */
  option(name: string, value: string): this {
    this.options.append(name, value);
    return this;
  }

  /** For the SDK: what the bindings take. */
  raw(): host.Entry {
    return new host.Entry(this.key, this.bytes, this.precondition, this.expiring, this.options.raw());
  }
}

/** A key to remove, or, in a transaction, to look at; whatever is there. */
export class Removal {
  private precondition: host.Precondition = host.Precondition.any();

  constructor(public readonly key: string) {}

  /** Only when the key is missing: for the checks of a transaction. */
  ifAbsent(): this {
    this.precondition = host.Precondition.absent();
    return this;
  }

  /** Only while the etag is this one. */
  ifMatch(etag: string): this {
    this.precondition = host.Precondition.match(etag);
    return this;
  }

  /** For the SDK: what the bindings take. */
  raw(): host.Removal {
    return new host.Removal(this.key, this.precondition);
  }
}

/** When a key goes by itself. */
export class Expiry {
  private constructor(private readonly chosen: host.Expiry) {}

  /** As it was; a new key never expires. */
  static keep(): Expiry {
    return new Expiry(host.Expiry.keep());
  }

  /** Never. */
  static never(): Expiry {
    return new Expiry(host.Expiry.never());
  }

  /** After so many milliseconds. */
  static after(millis: u64): Expiry {
    return new Expiry(host.Expiry.after(millis));
  }

  /** For the SDK: what the bindings take. */
  raw(): host.Expiry {
    return this.chosen;
  }
}

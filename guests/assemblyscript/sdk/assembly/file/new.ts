// A file to be written, with what is said of it.

import { Precondition } from "../bindings/state";
import { Pairs } from "../pairs";

/** A file to be written: in place of one that is there, unless it says otherwise. */
export class NewFile {
  /** For the SDK. */
  type: string | null = null;
  /** For the SDK. */
  precondition: Precondition = Precondition.any();
  /** For the SDK. */
  pairs: Pairs = Pairs.empty();

  constructor(public readonly name: string) {}

  /** What it holds, such as `text/plain`. */
  contentType(type: string): this {
    this.type = type;
    return this;
  }

  /** Adds what travels with the file. */
  metadata(name: string, value: string): this {
    this.pairs.append(name, value);
    return this;
  }

  /** Only when the file is missing. */
  ifAbsent(): this {
    this.precondition = Precondition.absent();
    return this;
  }

  /** Only while the etag is this one. */
  ifMatch(etag: string): this {
    this.precondition = Precondition.match(etag);
    return this;
  }
}

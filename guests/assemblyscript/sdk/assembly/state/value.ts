// A value as read.

import { Error } from "../error";
import { Result, err, ok } from "../result";
import { decode, malformedAt } from "../text";

/** Bytes, and the etag of the write that put them there. */
export class Value {
  constructor(
    public readonly bytes: Uint8Array,
    /** Changes with every write; only compared. */
    public readonly etag: string,
  ) {}

  /** The value as text; `data-loss` when it is not UTF-8: that is not the caller's fault. */
  text(): Result<string> {
    const at = malformedAt(this.bytes);
    if (at < 0) return ok(decode(this.bytes));
    const place = at.toString();
    return err<string>(Error.dataLoss(`the stored value is not text: no UTF-8 from byte ${place} on`));
  }
}

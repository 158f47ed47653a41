// Keys, page by page or one after the other.

import { Result, err, ok } from "../result";
import { Store } from "../state";

/** How many keys are asked for at once. */
const PAGE: u32 = 256;

/** One page of keys. It may be empty and still have a next one. */
export class KeyPage {
  constructor(
    /** In the driver's own order. */
    public readonly keys: string[],
    /** The cursor of the next page, null after the last. */
    public readonly next: string | null,
  ) {}
}

/** Every key with a prefix: `next` until it gives null, or an error, after which there is no more. */
export class Keys {
  private page: string[] = [];
  private at: i32 = 0;
  private cursor: string | null = null;
  private more: bool = true;

  constructor(private readonly store: Store, private readonly prefix: string) {}

  /** The next key, or null after the last. */
  next(): Result<string | null> {
    while (this.at == this.page.length) {
      if (!this.more) return ok<string | null>(null);
      this.more = false;
      const page = this.store.listPage(this.prefix, this.cursor, PAGE);
      if (page.isErr) return err<string | null>(page.error);
      this.page = page.value.keys;
      this.at = 0;
      this.cursor = page.value.next;
      this.more = this.cursor !== null;
    }
    return ok<string | null>(this.page[this.at++]);
  }
}

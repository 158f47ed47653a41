// Files, page by page or one after the other.

import { Result, err, ok } from "../result";
import { Info } from "./info";
import { Store } from "../file";

/** How many files are asked for at once. */
const PAGE: u32 = 256;

/** One page of files. It may be empty and still have a next one. */
export class FilePage {
  constructor(
    /** In the order of their names. */
    public readonly files: Info[],
    /** The cursor of the next page, null after the last. */
    public readonly next: string | null,
  ) {}
}

/** Every file with a prefix: `next` until it gives null, or an error, after which there is no more. */
export class Files {
  private page: Info[] = [];
  private at: i32 = 0;
  private cursor: string | null = null;
  private more: bool = true;

  constructor(private readonly store: Store, private readonly prefix: string) {}

  /** The next file, or null after the last. */
  next(): Result<Info | null> {
    while (this.at == this.page.length) {
      if (!this.more) return ok<Info | null>(null);
      this.more = false;
      const page = this.store.listPage(this.prefix, this.cursor, PAGE);
      if (page.isErr) return err<Info | null>(page.error);
      this.page = page.value.files;
      this.at = 0;
      this.cursor = page.value.next;
      this.more = this.cursor !== null;
    }
    return ok<Info | null>(this.page[this.at++]);
  }
}

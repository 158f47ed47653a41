// What is known of a file.

import * as host from "../bindings/file";
import { Pairs } from "../pairs";

/** What is known of a file. A list may leave out content type and metadata. */
export class Info {
  constructor(
    public readonly name: string,
    /** In bytes. */
    public readonly size: u64,
    /** As it was given. */
    public readonly contentType: string | null,
    /** RFC 3339. */
    public readonly lastModified: string | null,
    /** Changes with every write, and is only compared. */
    public readonly etag: string | null,
    /** As it was given. */
    public readonly metadata: Pairs,
  ) {}

  /** For the SDK: from what the bindings have. */
  static of(raw: host.Info): Info {
    const metadata = Pairs.of(raw.metadata);
    return new Info(raw.name, raw.size, raw.contentType, raw.lastModified, raw.etag, metadata);
  }
}

// Generated from WIT by `cargo xtask gen`; not for editing.

import { Tuple2 } from "./abi";

export class Request {
  constructor(
    /** As received. */
    public method: string,
    /** Still percent-encoded, without the query. */
    public path: string,
    public query: string | null,
    /** What the route's `:name` segments matched, decoded. */
    public params: Array<Tuple2<string, string>>,
    public headers: Array<Tuple2<string, string>>,
    public body: Uint8Array,
  ) {}
}

export class Response {
  constructor(
    public status: u16,
    public headers: Array<Tuple2<string, string>>,
    public body: Uint8Array,
  ) {}
}

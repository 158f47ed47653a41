// The request a function answers.

import { Request as RawRequest } from "./bindings/http";
import { Error } from "./error";
import { Pairs } from "./pairs";
import { parse } from "./query";
import { Result, err, ok } from "./result";
import { decode, encode, lowerCase, malformedAt } from "./text";

/** An HTTP request with its whole body. */
export class Request {
  private decoded: Pairs | null = null;

  private constructor(private received: RawRequest) {}

  /** A request of one's own, to test a function with; `target` is a path with an optional query. */
  static make(method: string, target: string): Request {
    const mark = target.indexOf("?");
    const path = mark < 0 ? target : target.slice(0, mark);
    const query: string | null = mark < 0 ? null : target.slice(mark + 1);
    return new Request(new RawRequest(method, path, query, [], [], new Uint8Array(0)));
  }

  /** Adds what a `:name` of the route would have matched. */
  withParam(name: string, value: string): this {
    this.params.append(name, value);
    return this;
  }

  /** Adds a header. */
  withHeader(name: string, value: string): this {
    this.headers.append(lowerCase(name), value);
    return this;
  }

  /** Sets the body. */
  withBody(text: string): this {
    return this.withBytes(encode(text));
  }

  /** Sets the body to bytes. */
  withBytes(bytes: Uint8Array): this {
    this.received.body = bytes;
    return this;
  }

  /** The method as received: `GET`. */
  get method(): string {
    return this.received.method;
  }

  /** The path, still percent-encoded, without the query. */
  get path(): string {
    return this.received.path;
  }

  /** The query as received, without the `?`. */
  get queryString(): string | null {
    return this.received.query;
  }

  /** The first value of a name in the query, decoded. */
  query(name: string): string | null {
    return this.queries.get(name);
  }

  /** The pairs of the query, decoded, in order. */
  get queries(): Pairs {
    const known = this.decoded;
    if (known !== null) return known;
    const query = this.received.query;
    const decoded = query === null ? Pairs.empty() : parse(query);
    this.decoded = decoded;
    return decoded;
  }

  /** What a `:name` of the route matched, decoded. */
  param(name: string): string | null {
    return this.params.get(name);
  }

  /** Everything that the route's `:name` segments matched. */
  get params(): Pairs {
    return Pairs.of(this.received.params);
  }

  /** The first value of a header; upper and lower case are the same. */
  header(name: string): string | null {
    return this.headers.get(lowerCase(name));
  }

  /** Every header line, names in lower case, in the order received. */
  get headers(): Pairs {
    return Pairs.of(this.received.headers);
  }

  /** The body. */
  get body(): Uint8Array {
    return this.received.body;
  }

  /** The body as text; `invalid-argument` when it is not UTF-8. */
  text(): Result<string> {
    const at = malformedAt(this.body);
    if (at < 0) return ok(decode(this.body));
    const place = at.toString();
    return err<string>(Error.invalidArgument(`the body is not text: no UTF-8 from byte ${place} on`));
  }

  /** For the SDK: around what the bindings have. */
  static of(received: RawRequest): Request {
    return new Request(received);
  }
}

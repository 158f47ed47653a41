// What a function answers.

import { Response as RawResponse } from "./bindings/http";
import { Error } from "./error";
import { Pairs } from "./pairs";
import { Result, err, ok } from "./result";
import { decode, encode, lowerCase, malformedAt } from "./text";

/** An HTTP response with its whole body. */
export class Response {
  /** Names in lower case. */
  headers: Pairs = Pairs.empty();

  private constructor(
    /** The status. */
    public status: u16,
    /** The body. */
    public body: Uint8Array,
  ) {}

  /** An empty answer with this status. */
  static status(status: u16): Response {
    return new Response(status, new Uint8Array(0));
  }

  /** Text. */
  static text(text: string, status: u16 = 200): Response {
    return new Response(status, encode(text)).withHeader("content-type", "text/plain; charset=utf-8");
  }

  /** A page. */
  static html(page: string, status: u16 = 200): Response {
    return new Response(status, encode(page)).withHeader("content-type", "text/html; charset=utf-8");
  }

  /** JSON that a library such as `json-as` has written. */
  static json(json: string, status: u16 = 200): Response {
    return new Response(status, encode(json)).withHeader("content-type", "application/json");
  }

  /** Bytes. */
  static bytes(bytes: Uint8Array, status: u16 = 200): Response {
    return new Response(status, bytes).withHeader("content-type", "application/octet-stream");
  }

  /** Changes the status. */
  withStatus(status: u16): this {
    this.status = status;
    return this;
  }

  /** Sets a header: what stood there under this name is replaced. */
  withHeader(name: string, value: string): this {
    this.headers.set(lowerCase(name), value);
    return this;
  }

  /** Adds a header line beside those of the same name, as `set-cookie` wants it. */
  withAddedHeader(name: string, value: string): this {
    this.headers.append(lowerCase(name), value);
    return this;
  }

  /** The first value of a header; upper and lower case are the same. */
  header(name: string): string | null {
    return this.headers.get(lowerCase(name));
  }

  /** Whether the status is one of 200 to 299. */
  get isSuccess(): bool {
    return this.status >= 200 && this.status < 300;
  }

  /** The body as text; `data-loss` when it is not UTF-8. */
  bodyText(): Result<string> {
    const at = malformedAt(this.body);
    if (at < 0) return ok(decode(this.body));
    return err<string>(Error.dataLoss(`the answer is not text: no UTF-8 from byte ${at.toString()} on`));
  }

  /** For the SDK: around what the bindings have. */
  static of(raw: RawResponse): Response {
    const response = new Response(raw.status, raw.body);
    response.headers = Pairs.of(raw.headers);
    return response;
  }

  /** For the SDK: what the bindings take. */
  raw(): RawResponse {
    return new RawResponse(this.status, this.headers.raw(), this.body);
  }
}

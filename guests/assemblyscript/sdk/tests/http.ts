import { Kind, Request, Response, status } from "@ottavo/sdk";

export function thePartsOfARequestAreFoundByName(): void {
  const request = Request.make("GET", "/a%20b/c?x=%2F&x=2")
    .withParam("name", "c d")
    .withHeader("Accept", "a")
    .withHeader("accept", "b");
  assert(request.method == "GET" && request.path == "/a%20b/c");
  assert(request.queryString! == "x=%2F&x=2");
  assert(request.query("x")! == "/");
  assert(request.query("y") === null);
  assert(request.queries.getAll("x").join() == "/,2");
  assert(request.param("name")! == "c d" && request.param("other") === null);
  assert(request.header("ACCEPT")! == "a");
  assert(request.headers.getAll("accept").join() == "a,b");
  assert(Request.make("GET", "/").queryString === null);
  assert(Request.make("GET", "/?").queryString! == "");
}

export function aBodyThatIsNotTextIsTheCallersFault(): void {
  assert(Request.make("PUT", "/").withBody("é").text().value == "é");
  const bytes = new Uint8Array(2);
  bytes[1] = 0xff;
  const refused = Request.make("PUT", "/").withBytes(bytes).text();
  assert(refused.isErr && refused.error.kind == Kind.InvalidArgument);
  assert(refused.error.message == "the body is not text: no UTF-8 from byte 1 on");
}

export function aHeaderIsReplacedUnlessItIsAdded(): void {
  const response = Response.text("x")
    .withHeader("Content-Type", "text/csv")
    .withAddedHeader("Set-Cookie", "a=1")
    .withAddedHeader("set-cookie", "b=2");
  assert(response.headers.length == 3);
  assert(response.header("content-type")! == "text/csv");
  assert(response.headers.getAll("set-cookie").join() == "a=1,b=2");
}

export function eachKindOfAnswerHasItsTypeAndStatus(): void {
  assert(Response.text("a").header("content-type")! == "text/plain; charset=utf-8");
  assert(Response.html("a").header("content-type")! == "text/html; charset=utf-8");
  assert(Response.json("{}").header("content-type")! == "application/json");
  assert(Response.bytes(new Uint8Array(1)).header("content-type")! == "application/octet-stream");
  const empty = Response.status(status.NO_CONTENT);
  assert(empty.status == 204 && empty.headers.length == 0 && empty.body.length == 0);
  assert(Response.text("made", status.CREATED).withStatus(status.ACCEPTED).status == 202);
}

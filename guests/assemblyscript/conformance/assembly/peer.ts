// Answers calls by name as the suite's peer does.

import { Request, Response, parseInteger } from "@ottavo/sdk";

/** The answer to any path that is not the relay's own. */
export function answer(request: Request): Response {
  const path = request.path;
  if (path.startsWith("/status/")) {
    const status = parseInteger<u16>(path.slice(8)).value;
    return Response.text("status " + status.toString(), status);
  }
  if (path.startsWith("/large/")) {
    return Response.bytes(new Uint8Array(parseInteger<i32>(path.slice(7)).value).fill(0x78));
  }
  if (path == "/redirect") return Response.status(302).withHeader("location", "/elsewhere");
  if (path == "/hang") hang();
  return echo(request);
}

let hanging: u32 = 1;

/** Until the deadline. */
function hang(): void {
  while (hanging > 0) hanging += 2;
}

function echo(request: Request): Response {
  const query = request.queryString;
  const target = query === null ? request.path : request.path + "?" + query;
  const answer = Response.status(200).withHeader("x-line", request.method + " " + target);
  answer.body = request.body;
  const headers = request.headers;
  for (let i = 0; i < headers.length; i++) {
    answer.withAddedHeader("was-" + headers.name(i), headers.value(i));
  }
  return answer;
}

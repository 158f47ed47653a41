import { Request } from "@ottavo/sdk";
import { handle } from "../index";

export function theNameInThePathIsGreeted(): void {
  const request = Request.make("GET", "/assemblyscript/hello/Ada").withParam("name", "Ada");
  assert(handle(request) == "Hello, Ada!");
  assert(handle(Request.make("GET", "/")) == "Hello, world!");
}

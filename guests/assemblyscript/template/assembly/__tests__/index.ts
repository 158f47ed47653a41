import { Request } from "@ottavo/sdk";
import { handle } from "../index";

export function theNameInTheQueryIsGreeted(): void {
  assert(handle(Request.make("GET", "/?name=Ada")) == "Hello, Ada!\n");
  assert(handle(Request.make("GET", "/")) == "Hello, world!\n");
}

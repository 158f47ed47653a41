import { Kind, Request } from "@ottavo/sdk";
import { book, count } from "../input";

export function aBookMustBeNamed(): void {
  assert(book(Request.make("GET", "/inventory?name=the%20stand")).value == "the stand");
  const targets = ["/inventory", "/inventory?name=", "/inventory?nam=book1"];
  for (let i = 0; i < targets.length; i++) {
    assert(book(Request.make("GET", targets[i])).error.kind == Kind.InvalidArgument, targets[i]);
  }
}

export function onlyAWholeNumberIsACount(): void {
  assert(count(Request.make("PUT", "/").withBody("0")).value == 0);
  assert(count(Request.make("PUT", "/").withBody(" 100\n")).value == 100);
  const bodies = ["", "-1", "1.5", "many", "99999999999999999999"];
  for (let i = 0; i < bodies.length; i++) {
    const counted = count(Request.make("PUT", "/").withBody(bodies[i]));
    assert(counted.isErr && counted.error.kind == Kind.InvalidArgument, bodies[i]);
  }
}

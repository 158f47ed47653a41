import { Kind, Request } from "@ottavo/sdk";
import { handle } from "../index";

export function thereIsNoThirdWayToCount(): void {
  const request = Request.make("POST", "/assemblyscript/counter/a?how=luck").withParam("name", "a");
  const counted = handle(request);
  assert(counted.isErr && counted.error.kind == Kind.InvalidArgument);
}

import { Event } from "@ottavo/sdk";
import { receive } from "../index";

export function whatIsNoTextIsDropped(): void {
  const event = Event.make("{{name}}", "a");
  event.data[0] = 0xff;
  assert(receive(event).isDrop);
}

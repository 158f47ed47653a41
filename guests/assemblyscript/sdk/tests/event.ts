import { Event, Kind, Outcome } from "@ottavo/sdk";

export function thePartsOfAnEventAreFoundByName(): void {
  const event = Event.make("orders", "é").withAttribute("region", "eu").withAttempt(2);
  assert(event.trigger == "subscribe" && event.topic == "orders" && event.attempt == 2);
  assert(event.attribute("region")! == "eu" && event.attribute("other") === null);
  assert(event.text().value == "é" && event.data.length == 2);
  const due = Event.due("nightly", "2027-01-01T03:00:00Z");
  assert(due.trigger == "schedule" && due.origin == "nightly" && due.time! == due.id);
}

export function dataThatIsNotTextIsRefused(): void {
  const event = Event.make("orders", "ab");
  event.data[1] = 0xff;
  const refused = event.text();
  assert(refused.isErr && refused.error.kind == Kind.InvalidArgument);
  assert(refused.error.message == "the event is not text: no UTF-8 from byte 1 on");
}

export function anOutcomeIsOneOfThree(): void {
  assert(Outcome.success().isSuccess && Outcome.retry().isRetry);
  assert(Outcome.retryAfter(5).raw().asRetry.value == 5);
  assert(Outcome.drop("bad").isDrop && Outcome.drop("bad").raw().asDrop == "bad");
}

import { pubsub } from "@ottavo/sdk";

export function aMessageCarriesEverythingItWasGiven(): void {
  const plain = pubsub.Message.text("v").raw();
  assert(plain.contentType == "text/plain" && plain.data.length == 1 && plain.data[0] == 0x76);
  assert(plain.id === null && !plain.delay.isSome && plain.attributes.length == 0);
  const full = pubsub.Message.json("{}")
    .id("")
    .eventType("paid")
    .subject("17")
    .orderingKey("k")
    .delay(1500)
    .ttl(u64.MAX_VALUE)
    .attribute("region", "eu")
    .option("consistency", "strong")
    .raw();
  assert(full.contentType == "application/json" && full.id! == "" && full.type_! == "paid");
  assert(full.subject! == "17" && full.orderingKey! == "k");
  assert(full.delay.value == 1500 && full.ttl.value == u64.MAX_VALUE);
  assert(full.attributes[0].f0 == "region" && full.attributes[0].f1 == "eu");
  assert(full.options[0].f0 == "consistency" && full.options[0].f1 == "strong");
}

import { config } from "@ottavo/sdk";

export function anItemCarriesEverythingItWasGiven(): void {
  const scope = new config.Scope("shop", "checkout", "blue");
  const item = new config.Item("limit", "5").inScope(scope).tag("team", "payments");
  item.metadata.append("by", "me");
  const raw = item.raw();
  assert(raw.key == "limit" && raw.value == "5" && raw.version == "");
  assert(raw.group == "checkout" && raw.label == "blue");
  assert(raw.tags.length == 1 && raw.tags[0].f0 == "team" && raw.metadata[0].f1 == "me");
  const same = config.Item.of(raw);
  assert(same.key == "limit" && same.tags.get("team") == "payments");
}

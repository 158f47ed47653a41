import { Request } from "@ottavo/sdk";

function check(query: string, names: string[], values: string[]): void {
  const found = Request.make("GET", "/?" + query).queries;
  assert(found.length == names.length, `\`${query}\` has ${found.length} pairs`);
  for (let i = 0; i < names.length; i++) {
    assert(found.name(i) == names[i], `\`${query}\` has the name \`${found.name(i)}\``);
    assert(found.value(i) == values[i], `\`${query}\` has the value \`${found.value(i)}\``);
  }
}

export function pairsAreSplitAndDecoded(): void {
  check("", [], []);
  check("a=1&b=2&a=3", ["a", "b", "a"], ["1", "2", "3"]);
  check("&&a&=b&c=", ["a", "", "c"], ["", "b", ""]);
  check("a=b=c", ["a"], ["b=c"]);
  check("caf%C3%A9=%E2%82%ac+1%2B1", ["café"], ["€ 1+1"]);
}

export function whatIsNotEncodedProperlyStaysOrIsReplaced(): void {
  check("a=%&b=%4&c=%zz&d=100%25%2", ["a", "b", "c", "d"], ["%", "%4", "%zz", "100%%2"]);
  check("a=%ff", ["a"], ["\uFFFD"]);
  check("a=%é9", ["a"], ["%é9"]);
  check("a=%+1", ["a"], ["% 1"]);
  check("a=%F0%9F%92%A5x", ["a"], ["💥x"]);
  check("a=%F0%9F%92x", ["a"], ["\uFFFDx"]);
}

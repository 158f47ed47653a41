-- KEYS: key. ARGV: delta, expiry of a new key. Answers `ok` with the sum, or a refusal.

local value = load(KEYS[1])
if value.foreign then
  return { 'foreign', value.foreign }
end
local refused, sum = add(value.there and data(value) or '0', ARGV[1])
if refused then
  return { refused, '' }
end
write(value, sum, value.there and 'keep' or ARGV[2])
save(value)
return { 'ok', sum }

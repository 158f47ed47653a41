-- KEYS: key. ARGV: condition, etag. Answers `ok`, or a refusal.

local value = load(KEYS[1])
local refused = refusal(value, ARGV[1], ARGV[2])
if refused then
  return { refused, value.foreign or '' }
end
remove(value)
save(value)
return { 'ok' }

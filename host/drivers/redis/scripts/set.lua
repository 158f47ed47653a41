-- KEYS: key. ARGV: condition, etag, expiry, data. Answers `ok` with the new etag, or a refusal.

local value = load(KEYS[1])
local refused = write_refusal(value, ARGV[1], ARGV[2])
if refused then
  return { refused, value.foreign or '' }
end
local given = write(value, ARGV[4], ARGV[3])
save(value)
return { 'ok', given }

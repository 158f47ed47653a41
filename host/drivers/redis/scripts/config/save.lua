-- KEYS[1]: the scope. ARGV: a key and its body, and so on. The field without a name counts the changes of the scope; it
-- stays when all items are gone, so that no version comes back.
local revision = redis.call('HINCRBY', KEYS[1], '', 1)
local prefix = string.format('%.0f ', revision)
for at = 1, #ARGV, 2 do
  redis.call('HSET', KEYS[1], ARGV[at], prefix .. ARGV[at + 1])
end
redis.call('PUBLISH', KEYS[1], prefix)
return revision

-- KEYS[1]: the scope. ARGV: keys.
local deleted = 0
for at = 1, #ARGV do
  deleted = deleted + redis.call('HDEL', KEYS[1], ARGV[at])
end
if deleted > 0 then
  local revision = redis.call('HINCRBY', KEYS[1], '', 1)
  redis.call('PUBLISH', KEYS[1], string.format('%.0f ', revision))
end
return deleted

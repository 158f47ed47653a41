-- KEYS: topic, given back. ARGV: group. Drops the group.

if redis.call('TYPE', KEYS[1]).ok == 'stream' then
  redis.call('XGROUP', 'DESTROY', KEYS[1], ARGV[1])
end
redis.call('DEL', KEYS[2])
return { 'ok' }

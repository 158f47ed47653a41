-- KEYS: topic. ARGV: group, where it begins. Makes the group unless it is there.

local made = redis.pcall('XGROUP', 'CREATE', KEYS[1], ARGV[1], ARGV[2], 'MKSTREAM')
if type(made) == 'table' and made.err and string.find(made.err, 'BUSYGROUP', 1, true) then
  return { 'ok' }
end
return failure(made) or { 'ok' }

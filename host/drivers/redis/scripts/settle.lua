-- KEYS: topic, given back. ARGV: group, entry, attempt, what happens (`done`, `again` or `hold`), after
-- how many milliseconds. Answers `held`, or `lost` when somebody else has the event, or nobody.

local topic, given_back = KEYS[1], KEYS[2]
local group, entry, what = ARGV[1], ARGV[2], ARGV[4]
local pending = redis.pcall('XPENDING', topic, group, entry, entry, 1)
local failed = failure(pending)
if failed then
  return failed
end
local held = pending[1] and pending[1][4] == tonumber(ARGV[3])
if not held or redis.call('ZSCORE', given_back, entry) then
  return { 'lost' }
end
if what == 'done' then
  redis.call('XACK', topic, group, entry)
elseif what == 'again' then
  redis.call('ZADD', given_back, text(now() + tonumber(ARGV[5])), entry)
else
  redis.call('XCLAIM', topic, group, CONSUMER, 0, entry, 'JUSTID')
end
return { 'held' }

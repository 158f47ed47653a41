-- KEYS: counter. ARGV: how many ids, the last id that there is. Answers `ok` with the last id of those
-- that are handed out, `exhausted`, or `foreign`.

local kind = redis.call('TYPE', KEYS[1]).ok
if kind ~= 'none' and kind ~= 'string' then
  return { 'foreign', 'a redis ' .. kind }
end
local last = redis.call('GET', KEYS[1]) or '0'
if not string.match(last, '^%d+$') then
  return { 'foreign', 'no count' }
end
-- exact: both are far below 53 bits, or the key is exhausted anyway
if tonumber(last) + tonumber(ARGV[1]) > tonumber(ARGV[2]) then
  return { 'exhausted', '' }
end
return { 'ok', string.format('%.0f', redis.call('INCRBY', KEYS[1], ARGV[1])) }

-- KEYS: topic, delayed. ARGV: the most events, their retention, then for each message its delay, its
-- time to live or nothing, both in milliseconds, and its data. Answers `ok` and `1` or `0` for each:
-- whether there was room.

local topic, delayed = KEYS[1], KEYS[2]
local most, time = tonumber(ARGV[1]), nil
local kept = redis.pcall('XLEN', topic)
if failure(kept) then
  return failure(kept)
end
local waiting = redis.call('ZCARD', delayed)

local function at()
  time = time or now()
  return time
end

-- Redis gives back whole nodes of a stream, of a hundred entries: more often would find nothing.
local SELDOM = 16

if kept % SELDOM == 0 or kept + waiting >= most then
  redis.call('XTRIM', topic, 'MINID', '~', text(at() - tonumber(ARGV[2])))
  kept = redis.call('XLEN', topic)
end

-- Whether one entry id comes before another.
local function before(a, b)
  local function less(x, y)
    return #x < #y or (#x == #y and x < y)
  end
  local a_time, a_count = string.match(a, '(%d+)-(%d+)')
  local b_time, b_count = string.match(b, '(%d+)-(%d+)')
  return less(a_time, b_time) or (a_time == b_time and less(a_count, b_count))
end

-- The oldest entry that a group may still want; none without groups.
local function wanted()
  local oldest
  for _, info in ipairs(redis.call('XINFO', 'GROUPS', topic)) do
    local group = {}
    for i = 1, #info, 2 do
      group[info[i]] = info[i + 1]
    end
    local pending = redis.call('XPENDING', topic, group['name'])
    local first = pending[1] > 0 and pending[2] or group['last-delivered-id']
    if not oldest or before(first, oldest) then
      oldest = first
    end
  end
  return oldest
end

-- Makes room of what every group is done with: a part at a time, when it is much.
local function make_room()
  local oldest = kept > 0 and wanted()
  local before = kept
  if kept > 0 and not oldest then
    redis.call('XTRIM', topic, 'MAXLEN', math.max(most - waiting - 1, 0))
  elseif oldest then
    redis.call('XTRIM', topic, 'MINID', '~', oldest, 'LIMIT', 10000)
    if redis.call('XLEN', topic) == before and before <= 10000 then
      redis.call('XTRIM', topic, 'MINID', oldest)
    end
  end
  kept = redis.call('XLEN', topic)
end

local answer = { 'ok' }
for i = 3, #ARGV, 3 do
  local delay, ttl, data = tonumber(ARGV[i]), ARGV[i + 1], ARGV[i + 2]
  if kept + waiting >= most then
    make_room()
  end
  if kept + waiting >= most then
    answer[#answer + 1] = '0'
  else
    local expires = ttl == '' and '' or text(at() + tonumber(ttl))
    if delay == 0 then
      add(topic, data, expires)
      kept = kept + 1
    else
      -- a number makes two of one text two, and keeps their order
      local number = redis.call('INCR', delayed .. '||number')
      local member = string.format('%016d', number) .. ':' .. expires .. ':' .. data
      redis.call('ZADD', delayed, text(at() + delay), member)
      waiting = waiting + 1
    end
    answer[#answer + 1] = '1'
  end
end
return answer

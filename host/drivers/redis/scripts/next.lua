-- KEYS: topic, delayed, given back. ARGV: group, how many, the lease in milliseconds, where the search
-- for ended leases goes on. Answers `ok`, where it goes on next, in how many milliseconds something is
-- due or nothing, 0 when there may be more, then for each event its entry, its attempt, whether it is known when it expires, and
-- its data.

local topic, delayed, given_back = KEYS[1], KEYS[2], KEYS[3]
local group, most, lease, cursor = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4]
local at = now()

-- Enough for one answer, in bytes.
local ENOUGH = 4194304

-- What is due is published.
for _, member in ipairs(redis.call('ZRANGEBYSCORE', delayed, '-inf', text(at), 'LIMIT', 0, 100)) do
  local expires, data = string.match(member, '^%d+:(%d*):(.*)$')
  if expires then
    add(topic, data, expires)
  end
  redis.call('ZREM', delayed, member)
end

local found = redis.pcall('XAUTOCLAIM', topic, group, CONSUMER, lease, cursor, 'COUNT', 100, 'JUSTID')
if failure(found) then
  return failure(found)
end
cursor = found[1]

local events, bytes = {}, 0

local function settle(entry)
  redis.call('XACK', topic, group, entry)
  redis.call('ZREM', given_back, entry)
end

local function give(entry, fields, attempt)
  local data, expires
  for i = 1, #fields, 2 do
    if fields[i] == 'data' then
      data = fields[i + 1]
    elseif fields[i] == 'expires' then
      expires = tonumber(fields[i + 1])
    end
  end
  if not data or (expires and expires <= at) then
    settle(entry)
    return
  end
  bytes = bytes + #data
  events[#events + 1] = { entry, attempt, expires and 1 or 0, data }
end

local function again(entry)
  local claimed = redis.call('XCLAIM', topic, group, CONSUMER, 0, entry)
  redis.call('ZREM', given_back, entry)
  if claimed[1] and claimed[1][2] then
    local pending = redis.call('XPENDING', topic, group, entry, entry, 1)
    give(entry, claimed[1][2], pending[1][4])
  else
    -- it was removed from the stream
    settle(entry)
  end
end

local function full()
  return #events >= most or bytes >= ENOUGH
end

for _, entry in ipairs(redis.call('ZRANGEBYSCORE', given_back, '-inf', text(at), 'LIMIT', 0, most)) do
  if not full() then
    again(entry)
  end
end

-- An ended lease that finds no place now: the search must come by it again.
for i, entry in ipairs(found[2]) do
  if full() then
    redis.call('XCLAIM', topic, group, CONSUMER, 0, entry, 'IDLE', lease, 'JUSTID')
    cursor = '0-0'
  elseif not redis.call('ZSCORE', given_back, entry) then
    again(entry)
  end
end

local more = true
for _ = 1, most + 100 do
  if full() then
    break
  end
  local new = redis.call('XREADGROUP', 'GROUP', group, CONSUMER, 'COUNT', 1, 'STREAMS', topic, '>')
  local entry = new and new[1] and new[1][2][1]
  if not entry then
    more = false
    break
  end
  give(entry[1], entry[2] or {}, 1)
end

local due = more and 0 or ''
for _, set in ipairs({ delayed, given_back }) do
  local first = redis.call('ZRANGE', set, 0, 0, 'WITHSCORES')
  if first[2] then
    local left = math.max(tonumber(first[2]) - at, 0)
    due = (due == '' or left < due) and left or due
  end
end
local answer = { 'ok', cursor, due == '' and '' or text(due) }
for _, event in ipairs(events) do
  answer[#answer + 1] = event
end
return answer

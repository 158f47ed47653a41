-- The next token: greater than the last, and with the clock, in microseconds, so that it stays so
-- when redis loses the counter. Exact: it has fewer than 53 bits until the year 2255.

local function next_token(counter)
  local time = redis.call('TIME')
  local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
  local token = string.format('%.0f', now)
  local last = tonumber(redis.call('GETSET', counter, token) or '0') or 0
  if last >= now then
    token = string.format('%.0f', last + 1)
    redis.call('SET', counter, token)
  end
  return token
end

-- Who holds a lock; other kinds of data are nobody's.
local function owner(lock)
  if redis.call('TYPE', lock).ok == 'string' then
    return redis.call('GET', lock)
  end
end

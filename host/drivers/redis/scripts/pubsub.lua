-- What stands before the scripts of pub/sub. A topic is a stream, as Layotto has it. Beside it stand the
-- events of the topic that are delayed, a sorted set of `<number>:<expires>:<data>` by when they are
-- due, and for each group those that were given back, a sorted set of entries by when they are due.

local CONSUMER = 'ottavo'

local function now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

-- As text, without an exponent.
local function text(number)
  return string.format('%.0f', number)
end

local function add(topic, data, expires)
  if expires == '' then
    redis.call('XADD', topic, '*', 'data', data)
  else
    redis.call('XADD', topic, '*', 'data', data, 'expires', expires)
  end
end

-- The word for an error of a command on a stream that may be no stream, or have no such group.
local function failure(answer)
  if type(answer) ~= 'table' or not answer.err then
    return nil
  elseif string.find(answer.err, 'WRONGTYPE', 1, true) then
    return { 'foreign' }
  elseif string.find(answer.err, 'NOGROUP', 1, true) then
    return { 'gone' }
  end
  return answer
end

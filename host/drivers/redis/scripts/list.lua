-- ARGV: cursor, pattern, count. Answers the next cursor, then the keys of one step that hold a
-- value of this store; other kinds of data may share the database.

local step = redis.call('SCAN', ARGV[1], 'MATCH', ARGV[2], 'COUNT', ARGV[3])
local answer = { step[1] }
for _, key in ipairs(step[2]) do
  local kind = redis.call('TYPE', key).ok
  if kind == 'hash' or kind == 'string' then
    answer[#answer + 1] = key
  end
end
return answer

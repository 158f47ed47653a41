-- KEYS: lock, its token, the counter of tokens. ARGV: owner, ttl. Answers `held` with the token, or
-- `not-held`.

if owner(KEYS[1]) ~= ARGV[1] then
  return { 'not-held' }
end
-- who took it elsewhere has no token yet
local token = redis.call('GET', KEYS[2]) or next_token(KEYS[3])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
redis.call('SET', KEYS[2], token, 'PX', ARGV[2])
return { 'held', token }

-- KEYS: lock, its token, the counter of tokens. ARGV: owner, ttl. Answers `taken` with the token, or
-- `held` with the milliseconds that are left, -1 when it never expires.

if not redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then
  return { 'held', string.format('%.0f', redis.call('PTTL', KEYS[1])) }
end
local token = next_token(KEYS[3])
redis.call('SET', KEYS[2], token, 'PX', ARGV[2])
return { 'taken', token }

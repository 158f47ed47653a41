-- KEYS: lock, its token. ARGV: owner. Answers `released`, `not-held` or `held-by-other`.

if redis.call('EXISTS', KEYS[1]) == 0 then
  return { 'not-held' }
elseif owner(KEYS[1]) ~= ARGV[1] then
  return { 'held-by-other' }
end
redis.call('DEL', KEYS[1], KEYS[2])
return { 'released' }

-- KEYS: key. Answers `ok` with data and etag, `none`, or `foreign` with what it is.
--
-- For what one HMGET cannot answer: plain strings, and hashes that nobody has counted.

local value = load(KEYS[1])
if value.foreign then
  return { 'foreign', value.foreign }
elseif not value.there then
  return { 'none' }
end
local bytes = data(value)
if not bytes then
  return { 'foreign', 'hash' }
end
return { 'ok', bytes, etag(value) }

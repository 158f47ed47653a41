-- What stands before every other script: values as Layotto lays them out, a hash with the fields
-- `data` and `version`, perhaps `first-write`; or a plain string, as `SET` writes it.
--
-- A script loads what it needs, decides on tables in memory, and saves last: nothing is written
-- before everything was decided.

local function load(key)
  local value = { key = key, kind = 'hash', there = true, version = 0 }
  local fields = redis.pcall('HMGET', key, 'version', 'first-write')
  local version = fields[1]
  if version and #version <= 15 and string.match(version, '^[1-9]%d*$') then
    value.version, value.guarded = tonumber(version), fields[2] and true
    return value
  end
  value.kind = redis.call('TYPE', key).ok
  if value.kind == 'hash' then
    value.guarded = fields[2] and true
    value.foreign = redis.call('HEXISTS', key, 'data') == 0 and 'hash' or nil
  elseif value.kind == 'none' then
    value.there = false
  elseif value.kind ~= 'string' then
    value.foreign = value.kind
  end
  return value
end

local function data(value)
  if not value.data then
    if value.kind == 'string' then
      value.data = redis.call('GET', value.key)
    else
      value.data = redis.call('HGET', value.key, 'data')
    end
  end
  return value.data
end

-- The version, or for a value that nobody has counted a hash of its bytes.
local function etag(value)
  if value.version > 0 then
    return string.format('%.0f', value.version)
  end
  return 'sha1-' .. redis.sha1hex(data(value) or '')
end

-- Why the precondition does not hold; nil when it does.
local function refusal(value, condition, wanted)
  if value.foreign then
    return 'foreign'
  elseif condition == 'absent' and value.there then
    return 'exists'
  elseif condition == 'match' and not value.there then
    return 'missing'
  elseif condition == 'match' and etag(value) ~= wanted then
    return 'stale'
  end
end

-- As `refusal`, for a write. What Layotto wrote with first-write wants an etag.
local function write_refusal(value, condition, wanted)
  if value.guarded and condition == 'any' then
    return 'guarded'
  end
  return refusal(value, condition, wanted)
end

-- Puts bytes into a value and returns its new etag. `expiry` is `keep`, `never` or milliseconds.
local function write(value, bytes, expiry)
  if not value.there then
    value.there, value.fresh, value.guarded = true, true, false
    value.version, value.ttl = 0, -1
  elseif value.kind == 'string' and not value.fresh then
    value.fresh, value.ttl = true, redis.call('PTTL', value.key)
  end
  value.data, value.version, value.changed = bytes, value.version + 1, true
  if expiry == 'never' then
    value.ttl = -1
  elseif expiry ~= 'keep' then
    value.ttl = expiry
  end
  value.there = expiry ~= '0'
  return etag(value)
end

local function remove(value)
  value.changed = value.changed or value.there
  value.there = false
end

-- Makes what is in redis the same as the table.
local function save(value)
  if not value.changed then
    return
  end
  if value.kind ~= 'none' and (value.fresh or not value.there) then
    redis.call('DEL', value.key)
  end
  if not value.there then
    return
  end
  redis.call('HSET', value.key, 'data', value.data, 'version', etag(value))
  if value.ttl == -1 then
    if value.kind == 'hash' and not value.fresh then
      redis.call('PERSIST', value.key)
    end
  elseif value.ttl then
    redis.call('PEXPIRE', value.key, value.ttl)
  end
end

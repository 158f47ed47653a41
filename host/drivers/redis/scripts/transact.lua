-- KEYS: the distinct keys. ARGV: for each operation its name, the number of its key, how many
-- arguments follow, and these. Answers `ok` with an etag or nothing for each operation; or the
-- refusal, the number of its operation from 0, and what a foreign value is.

local values = {}
for number, key in ipairs(KEYS) do
  values[number] = load(key)
end

local operations = {
  set = function(value, condition, wanted, expiry, bytes)
    local refused = write_refusal(value, condition, wanted)
    return refused, not refused and write(value, bytes, expiry)
  end,
  delete = function(value, condition, wanted)
    local refused = refusal(value, condition, wanted)
    if not refused then
      remove(value)
    end
    return refused
  end,
  check = function(value, condition, wanted)
    return condition ~= 'any' and refusal(value, condition, wanted) or nil
  end,
  increment = function(value, delta)
    if value.foreign then
      return 'foreign'
    end
    local refused, sum = add(value.there and data(value) or '0', delta)
    if not refused then
      write(value, sum, value.there and 'keep' or 'never')
    end
    return refused
  end,
}

local answer = { 'ok' }
local at, index = 1, 0
while at <= #ARGV do
  local value, count = values[tonumber(ARGV[at + 1])], tonumber(ARGV[at + 2])
  local refused, given = operations[ARGV[at]](value, unpack(ARGV, at + 3, at + 2 + count))
  if refused then
    return { refused, tostring(index), value.foreign or '' }
  end
  answer[#answer + 1] = given or ''
  at, index = at + 3 + count, index + 1
end
for _, value in ipairs(values) do
  save(value)
end
return answer

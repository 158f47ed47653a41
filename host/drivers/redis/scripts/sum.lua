-- Sums of 64-bit integers as text: the numbers of Lua are exact to 53 bits only. A number is two
-- halves of one sign, billions and the rest.

local BILLION = 1000000000

local function halves(text)
  local sign, digits = string.match(text, '^(%-?)(%d+)$')
  local cut = math.max(#digits - 9, 0)
  local high = tonumber(string.sub(digits, 1, cut)) or 0
  local low = tonumber(string.sub(digits, cut + 1))
  if sign == '-' then
    return -high, -low
  end
  return high, low
end

local function fits(high, low)
  if high >= 0 and low >= 0 then
    return high < 9223372036 or (high == 9223372036 and low <= 854775807)
  end
  return high > -9223372036 or (high == -9223372036 and low >= -854775808)
end

-- Only the text that an integer is written as counts: not `+5`, `05` or `-0`.
local function is_integer(text)
  if text == '0' then
    return true
  end
  return #text <= 20 and string.match(text, '^%-?[1-9]%d*$') and fits(halves(text))
end

-- Why there is no sum, and the sum.
local function add(text, delta)
  if not is_integer(text) then
    return 'no-integer'
  end
  local high, low = halves(text)
  local more_high, more_low = halves(delta)
  high, low = high + more_high, low + more_low
  if low >= BILLION then
    high, low = high + 1, low - BILLION
  elseif low <= -BILLION then
    high, low = high - 1, low + BILLION
  end
  if low > 0 and high < 0 then
    high, low = high + 1, low - BILLION
  elseif low < 0 and high > 0 then
    high, low = high - 1, low + BILLION
  end
  if not fits(high, low) then
    return 'overflow'
  end
  local sign = (high < 0 or low < 0) and '-' or ''
  high, low = math.abs(high), math.abs(low)
  if high == 0 then
    return nil, sign .. string.format('%.0f', low)
  end
  return nil, sign .. string.format('%.0f%09.0f', high, low)
end

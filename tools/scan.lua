-- wrk script: one new scan a request, each of another code, as a terminal in the dealer's territory sends it.
local codes = {}
local thread_count = 0

function setup(thread)
  thread:set("thread_number", thread_count)
  thread_count = thread_count + 1
end

function init(args)
  for line in io.lines(args[1]) do codes[#codes + 1] = line end
  key, run = args[2], args[3]
  thread_number = thread_number or 0
  -- Threads begin far from each other, so that no two of them scan the same code at the same time.
  next_code = thread_number * math.floor(#codes / 2)
  headers = { ["Content-Type"] = "application/json", ["Authorization"] = "Bearer " .. key }
  sent = 0
end

function request()
  next_code = next_code % #codes + 1
  sent = sent + 1
  local body = '{"code":"' .. codes[next_code] .. '","clientScanId":"' .. run .. "-" .. thread_number .. "-" .. sent ..
    '","location":{"region":"430102"},"terminal":"T001"}'
  return wrk.format("POST", "/v1/scans", headers, body)
end

function response(status, headers, body)
  if status ~= 200 then failed = (failed or 0) + 1 end
end

-- wrk script: one new scan a request, each of another code, as a terminal in the dealer's territory sends it. Requests
-- are laid out here as text: wrk.format costs more than the server's answer to an empty request.
local codes = {}
local thread_count = 0

function setup(thread)
  thread:set("thread_number", thread_count)
  thread_count = thread_count + 1
end

function init(args)
  for line in io.lines(args[1]) do codes[#codes + 1] = line end
  local key, run = args[2], args[3]
  thread_number = thread_number or 0
  -- Threads begin far from each other, so that no two of them scan the same code at the same time.
  next_code = thread_number * math.floor(#codes / 2)
  sent = 1000000
  middle = '","clientScanId":"' .. run .. "-" .. thread_number .. "-"
  tail = '","location":{"region":"430102"},"terminal":"T001"}'
  local length = #'{"code":"' + #codes[1] + #middle + #tostring(sent) + #tail
  head = "POST /v1/scans HTTP/1.1\r\nHost: " .. wrk.host .. "\r\nContent-Type: application/json\r\n" ..
    "Authorization: Bearer " .. key .. "\r\nContent-Length: " .. length .. '\r\n\r\n{"code":"'
end

-- All codes are of one length, and so are the numbers: the length of the body is always the same.
function request()
  next_code = next_code % #codes + 1
  sent = sent + 1
  return head .. codes[next_code] .. middle .. sent .. tail
end

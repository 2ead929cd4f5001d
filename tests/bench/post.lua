-- Posts the requests of a file, one after the other, from the first again after the last.
-- wrk -s post.lua URL -- FILE SIZE: each request takes SIZE bytes. For one thread: a second one would send the same.

function init(args)
   local file = assert(io.open(args[1], "rb"))
   requests, size, at = file:read("*a"), tonumber(args[2]), 0
   file:close()
end

function request()
   if at >= #requests then at = 0 end
   at = at + size
   return requests:sub(at - size + 1, at)
end

-- Times are in microseconds.
function done(summary, latency)
   io.write(string.format('\n{"requests":%d,"duration_us":%d,"refused":%d,"broken":%d,"p50_us":%d,"p99_us":%d}\n',
      summary.requests, summary.duration, summary.errors.status,
      summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout,
      latency:percentile(50), latency:percentile(99)))
end

-- Posts one request again and again, each time with an id of its own in the place of `{id}`.
-- wrk -s post.lua URL -- REQUEST-FILE RUN: RUN, 8 hex digits, keeps the ids of one run apart from
-- those of another. For one thread: a second one would repeat its ids.

function init(args)
   local file = assert(io.open(args[1], "rb"))
   local text = file:read("*a")
   file:close()
   local first, last = text:find("{id}", 1, true)
   head, tail = text:sub(1, first - 1), text:sub(last + 1)
   form = args[2] .. "-0000-4000-8000-%012x"
   sent = 0
end

function request()
   sent = sent + 1
   return head .. form:format(sent) .. tail
end

-- Times are in microseconds.
function done(summary, latency)
   io.write(string.format('\n{"requests":%d,"duration_us":%d,"refused":%d,"broken":%d,"p50_us":%d,"p99_us":%d}\n',
      summary.requests, summary.duration, summary.errors.status,
      summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout,
      latency:percentile(50), latency:percentile(99)))
end

-- One webhook to one endpoint.
CREATE TABLE deliveries (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL,               -- UUIDv7, 16 bytes
    direction INTEGER NOT NULL,     -- 0 received, 1 sent
    provider TEXT NOT NULL,
    endpoint TEXT NOT NULL,         -- received: path; sent: URL without credentials
    webhook_id TEXT,
    attempts INTEGER NOT NULL,      -- how many there were
    accepted_at INTEGER,            -- when one was last answered 2xx that may be believed
    previous INTEGER                -- the delivery before it with the same direction, provider and webhook id
) STRICT;
CREATE UNIQUE INDEX deliveries_id ON deliveries (id);

-- Webhook ids of deliveries, sorted in chunks of 4,096 deliveries.
CREATE TABLE webhook_ids (
    chunk INTEGER NOT NULL,
    webhook_id TEXT NOT NULL,       -- '' in the one row that says that the chunk is done
    number INTEGER NOT NULL,
    PRIMARY KEY (chunk, webhook_id, number)
) STRICT, WITHOUT ROWID;

-- One HTTP exchange of a delivery: a line of the log.
CREATE TABLE attempts (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    delivery INTEGER NOT NULL REFERENCES deliveries (number),
    nth INTEGER NOT NULL,           -- from 1, by the order of recording
    at INTEGER NOT NULL,            -- microseconds since 1970
    event TEXT,
    number INTEGER,                 -- as the sender counts
    of INTEGER NOT NULL,
    status INTEGER,
    took INTEGER NOT NULL,          -- microseconds
    outcome INTEGER NOT NULL,       -- 0 success, 1 failed, 2 retrying
    verdict INTEGER,                -- 0 valid, 1 invalid, 2 stale, 3 ambiguous, 4 unsigned, 5 unchecked
    reason TEXT,
    fault TEXT,
    fault_message TEXT,
    duplicate_of INTEGER,           -- a delivery
    same BLOB,                      -- the key by which repeats are known, where it is not the webhook id
    size INTEGER NOT NULL,          -- of the request's body, in bytes
    body INTEGER REFERENCES bodies (number)
) STRICT;
CREATE INDEX attempts_delivery ON attempts (delivery);
CREATE INDEX attempts_event ON attempts (event);
CREATE INDEX attempts_same ON attempts (same) WHERE same IS NOT NULL;
-- What is looked for when something is wrong.
CREATE INDEX attempts_wrong ON attempts (row, status, outcome, verdict)
    WHERE status IS NOT 200 OR outcome <> 0 OR verdict BETWEEN 1 AND 4;

-- The lines of an exchange, apart from what lists show.
CREATE TABLE heads (
    row INTEGER PRIMARY KEY REFERENCES attempts (row),
    method TEXT NOT NULL,
    target TEXT NOT NULL,
    http TEXT NOT NULL,
    exact INTEGER NOT NULL,
    peer TEXT,
    request BLOB NOT NULL,          -- header lines, coded
    response BLOB,                  -- header lines of the answer, coded
    answer BLOB,                    -- its body, or the beginning of it
    truncated INTEGER NOT NULL
) STRICT;

-- The attempts of one delivery share a body. Nothing is looked up by hash: an index in random order
-- would cost more than all other writing together.
CREATE TABLE bodies (
    number INTEGER PRIMARY KEY,
    hash BLOB NOT NULL,             -- SHA-256
    coding INTEGER NOT NULL,        -- 0 as it is, 1 zstd
    data BLOB NOT NULL
) STRICT;

-- A process that sends. For as long as it runs it holds a lock on a file beside the store.
CREATE TABLE runs (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL,               -- UUID, 16 bytes: the file's name ends with it
    started_at INTEGER NOT NULL,    -- microseconds since 1970
    terms TEXT NOT NULL             -- by which its deliveries are sent; the store does not read them
) STRICT;

-- Deliveries that are not finished.
CREATE TABLE queue (
    place INTEGER PRIMARY KEY AUTOINCREMENT, -- the order of queueing
    delivery INTEGER NOT NULL REFERENCES deliveries (number),
    run INTEGER NOT NULL REFERENCES runs (number),      -- by whose terms it is sent
    holder INTEGER NOT NULL REFERENCES runs (number),   -- whose work it is
    event TEXT,
    lines BLOB NOT NULL,            -- header lines, coded
    size INTEGER NOT NULL,          -- of the body, in bytes
    body INTEGER REFERENCES bodies (number), -- shared with the attempts of the delivery
    attempt INTEGER NOT NULL,       -- the next one, as the sender counts
    made INTEGER NOT NULL,          -- attempts on this schedule so far
    due INTEGER NOT NULL,           -- microseconds since 1970
    wait INTEGER NOT NULL,          -- microseconds from the failure before
    begun INTEGER                   -- when that attempt went out, while what came of it is not recorded
) STRICT;
CREATE UNIQUE INDEX queue_delivery ON queue (delivery);
CREATE INDEX queue_holder ON queue (holder);
-- The rows that were taken over.
CREATE INDEX queue_run ON queue (run) WHERE run <> holder;

-- Destinations.
CREATE TABLE endpoints (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT,                      -- none of a bare URL
    provider TEXT NOT NULL,
    url TEXT NOT NULL,              -- without credentials
    secret TEXT,                    -- where it is found, never the secret
    events TEXT NOT NULL,           -- globs, as a JSON list; an empty one means all
    disable_after INTEGER,          -- failures in a row, where that is not the provider's rule
    active INTEGER NOT NULL,        -- whether it is given deliveries
    failures INTEGER NOT NULL,      -- in a row
    disabled_because TEXT           -- none where that was done by hand
) STRICT;
CREATE UNIQUE INDEX endpoints_name ON endpoints (name) WHERE name IS NOT NULL;
CREATE UNIQUE INDEX endpoints_bare ON endpoints (provider, url) WHERE name IS NULL;

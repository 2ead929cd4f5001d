-- What made the answer to something received, as JSON: an entry of a script, a forward,
-- a handshake, an audit of the sender.
ALTER TABLE attempts ADD COLUMN answered TEXT;

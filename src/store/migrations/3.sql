-- What made the answer to something received, as JSON: an entry of a script, or a forward.
ALTER TABLE attempts ADD COLUMN answered TEXT;

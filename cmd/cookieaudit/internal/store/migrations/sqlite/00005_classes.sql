-- +goose Up

-- What the reader of a policy could not decide; NULL where nothing.
ALTER TABLE declarations ADD COLUMN unsure TEXT GENERATED ALWAYS AS (record ->> '$.unsure') VIRTUAL;

-- The classes that the latest scan of a site declares, each once: what one site
-- says is compared with what the others say.
CREATE TABLE classes (
  site     INTEGER NOT NULL REFERENCES sites (seq) ON DELETE CASCADE,
  name     TEXT NOT NULL,
  category TEXT NOT NULL
) STRICT;
CREATE INDEX classes_site ON classes (site);
CREATE INDEX classes_name ON classes (name);
INSERT INTO classes (site, name, category)
  SELECT DISTINCT x.seq, d.name, d.category FROM sites x JOIN declarations d ON d.scan = x.latest
  WHERE d.name <> '' AND d.category NOT IN ('', 'unknown') AND d.unsure IS NULL;

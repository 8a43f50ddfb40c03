-- +goose Up

-- What the reader of a policy could not decide; NULL where nothing.
ALTER TABLE declarations ADD COLUMN unsure TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'unsure')) STORED;

-- The classes that the latest scan of a site declares, each once: what one site
-- says is compared with what the others say.
CREATE TABLE classes (
  site     BIGINT NOT NULL REFERENCES sites (seq) ON DELETE CASCADE,
  name     TEXT COLLATE "C" NOT NULL,
  category TEXT COLLATE "C" NOT NULL
);
CREATE INDEX classes_site ON classes (site);
-- A declared name may be too long for a B-tree.
CREATE INDEX classes_name ON classes USING hash (name);
INSERT INTO classes (site, name, category)
  SELECT DISTINCT x.seq, d.name, d.category FROM sites x JOIN declarations d ON d.scan = x.latest
  WHERE d.name <> '' AND d.category NOT IN ('', 'unknown') AND d.unsure IS NULL;

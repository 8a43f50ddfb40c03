-- +goose Up

-- What the latest scan of each site violates, in the orders in which it is
-- listed and counted: of findings, the indexes would hold those of all scans,
-- and a sort would read each record. Columns whose texts a site chooses are cut
-- to what can be in an index.
CREATE TABLE violations (
  scan           INTEGER NOT NULL,
  position       INTEGER NOT NULL,
  site           INTEGER NOT NULL REFERENCES sites (seq) ON DELETE CASCADE,
  gravity        INTEGER NOT NULL, -- 0 is the gravest severity
  rule           TEXT NOT NULL,
  host           TEXT NOT NULL,    -- of the site
  provider       TEXT NOT NULL,    -- empty where it is not known
  accepted_until TEXT NOT NULL,    -- last day, ISO 8601; empty where nobody accepts it
  PRIMARY KEY (scan, position),
  FOREIGN KEY (scan, position) REFERENCES findings (scan, position) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX violations_gravity ON violations (gravity, rule, host, scan, position, accepted_until);
CREATE INDEX violations_rule ON violations (rule, gravity, host, scan, position, accepted_until);
CREATE INDEX violations_provider ON violations (provider, gravity, rule, host, scan, position, accepted_until);
CREATE INDEX violations_site ON violations (site, gravity, rule, host, scan, position, accepted_until);

-- Findings of some scans are weighed from the index alone.
DROP INDEX findings_scan;
CREATE INDEX findings_scan ON findings (scan, verdict, rule, severity, certainty, accepted);

-- The scan whose violations are listed. Where it is not the latest one, as after
-- this step, the program lists them when it opens the database.
ALTER TABLE sites ADD COLUMN listed INTEGER;

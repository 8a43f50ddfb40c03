-- +goose Up

-- The last that a destination of alerts was told of a thing on a site. Times are
-- as in users.
CREATE TABLE alerts (
  site        TEXT NOT NULL, -- address of the landing page
  destination TEXT NOT NULL,
  thing       TEXT NOT NULL,
  state       TEXT NOT NULL,
  scan        TEXT NOT NULL, -- scans.id; the scan may be gone
  started     TEXT NOT NULL, -- of the scan
  PRIMARY KEY (site, destination, thing)
) STRICT, WITHOUT ROWID;

-- +goose Up

-- The last that a destination of alerts was told of a thing on a site. Times are
-- as in users.
CREATE TABLE alerts (
  site        TEXT COLLATE "C" NOT NULL, -- address of the landing page
  destination TEXT COLLATE "C" NOT NULL,
  thing       TEXT COLLATE "C" NOT NULL,
  state       TEXT COLLATE "C" NOT NULL,
  scan        TEXT COLLATE "C" NOT NULL, -- scans.id; the scan may be gone
  started     TEXT COLLATE "C" NOT NULL, -- of the scan
  PRIMARY KEY (site, destination, thing)
);

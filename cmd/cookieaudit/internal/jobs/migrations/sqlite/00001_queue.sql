-- +goose Up

-- What the queue itself does not keep for ever. Times are in milliseconds since
-- 1970-01-01 UTC.

-- What came of a site's turn in a slot of a schedule. It is written in the
-- transaction that stores the scan and completes the job: a turn has one record,
-- however often it was worked.
CREATE TABLE runs (
  schedule TEXT NOT NULL,   -- a schedule's name, or batch:NAME
  slot     TEXT NOT NULL,   -- RFC 3339; empty in a batch
  url      TEXT NOT NULL,
  scan     TEXT NOT NULL,   -- scans.id
  outcome  TEXT NOT NULL,   -- complete, partial, unavailable or set_aside
  finished BIGINT NOT NULL,
  PRIMARY KEY (schedule, slot, url)
);
CREATE INDEX runs_finished ON runs (finished);

-- The last slot of a schedule for which jobs were put into the queue.
CREATE TABLE slots (
  schedule TEXT PRIMARY KEY,
  slot     BIGINT NOT NULL
);

-- Who visits a registrable domain, and until when nobody else may.
CREATE TABLE leases (
  domain TEXT PRIMARY KEY,
  holder TEXT NOT NULL,     -- empty between two visits
  until  BIGINT NOT NULL
);

CREATE TABLE batches (
  name      TEXT PRIMARY KEY,
  created   BIGINT NOT NULL,
  total     BIGINT NOT NULL, -- sites, each once
  cancelled BIGINT NOT NULL DEFAULT 0 -- when; 0 for not
);

-- How sites are scanned, once for all jobs that share it.
CREATE TABLE options (
  digest TEXT PRIMARY KEY,  -- SHA-256 of body
  body   TEXT NOT NULL      -- config.Options as JSON
);

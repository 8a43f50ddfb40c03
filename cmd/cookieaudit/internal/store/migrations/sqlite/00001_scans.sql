-- +goose Up

-- Every table keeps what was recorded once, as the JSON of its evidence or
-- audit type without zero values ("record"); the other columns of a table are
-- computed from it by the database, so that the two cannot disagree, and a
-- further column can be added later for scans of long ago as well. What many
-- scans share (purposes, citations, policy texts) is kept once and pointed to.
--
-- "position" counts from 0 and is the index in the list that the row came from.

CREATE TABLE scans (
  seq       INTEGER PRIMARY KEY,
  record    TEXT NOT NULL, -- evidence.Scan, its lists emptied into the tables below
  judgement TEXT,          -- audit.Judgement, likewise; NULL where no audit was made
  id        TEXT NOT NULL GENERATED ALWAYS AS (record ->> '$.id') VIRTUAL,
  url       TEXT GENERATED ALWAYS AS (record ->> '$.site.url') VIRTUAL,
  host      TEXT GENERATED ALWAYS AS (record ->> '$.site.host') VIRTUAL,
  domain    TEXT GENERATED ALWAYS AS (record ->> '$.site.domain') VIRTUAL,
  -- RFC 3339 in UTC. Without the final Z the text sorts by time however many
  -- digits the fraction of the second has.
  started   TEXT GENERATED ALWAYS AS (rtrim(record ->> '$.started', 'Z')) VIRTUAL,
  finished  TEXT GENERATED ALWAYS AS (rtrim(record ->> '$.finished', 'Z')) VIRTUAL,
  profile   TEXT GENERATED ALWAYS AS (record ->> '$.profile') VIRTUAL,
  outcome   TEXT GENERATED ALWAYS AS (record ->> '$.outcome') VIRTUAL,
  why       TEXT GENERATED ALWAYS AS (record ->> '$.why') VIRTUAL
) STRICT;
CREATE UNIQUE INDEX scans_id ON scans (id);
CREATE INDEX scans_started ON scans (started);
CREATE INDEX scans_url ON scans (url, started);
CREATE INDEX scans_host ON scans (host, started);
CREATE INDEX scans_domain ON scans (domain, started);

CREATE TABLE visits (
  scan     INTEGER NOT NULL REFERENCES scans (seq) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  record   TEXT NOT NULL, -- evidence.Visit without pages and screenshots
  phase    TEXT GENERATED ALWAYS AS (record ->> '$.phase') VIRTUAL,
  outcome  TEXT GENERATED ALWAYS AS (record ->> '$.outcome') VIRTUAL,
  why      TEXT GENERATED ALWAYS AS (record ->> '$.why') VIRTUAL,
  started  TEXT GENERATED ALWAYS AS (rtrim(record ->> '$.started', 'Z')) VIRTUAL,
  consent  TEXT GENERATED ALWAYS AS (record ->> '$.consent.result') VIRTUAL,
  cmp      TEXT GENERATED ALWAYS AS (record ->> '$.consent.cmp') VIRTUAL,
  PRIMARY KEY (scan, position)
) STRICT;

CREATE TABLE pages (
  scan      INTEGER NOT NULL,
  visit     INTEGER NOT NULL,
  position  INTEGER NOT NULL,
  record    TEXT NOT NULL, -- evidence.Page
  url       TEXT GENERATED ALWAYS AS (record ->> '$.url') VIRTUAL,
  final_url TEXT GENERATED ALWAYS AS (record ->> '$.final_url') VIRTUAL,
  status    INTEGER GENERATED ALWAYS AS (record ->> '$.status') VIRTUAL,
  outcome   TEXT GENERATED ALWAYS AS (record ->> '$.outcome') VIRTUAL,
  why       TEXT GENERATED ALWAYS AS (record ->> '$.why') VIRTUAL,
  PRIMARY KEY (scan, visit, position),
  FOREIGN KEY (scan, visit) REFERENCES visits (scan, position) ON DELETE CASCADE
) STRICT;

CREATE TABLE screenshots (
  scan     INTEGER NOT NULL,
  visit    INTEGER NOT NULL,
  position INTEGER NOT NULL,
  record   TEXT NOT NULL, -- evidence.Screenshot without the picture
  phase    TEXT GENERATED ALWAYS AS (record ->> '$.phase') VIRTUAL,
  stage    TEXT GENERATED ALWAYS AS (record ->> '$.stage') VIRTUAL,
  png      BLOB,
  PRIMARY KEY (scan, visit, position),
  FOREIGN KEY (scan, visit) REFERENCES visits (scan, position) ON DELETE CASCADE
) STRICT;

-- What something is for and who is behind it. The same few thousand purposes
-- come back in every scan.
CREATE TABLE purposes (
  seq      INTEGER PRIMARY KEY,
  sha256   BLOB NOT NULL UNIQUE, -- of record
  record   TEXT NOT NULL,        -- audit.Purpose
  category TEXT GENERATED ALWAYS AS (record ->> '$.category') VIRTUAL,
  class    TEXT GENERATED ALWAYS AS (record ->> '$.class') VIRTUAL,
  provider TEXT GENERATED ALWAYS AS (record ->> '$.provider') VIRTUAL,
  exempt   INTEGER GENERATED ALWAYS AS (coalesce(record ->> '$.exempt', 0)) VIRTUAL
) STRICT;
CREATE INDEX purposes_provider ON purposes (provider);

CREATE TABLE cookies (
  scan              INTEGER NOT NULL REFERENCES scans (seq) ON DELETE CASCADE,
  position          INTEGER NOT NULL,
  record            TEXT NOT NULL, -- evidence.Cookie without its writes
  match             TEXT,          -- audit.Match; NULL where no audit was made
  purpose           INTEGER REFERENCES purposes (seq), -- NULL where no audit was made
  name              TEXT GENERATED ALWAYS AS (record ->> '$.name') VIRTUAL,
  domain            TEXT GENERATED ALWAYS AS (record ->> '$.domain') VIRTUAL,
  path              TEXT GENERATED ALWAYS AS (record ->> '$.path') VIRTUAL,
  site              TEXT GENERATED ALWAYS AS (record ->> '$.site') VIRTUAL,
  party             TEXT GENERATED ALWAYS AS (record ->> '$.party') VIRTUAL,
  phases            TEXT GENERATED ALWAYS AS (record ->> '$.phases') VIRTUAL,       -- JSON list
  after_answer      TEXT GENERATED ALWAYS AS (record ->> '$.after_answer') VIRTUAL, -- JSON list
  stored            INTEGER GENERATED ALWAYS AS (coalesce(record ->> '$.stored', 0)) VIRTUAL,
  session           INTEGER GENERATED ALWAYS AS (coalesce(record ->> '$.session', 0)) VIRTUAL,
  requested_seconds INTEGER GENERATED ALWAYS AS (record ->> '$.requested_seconds') VIRTUAL,
  stored_seconds    INTEGER GENERATED ALWAYS AS (record ->> '$.stored_seconds') VIRTUAL,
  declared          TEXT GENERATED ALWAYS AS (match ->> '$.state') VIRTUAL,
  PRIMARY KEY (scan, position)
) STRICT;
CREATE INDEX cookies_party ON cookies (scan, party);
CREATE INDEX cookies_name ON cookies (name, domain);
CREATE INDEX cookies_purpose ON cookies (purpose, scan);

CREATE TABLE cookie_writes (
  scan              INTEGER NOT NULL,
  cookie            INTEGER NOT NULL,
  position          INTEGER NOT NULL,
  record            TEXT NOT NULL, -- evidence.Write
  phase             TEXT GENERATED ALWAYS AS (record ->> '$.phase') VIRTUAL,
  page              TEXT GENERATED ALWAYS AS (record ->> '$.page') VIRTUAL,
  at_ms             INTEGER GENERATED ALWAYS AS (coalesce(record ->> '$.at_ms', 0)) VIRTUAL,
  mechanism         TEXT GENERATED ALWAYS AS (record ->> '$.mechanism') VIRTUAL,
  after_answer      INTEGER GENERATED ALWAYS AS (coalesce(record ->> '$.after_answer', 0)) VIRTUAL,
  url               TEXT GENERATED ALWAYS AS (record ->> '$.url') VIRTUAL,
  host              TEXT GENERATED ALWAYS AS (record ->> '$.host') VIRTUAL,
  script            TEXT GENERATED ALWAYS AS (record ->> '$.script') VIRTUAL,
  requested_seconds INTEGER GENERATED ALWAYS AS (record ->> '$.requested_seconds') VIRTUAL,
  blocked           TEXT GENERATED ALWAYS AS (record ->> '$.blocked') VIRTUAL, -- JSON list
  PRIMARY KEY (scan, cookie, position),
  FOREIGN KEY (scan, cookie) REFERENCES cookies (scan, position) ON DELETE CASCADE
) STRICT;

CREATE TABLE storage_items (
  scan     INTEGER NOT NULL REFERENCES scans (seq) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  record   TEXT NOT NULL, -- evidence.StorageItem
  match    TEXT,          -- audit.Match; NULL where no audit was made
  purpose  INTEGER REFERENCES purposes (seq),
  kind     TEXT GENERATED ALWAYS AS (record ->> '$.kind') VIRTUAL,
  origin   TEXT GENERATED ALWAYS AS (record ->> '$.origin') VIRTUAL,
  key      TEXT GENERATED ALWAYS AS (record ->> '$.key') VIRTUAL,
  site     TEXT GENERATED ALWAYS AS (record ->> '$.site') VIRTUAL,
  party    TEXT GENERATED ALWAYS AS (record ->> '$.party') VIRTUAL,
  phases   TEXT GENERATED ALWAYS AS (record ->> '$.phases') VIRTUAL, -- JSON list
  declared TEXT GENERATED ALWAYS AS (match ->> '$.state') VIRTUAL,
  PRIMARY KEY (scan, position)
) STRICT;
CREATE INDEX storage_items_purpose ON storage_items (purpose, scan);

CREATE TABLE requests (
  scan         INTEGER NOT NULL REFERENCES scans (seq) ON DELETE CASCADE,
  position     INTEGER NOT NULL,
  record       TEXT NOT NULL, -- evidence.Request
  match        TEXT,          -- audit.Match; NULL where no audit was made
  purpose      INTEGER REFERENCES purposes (seq),
  phase        TEXT GENERATED ALWAYS AS (record ->> '$.phase') VIRTUAL,
  page         TEXT GENERATED ALWAYS AS (record ->> '$.page') VIRTUAL,
  url          TEXT GENERATED ALWAYS AS (record ->> '$.url') VIRTUAL,
  host         TEXT GENERATED ALWAYS AS (record ->> '$.host') VIRTUAL,
  site         TEXT GENERATED ALWAYS AS (record ->> '$.site') VIRTUAL,
  party        TEXT GENERATED ALWAYS AS (record ->> '$.party') VIRTUAL,
  at_ms        INTEGER GENERATED ALWAYS AS (coalesce(record ->> '$.at_ms', 0)) VIRTUAL,
  after_answer INTEGER GENERATED ALWAYS AS (coalesce(record ->> '$.after_answer', 0)) VIRTUAL,
  PRIMARY KEY (scan, position)
) STRICT;
CREATE INDEX requests_purpose ON requests (purpose, scan);

-- A policy changes seldom; a site that is scanned every day has the same text
-- every day.
CREATE TABLE policy_texts (
  seq    INTEGER PRIMARY KEY,
  sha256 BLOB NOT NULL UNIQUE, -- of record
  record TEXT NOT NULL
) STRICT;

CREATE TABLE policies (
  scan          INTEGER NOT NULL REFERENCES scans (seq) ON DELETE CASCADE,
  position      INTEGER NOT NULL,
  record        TEXT NOT NULL, -- evidence.PolicyDocument without its text
  text          INTEGER NOT NULL REFERENCES policy_texts (seq),
  url           TEXT GENERATED ALWAYS AS (record ->> '$.url') VIRTUAL,
  title         TEXT GENERATED ALWAYS AS (record ->> '$.title') VIRTUAL,
  language      TEXT GENERATED ALWAYS AS (record ->> '$.language') VIRTUAL,
  fetched       TEXT GENERATED ALWAYS AS (rtrim(record ->> '$.fetched', 'Z')) VIRTUAL,
  sha256        TEXT GENERATED ALWAYS AS (record ->> '$.sha256') VIRTUAL,
  declares_none INTEGER GENERATED ALWAYS AS (coalesce(record ->> '$.declares_none', 0)) VIRTUAL,
  PRIMARY KEY (scan, position)
) STRICT;
CREATE INDEX policies_text ON policies (text);

CREATE TABLE declarations (
  scan             INTEGER NOT NULL REFERENCES scans (seq) ON DELETE CASCADE,
  position         INTEGER NOT NULL,
  record           TEXT NOT NULL, -- evidence.Declaration
  observed         INTEGER,       -- 0 or 1; NULL where no audit was made
  name             TEXT GENERATED ALWAYS AS (record ->> '$.name') VIRTUAL,
  host             TEXT GENERATED ALWAYS AS (record ->> '$.host') VIRTUAL,
  provider         TEXT GENERATED ALWAYS AS (record ->> '$.provider') VIRTUAL,
  category         TEXT GENERATED ALWAYS AS (record ->> '$.category') VIRTUAL,
  lifetime         TEXT GENERATED ALWAYS AS (record ->> '$.lifetime') VIRTUAL,
  lifetime_seconds INTEGER GENERATED ALWAYS AS (record ->> '$.lifetime_seconds') VIRTUAL,
  storage          TEXT GENERATED ALWAYS AS (record ->> '$.storage') VIRTUAL,
  PRIMARY KEY (scan, position)
) STRICT;

CREATE TABLE claims (
  scan     INTEGER NOT NULL REFERENCES scans (seq) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  record   TEXT NOT NULL, -- evidence.Claim
  kind     TEXT GENERATED ALWAYS AS (record ->> '$.kind') VIRTUAL,
  scope    TEXT GENERATED ALWAYS AS (record ->> '$.scope') VIRTUAL,
  quote    TEXT GENERATED ALWAYS AS (record ->> '$.quote') VIRTUAL,
  PRIMARY KEY (scan, position)
) STRICT;

-- The citations of a rule are the same in every finding of it.
CREATE TABLE citations (
  seq    INTEGER PRIMARY KEY,
  sha256 BLOB NOT NULL UNIQUE, -- of record
  record TEXT NOT NULL         -- list of law.Citation
) STRICT;

CREATE TABLE findings (
  scan           INTEGER NOT NULL REFERENCES scans (seq) ON DELETE CASCADE,
  position       INTEGER NOT NULL,
  record         TEXT NOT NULL, -- audit.Finding without its citations
  citations      INTEGER NOT NULL REFERENCES citations (seq),
  rule           TEXT GENERATED ALWAYS AS (record ->> '$.rule') VIRTUAL,
  verdict        TEXT GENERATED ALWAYS AS (record ->> '$.verdict') VIRTUAL,
  severity       TEXT GENERATED ALWAYS AS (record ->> '$.severity') VIRTUAL,
  certainty      TEXT GENERATED ALWAYS AS (record ->> '$.certainty') VIRTUAL,
  subject_kind   TEXT GENERATED ALWAYS AS (record ->> '$.subject.kind') VIRTUAL,
  subject_name   TEXT GENERATED ALWAYS AS (record ->> '$.subject.name') VIRTUAL,
  subject_domain TEXT GENERATED ALWAYS AS (record ->> '$.subject.domain') VIRTUAL,
  message        TEXT GENERATED ALWAYS AS (record ->> '$.message') VIRTUAL,
  PRIMARY KEY (scan, position)
) STRICT;
CREATE INDEX findings_severity ON findings (scan, verdict, severity);
CREATE INDEX findings_rule ON findings (rule, verdict, severity, scan);
CREATE INDEX findings_citations ON findings (citations);

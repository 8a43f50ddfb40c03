-- +goose Up

-- The tables are those of the SQLite file, with the same names, so that the same
-- queries work on both. What differs, and why:
--
-- Text is compared byte by byte (COLLATE "C"), as SQLite does: a database's own
-- collation would order and match scans in another way on every server.
-- What a site chooses the length of has a hash index: a row of a B-tree holds at
-- most 2,704 bytes.
-- A policy's text is BYTEA: TEXT holds neither U+0000 nor stray bytes.

-- cookieaudit_field returns a member of a record as text. A record is kept byte
-- for byte, but PostgreSQL refuses to make text of JSON with \u0000 in it: in
-- the columns, and there alone, U+2400 (the symbol of NUL) stands for it. A pair
-- of backslashes is an escape of its own; it is put aside as U+0001, which no
-- JSON has in it unescaped.
-- +goose StatementBegin
CREATE FUNCTION cookieaudit_field(record TEXT, VARIADIC path TEXT[]) RETURNS TEXT
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (CASE WHEN strpos(record, '\u0000') = 0 THEN record
    ELSE replace(replace(replace(record, '\\', chr(1)), '\u0000', '\u2400'), chr(1), '\\')
  END)::json #>> path
$$;
-- +goose StatementEnd

-- Every table keeps what was recorded once, as the JSON of its evidence or
-- audit type without zero values ("record"); the other columns of a table are
-- computed from it by the database, so that the two cannot disagree, and a
-- further column can be added later for scans of long ago as well. What many
-- scans share (purposes, citations, policy texts) is kept once and pointed to.
--
-- "position" counts from 0 and is the index in the list that the row came from.

CREATE TABLE scans (
  seq       BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  record    TEXT NOT NULL, -- evidence.Scan, its lists emptied into the tables below
  judgement TEXT,          -- audit.Judgement, likewise; NULL where no audit was made
  id        TEXT COLLATE "C" NOT NULL GENERATED ALWAYS AS (cookieaudit_field(record, 'id')) STORED,
  url       TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'site', 'url')) STORED,
  host      TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'site', 'host')) STORED,
  domain    TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'site', 'domain')) STORED,
  -- RFC 3339 in UTC. Without the final Z the text sorts by time however many
  -- digits the fraction of the second has. Never NULL, which SQLite sorts before
  -- and PostgreSQL after all others.
  started   TEXT COLLATE "C" GENERATED ALWAYS AS (coalesce(rtrim(cookieaudit_field(record, 'started'), 'Z'), '')) STORED,
  finished  TEXT COLLATE "C" GENERATED ALWAYS AS (rtrim(cookieaudit_field(record, 'finished'), 'Z')) STORED,
  profile   TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'profile')) STORED,
  outcome   TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'outcome')) STORED,
  why       TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'why')) STORED
);
CREATE UNIQUE INDEX scans_id ON scans (id);
CREATE INDEX scans_started ON scans (started);
CREATE INDEX scans_url ON scans USING hash (url);
CREATE INDEX scans_host ON scans USING hash (host);
CREATE INDEX scans_domain ON scans USING hash (domain);

CREATE TABLE visits (
  scan     BIGINT NOT NULL REFERENCES scans (seq) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  record   TEXT NOT NULL, -- evidence.Visit without pages and screenshots
  phase    TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'phase')) STORED,
  outcome  TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'outcome')) STORED,
  why      TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'why')) STORED,
  started  TEXT COLLATE "C" GENERATED ALWAYS AS (rtrim(cookieaudit_field(record, 'started'), 'Z')) STORED,
  consent  TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'consent', 'result')) STORED,
  cmp      TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'consent', 'cmp')) STORED,
  PRIMARY KEY (scan, position)
);

CREATE TABLE pages (
  scan      BIGINT NOT NULL,
  visit     INTEGER NOT NULL,
  position  INTEGER NOT NULL,
  record    TEXT NOT NULL, -- evidence.Page
  url       TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'url')) STORED,
  final_url TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'final_url')) STORED,
  status    BIGINT GENERATED ALWAYS AS (cookieaudit_field(record, 'status')::bigint) STORED,
  outcome   TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'outcome')) STORED,
  why       TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'why')) STORED,
  PRIMARY KEY (scan, visit, position),
  FOREIGN KEY (scan, visit) REFERENCES visits (scan, position) ON DELETE CASCADE
);

CREATE TABLE screenshots (
  scan     BIGINT NOT NULL,
  visit    INTEGER NOT NULL,
  position INTEGER NOT NULL,
  record   TEXT NOT NULL, -- evidence.Screenshot without the picture
  phase    TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'phase')) STORED,
  stage    TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'stage')) STORED,
  png      BYTEA,
  PRIMARY KEY (scan, visit, position),
  FOREIGN KEY (scan, visit) REFERENCES visits (scan, position) ON DELETE CASCADE
);

-- What something is for and who is behind it. The same few thousand purposes
-- come back in every scan.
CREATE TABLE purposes (
  seq      BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  sha256   BYTEA NOT NULL UNIQUE, -- of record
  record   TEXT NOT NULL,        -- audit.Purpose
  category TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'category')) STORED,
  class    TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'class')) STORED,
  provider TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'provider')) STORED,
  exempt   BOOLEAN GENERATED ALWAYS AS (coalesce(cookieaudit_field(record, 'exempt'), 'false')::boolean) STORED
);
CREATE INDEX purposes_provider ON purposes USING hash (provider);

CREATE TABLE cookies (
  scan              BIGINT NOT NULL REFERENCES scans (seq) ON DELETE CASCADE,
  position          INTEGER NOT NULL,
  record            TEXT NOT NULL, -- evidence.Cookie without its writes
  match             TEXT,          -- audit.Match; NULL where no audit was made
  purpose           BIGINT REFERENCES purposes (seq), -- NULL where no audit was made
  name              TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'name')) STORED,
  domain            TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'domain')) STORED,
  path              TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'path')) STORED,
  site              TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'site')) STORED,
  party             TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'party')) STORED,
  phases            TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'phases')) STORED,       -- JSON list
  after_answer      TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'after_answer')) STORED, -- JSON list
  stored            BOOLEAN GENERATED ALWAYS AS (coalesce(cookieaudit_field(record, 'stored'), 'false')::boolean) STORED,
  session           BOOLEAN GENERATED ALWAYS AS (coalesce(cookieaudit_field(record, 'session'), 'false')::boolean) STORED,
  requested_seconds BIGINT GENERATED ALWAYS AS (cookieaudit_field(record, 'requested_seconds')::bigint) STORED,
  stored_seconds    BIGINT GENERATED ALWAYS AS (cookieaudit_field(record, 'stored_seconds')::bigint) STORED,
  declared          TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(match, 'state')) STORED,
  PRIMARY KEY (scan, position)
);
CREATE INDEX cookies_party ON cookies (scan, party);
CREATE INDEX cookies_name ON cookies USING hash (name);
CREATE INDEX cookies_purpose ON cookies (purpose, scan);

CREATE TABLE cookie_writes (
  scan              BIGINT NOT NULL,
  cookie            INTEGER NOT NULL,
  position          INTEGER NOT NULL,
  record            TEXT NOT NULL, -- evidence.Write
  phase             TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'phase')) STORED,
  page              TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'page')) STORED,
  at_ms             BIGINT GENERATED ALWAYS AS (coalesce(cookieaudit_field(record, 'at_ms'), '0')::bigint) STORED,
  mechanism         TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'mechanism')) STORED,
  after_answer      BOOLEAN GENERATED ALWAYS AS (coalesce(cookieaudit_field(record, 'after_answer'), 'false')::boolean) STORED,
  url               TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'url')) STORED,
  host              TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'host')) STORED,
  script            TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'script')) STORED,
  requested_seconds BIGINT GENERATED ALWAYS AS (cookieaudit_field(record, 'requested_seconds')::bigint) STORED,
  blocked           TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'blocked')) STORED, -- JSON list
  PRIMARY KEY (scan, cookie, position),
  FOREIGN KEY (scan, cookie) REFERENCES cookies (scan, position) ON DELETE CASCADE
);

CREATE TABLE storage_items (
  scan     BIGINT NOT NULL REFERENCES scans (seq) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  record   TEXT NOT NULL, -- evidence.StorageItem
  match    TEXT,          -- audit.Match; NULL where no audit was made
  purpose  BIGINT REFERENCES purposes (seq),
  kind     TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'kind')) STORED,
  origin   TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'origin')) STORED,
  key      TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'key')) STORED,
  site     TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'site')) STORED,
  party    TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'party')) STORED,
  phases   TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'phases')) STORED, -- JSON list
  declared TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(match, 'state')) STORED,
  PRIMARY KEY (scan, position)
);
CREATE INDEX storage_items_purpose ON storage_items (purpose, scan);

CREATE TABLE requests (
  scan         BIGINT NOT NULL REFERENCES scans (seq) ON DELETE CASCADE,
  position     INTEGER NOT NULL,
  record       TEXT NOT NULL, -- evidence.Request
  match        TEXT,          -- audit.Match; NULL where no audit was made
  purpose      BIGINT REFERENCES purposes (seq),
  phase        TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'phase')) STORED,
  page         TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'page')) STORED,
  url          TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'url')) STORED,
  host         TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'host')) STORED,
  site         TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'site')) STORED,
  party        TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'party')) STORED,
  at_ms        BIGINT GENERATED ALWAYS AS (coalesce(cookieaudit_field(record, 'at_ms'), '0')::bigint) STORED,
  after_answer BOOLEAN GENERATED ALWAYS AS (coalesce(cookieaudit_field(record, 'after_answer'), 'false')::boolean) STORED,
  PRIMARY KEY (scan, position)
);
CREATE INDEX requests_purpose ON requests (purpose, scan);

-- A policy changes seldom; a site that is scanned every day has the same text
-- every day.
CREATE TABLE policy_texts (
  seq    BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  sha256 BYTEA NOT NULL UNIQUE, -- of record
  record BYTEA NOT NULL
);

CREATE TABLE policies (
  scan          BIGINT NOT NULL REFERENCES scans (seq) ON DELETE CASCADE,
  position      INTEGER NOT NULL,
  record        TEXT NOT NULL, -- evidence.PolicyDocument without its text
  text          BIGINT NOT NULL REFERENCES policy_texts (seq),
  url           TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'url')) STORED,
  title         TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'title')) STORED,
  language      TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'language')) STORED,
  fetched       TEXT COLLATE "C" GENERATED ALWAYS AS (rtrim(cookieaudit_field(record, 'fetched'), 'Z')) STORED,
  sha256        TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'sha256')) STORED,
  declares_none BOOLEAN GENERATED ALWAYS AS (coalesce(cookieaudit_field(record, 'declares_none'), 'false')::boolean) STORED,
  PRIMARY KEY (scan, position)
);
CREATE INDEX policies_text ON policies (text);

CREATE TABLE declarations (
  scan             BIGINT NOT NULL REFERENCES scans (seq) ON DELETE CASCADE,
  position         INTEGER NOT NULL,
  record           TEXT NOT NULL, -- evidence.Declaration
  observed         BOOLEAN,       -- NULL where no audit was made
  name             TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'name')) STORED,
  host             TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'host')) STORED,
  provider         TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'provider')) STORED,
  category         TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'category')) STORED,
  lifetime         TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'lifetime')) STORED,
  lifetime_seconds BIGINT GENERATED ALWAYS AS (cookieaudit_field(record, 'lifetime_seconds')::bigint) STORED,
  storage          TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'storage')) STORED,
  PRIMARY KEY (scan, position)
);

CREATE TABLE claims (
  scan     BIGINT NOT NULL REFERENCES scans (seq) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  record   TEXT NOT NULL, -- evidence.Claim
  kind     TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'kind')) STORED,
  scope    TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'scope')) STORED,
  quote    TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'quote')) STORED,
  PRIMARY KEY (scan, position)
);

-- The citations of a rule are the same in every finding of it.
CREATE TABLE citations (
  seq    BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  sha256 BYTEA NOT NULL UNIQUE, -- of record
  record TEXT NOT NULL         -- list of law.Citation
);

CREATE TABLE findings (
  scan           BIGINT NOT NULL REFERENCES scans (seq) ON DELETE CASCADE,
  position       INTEGER NOT NULL,
  record         TEXT NOT NULL, -- audit.Finding without its citations
  citations      BIGINT NOT NULL REFERENCES citations (seq),
  rule           TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'rule')) STORED,
  verdict        TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'verdict')) STORED,
  severity       TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'severity')) STORED,
  certainty      TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'certainty')) STORED,
  subject_kind   TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'subject', 'kind')) STORED,
  subject_name   TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'subject', 'name')) STORED,
  subject_domain TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'subject', 'domain')) STORED,
  message        TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'message')) STORED,
  PRIMARY KEY (scan, position)
);
CREATE INDEX findings_severity ON findings (scan, verdict, severity);
CREATE INDEX findings_rule ON findings (rule, verdict, severity, scan);
CREATE INDEX findings_citations ON findings (citations);

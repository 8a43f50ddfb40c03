-- +goose Up

-- A site, as its scans name it, and which of them was started last: what is
-- asked of many sites at once must not read the scans of all of them.
CREATE TABLE sites (
  seq            BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  url            TEXT COLLATE "C" NOT NULL,
  host           TEXT COLLATE "C" NOT NULL,
  domain         TEXT COLLATE "C" NOT NULL,
  latest         BIGINT REFERENCES scans (seq) ON DELETE SET NULL,
  latest_started TEXT COLLATE "C", -- as in scans
  -- UNIQUE would be a B-tree, and a site's address may be too long for one.
  EXCLUDE USING hash (url WITH =)
);
CREATE INDEX sites_host ON sites USING hash (host);
CREATE INDEX sites_domain ON sites USING hash (domain);
CREATE INDEX sites_latest ON sites (latest);

ALTER TABLE scans ADD COLUMN site BIGINT REFERENCES sites (seq);
-- A record leaves out what is zero: a score of 0 is one without a value.
ALTER TABLE scans ADD COLUMN score INTEGER GENERATED ALWAYS AS
  (CASE WHEN cookieaudit_field(judgement, 'score') IS NOT NULL
    THEN coalesce(cookieaudit_field(judgement, 'score', 'value'), '0')::integer END) STORED;
-- Charts of a site's scans are drawn from the index alone.
CREATE INDEX scans_site ON scans (site, started, seq, outcome, score);

ALTER TABLE findings ADD COLUMN title TEXT COLLATE "C" GENERATED ALWAYS AS (cookieaudit_field(record, 'title')) STORED;
-- Who is behind what the finding is about; NULL where that is not known, and in
-- findings that were stored before the column was there.
ALTER TABLE findings ADD COLUMN provider TEXT COLLATE "C";
ALTER TABLE findings ADD COLUMN accepted BOOLEAN GENERATED ALWAYS AS
  (cookieaudit_field(record, 'accepted') IS NOT NULL) STORED;
DROP INDEX findings_severity;
CREATE INDEX findings_scan ON findings (scan, verdict, rule, severity, accepted);

-- How many cookies and violations a scan has, counted once when it is saved.
-- "open" violations are those that nobody accepted.
CREATE TABLE summaries (
  scan                BIGINT PRIMARY KEY REFERENCES scans (seq) ON DELETE CASCADE,
  cookies             INTEGER NOT NULL,
  third_party_cookies INTEGER NOT NULL,
  critical            INTEGER NOT NULL,
  high                INTEGER NOT NULL,
  medium              INTEGER NOT NULL,
  low                 INTEGER NOT NULL,
  info                INTEGER NOT NULL,
  open_critical       INTEGER NOT NULL,
  open_high           INTEGER NOT NULL,
  open_medium         INTEGER NOT NULL,
  open_low            INTEGER NOT NULL,
  open_info           INTEGER NOT NULL
);

-- What a search finds: the names of the cookies and the providers that the latest
-- scan of a site has, each once.
CREATE TABLE terms (
  site BIGINT NOT NULL REFERENCES sites (seq) ON DELETE CASCADE,
  kind TEXT NOT NULL, -- cookie or provider
  text TEXT COLLATE "C" NOT NULL
);
CREATE INDEX terms_site ON terms (site);

-- +goose Up

-- A site, as its scans name it, and which of them was started last: what is
-- asked of many sites at once must not read the scans of all of them.
CREATE TABLE sites (
  seq            INTEGER PRIMARY KEY,
  url            TEXT NOT NULL UNIQUE,
  host           TEXT NOT NULL,
  domain         TEXT NOT NULL,
  latest         INTEGER REFERENCES scans (seq) ON DELETE SET NULL,
  latest_started TEXT -- as in scans
) STRICT;
CREATE INDEX sites_host ON sites (host);
CREATE INDEX sites_domain ON sites (domain);
CREATE INDEX sites_latest ON sites (latest);

ALTER TABLE scans ADD COLUMN site INTEGER REFERENCES sites (seq);
-- A record leaves out what is zero: a score of 0 is one without a value.
ALTER TABLE scans ADD COLUMN score INTEGER GENERATED ALWAYS AS
  (CASE WHEN judgement ->> '$.score' IS NOT NULL THEN coalesce(judgement ->> '$.score.value', 0) END) VIRTUAL;
-- Charts of a site's scans are drawn from the index alone.
CREATE INDEX scans_site ON scans (site, started, seq, outcome, score);

INSERT INTO sites (url, host, domain)
  SELECT coalesce(url, ''), max(coalesce(host, '')), max(coalesce(domain, '')) FROM scans GROUP BY coalesce(url, '');
UPDATE scans SET site = (SELECT seq FROM sites WHERE sites.url = coalesce(scans.url, ''));
UPDATE sites SET (latest, latest_started) =
  (SELECT seq, started FROM scans WHERE scans.site = sites.seq ORDER BY started DESC, seq DESC LIMIT 1);

ALTER TABLE findings ADD COLUMN title TEXT GENERATED ALWAYS AS (record ->> '$.title') VIRTUAL;
-- Who is behind what the finding is about; NULL where that is not known, and in
-- findings that were stored before the column was there.
ALTER TABLE findings ADD COLUMN provider TEXT;
ALTER TABLE findings ADD COLUMN accepted INTEGER GENERATED ALWAYS AS (record ->> '$.accepted' IS NOT NULL) VIRTUAL;
-- Findings are counted across sites from the index alone.
DROP INDEX findings_severity;
CREATE INDEX findings_scan ON findings (scan, verdict, rule, severity, accepted, provider);

-- How many cookies and violations a scan has, counted once when it is saved.
-- "open" violations are those that nobody accepted.
CREATE TABLE summaries (
  scan                INTEGER PRIMARY KEY REFERENCES scans (seq) ON DELETE CASCADE,
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
) STRICT;
INSERT INTO summaries
  SELECT s.seq,
    (SELECT count(*) FROM cookies c WHERE c.scan = s.seq),
    (SELECT count(*) FROM cookies c WHERE c.scan = s.seq AND c.party = 'third'),
    count(*) FILTER (WHERE f.severity = 'critical'),
    count(*) FILTER (WHERE f.severity = 'high'),
    count(*) FILTER (WHERE f.severity = 'medium'),
    count(*) FILTER (WHERE f.severity = 'low'),
    count(*) FILTER (WHERE f.severity = 'info'),
    count(*) FILTER (WHERE f.severity = 'critical' AND NOT f.accepted),
    count(*) FILTER (WHERE f.severity = 'high' AND NOT f.accepted),
    count(*) FILTER (WHERE f.severity = 'medium' AND NOT f.accepted),
    count(*) FILTER (WHERE f.severity = 'low' AND NOT f.accepted),
    count(*) FILTER (WHERE f.severity = 'info' AND NOT f.accepted)
  FROM scans s LEFT JOIN findings f ON f.scan = s.seq AND f.verdict = 'violation'
  GROUP BY s.seq;

-- What a search finds: the names of the cookies and the providers that the latest
-- scan of a site has, each once.
CREATE TABLE terms (
  site INTEGER NOT NULL REFERENCES sites (seq) ON DELETE CASCADE,
  kind TEXT NOT NULL, -- cookie or provider
  text TEXT NOT NULL
) STRICT;
CREATE INDEX terms_site ON terms (site);
INSERT INTO terms (site, kind, text)
  SELECT x.seq, 'cookie', c.name FROM sites x JOIN cookies c ON c.scan = x.latest WHERE c.name <> ''
  UNION
  SELECT x.seq, 'provider', p.provider FROM sites x JOIN cookies c ON c.scan = x.latest JOIN purposes p ON p.seq = c.purpose WHERE p.provider <> ''
  UNION
  SELECT x.seq, 'provider', p.provider FROM sites x JOIN storage_items i ON i.scan = x.latest JOIN purposes p ON p.seq = i.purpose WHERE p.provider <> ''
  UNION
  SELECT x.seq, 'provider', p.provider FROM sites x JOIN requests r ON r.scan = x.latest JOIN purposes p ON p.seq = r.purpose WHERE p.provider <> '';

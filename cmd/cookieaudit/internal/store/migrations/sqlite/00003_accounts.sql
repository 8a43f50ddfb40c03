-- +goose Up

-- Who may use the dashboard and the API. Times are RFC 3339 in UTC with nine
-- digits of a second, so that they sort as text; empty for never.
CREATE TABLE users (
  name    TEXT PRIMARY KEY,
  role    TEXT NOT NULL,
  hash    TEXT NOT NULL, -- argon2id of the password, in PHC string format
  created TEXT NOT NULL,
  changed TEXT NOT NULL  -- when the password was last set
) STRICT;

-- Browsers that are signed in, and programs. Of their secrets there is the
-- SHA-256 alone.
CREATE TABLE sessions (
  digest    BLOB PRIMARY KEY,
  user_name TEXT NOT NULL REFERENCES users (name) ON DELETE CASCADE,
  created   TEXT NOT NULL,
  seen      TEXT NOT NULL
) STRICT;
CREATE INDEX sessions_user ON sessions (user_name);
CREATE INDEX sessions_created ON sessions (created);

CREATE TABLE tokens (
  digest    BLOB PRIMARY KEY,
  id        TEXT NOT NULL,
  user_name TEXT NOT NULL REFERENCES users (name) ON DELETE CASCADE,
  name      TEXT NOT NULL,
  role      TEXT NOT NULL,
  created   TEXT NOT NULL,
  used      TEXT NOT NULL,
  expires   TEXT NOT NULL
) STRICT;
CREATE INDEX tokens_user ON tokens (user_name, id);

-- Findings that users have accepted: who, when, and if it was taken back. They
-- outlive the users.
CREATE TABLE decisions (
  id           TEXT PRIMARY KEY,
  rule         TEXT NOT NULL,
  site         TEXT NOT NULL, -- pattern; empty for every site
  subject      TEXT NOT NULL, -- pattern; empty for every subject
  reason       TEXT NOT NULL,
  owner        TEXT NOT NULL,
  expires      TEXT NOT NULL, -- last day, ISO 8601
  made_by      TEXT NOT NULL,
  made         TEXT NOT NULL,
  withdrawn_by TEXT NOT NULL, -- empty where nobody has
  withdrawn    TEXT NOT NULL
) STRICT;
CREATE INDEX decisions_made ON decisions (made);

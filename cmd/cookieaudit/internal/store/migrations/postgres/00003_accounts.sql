-- +goose Up

-- Who may use the dashboard and the API. Times are RFC 3339 in UTC with nine
-- digits of a second, so that they sort as text; empty for never.
CREATE TABLE users (
  name    TEXT COLLATE "C" PRIMARY KEY,
  role    TEXT COLLATE "C" NOT NULL,
  hash    TEXT COLLATE "C" NOT NULL, -- argon2id of the password, in PHC string format
  created TEXT COLLATE "C" NOT NULL,
  changed TEXT COLLATE "C" NOT NULL  -- when the password was last set
);

-- Browsers that are signed in, and programs. Of their secrets there is the
-- SHA-256 alone.
CREATE TABLE sessions (
  digest    BYTEA PRIMARY KEY,
  user_name TEXT COLLATE "C" NOT NULL REFERENCES users (name) ON DELETE CASCADE,
  created   TEXT COLLATE "C" NOT NULL,
  seen      TEXT COLLATE "C" NOT NULL
);
CREATE INDEX sessions_user ON sessions (user_name);
CREATE INDEX sessions_created ON sessions (created);

CREATE TABLE tokens (
  digest    BYTEA PRIMARY KEY,
  id        TEXT COLLATE "C" NOT NULL,
  user_name TEXT COLLATE "C" NOT NULL REFERENCES users (name) ON DELETE CASCADE,
  name      TEXT COLLATE "C" NOT NULL,
  role      TEXT COLLATE "C" NOT NULL,
  created   TEXT COLLATE "C" NOT NULL,
  used      TEXT COLLATE "C" NOT NULL,
  expires   TEXT COLLATE "C" NOT NULL
);
CREATE INDEX tokens_user ON tokens (user_name, id);

-- Findings that users have accepted: who, when, and if it was taken back. They
-- outlive the users.
CREATE TABLE decisions (
  id           TEXT COLLATE "C" PRIMARY KEY,
  rule         TEXT COLLATE "C" NOT NULL,
  site         TEXT COLLATE "C" NOT NULL, -- pattern; empty for every site
  subject      TEXT COLLATE "C" NOT NULL, -- pattern; empty for every subject
  reason       TEXT COLLATE "C" NOT NULL,
  owner        TEXT COLLATE "C" NOT NULL,
  expires      TEXT COLLATE "C" NOT NULL, -- last day, ISO 8601
  made_by      TEXT COLLATE "C" NOT NULL,
  made         TEXT COLLATE "C" NOT NULL,
  withdrawn_by TEXT COLLATE "C" NOT NULL, -- empty where nobody has
  withdrawn    TEXT COLLATE "C" NOT NULL
);
CREATE INDEX decisions_made ON decisions (made);

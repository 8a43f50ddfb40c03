-- The rights of a worker and of everybody else who does not own the tables:
-- rows are read and written, tables are neither made nor changed nor dropped.
-- The owner runs this once in the database, after its first cookieaudit command:
--
--   psql --single-transaction -f worker.sql "$DATABASE"
--   psql -c 'GRANT cookieaudit_worker TO SOMEBODY' "$DATABASE"
--
-- It holds for tables that a later version adds as well. After an update, the
-- owner runs a command before the workers do.
CREATE ROLE cookieaudit_worker NOLOGIN;
GRANT USAGE ON SCHEMA public TO cookieaudit_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO cookieaudit_worker;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO cookieaudit_worker;
REVOKE INSERT, UPDATE, DELETE ON cookieaudit_versions FROM cookieaudit_worker;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO cookieaudit_worker;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO cookieaudit_worker;

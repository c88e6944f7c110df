-- Roles, the database and its rights. Run by psql as a superuser, once or again: the embedded server and
-- docker-compose.yml use this same file. Passwords come from the environment.
--
--   leadmgmt_owner     owns the database and every table; runs migrations; sees every workspace
--   leadmgmt_app       web and workers; row-level security holds for it; owns nothing
--   leadmgmt_platform  nobody logs in as it; owns the few audited SECURITY DEFINER functions
\set ON_ERROR_STOP on
\getenv owner_password LEADMGMT_OWNER_PASSWORD
\getenv app_password LEADMGMT_APP_PASSWORD

SELECT format('CREATE ROLE %I', name)
FROM unnest(ARRAY['leadmgmt_owner', 'leadmgmt_app', 'leadmgmt_platform']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec

ALTER ROLE leadmgmt_owner LOGIN NOSUPERUSER CREATEDB NOCREATEROLE BYPASSRLS PASSWORD :'owner_password';
ALTER ROLE leadmgmt_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD :'app_password';
ALTER ROLE leadmgmt_platform NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE BYPASSRLS;
-- so that migrations can hand functions over to it
GRANT leadmgmt_platform TO leadmgmt_owner;

SELECT 'CREATE DATABASE leadmgmt OWNER leadmgmt_owner TEMPLATE template0 ENCODING ''UTF8'' '
       'LOCALE_PROVIDER builtin BUILTIN_LOCALE ''C.UTF-8'' LC_COLLATE ''C'' LC_CTYPE ''C'''
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'leadmgmt') \gexec
ALTER DATABASE leadmgmt OWNER TO leadmgmt_owner;

\connect leadmgmt

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO leadmgmt_owner, leadmgmt_platform;
GRANT USAGE ON SCHEMA public TO leadmgmt_app;

-- No TRUNCATE, REFERENCES or TRIGGER: each of them steps round row-level security.
ALTER DEFAULT PRIVILEGES FOR ROLE leadmgmt_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO leadmgmt_app, leadmgmt_platform;
ALTER DEFAULT PRIVILEGES FOR ROLE leadmgmt_owner IN SCHEMA public
    GRANT USAGE ON SEQUENCES TO leadmgmt_app, leadmgmt_platform;

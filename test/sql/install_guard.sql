-- The install script refuses a schema in which somebody else may have planted something.
\set SHOW_CONTEXT never
SET client_min_messages = warning;
BEGIN;
DROP EXTENSION outbound CASCADE;
DROP SCHEMA IF EXISTS outbound CASCADE;
SAVEPOINT start;

-- no schema: one is made
CREATE EXTENSION outbound;
ROLLBACK TO start;

-- an empty one of the installing role
CREATE SCHEMA outbound;
CREATE EXTENSION outbound;
ROLLBACK TO start;

-- a function in it
CREATE SCHEMA outbound;
CREATE FUNCTION outbound.lower(text) RETURNS text LANGUAGE sql AS 'SELECT $1';
CREATE EXTENSION outbound;
ROLLBACK TO start;

-- an operator in it
CREATE SCHEMA outbound;
CREATE OPERATOR outbound.= (LEFTARG = text, RIGHTARG = text, FUNCTION = pg_catalog.textne);
CREATE EXTENSION outbound;
ROLLBACK TO start;

-- one that belongs to somebody else
CREATE ROLE regress_outbound_planter;
CREATE SCHEMA outbound AUTHORIZATION regress_outbound_planter;
CREATE EXTENSION outbound;
ROLLBACK TO start;
ROLLBACK;
SELECT extname FROM pg_extension WHERE extname = 'outbound';

-- The firm's own schema: the relations that outbound reads. Settings first, data after.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
CREATE EXTENSION outbound;
SELECT outbound.create_relations('screening'), outbound.configure('source_schema', 'screening') \g /dev/null
ALTER DATABASE demo SET search_path = "$user", public, screening;

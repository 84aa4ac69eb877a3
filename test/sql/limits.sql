-- An answer that would need too much memory is an error, and the session goes on.
SET client_min_messages = warning;
SET search_path = outbound, public;
CREATE SCHEMA limits;
SELECT create_relations('limits'), configure('source_schema', 'limits');
SET search_path = limits, outbound, public;

-- a ring of 400 whose members hold each other crosswise, and half a holder above each tenth
INSERT INTO party (party_id, kind, register, organized_under)
SELECT 'r' || i, 'entity', 'closed', 'DE' FROM generate_series(0, 399) i;
INSERT INTO party (party_id, kind, register, citizenship)
SELECT 'p' || i, 'individual', 'closed', '{US}' FROM generate_series(0, 39) i;
INSERT INTO interest (holder_id, held_id, kind, share)
SELECT 'r' || (i + step) % 400, 'r' || i, 'voting', share_of(1000 + (i * 7 + step) % 991, 10000)
FROM generate_series(0, 399) i, unnest('{1,7,61,139}'::int[]) step;
INSERT INTO interest (holder_id, held_id, kind, share)
SELECT 'p' || i, 'r' || i * 10, 'voting', share_of(4700 + i, 10000) FROM generate_series(0, 39) i;

-- the graph alone fits, the computation over it does not
SET outbound.max_graph_memory = '1MB';
SELECT controlled_foreign_entity('r1'::text, 'p0'::text);
SELECT count(*) FROM holders('r1'::text, '31 CFR 850.206');
SELECT us_person('p1'::text);
RESET outbound.max_graph_memory;
SELECT us_person('p1'::text);

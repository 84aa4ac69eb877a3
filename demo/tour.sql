-- What outbound says about the book: run by demo/run, and fit to be read along with its output.
\set QUIET on
\pset format wrapped
\pset columns 160
\pset footer off
\pset null '?'
SET search_path = public, screening;
\set QUIET off

\echo
\echo '== The book: every deal with its verdict =='
\echo
\set ECHO queries
SELECT deal_id, investor, p.name AS target, outcome, array_to_string(provisions, ', ') AS because_of, notify_by
FROM outbound.deal_screening s LEFT JOIN party p ON p.party_id = s.target
ORDER BY deal_id;

\set ECHO none
\echo '== What the open ones wait for =='
\echo
\set ECHO queries
SELECT deal_id, at_least, at_most, array_to_string(missing[1:3], ', ') ||
	coalesce(' and ' || nullif(greatest(cardinality(missing) - 3, 0), 0) || ' more', '') AS missing
FROM outbound.deal_screening WHERE outcome = 'undetermined' ORDER BY deal_id;

\set ECHO none
\echo '== What is to be filed, and by when =='
\echo
\set ECHO queries
SELECT deal_id, cite, duty, due_date, established FROM outbound.filing_due ORDER BY due_date;

\set ECHO none
\echo '== D09 rests on the real register: no more than 25% of its target can belong to anybody else, nor half of the board =='
\echo
\set ECHO queries
SELECT holder.name AS holder, i.kind, i.share, i.source
FROM interest i JOIN deal d ON d.target = i.held_id JOIN party holder ON holder.party_id = i.holder_id
WHERE d.deal_id = 'D09' ORDER BY i.kind;

BEGIN;
DELETE FROM interest i USING deal d WHERE d.deal_id = 'D09' AND i.held_id = d.target;
SELECT s.outcome AS without_the_register, s.missing FROM deal d, outbound.screen(d) s WHERE deal_id = 'D09';
ROLLBACK;

\set ECHO none
\echo '== From now on nobody writes a prohibited deal into the table =='
\echo
\set ECHO queries
CREATE CONSTRAINT TRIGGER block_prohibited AFTER INSERT OR UPDATE ON deal DEFERRABLE
	FOR EACH ROW EXECUTE FUNCTION outbound.block_prohibited();
INSERT INTO deal (deal_id, investor, target, completion_date, amount_usd)
	VALUES ('D14', 'tern-asia', 'kingfisher', '2026-07-01', 20000000);
\set ECHO none
\echo 'SQLSTATE' :LAST_ERROR_SQLSTATE

\echo
\echo '== Why is D06 notifiable? Its investor is one of ours only by 41% held through a subsidiary and 10% held directly =='
\echo
\set QUIET on
\pset format aligned
\set QUIET off
\set ECHO queries
SELECT e.answer, e.cite, split_part(e.question, ' Note 2', 1) AS question FROM deal d, outbound.explain(d) e WHERE d.deal_id = 'D06' AND e.answer <> 'no' ORDER BY e.step;SELECT * FROM outbound.explain_ownership('tern-fund', 'tern-korea', '31 CFR 850.206');

\set ECHO none
\set QUIET on
\pset format wrapped
\set QUIET off
\echo '== What would I have to ask about D04 and D08? =='
\echo
\set ECHO queries
SELECT d.deal_id, q.fact, q.question FROM deal d, outbound.questionnaire(d) q
WHERE d.deal_id IN ('D04', 'D08') AND q.fact IS NOT NULL ORDER BY d.deal_id, q.step;

\set ECHO none
\echo '== A house rule: what if we treated Iran as a country of concern? A real link of the register answers =='
\echo
\set ECHO queries
BEGIN;
INSERT INTO outbound.country_of_concern (ruleset, country, name, cite) VALUES ('FINAL-2025-01-02', 'IR', 'Iran', 'House rule 7');
UPDATE party SET kind = 'government', organized_under = 'IR' WHERE name = 'Government Of The Islamic Republic Of Iran';
SELECT p.name, outbound.person_of_country_of_concern(p.party_id), f.limb, f.metric, f.share
FROM party p, outbound.person_of_country_of_concern_findings(p.party_id) f
WHERE p.party_id = 'GB-COH-04152338' AND f.metric IS NOT NULL;
ROLLBACK;

\set ECHO none
\set QUIET on
\pset tuples_only on
\pset format unaligned
SELECT outbound.ownership_chart('tern-korea', 'dot') \g :chart

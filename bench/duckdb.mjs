// The pooled tests in DuckDB, semi-naive in SQL as ownership_peers.sql does it, from CSV files in a directory that also
// has node_modules/@duckdb/node-api. Prints SQL that records the runs: node duckdb.mjs DIRECTORY PARTIES RUNS SECONDS
// A run over SECONDS is interrupted, recorded without a time, and its question is not asked again; nor is it once SECONDS have gone by.
import { createRequire } from 'node:module';
const [directory, parties, runs, seconds] = process.argv.slice(2);
const { DuckDBInstance } = createRequire(`${directory}/`)('@duckdb/node-api');
const db = await (await DuckDBInstance.create(':memory:')).connect();
const run = (sql) => db.run(sql);
const one = async (sql) => Number((await (await db.runAndReadAll(sql)).getRows())[0][0]);
const record = (question, contender, i, ms, answer) =>
	console.log(`INSERT INTO measured.run (parties, question, contender, run, ms, answer, error) VALUES (${parties}, '${question}', '${contender}', ${i}, ${ms ?? 'NULL'}, ${ms ? `'${answer}'` : 'NULL'}, ${ms ? 'NULL' : `'statement timeout'`});`);

// Times one question: runs that are counted, after one that is not
async function measure(question, contender, compute) {
	const began = performance.now();
	for (let i = 0; i <= runs; i++) {
		if (i > 1 && performance.now() - began > 1000 * seconds) return;
		const start = performance.now();
		let over = false;
		const timer = setTimeout(() => { over = true; db.interrupt(); }, 1000 * seconds);
		try {
			const answer = await compute();
			if (i > 0) record(question, contender, i, performance.now() - start, answer);
		} catch (error) {
			if (!over) throw error;
			return record(question, contender, i, null);
		} finally {
			clearTimeout(timer);
		}
	}
}

await run('SET threads = 1');
async function load() {
	await run('DROP TABLE IF EXISTS stake');
	await run(`CREATE TABLE stake AS SELECT * FROM read_csv('${directory}/stake.csv', header = false, columns = {holder: 'VARCHAR', held: 'VARCHAR', share: 'DECIMAL(38,30)'})`);
	await run(`CREATE OR REPLACE TABLE base AS SELECT * FROM read_csv('${directory}/base.csv', header = false, columns = {party: 'VARCHAR'})`);
	await run(`CREATE OR REPLACE TABLE listed AS SELECT * FROM read_csv('${directory}/listed.csv', header = false, columns = {party: 'VARCHAR'})`);
	return '';
}

async function ofac() {
	await run('CREATE OR REPLACE TEMP TABLE member AS SELECT party FROM listed');
	await run('CREATE OR REPLACE TEMP TABLE delta AS SELECT party FROM listed');
	for (;;) {
		await run(`CREATE OR REPLACE TEMP TABLE delta AS SELECT held AS party FROM stake s JOIN member m ON m.party = s.holder
			WHERE held IN (SELECT held FROM stake JOIN delta ON holder = party) AND held NOT IN (SELECT party FROM member)
			GROUP BY held HAVING sum(share) >= 0.5`);
		if (await one('SELECT count(*) FROM delta') === 0) return one('SELECT count(*) FROM member');
		await run('INSERT INTO member SELECT party FROM delta');
	}
}

async function concern() {
	await run('CREATE OR REPLACE TEMP TABLE factor AS SELECT party, 1::DOUBLE AS factor FROM base');
	await run('CREATE OR REPLACE TEMP TABLE delta AS SELECT party FROM base');
	for (;;) {
		await run(`CREATE OR REPLACE TEMP TABLE grown AS SELECT held AS party, CASE WHEN amount >= 0.5 - 1e-12 THEN 1 ELSE amount END AS factor
			FROM (SELECT held, sum(share::DOUBLE * factor) AS amount FROM stake JOIN factor ON party = holder
				WHERE held IN (SELECT held FROM stake JOIN delta ON holder = party) GROUP BY held)`);
		await run(`CREATE OR REPLACE TEMP TABLE delta AS SELECT g.party, g.factor FROM grown g LEFT JOIN factor f USING (party) WHERE f.factor IS NULL OR f.factor < g.factor - 1e-15`);
		if (await one('SELECT count(*) FROM delta') === 0) return one('SELECT count(*) FROM factor WHERE factor = 1');
		await run('DELETE FROM factor WHERE party IN (SELECT party FROM delta)');
		await run('INSERT INTO factor SELECT party, factor FROM delta');
	}
}

await measure('load for DuckDB', 'DuckDB, 1 thread', load);
await measure('members of OFAC 50', 'DuckDB, 1 thread, loaded', ofac);
await measure('members of 31 CFR 850.221', 'DuckDB, 1 thread, loaded', concern);

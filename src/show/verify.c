/*
 * verify.c
 *		verify(test): checks the certificate of what members(test) says, party by party, by
 *		other means than it was computed with.
 *
 * A pooled test is checked over everything at once, a tier at a time.  A test of one
 * holder at a time is checked cone by cone (verify_roots.c).
 */
#include "postgres.h"

#include "funcapi.h"
#include "miscadmin.h"
#include "read/contract_words.h"
#include "utils/builtins.h"

#include "screen/census_members.h"
#include "screen/questions.h"
#include "show/verify.h"
#include "types/share.h"

PG_FUNCTION_INFO_V1(outbound_verify);

#define N_COLUMNS 9

static const char *const run_names[] = {"definite", "possible", "undisclosed"};

static const char *
fault_text(CertificateFault fault)
{
	static const char *const texts[] = {
		"the amount is not what the holders make it",
		"what it passes on is not what it should be",
		"a member that nothing supports",
		"no member, and should be",
		"a ring that supports itself",
		"a ring in which a limit could not be decided"
	};

	return texts[fault];
}

void
verify_put_fault(Verification *v, KernelRun run, const char *holder, const CertificateRow *row)
{
	Datum		values[N_COLUMNS] = {0};
	bool		nulls[N_COLUMNS];

	memset(nulls, true, sizeof(nulls));
	set_text(values, nulls, 0, run_names[run]);
	set_text(values, nulls, 1, graph_node(v->inquiry->nb->graph, row->node)->id);
	set_text(values, nulls, 2, holder);
	set_text(values, nulls, 4, fault_text(row->fault));
	if (row->measure >= 0)
	{
		ShareValue	claimed = share_value_exact(row->claimed);
		ShareValue	found = share_value_exact(row->found);

		set_text(values, nulls, 3, interest_kind_words[v->row.base.measures[row->measure].kind]);
		values[5] = share_value_datum(&v->inquiry->env, &claimed);
		values[6] = share_value_datum(&v->inquiry->env, &found);
		nulls[5] = nulls[6] = false;
	}
	tuplestore_putvalues(v->rsinfo->setResult, v->rsinfo->setDesc, values, nulls);
}

void
verify_put_grade(Verification *v, const char *door, NodeId party, const char *holder, Grade told, Grade found)
{
	Datum		values[N_COLUMNS] = {0};
	bool		nulls[N_COLUMNS];

	memset(nulls, true, sizeof(nulls));
	set_text(values, nulls, 0, "members");
	set_text(values, nulls, 1, graph_node(v->inquiry->nb->graph, party)->id);
	set_text(values, nulls, 2, holder);
	set_text(values, nulls, 4, psprintf("%s says %s, and it is %s", door, grade_name(told), grade_name(found)));
	tuplestore_putvalues(v->rsinfo->setResult, v->rsinfo->setDesc, values, nulls);
}

/* The last row: how many parties were checked, of how many. */
static void
put_summary(const Verification *v)
{
	Datum		values[N_COLUMNS] = {0};
	bool		nulls[N_COLUMNS];

	memset(nulls, true, sizeof(nulls));
	values[7] = Int64GetDatum((int64) v->checked);
	values[8] = Int64GetDatum((int64) graph_size(v->inquiry->nb->graph));
	nulls[7] = nulls[8] = false;
	tuplestore_putvalues(v->rsinfo->setResult, v->rsinfo->setDesc, values, nulls);
}

/* Tells of the first of those whom a ring too large for exact numbers leaves unchecked in a run. */
static void
put_open(Verification *v, KernelRun run, const Membership *m, const bool *open)
{
	Datum		values[N_COLUMNS] = {0};
	bool		nulls[N_COLUMNS];
	uint32		first = 0;

	while (first < m->n_nodes && !open[first])
		first++;
	if (first == m->n_nodes)
		return;
	memset(nulls, true, sizeof(nulls));
	set_text(values, nulls, 0, run_names[run]);
	set_text(values, nulls, 1, graph_node(v->inquiry->nb->graph, m->nodes[first])->id);
	set_text(values, nulls, 4, "a ring too large for exact numbers: not checked");
	tuplestore_putvalues(v->rsinfo->setResult, v->rsinfo->setDesc, values, nulls);
}

/* Is the party left open in some run? */
static bool
is_open(const Membership *m, uint32 place)
{
	for (KernelRun run = RUN_DEFINITE; run <= RUN_UNDISCLOSED; run++)
		if (m->runs[run]->open != NULL && m->runs[run]->open[place])
			return true;
	return false;
}

/* Compares what members() tells from a census with the grades of the checked runs. */
static void
compare_members(Verification *v, const Membership *m)
{
	Inquiry    *inquiry = v->inquiry;
	const CensusMembership *told = census_members(inquiry, v->row.name, GRADE_NO);
	uint8	   *grades = palloc_extended(Max(m->n_nodes, 1), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);

	for (uint32 i = 0; told != NULL && i < census_size(told->loaded->census); i++)
	{
		const char *id = census_id(told->loaded->census, i);
		NodeId		node;

		CHECK_FOR_INTERRUPTS();
		if (graph_find(inquiry->nb->graph, id, strlen(id), &node))
			grades[node] = told->grade[i];
	}
	for (uint32 i = 0; told != NULL && i < m->n_nodes; i++)
	{
		Grade		grade = membership_finding(inquiry, m, m->nodes[i]).grade;

		CHECK_FOR_INTERRUPTS();
		if (grade != (Grade) grades[m->nodes[i]] && !is_open(m, i))
			verify_put_grade(v, "members()", m->nodes[i], NULL, (Grade) grades[m->nodes[i]], grade);
	}
}

/* Checks one pass from some seeds. */
static void
check_pass(Verification *v, Certificate *certificate, KernelRun run, const Attribution *pass, const bool *seeds,
		   uint32 *n_put)
{
	CertificateClaim claim = {pass, seeds};
	CertificateRow *rows;
	uint32		n = certificate_check(certificate, &claim, &rows);

	inquiry_check(v->inquiry);
	for (; *n_put < n; (*n_put)++)
		verify_put_fault(v, run, NULL, &rows[*n_put]);
}

/* Compares the union of a test's passes with the run that members() reads. */
static void
compare_passes(Verification *v, const Membership *m, KernelRun run, const bool *members)
{
	for (uint32 i = 0; i < m->n_nodes; i++)
	{
		CertificateRow row = {members[i] ? CERTIFICATE_MISSED : CERTIFICATE_UNSUPPORTED, m->nodes[i], -1,
			FRACTION_ZERO, FRACTION_ZERO};

		CHECK_FOR_INTERRUPTS();
		if (members[i] != (m->runs[run]->status[i] == TERNARY_TRUE))
			verify_put_fault(v, run, NULL, &row);
	}
}

/* Checks a run pass by pass: members of every pass are members, and seeds of the next. */
static void
check_run(Verification *v, const Membership *m, KernelRun run)
{
	OwnershipTest test = kernel_test_in_run(&v->row, run);
	CoreEnv    *env = &v->inquiry->env;
	Certificate *certificate = certificate_create(env, v->inquiry->nb->graph, m->nodes, m->n_nodes, &test, run, false);
	bool	   *base = palloc_extended(Max(m->n_nodes, 1), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	bool	   *members = palloc_extended(Max(m->n_nodes, 1), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	uint32		n_put = 0;
	bool		grew = true;

	for (uint32 i = 0; i < m->n_nodes; i++)
	{
		Ternary		seed = is_seed(v->inquiry, v->row.seeds, m->nodes[i], run);

		CHECK_FOR_INTERRUPTS();
		base[i] = seed == TERNARY_TRUE || (seed == TERNARY_UNKNOWN && run != RUN_DEFINITE);
	}
	if (m->runs[run]->open != NULL)
	{
		put_open(v, run, m, m->runs[run]->open);
		return;
	}
	if (v->row.tiers == 0)
		check_pass(v, certificate, run, m->runs[run]->exact, base, &n_put);
	for (int tier = 1; tier <= v->row.tiers && grew; tier++)
	{
		bool	   *seeds = palloc_extended(Max(m->n_nodes, 1), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
		NodeId	   *nodes = palloc_extended(mul_size(sizeof(NodeId), Max(m->n_nodes, 1)), MCXT_ALLOC_HUGE);
		uint32		n = 0;
		Attribution *pass;
		bool	   *open;

		for (uint32 i = 0; i < m->n_nodes; i++)
		{
			seeds[i] = tier == 1 ? base[i] : members[i] && (v->row.last_tier_pools_base || !base[i]);
			if (seeds[i])
				nodes[n++] = m->nodes[i];
		}
		pass = kernel_attribute_affordable(m->kernels[run], nodes, n, true, RINGS_OF_POOL, &open);
		if (open != NULL)
		{
			put_open(v, run, m, open);
			return;
		}
		check_pass(v, certificate, run, pass, seeds, &n_put);
		grew = false;
		for (uint32 i = 0; i < m->n_nodes; i++)
			if (pass->status[i] && !members[i])
				members[i] = grew = true;
	}
	if (v->row.tiers > 0)
		compare_passes(v, m, run, members);
}

/* Checks a pooled test over everything. */
static void
check_pooled(Verification *v)
{
	Membership *m = membership_run(v->inquiry, v->row.name, NULL);

	for (KernelRun run = RUN_DEFINITE; run <= RUN_UNDISCLOSED; run++)
		if (run == RUN_DEFINITE || m->runs[run] != m->runs[run - 1])
			check_run(v, m, run);
	if (census_can(&v->row))
		compare_members(v, m);
	for (uint32 i = 0; i < m->n_nodes; i++)
		v->checked += !is_open(m, i);
}

/* verify(test, as_of) */
Datum
outbound_verify(PG_FUNCTION_ARGS)
{
	char	   *test = text_to_cstring(PG_GETARG_TEXT_PP(0));
	DateADT		as_of = PG_GETARG_DATEADT(1);
	Verification v = {0};

	InitMaterializedSRF(fcinfo, 0);
	v.rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	v.inquiry = inquiry_begin(rule_book(NULL, as_of), as_of, NULL);
	v.row = rule_test_under(rule_test(v.inquiry->book, test), v.inquiry->choice);
	neighbourhood_load_all(v.inquiry->nb);
	if (v.row.pooled && v.row.base.link != LINK_LITERAL)
		check_pooled(&v);
	else
		verify_roots(&v);
	put_summary(&v);
	inquiry_end(v.inquiry);
	return (Datum) 0;
}

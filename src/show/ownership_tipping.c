/*
 * ownership_tipping.c
 *		ownership_tipping(holder, held, test): every single stake whose change alone would
 *		make or unmake held the holder's, and the exact share at which it does.
 *
 * Asked about what is certain, over a copy of the cone in which every range stands at its
 * lower end and what nobody is known to hold is nobody's of interest.  A share is told
 * only where the kernel has proved both sides of it (tipping.h; engine notes 4).
 */
#include "postgres.h"

#include "funcapi.h"
#include "miscadmin.h"
#include "read/contract_words.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "core/tipping.h"
#include "screen/questions.h"
#include "show/overlay.h"
#include "types/share.h"

PG_FUNCTION_INFO_V1(outbound_ownership_tipping);

#define N_COLUMNS 8

/* The question put again and again. */
typedef struct TippingRun
{
	ReturnSetInfo *rsinfo;
	Inquiry    *inquiry;		/* as it is */
	Inquiry    *overlay;		/* settled, and altered */
	TestRow		row;
	OwnershipTest test;
	NodeId		root;
	NodeId		target;
	NodeId	   *cone;			/* above the target */
	uint32		n_cone;
	bool	   *reached;		/* by place in the cone: the root, or below it */
	MemoryContext scratch;		/* of one run of the kernel */
	Holding    *stake;			/* being altered */
	Fraction	limit;			/* of the stake */
	bool		too_large;		/* a ring, for exact numbers: nothing more is asked */
} TippingRun;

/* Is the target certainly (or, in an upper run, possibly) the root's in the copy as it stands? */
static bool
status_now(TippingRun *run, KernelRun bound)
{
	MemoryContext old = MemoryContextSwitchTo(run->scratch);
	CoreEnv		env = backend_env();
	OwnershipTest test = kernel_test_in_run(&run->row, bound);
	Kernel	   *kernel = kernel_create(&env, run->overlay->nb->graph, run->cone, run->n_cone, &test, bound);
	Ternary		status = TERNARY_UNKNOWN;

	core_check(&env);
	if (!run->too_large && kernel_is_affordable(kernel))
		status = kernel_status(kernel, &run->root, 1, run->target);
	core_check(&env);
	run->too_large = status == TERNARY_UNKNOWN;
	MemoryContextSwitchTo(old);
	MemoryContextReset(run->scratch);
	return status == TERNARY_TRUE;
}

/* The answer that tipping_find() asks for: the stake at a share, or anywhere in a range. */
static bool
stake_answer(void *arg, TippingRange range, Fraction share)
{
	TippingRun *run = arg;
	ShareValue	before = run->stake->share;
	bool		status;

	run->stake->share = share_value_exact(share);
	if (range == TIPPING_BELOW)
		run->stake->share = (ShareValue) {FRACTION_ZERO, share, false, true};
	else if (range == TIPPING_ABOVE)
		run->stake->share = (ShareValue) {share, run->limit, true, false};
	status = status_now(run, range == TIPPING_BELOW ? RUN_DISCLOSED : RUN_DEFINITE);
	run->stake->share = before;
	return status;
}

/* The kind whose holdings tell a measure of a party: votes may be read off the equity. */
static InterestKind
told_by(const TippingRun *run, const GraphNode *node, InterestKind kind)
{
	if (!run->test.equity_votes || kind != INTEREST_VOTING)
		return kind;
	for (uint32 i = 0; i < node->n_holdings; i++)
		if (node->holdings[i].kind == INTEREST_VOTING)
			return kind;
	return INTEREST_EQUITY;
}

/* Does a kind tell some measure of a party? */
static bool
is_measured(const TippingRun *run, const GraphNode *node, InterestKind kind)
{
	for (int k = 0; k < run->test.n_measures; k++)
		if (told_by(run, node, run->test.measures[k].kind) == kind)
			return true;
	return false;
}

/*
 * Puts every range of a party at its lower end and leaves the rest to nobody of interest.
 * False where that is not the least that may be: an end that is not attained, or a
 * whole register of which some share is a range.
 */
static bool
settle(TippingRun *run, NodeId node_number)
{
	GraphNode  *node = graph_node(run->overlay->nb->graph, node_number);
	Holding    *holdings = MemoryContextAllocHuge(run->overlay->scratch, mul_size(sizeof(Holding), Max(node->n_holdings, 1)));
	uint32		n = 0;

	for (uint32 i = 0; i < node->n_holdings; i++)
	{
		Holding    *h = &node->holdings[i];
		bool		unmapped = h->kind == INTEREST_UNMAPPED;

		if (unmapped || (is_measured(run, node, h->kind) && !share_value_is_exact(&h->share)))
			if (node->register_state == REGISTER_COMPLETE || (!unmapped && h->share.lower_open))
				return false;
		if (unmapped)
			continue;
		holdings[n] = *h;
		holdings[n++].share = share_value_exact(h->share.lower);
	}
	node->holdings = holdings;
	node->n_holdings = n;
	node->register_state = REGISTER_CLOSED;
	if (node->pooled_fund == TERNARY_UNKNOWN)
		node->pooled_fund = TERNARY_FALSE;
	return true;
}

/* The stakes that the root could add in the target itself: each measure it holds nothing of. */
static void
add_direct_stakes(TippingRun *run)
{
	GraphNode  *node = graph_node(run->overlay->nb->graph, run->target);
	ShareValue	nothing = share_value_exact(FRACTION_ZERO);

	if (node->unheld || run->root == run->target)
		return;
	for (int k = 0; k < run->test.n_measures; k++)
	{
		InterestKind kind = told_by(run, node, run->test.measures[k].kind);

		if (overlay_holding(run->overlay, run->root, run->target, kind) == NULL)
			overlay_add(run->overlay, run->root, run->target, kind, &nothing);
	}
}

/* Everybody that an interest or role makes a holder of a party, one by one. */
static NodeId
above(const GraphNode *node, uint32 i)
{
	return i < node->n_holdings ? node->holdings[i].holder : node->principals[i - node->n_holdings].principal;
}

/* Marks the root and what is below it in the cone. */
static void
mark_reached(TippingRun *run)
{
	const Graph *graph = run->overlay->nb->graph;
	uint32		size = graph_size(graph);
	uint32	   *place = palloc_extended(mul_size(sizeof(uint32), size), MCXT_ALLOC_HUGE);
	uint32	   *start = palloc_extended(mul_size(sizeof(uint32), (Size) run->n_cone + 2), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	uint32	   *queue = palloc_extended(mul_size(sizeof(uint32), run->n_cone), MCXT_ALLOC_HUGE);
	uint32	   *below;
	uint32		n_queue = 0;

	run->reached = palloc_extended(run->n_cone, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	for (uint32 i = 0; i < run->n_cone; i++)
		place[run->cone[i]] = i;
	for (int pass = 0; pass < 2; pass++)
	{
		if (pass == 1)
		{
			for (uint32 i = 1; i < run->n_cone + 1; i++)
				start[i + 1] += start[i];
			below = palloc_extended(mul_size(sizeof(uint32), (Size) start[run->n_cone + 1] + 1), MCXT_ALLOC_HUGE);
		}
		for (uint32 i = 0; i < run->n_cone; i++)
		{
			const GraphNode *node = graph_node(graph, run->cone[i]);

			CHECK_FOR_INTERRUPTS();
			for (uint32 j = 0; j < node->n_holdings + node->n_principals; j++)
				if (pass == 0)
					start[place[above(node, j)] + 2]++;
				else
					below[start[place[above(node, j)] + 1]++] = i;
		}
	}
	for (uint32 i = 0; i < run->n_cone; i++)
		if (run->cone[i] == run->root)
		{
			run->reached[i] = true;
			queue[n_queue++] = i;
		}
	while (n_queue > 0)
	{
		uint32		i = queue[--n_queue];

		CHECK_FOR_INTERRUPTS();
		for (uint32 j = start[i]; j < start[i + 1]; j++)
			if (!run->reached[below[j]])
			{
				run->reached[below[j]] = true;
				queue[n_queue++] = below[j];
			}
	}
	pfree(place);
}

/* One row: holder_id, held_id, kind, share, critical, bound, tips_at, remark. */
static void
put_stake(TippingRun *run, NodeId holder, NodeId held, InterestKind kind, bool critical,
		  const Tipping *tipping, const char *remark)
{
	const Graph *graph = run->inquiry->nb->graph;
	const GraphNode *node = graph_node(graph, held);
	ShareValue	share = share_value_exact(FRACTION_ZERO);
	Datum		values[N_COLUMNS] = {0};
	bool		nulls[N_COLUMNS];

	memset(nulls, true, sizeof(nulls));
	set_text(values, nulls, 0, graph_node(graph, holder)->id);
	set_text(values, nulls, 1, node->id);
	set_text(values, nulls, 2, interest_kind_words[kind]);
	if (kind < N_PERCENTAGE_KINDS)
	{
		for (uint32 i = 0; i < node->n_holdings; i++)
			if (node->holdings[i].holder == holder && node->holdings[i].kind == kind)
				share = node->holdings[i].share;
		values[3] = share_value_datum(&run->inquiry->env, &share);
		nulls[3] = false;
	}
	values[4] = BoolGetDatum(critical);
	nulls[4] = false;
	if (tipping != NULL)
	{
		share = share_value_exact(tipping->at);
		set_text(values, nulls, 5, tipping->attained ? "at least" : "more than");
		values[6] = share_value_datum(&run->inquiry->env, &share);
		nulls[6] = false;
	}
	set_text(values, nulls, 7, remark);
	tuplestore_putvalues(run->rsinfo->setResult, run->rsinfo->setDesc, values, nulls);
}

/* The most that a stake can be: what the other holders of that kind leave. */
static Fraction
stake_limit(TippingRun *run, const GraphNode *node, const Holding *stake)
{
	CoreEnv    *env = &run->overlay->env;
	Fraction	others = FRACTION_ZERO;

	for (uint32 i = 0; i < node->n_holdings; i++)
		if (node->holdings[i].kind == stake->kind && &node->holdings[i] != stake)
			others = fraction_add(env, others, node->holdings[i].share.lower);
	inquiry_check(run->overlay);
	if (fraction_compare(env, others, FRACTION_ONE) >= 0)
		return FRACTION_ZERO;
	return fraction_subtract(env, FRACTION_ONE, others);
}

/* Tells of one percentage of one holder, if it can tip the status by itself. */
static void
try_stake(TippingRun *run, NodeId held, Holding *stake, bool status)
{
	GraphNode  *node = graph_node(run->overlay->nb->graph, held);
	Tipping		tipping;
	bool		moves;

	CHECK_FOR_INTERRUPTS();
	run->stake = stake;
	run->limit = stake_limit(run, node, stake);
	if (fraction_compare(&run->overlay->env, run->limit, stake->share.lower) < 0)
	{
		/* more than the whole: only its removal can be judged */
		if (status && !stake_answer(run, TIPPING_AT, FRACTION_ZERO) && !run->too_large)
			put_stake(run, stake->holder, held, stake->kind, true, NULL,
					  "the holdings of this kind add up to more than the whole");
		return;
	}
	if (fraction_is_zero(run->limit))
		return;
	moves = status ? !stake_answer(run, TIPPING_AT, FRACTION_ZERO) : stake_answer(run, TIPPING_AT, run->limit);
	if (!moves || run->too_large)
		return;
	if (tipping_find(&run->overlay->env, run->limit, stake_answer, run, &tipping) && !run->too_large)
		put_stake(run, stake->holder, held, stake->kind, status, &tipping, NULL);
	else
		put_stake(run, stake->holder, held, stake->kind, status, NULL, "the exact share could not be proved");
	inquiry_check(run->overlay);
}

/* Tells of one role or principal whose removal alone would end the status. */
static void
try_role(TippingRun *run, NodeId holder, NodeId held, InterestKind kind)
{
	Inquiry    *overlay = run->overlay;
	bool		principal = kind == INTEREST_BRANCH_OF || kind == INTEREST_ACTS_FOR;
	GraphNode  *node = graph_node(overlay->nb->graph, held);
	GraphNode	before = *node;
	bool		ends;

	CHECK_FOR_INTERRUPTS();
	if (principal)
		(void) overlay_remove(overlay, held, holder, kind);
	else
		(void) overlay_remove(overlay, holder, held, kind);
	ends = !status_now(run, RUN_DEFINITE);
	*node = before;
	if (!ends || run->too_large)
		return;
	if (principal)
		put_stake(run, held, holder, kind, true, NULL, NULL);
	else
		put_stake(run, holder, held, kind, true, NULL, NULL);
}

/* Tries every stake, role and principal through which the root can have anything of a party. */
static void
try_party(TippingRun *run, const uint32 *place, NodeId held, bool status)
{
	GraphNode  *node = graph_node(run->overlay->nb->graph, held);
	uint32		roles = run->test.roles | run->test.fund_roles;

	for (uint32 i = 0; i < node->n_holdings && !run->too_large; i++)
	{
		Holding    *h = &node->holdings[i];

		if (h->holder == held || !run->reached[place[h->holder]])
			continue;
		if (is_measured(run, node, h->kind))
			try_stake(run, held, h, status);
		else if (status && (roles & (1u << h->kind)) != 0)
			try_role(run, h->holder, held, h->kind);
	}
	for (uint32 i = 0; status && i < node->n_principals && !run->too_large; i++)
		if (run->reached[place[node->principals[i].principal]])
			try_role(run, node->principals[i].principal, held, node->principals[i].kind);
}

/* Settles everybody in the cone; false, and a notice, where somebody cannot be settled. */
static bool
settle_cone(TippingRun *run)
{
	run->n_cone = graph_cone(&run->overlay->env, run->overlay->nb->graph, run->target, &run->cone);
	inquiry_check(run->overlay);
	for (uint32 i = 0; i < run->n_cone; i++)
		if (!settle(run, run->cone[i]))
		{
			ereport(NOTICE,
					(errmsg("no tipping share can be proved: party \"%s\" has a share with an open end, or a range in a complete register",
							graph_node(run->overlay->nb->graph, run->cone[i])->id)));
			return false;
		}
	return true;
}

/* Settles the cone and tries what is in it. */
static void
try_cone(TippingRun *run)
{
	uint32	   *place;
	bool		status;

	if (!settle_cone(run))
		return;
	add_direct_stakes(run);
	/* the root, and what is above it, may stand in the cone only since then */
	if (!settle_cone(run))
		return;
	mark_reached(run);
	place = palloc_extended(mul_size(sizeof(uint32), graph_size(run->overlay->nb->graph)), MCXT_ALLOC_HUGE);
	for (uint32 i = 0; i < run->n_cone; i++)
		place[run->cone[i]] = i;
	status = status_now(run, RUN_DEFINITE);
	for (uint32 i = 0; i < run->n_cone && !run->too_large; i++)
		try_party(run, place, run->cone[i], status);
	if (run->too_large)
		ereport(NOTICE,
				(errmsg("no more tipping shares can be proved: %s", proof_open_text(run->inquiry, run->target))));
}

/* ownership_tipping(holder, held, test, as_of) */
Datum
outbound_ownership_tipping(PG_FUNCTION_ARGS)
{
	TippingRun	run = {0};
	char	   *holder_id = id_argument(fcinfo, 0);
	char	   *test = text_to_cstring(PG_GETARG_TEXT_PP(2));
	Question   *question;
	NodeId		above_it;
	TestRow		row;

	InitMaterializedSRF(fcinfo, 0);
	run.rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	question = question_begin(fcinfo, id_argument(fcinfo, 1), PG_GETARG_DATEADT(3));
	require_known(question);
	run.inquiry = question->inquiry;
	above_it = known_party(run.inquiry, holder_id);
	row = rule_test_under(rule_test(run.inquiry->book, test), run.inquiry->choice);
	if (row.through != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("ownership test \"%s\" is also met through \"%s\": no single share tips it", test, row.through)));
	run.row = row;
	run.test = kernel_test(&row);
	run.root = above_it;
	run.target = question->party;
	run.scratch = AllocSetContextCreate(run.inquiry->scratch, "outbound tipping", ALLOCSET_DEFAULT_SIZES);
	run.overlay = overlay_begin(run.inquiry);
	if (run.root != run.target)
		try_cone(&run);
	inquiry_end(run.inquiry);
	return (Datum) 0;
}

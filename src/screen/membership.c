/*
 * membership.c
 *		Pooled ownership tests: which parties do the seeds, together, hold enough of?
 *
 * Three kernel runs bound what ranges and undisclosed holders leave open; a run that the
 * data cannot make differ is not repeated.  Tests in tiers are passes over the same cone.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "read/contract_words.h"
#include "utils/memutils.h"

#include "screen/roots.h"

OwnershipTest
kernel_test(const TestRow *row)
{
	OwnershipTest test = row->base;

	/* a branch is the entity itself under every test (850.212, 850.229) */
	test.principal_roles |= 1u << INTEREST_BRANCH_OF;
	return test;
}

OwnershipTest
kernel_test_in_run(const TestRow *row, KernelRun run)
{
	OwnershipTest test = kernel_test(row);

	if (row->across_open)
		test.across_measures = run != RUN_DEFINITE;
	return test;
}

/* Is a place among the codes of a comma-separated list?  Unknown where the place is. */
static Ternary
place_among(const char *codes, size_t length, const char *place)
{
	if (place[0] == '\0')
		return TERNARY_UNKNOWN;
	for (size_t at = 0; at + 2 <= length; at += 3)
		if (codes[at] == place[0] && codes[at + 1] == place[1])
			return TERNARY_TRUE;
	return TERNARY_FALSE;
}

/* An individual resident there, an entity organized or run there, the government (28 CFR 202.211). */
static Ternary
party_of_place(Inquiry *inquiry, NodeId node, const char *codes, size_t length)
{
	const Party *party = neighbourhood_party(inquiry->nb, node);
	Ternary		individual = place_among(codes, length, party->located_in);
	Ternary		organized = place_among(codes, length, party->organized_in);
	Ternary		entity = ternary_or(organized, place_among(codes, length, party->principal_place_in));

	switch (party->kind)
	{
		case PARTY_INDIVIDUAL:
			return individual;
		case PARTY_GOVERNMENT:
			return organized;
		case PARTY_KIND_UNKNOWN:
			return ternary_or(entity, ternary_and(individual, TERNARY_UNKNOWN));
		default:
			return entity;
	}
}

/* On any of the lists of a comma-separated list? */
static Ternary
on_lists(Inquiry *inquiry, NodeId node, const char *names, size_t length)
{
	Ternary		any = TERNARY_FALSE;

	for (size_t at = 0, end; at < length && any != TERNARY_TRUE; at = end + 1)
	{
		for (end = at; end < length && names[end] != ',';)
			end++;
		any = ternary_or(any, listed(inquiry, node, pnstrdup(names + at, end - at)));
	}
	return any;
}

/* Has the word of that length the prefix, with something behind it? */
static bool
begins(const char *word, size_t length, const char *prefix)
{
	return length > strlen(prefix) && strncmp(word, prefix, strlen(prefix)) == 0;
}

/* A person of a country of concern by its own row, or as that government's (850.221(a) to (c)). */
static Ternary
is_person_of_concern(Inquiry *inquiry, NodeId node, KernelRun run)
{
	Ternary		base = base_person_of_concern(inquiry, node);
	Grade		government;

	if (base == TERNARY_TRUE)
		return base;
	government = membership_grade(inquiry, TEST_GOVERNMENT, node);
	if (government == GRADE_UNDISCLOSED && run != RUN_UNDISCLOSED)
		government = GRADE_NO;
	return ternary_or(base, grade_ternary(government));
}

/* Is the party what one word of a row's seeds says? */
static Ternary
is_seed_by(Inquiry *inquiry, const char *word, size_t length, NodeId node, KernelRun run)
{
	static const struct
	{
		const char *word;
		Ternary		(*holds) (Inquiry *inquiry, NodeId party);
	}			persons[] = {
		{"us_person", us_person},
		{"government_of_country_of_concern", government_of_concern},
	};

	for (int i = 0; i < lengthof(persons); i++)
		if (strlen(persons[i].word) == length && strncmp(word, persons[i].word, length) == 0)
			return persons[i].holds(inquiry, node);
	if (length == 28 && strncmp(word, "person_of_country_of_concern", length) == 0)
		return is_person_of_concern(inquiry, node, run);
	if (length == 4 && strncmp(word, "root", length) == 0)
		return TERNARY_TRUE;
	if (begins(word, length, "list:"))
		return on_lists(inquiry, node, word + 5, length - 5);
	if (begins(word, length, "place:"))
		return party_of_place(inquiry, node, word + 6, length - 6);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("ownership test has unrecognized seeds \"%s\"", pnstrdup(word, length)),
			 errhint("Seeds are us_person, person_of_country_of_concern, government_of_country_of_concern, root, list:NAME,... and place:CODE,..., separated by spaces.")));
	return TERNARY_UNKNOWN;		/* keep the compiler quiet */
}

/* Is the party among the seeds the test's row names, by any of its words? */
Ternary
is_seed(Inquiry *inquiry, const char *seeds, NodeId node, KernelRun run)
{
	Ternary		any = TERNARY_FALSE;

	while (*seeds != '\0' && any != TERNARY_TRUE)
	{
		size_t		length = strcspn(seeds, " ");

		if (length > 0)
			any = ternary_or(any, is_seed_by(inquiry, seeds, length, node, run));
		seeds += length + (seeds[length] == ' ');
	}
	return any;
}

Grade
grade_in_scope(Inquiry *inquiry, const TestRow *row, NodeId party, Grade grade)
{
	Ternary		organized = row->excludes_us ? neighbourhood_party(inquiry->nb, party)->organized_us : TERNARY_FALSE;

	if (!rule_test_applies(row) || organized == TERNARY_TRUE)
		return GRADE_NO;
	return organized == TERNARY_UNKNOWN ? Min(grade, GRADE_DISCLOSED) : grade;
}

/* The seeds that count in a run: the certain ones below, the possible ones too above. */
static uint32
collect_seeds(Inquiry *inquiry, const char *seeds, KernelRun run,
			  const NodeId *nodes, uint32 n_nodes, NodeId **result, bool *uncertain)
{
	uint32		n = 0;

	*result = palloc(mul_size(sizeof(NodeId), Max(n_nodes, 1)));
	for (uint32 i = 0; i < n_nodes; i++)
	{
		Ternary		seed = is_seed(inquiry, seeds, nodes[i], run);

		CHECK_FOR_INTERRUPTS();
		if (seed == TERNARY_UNKNOWN)
			*uncertain = true;
		if (seed == TERNARY_TRUE || (seed == TERNARY_UNKNOWN && run != RUN_DEFINITE))
			(*result)[n++] = nodes[i];
	}
	return n;
}

/* Do ranges, or what is not disclosed, make the runs differ at all? */
static void
cone_uncertainty(Inquiry *inquiry, const NodeId *nodes, uint32 n_nodes,
				 bool *ranges, bool *undisclosed)
{
	for (uint32 i = 0; i < n_nodes; i++)
	{
		const GraphNode *node = graph_node(inquiry->nb->graph, nodes[i]);

		CHECK_FOR_INTERRUPTS();
		if (!node->unheld && node->register_state == REGISTER_OPEN)
			*undisclosed = true;
		if (node->pooled_fund == TERNARY_UNKNOWN)
			*ranges = true;
		for (uint32 j = 0; j < node->n_holdings; j++)
			if (node->holdings[j].kind == INTEREST_UNMAPPED ||
				!share_value_is_exact(&node->holdings[j].share))
				*ranges = true;
	}
}

/* Every party there is: with the whole graph at hand one run answers for all of them. */
uint32
membership_all_nodes(Inquiry *inquiry, NodeId **nodes)
{
	uint32		n = graph_size(inquiry->nb->graph);

	*nodes = palloc_extended(mul_size(sizeof(NodeId), Max(n, 1)), MCXT_ALLOC_HUGE);
	for (uint32 i = 0; i < n; i++)
		(*nodes)[i] = i;
	return n;
}

Membership *
membership_run(Inquiry *inquiry, const char *test, const NodeId *target)
{
	TestRow		row = rule_test_under(rule_test(inquiry->book, test), inquiry->choice);

	return membership_run_row(inquiry, &row, target);
}

Membership *
membership_run_row(Inquiry *inquiry, const TestRow *row, const NodeId *target)
{
	MemoryContext old = MemoryContextSwitchTo(inquiry->scratch);
	Membership *m = palloc0(sizeof(Membership));
	bool		ranges = false;
	bool		undisclosed = false;
	NodeId	   *seeds;
	uint32		n_seeds;

	m->test = *row;
	ranges = row->across_open;
	/* the government's test first, once for the cone, if its members are seeds of this one */
	if (strstr(m->test.seeds, "person_of_country_of_concern") != NULL && target != NULL)
		(void) membership_grade(inquiry, TEST_GOVERNMENT, *target);
	if (target == NULL)
		m->n_nodes = membership_all_nodes(inquiry, &m->nodes);
	else
		m->n_nodes = graph_cone(&inquiry->env, inquiry->nb->graph, *target, &m->nodes);
	n_seeds = collect_seeds(inquiry, m->test.seeds, RUN_DEFINITE, m->nodes, m->n_nodes, &seeds, &ranges);
	cone_uncertainty(inquiry, m->nodes, m->n_nodes, &ranges, &undisclosed);
	for (KernelRun run = RUN_DEFINITE; run <= RUN_UNDISCLOSED; run++)
	{
		if ((run == RUN_DISCLOSED && !ranges) || (run == RUN_UNDISCLOSED && !undisclosed))
		{
			m->runs[run] = m->runs[run - 1];
			m->kernels[run] = m->kernels[run - 1];
		}
		else
		{
			if (run != RUN_DEFINITE)
				n_seeds = collect_seeds(inquiry, m->test.seeds, run, m->nodes, m->n_nodes, &seeds, &ranges);
			m->runs[run] = membership_passes(inquiry, &m->test, run, m->nodes, m->n_nodes, seeds, n_seeds,
											 &m->kernels[run]);
		}
	}
	MemoryContextSwitchTo(old);
	return m;
}

/* The grade of the party at a place of the cone.  Where row security hides rows, nobody is told "no". */
static Grade
run_grade(Inquiry *inquiry, const Membership *m, uint32 place)
{
	Grade		possible = inquiry->nb->row_security ? GRADE_UNDISCLOSED : GRADE_NO;

	for (KernelRun run = RUN_DEFINITE; run <= RUN_UNDISCLOSED; run++)
	{
		if (m->runs[run]->status[place] == TERNARY_TRUE)
			return Max(run_grades[run], possible);
		if (m->runs[run]->status[place] == TERNARY_UNKNOWN)
			possible = Max(possible, grade_if_open(run));
	}
	return possible;
}

/* The run that shows what a grade rests on. */
static KernelRun
run_of_grade(Grade grade)
{
	return grade == GRADE_DEFINITE ? RUN_DEFINITE : grade == GRADE_DISCLOSED ? RUN_DISCLOSED : RUN_UNDISCLOSED;
}

/* The grade that the party's own place and the test's days leave of it; seeds are what they are. */
static Grade
grade_at(Inquiry *inquiry, const Membership *m, uint32 place)
{
	Grade		grade = run_grade(inquiry, m, place);

	if (grade == GRADE_NO || (rule_test_applies(&m->test) && m->runs[RUN_DEFINITE]->exact->reason[place] == -1))
		return grade;
	return grade_in_scope(inquiry, &m->test, m->nodes[place], grade);
}

const char *
limb_word(const OwnershipTest *test, int reason)
{
	if (reason >= 0)
		return interest_kind_words[test->measures[reason].kind];
	return reason == -1 ? "seed" : reason == -2 ? "role" : reason == -3 ? "branch" : NULL;
}

/* The least or (upper) the largest that a run leaves of an amount. */
static Bound
run_amount_end(Inquiry *inquiry, const Membership *m, KernelRun run, uint32 place, int measure, bool upper)
{
	const MembershipRun *r = m->runs[run];
	const AmountEnds *ends;

	if (r->open == NULL || !r->open[place])
		return r->exact->amount[measure][place];
	ends = &r->ends[place * (Size) m->test.base.n_measures + measure];
	return bound_of_end(inquiry, upper ? ends->upper : ends->lower);
}

MembershipFinding
membership_finding(Inquiry *inquiry, const Membership *m, NodeId party)
{
	uint32		place = kernel_place(m->kernels[RUN_DEFINITE], party);
	MembershipFinding finding = {grade_at(inquiry, m, place)};
	const MembershipRun *run = m->runs[run_of_grade(run_grade(inquiry, m, place))];

	finding.tier = run->exact->rank[place];
	finding.is_member = run->status[place] == TERNARY_TRUE && finding.tier != PG_UINT32_MAX;
	finding.reason = run->exact->reason[place];
	for (int k = 0; k < m->test.base.n_measures; k++)
		finding.amount[k] = share_between(inquiry, run_amount_end(inquiry, m, RUN_DEFINITE, place, k, false),
										  run_amount_end(inquiry, m, RUN_UNDISCLOSED, place, k, true));
	return finding;
}

/*
 * Decides those whom enclosures left open: many in one exact run, a few by themselves.  Round a ring
 * too large for exact numbers it is possible, no more.
 */
static void
raise_open(Inquiry *inquiry, Kernel *kernel, const NodeId *seeds, uint32 n_seeds, Grade grade,
		   const NodeId *open, uint32 n_open, uint8 *memo)
{
	Attribution *exact = NULL;
	bool	   *too_dear = NULL;

	if (n_open > 8)
		exact = kernel_attribute_affordable(kernel, seeds, n_seeds, true, RINGS_OF_POOL, &too_dear);
	inquiry_check(inquiry);
	for (uint32 i = 0; i < n_open; i++)
	{
		uint32		place = kernel_place(kernel, open[i]);
		Ternary		met;

		CHECK_FOR_INTERRUPTS();
		if (exact == NULL)
			met = kernel_status(kernel, seeds, n_seeds, open[i]);
		else
			met = too_dear != NULL && too_dear[place] ? TERNARY_UNKNOWN : ternary_of(exact->status[place]);
		if (met == TERNARY_TRUE)
			memo[open[i]] = Max(memo[open[i]], (uint8) grade);
		else if (met == TERNARY_UNKNOWN)
			memo[open[i]] = Max(memo[open[i]], (uint8) Min(grade, GRADE_DISCLOSED));
	}
	inquiry_check(inquiry);
}

/* Raises to grade whoever the seeds make a member in one run; what enclosures leave open is decided exactly. */
static void
raise_members(Inquiry *inquiry, Kernel *kernel, const NodeId *seeds, uint32 n_seeds, Grade grade, uint8 *memo)
{
	const NodeId *reached;
	const Ternary *status;
	uint32		n = kernel_reached(kernel, seeds, n_seeds, &reached, &status);
	uint32		n_open = 0;
	NodeId	   *open;

	inquiry_check(inquiry);
	open = palloc_extended(mul_size(sizeof(NodeId), Max(n, 1)), MCXT_ALLOC_HUGE);
	for (uint32 i = 0; i < n; i++)
		if (status[i] == TERNARY_TRUE)
			memo[reached[i]] = Max(memo[reached[i]], (uint8) grade);
		else if (status[i] == TERNARY_UNKNOWN && memo[reached[i]] < (uint8) grade)
			open[n_open++] = reached[i];
	raise_open(inquiry, kernel, seeds, n_seeds, grade, open, n_open, memo);
	pfree(open);
}

/*
 * The grades of a cone (NULL: of everybody) under a test that is one closure.  They are
 * answers as they are raised: an error on the way takes the neighbourhood with it.
 */
static void
grade_members(Inquiry *inquiry, const TestRow *row, const NodeId *target, uint8 *memo)
{
	static const Grade grades[] = {GRADE_DEFINITE, GRADE_DISCLOSED, GRADE_UNDISCLOSED};
	bool		ranges = row->across_open;
	bool		undisclosed = false;
	NodeId	   *nodes;
	NodeId	   *seeds;
	uint32		n = target ? graph_cone(&inquiry->env, inquiry->nb->graph, *target, &nodes) : membership_all_nodes(inquiry, &nodes);
	uint32		n_seeds = collect_seeds(inquiry, row->seeds, RUN_DEFINITE, nodes, n, &seeds, &ranges);

	neighbourhood_spend(inquiry->nb, n);
	cone_uncertainty(inquiry, nodes, n, &ranges, &undisclosed);
	for (uint32 i = 0; i < n; i++)
		memo[nodes[i]] = inquiry->nb->row_security ? GRADE_UNDISCLOSED : GRADE_NO;
	for (KernelRun run = RUN_DEFINITE; run <= RUN_UNDISCLOSED; run++)
	{
		OwnershipTest test;

		if ((run == RUN_DISCLOSED && !ranges) || (run == RUN_UNDISCLOSED && !undisclosed))
			continue;
		if (run != RUN_DEFINITE)
			n_seeds = collect_seeds(inquiry, row->seeds, run, nodes, n, &seeds, &ranges);
		test = kernel_test_in_run(row, run);
		raise_members(inquiry, kernel_create(&inquiry->env, inquiry->nb->graph, nodes, n, &test, run),
					  seeds, n_seeds, grades[run], memo);
	}
}

/* Answers a test for a whole cone, or for everybody; what it took goes at once. */
static void
remember_grades(Inquiry *inquiry, const char *test, NodeId party, uint8 *memo)
{
	const NodeId *target = inquiry->nb->whole ? NULL : &party;
	MemoryContext scratch = inquiry->scratch;
	MemoryContext one = AllocSetContextCreate(scratch, "outbound membership", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(one);
	TestRow		row = rule_test_under(rule_test(inquiry->book, test), inquiry->choice);

	inquiry->scratch = one;
	inquiry->env.arg = one;
	/* the government's test first, once for the cone, if its members are seeds of this one */
	if (strcmp(row.seeds, "person_of_country_of_concern") == 0)
		(void) membership_grade(inquiry, TEST_GOVERNMENT, party);
	/* a cone is closed under holders: every answer in it is final */
	if (row.tiers == 0 && row.base.status_feeds_back && !row.base.reports && !row.excludes_us && rule_test_applies(&row))
		grade_members(inquiry, &row, target, memo);
	else
	{
		Membership *m = membership_run(inquiry, test, target);

		for (uint32 i = 0; i < m->n_nodes; i++)
			memo[m->nodes[i]] = (uint8) grade_at(inquiry, m, i);
	}
	inquiry->scratch = scratch;
	inquiry->env.arg = scratch;
	MemoryContextSwitchTo(old);
	MemoryContextDelete(one);
}

Grade
membership_grade(Inquiry *inquiry, const char *test, NodeId party)
{
	uint8	   *memo = inquiry_test_memo(inquiry, test);

	if (memo[party] == MEMO_EMPTY)
		remember_grades(inquiry, test, party, memo);
	return (Grade) memo[party];
}

ProofRun
membership_proof(Inquiry *inquiry, const char *test, NodeId party)
{
	Membership *m = membership_run(inquiry, test, &party);
	uint32		place = kernel_place(m->kernels[RUN_DEFINITE], party);
	Grade		grade = run_grade(inquiry, m, place);
	KernelRun	run = grade == GRADE_NO ? RUN_DEFINITE : run_of_grade(grade);
	bool		uncertain;
	NodeId	   *seeds;
	uint32		n_seeds = collect_seeds(inquiry, m->test.seeds, run, m->nodes, m->n_nodes, &seeds, &uncertain);
	bool	   *open;
	ProofRun	proof = {m->kernels[run]};

	proof.attribution = kernel_attribute_affordable(proof.kernel, seeds, n_seeds, false, RINGS_OF_ROOT, &open);
	inquiry_check(inquiry);
	proof.grade = grade;
	proof.open = open != NULL && open[place] && proof.attribution->reason[party] != -1;
	return proof;
}

char *
proof_open_text(const Inquiry *inquiry, NodeId party)
{
	return psprintf("a ring of holdings above %s is too large for exact numbers", graph_node(inquiry->nb->graph, party)->id);
}

int
membership_tier(Inquiry *inquiry, const Membership *m, NodeId party)
{
	TestRow		first = m->test;
	NodeId	   *seeds;
	uint32		n_seeds;
	bool		uncertain;
	Kernel	   *kernel;

	uint32		place = kernel_place(m->kernels[RUN_DEFINITE], party);
	Ternary		at_once;

	if (m->runs[RUN_DEFINITE]->exact->rank[place] == 0)
		return 0;
	/* the first round of the alternation: the seeds alone count whole, nothing is raised yet */
	first.base.status_feeds_back = false;
	first.tiers = 0;
	n_seeds = collect_seeds(inquiry, first.seeds, RUN_DEFINITE, m->nodes, m->n_nodes, &seeds, &uncertain);
	at_once = membership_passes(inquiry, &first, RUN_DEFINITE, m->nodes, m->n_nodes, seeds, n_seeds,
								&kernel)->status[place];
	return at_once == TERNARY_UNKNOWN ? -1 : at_once == TERNARY_TRUE ? 1 : 2;
}

/* Does any measured kind of the party leave mass undisclosed? */
static bool
has_undisclosed_rest(Inquiry *inquiry, const OwnershipTest *test, const GraphNode *node)
{
	if (node->unheld || node->register_state != REGISTER_OPEN)
		return false;
	for (int k = 0; k < test->n_measures; k++)
	{
		Fraction	sum = FRACTION_ZERO;

		for (uint32 i = 0; i < node->n_holdings; i++)
			if (node->holdings[i].kind == test->measures[k].kind)
				sum = fraction_add(&inquiry->env, sum, node->holdings[i].share.lower);
		if (fraction_compare(&inquiry->env, sum, FRACTION_ONE) < 0)
			return true;
	}
	return false;
}

/* Adds what one party's own row and holders leave open. */
static void
party_missing(Inquiry *inquiry, const OwnershipTest *test, const char *seeds, NodeId party, Grade grade,
			  MissingList *missing)
{
	const GraphNode *node = graph_node(inquiry->nb->graph, party);

	if (strcmp(seeds, "person_of_country_of_concern") == 0)
		base_person_missing(inquiry, party, missing);
	else if (strcmp(seeds, "us_person") == 0)
		us_person_missing(inquiry, party, missing);
	for (uint32 i = 0; i < node->n_holdings; i++)
	{
		const Holding *holding = &node->holdings[i];
		bool		measured = holding->kind == INTEREST_UNMAPPED;

		for (int k = 0; k < test->n_measures; k++)
			measured |= holding->kind == test->measures[k].kind;
		if (measured && (holding->kind == INTEREST_UNMAPPED || !share_value_is_exact(&holding->share)))
			missing_add(missing, psprintf("interest(%s,%s)",
										  graph_node(inquiry->nb->graph, holding->holder)->id, node->id));
	}
	if (grade == GRADE_UNDISCLOSED && has_undisclosed_rest(inquiry, test, node))
		missing_party(missing, inquiry, party, "register");
}

void
membership_missing(Inquiry *inquiry, const char *test, NodeId party, MissingList *missing)
{
	TestRow		row = rule_test_under(rule_test(inquiry->book, test), inquiry->choice);
	uint32		allocated = 64;
	NodeId	   *queue = palloc(mul_size(sizeof(NodeId), allocated));
	uint32		n = 0;
	int			before = missing->n;
	uint8	   *seen = neighbourhood_marks(inquiry->nb);

	queue[n++] = party;
	seen[party] = 1;
	for (uint32 at = 0; at < n; at++)
	{
		const GraphNode *node = graph_node(inquiry->nb->graph, queue[at]);
		Grade		grade = membership_grade(inquiry, test, queue[at]);

		CHECK_FOR_INTERRUPTS();
		/* only what is itself open can decide what hangs on it */
		if (grade_ternary(grade) != TERNARY_UNKNOWN)
			continue;
		party_missing(inquiry, &row.base, row.seeds, queue[at], grade, missing);
		for (uint32 i = 0; i < node->n_holdings + node->n_principals; i++)
		{
			NodeId		above = i < node->n_holdings ? node->holdings[i].holder :
				node->principals[i - node->n_holdings].principal;

			if (seen[above])
				continue;
			seen[above] = 1;
			if (n == allocated)
				queue = repalloc_huge(queue, mul_size(sizeof(NodeId), allocated *= 2));
			queue[n++] = above;
		}
	}
	for (uint32 i = 0; i < n; i++)
		seen[queue[i]] = 0;
	pfree(queue);
	/* else it hangs on who is, or is directed by, the government, though of concern anyway */
	if (missing->n == before && strstr(row.seeds, "person_of_country_of_concern") != NULL)
		membership_missing(inquiry, TEST_GOVERNMENT, party, missing);
}

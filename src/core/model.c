/*
 * model.c
 *		Prepares a cone: see model.h.
 *
 * Self-holdings are not outstanding (850.219; A-04): they leave the register and the
 * others are rescaled by 1/(1 - s), unless a test counts them for nobody.  An interest of a kind nobody mapped may be up to
 * the whole of every measure and every role.
 */
#include <string.h>

#include "controlling.h"

static size_t
place_of(const Model *model, NodeId node)
{
	size_t		place = ((uint64_t) node * UINT64_C(0x9E3779B97F4A7C15) >> 32) & (model->place_size - 1);

	while (model->place[place] != 0 && model->nodes[model->place[place] - 1].node != node)
		place = (place + 1) & (model->place_size - 1);
	return place;
}

/* Finds the local number of a node of the graph. */
uint32_t
model_find(const Model *model, NodeId node)
{
	uint32_t	found = model->place[place_of(model, node)];

	return found ? found - 1 : NO_NODE;
}

/* Gives every node of the cone its local number. */
static void
number_nodes(Model *model, const NodeId *nodes, uint32_t n_nodes)
{
	CoreEnv    *env = model->env;
	size_t		n_measures = (size_t) model->test->n_measures;
	Register   *registers;

	model->place_size = 16;
	while (model->place_size < (size_t) n_nodes * 2)
		model->place_size *= 2;
	model->place = core_array(env, model->place_size, sizeof(uint32_t));
	model->nodes = core_array(env, n_nodes, sizeof(ModelNode));
	registers = core_array(env, (size_t) n_nodes * n_measures, sizeof(Register));
	if (env->status != CORE_OK)
		return;
	core_fill(model->env, model->place, 0, model->place_size * sizeof(uint32_t));
	core_fill(model->env, registers, 0, (size_t) n_nodes * n_measures * sizeof(Register));
	for (uint32_t i = 0; i < n_nodes; i++)
	{
		size_t		place = place_of(model, nodes[i]);

		core_step(env);
		if (model->place[place] != 0)
			continue;
		memset(&model->nodes[model->n], 0, sizeof(ModelNode));
		model->nodes[model->n].node = nodes[i];
		model->nodes[model->n].registers = registers + model->n * n_measures;
		model->place[place] = ++model->n;
	}
}

/* Does a role kind confer status on this node in this run? */
static bool
role_confers(const Model *model, const GraphNode *node, uint8_t kind)
{
	const OwnershipTest *test = model->test;
	uint32_t	roles = test->roles;

	if (node->pooled_fund == TERNARY_TRUE || (model->upper && node->pooled_fund == TERNARY_UNKNOWN))
		roles |= test->fund_roles;
	if (kind == INTEREST_UNMAPPED)
		return model->upper && roles != 0;
	return (roles & (UINT32_C(1) << kind)) != 0;
}

/* The share one holder has of a measure, from its holdings [from, to). */
static bool
holder_share(CoreEnv *env, const Holding *holdings, uint32_t from, uint32_t to,
			 InterestKind kind, ShareValue *share)
{
	bool		found = false;
	bool		unmapped = false;
	ShareValue	anything = share_value_unknown();

	for (uint32_t i = from; i < to; i++)
	{
		if (holdings[i].kind == kind)
		{
			*share = holdings[i].share;
			found = true;
		}
		else if (holdings[i].kind == INTEREST_UNMAPPED)
			unmapped = true;
	}
	if (unmapped)
		*share = found ? share_value_add(env, share, &anything) : anything;
	if (!found && !unmapped)
		return false;
	if (fraction_is_infinite(share->upper))
	{
		share->upper = FRACTION_ONE;
		if (fraction_compare(env, share->lower, FRACTION_ONE) >= 0)
			share->upper = fraction_add(env, share->lower, FRACTION_ONE);
		share->upper_open = false;
	}
	return true;
}

/* Takes a self-holding s out: lower ends by 1 - s.lower, upper ends by 1 - s.upper. */
static void
rescale_register(CoreEnv *env, Register *reg, const ShareValue *self)
{
	bool		whole = fraction_compare(env, self->upper, FRACTION_ONE) >= 0;

	if (fraction_compare(env, self->lower, FRACTION_ONE) >= 0 || fraction_is_zero(self->upper))
		return;
	for (uint32_t i = 0; i < reg->n; i++)
	{
		Lot		   *lot = &reg->lots[i];

		core_step(env);
		lot->lower_open = lot->lower_open || (self->lower_open && !fraction_is_zero(lot->lower));
		lot->lower = fraction_divide(env, lot->lower, fraction_subtract(env, FRACTION_ONE, self->lower));
		if (whole)
		{
			lot->upper_open = false;
			if (fraction_compare(env, lot->upper, FRACTION_ONE) < 0)
				lot->upper = FRACTION_ONE;
			if (fraction_compare(env, lot->lower, lot->upper) >= 0)
				lot->upper = fraction_add(env, lot->lower, FRACTION_ONE);
			continue;
		}
		lot->upper_open = lot->upper_open || self->upper_open;
		lot->upper = fraction_divide(env, lot->upper, fraction_subtract(env, FRACTION_ONE, self->upper));
	}
}

/* Decides which completions a register has, and its slack; own is what stays in it of own shares. */
static void
close_register(Model *model, Register *reg, const GraphNode *node, const ShareValue *own)
{
	CoreEnv    *env = model->env;
	Fraction	lower = own->lower;
	Fraction	upper = own->upper;
	bool		lower_open = own->lower_open;
	bool		upper_open = own->upper_open;
	uint8_t		state = node->register_state;
	int			c;

	reg->exact = true;
	for (uint32_t i = 0; i < reg->n; i++)
	{
		const Lot  *lot = &reg->lots[i];

		core_step(env);
		lower = fraction_add(env, lower, lot->lower);
		upper = fraction_add(env, upper, lot->upper);
		lower_open = lower_open || lot->lower_open;
		upper_open = upper_open || lot->upper_open;
		if (fraction_compare(env, lot->lower, lot->upper) != 0)
			reg->exact = false;
	}
	reg->open_ends = lower_open || upper_open;
	if (reg->open_ends)
		model->has_open_ends = true;
	if (node->unheld)
		state = REGISTER_CLOSED;
	/* own shares of which only a range is known may be as much of the rest as anybody's */
	reg->mass = state == REGISTER_COMPLETE && share_value_is_exact(own) ? MASS_COMPLETE : MASS_REST;
	c = fraction_compare(env, lower, FRACTION_ONE);
	if (c > 0 || (c == 0 && lower_open))
		reg->mass = MASS_BOX;
	c = fraction_compare(env, upper, FRACTION_ONE);
	if (reg->mass == MASS_COMPLETE && (c < 0 || (c == 0 && upper_open)))
		reg->mass = MASS_BOX;
	reg->slack = FRACTION_ZERO;
	if (reg->mass != MASS_BOX)
		reg->slack = fraction_subtract(env, FRACTION_ONE, lower);
	reg->rest_is_anybodys = model->run == RUN_UNDISCLOSED && state == REGISTER_OPEN &&
		reg->mass == MASS_REST && !fraction_is_zero(reg->slack);
}

/* The kind whose rows tell a measure: votes, where nobody recorded any, may be read off the equity. */
static InterestKind
told_by(const OwnershipTest *test, const GraphNode *node, InterestKind kind)
{
	if (!test->equity_votes || kind != INTEREST_VOTING)
		return kind;
	for (uint32_t i = 0; i < node->n_holdings; i++)
		if (node->holdings[i].kind == INTEREST_VOTING)
			return kind;
	return INTEREST_EQUITY;
}

/* Room for so many of something in a node's lists, which most have none of. */
static void *
list_array(CoreEnv *env, uint32_t n, size_t size)
{
	return n > 0 ? core_array(env, n, size) : NULL;
}

/* How many lots a register of that kind has at most. */
static uint32_t
most_lots(const GraphNode *node, InterestKind kind)
{
	uint32_t	n = 0;

	for (uint32_t i = 0; i < node->n_holdings; i++)
		n += node->holdings[i].kind == kind || node->holdings[i].kind == INTEREST_UNMAPPED;
	return n;
}

/* Builds the register of one measure; holders in order of the graph's numbers. */
static void
build_register(Model *model, uint32_t local, int measure)
{
	CoreEnv    *env = model->env;
	const GraphNode *node = graph_node(model->graph, model->nodes[local].node);
	Register   *reg = &model->nodes[local].registers[measure];
	InterestKind kind = told_by(model->test, node, model->test->measures[measure].kind);
	ShareValue	self = share_value_exact(FRACTION_ZERO);

	reg->lots = list_array(env, most_lots(node, kind), sizeof(Lot));
	if (env->status != CORE_OK)
		return;
	for (uint32_t from = 0, to; from < node->n_holdings; from = to)
	{
		NodeId		holder = node->holdings[from].holder;
		ShareValue	share;
		Lot		   *lot;

		core_step(env);
		for (to = from + 1; to < node->n_holdings && node->holdings[to].holder == holder;)
			to++;
		if (!holder_share(env, node->holdings, from, to, kind, &share))
			continue;
		if (holder == model->nodes[local].node)
			self = share;
		else if (!fraction_is_zero(share.upper))
		{
			lot = &reg->lots[reg->n++];
			memset(lot, 0, sizeof(Lot));
			lot->holder = model_find(model, holder);
			lot->lower = share.lower;
			lot->upper = share.upper;
			lot->lower_open = share.lower_open;
			lot->upper_open = share.upper_open;
			if (lot->holder == NO_NODE)
				core_fail(env, CORE_OUT_OF_RANGE);
		}
	}
	if (!model->test->own_shares_count)
	{
		rescale_register(env, reg, &self);
		self = share_value_exact(FRACTION_ZERO);
	}
	close_register(model, reg, node, &self);
}

/* Finds the next lot of a holder in a register, moving along with at[]. */
static bool
lot_of(const ModelNode *m, int k, uint32_t *at, uint32_t holder, uint32_t link)
{
	const Register *reg = &m->registers[k];

	if (at[k] >= reg->n || reg->lots[at[k]].holder != holder)
		return false;
	reg->lots[at[k]++].link = link;
	return true;
}

/* Lists who holds a measure of a node or has a role in it, and its principals. */
static void
build_links(Model *model, uint32_t local)
{
	CoreEnv    *env = model->env;
	ModelNode  *m = &model->nodes[local];
	const GraphNode *node = graph_node(model->graph, m->node);
	uint32_t	at[MAX_MEASURES] = {0};

	m->links = list_array(env, node->n_holdings, sizeof(Link));
	m->principals = list_array(env, node->n_principals, sizeof(uint32_t));
	if (env->status != CORE_OK)
		return;
	for (uint32_t from = 0, to; from < node->n_holdings; from = to)
	{
		uint32_t	holder = model_find(model, node->holdings[from].holder);
		bool		role = false;
		bool		lot = false;

		core_step(env);
		for (to = from; to < node->n_holdings && node->holdings[to].holder == node->holdings[from].holder; to++)
			role = role || role_confers(model, node, node->holdings[to].kind);
		if (holder == local)
			continue;
		for (int k = 0; k < model->test->n_measures; k++)
			lot = lot_of(m, k, at, holder, m->n_links) || lot;
		if (!lot && !role)
			continue;
		m->links[m->n_links].holder = holder;
		m->links[m->n_links].role = role;
		m->links[m->n_links++].state = LINK_UNDECIDED;
	}
	if (m->n_links > model->max_links)
		model->max_links = m->n_links;
	for (uint32_t i = 0; i < node->n_principals; i++)
	{
		uint32_t	principal = model_find(model, node->principals[i].principal);

		if ((model->test->principal_roles & (UINT32_C(1) << node->principals[i].kind)) == 0 ||
			principal == local)
			continue;
		m->principals[m->n_principals++] = principal;
		if (principal == NO_NODE)
			core_fail(env, CORE_OUT_OF_RANGE);
	}
}

/* Sorts the edges both ways and finds the components, holders first. */
static void
build_order(Model *model)
{
	CoreEnv    *env = model->env;
	uint32_t   *start = core_array(env, (size_t) model->n + 1, sizeof(uint32_t));
	uint32_t   *target;
	size_t		total = 0;
	Digraph		up;

	model->held_start = core_array(env, (size_t) model->n + 2, sizeof(uint32_t));
	for (uint32_t i = 0; i < model->n; i++)
		total += (size_t) model->nodes[i].n_links + model->nodes[i].n_principals;
	if (total >= UINT32_MAX)
		core_fail(env, CORE_TOO_LARGE);
	target = core_array(env, total, sizeof(uint32_t));
	model->held = core_array(env, total, sizeof(uint32_t));
	if (env->status != CORE_OK)
		return;
	core_fill(model->env, model->held_start, 0, ((size_t) model->n + 2) * sizeof(uint32_t));
	total = 0;
	for (uint32_t i = 0; i < model->n; i++)
	{
		const ModelNode *m = &model->nodes[i];

		start[i] = (uint32_t) total;
		for (uint32_t j = 0; j < m->n_links + m->n_principals; j++)
		{
			core_step(env);
			target[total] = j < m->n_links ? m->links[j].holder : m->principals[j - m->n_links];
			model->held_start[target[total++] + 2]++;
		}
	}
	start[model->n] = (uint32_t) total;
	for (uint32_t i = 1; i <= model->n; i++)
		model->held_start[i + 1] += model->held_start[i];
	for (uint32_t i = 0; i < model->n; i++)
		for (uint32_t j = start[i]; j < start[i + 1]; j++)
		{
			core_step(env);
			model->held[model->held_start[target[j] + 1]++] = i;
		}
	up.n = model->n;
	up.start = start;
	up.target = target;
	components_find(env, &up, &model->components);
}

/* Does a component have open ends of its own, or hang on one that has? */
static bool
hangs_on_open_ends(const Model *model, uint32_t component)
{
	const Components *c = &model->components;

	for (uint32_t i = c->start[component]; i < c->start[component + 1]; i++)
	{
		const ModelNode *m = &model->nodes[c->members[i]];

		for (int k = 0; k < model->test->n_measures; k++)
			if (m->registers[k].open_ends)
				return true;
		for (uint32_t j = 0; j < m->n_links + m->n_principals; j++)
		{
			core_step(model->env);
			if (model->open_ends[c->of[j < m->n_links ? m->links[j].holder : m->principals[j - m->n_links]]])
				return true;
		}
	}
	return false;
}

/* Marks the components where bounds may be unattained, in order: it is the same for each in every cone. */
static void
build_open_ends(Model *model)
{
	if (!model->has_open_ends)
		return;
	model->open_ends = core_array(model->env, model->components.n, sizeof(bool));
	if (model->env->status != CORE_OK)
		return;
	core_fill(model->env, model->open_ends, 0, model->components.n * sizeof(bool));
	for (uint32_t i = 0; i < model->components.n; i++)
		model->open_ends[i] = hangs_on_open_ends(model, i);
}

/* Marks what undisclosed mass can reach: open registers and what their owners hold. */
static void
build_rest_reach(Model *model)
{
	CoreEnv    *env = model->env;
	uint32_t   *queue = core_array(env, model->n, sizeof(uint32_t));
	uint32_t	n_queue = 0;

	model->rest_reaches = core_array(env, model->n, sizeof(bool));
	if (env->status != CORE_OK)
		return;
	for (uint32_t i = 0; i < model->n; i++)
	{
		model->rest_reaches[i] = false;
		for (int k = 0; k < model->test->n_measures; k++)
			if (model->nodes[i].registers[k].rest_is_anybodys)
				model->rest_reaches[i] = true;
		if (model->rest_reaches[i])
			queue[n_queue++] = i;
	}
	while (n_queue > 0)
	{
		uint32_t	i = queue[--n_queue];

		for (uint32_t j = model->held_start[i]; j < model->held_start[i + 1]; j++)
		{
			core_step(env);
			if (!model->rest_reaches[model->held[j]])
			{
				model->rest_reaches[model->held[j]] = true;
				queue[n_queue++] = model->held[j];
			}
		}
	}
}

/* Prepares a cone for a test and a run. */
void
model_build(CoreEnv *env, Model *model, const Graph *graph, const NodeId *nodes,
			uint32_t n_nodes, const OwnershipTest *test, KernelRun run)
{
	memset(model, 0, sizeof(Model));
	model->env = env;
	model->graph = graph;
	model->test = test;
	model->run = run;
	model->upper = run != RUN_DEFINITE;
	number_nodes(model, nodes, n_nodes);
	for (uint32_t i = 0; i < model->n && env->status == CORE_OK; i++)
	{
		core_step(env);
		for (int k = 0; k < test->n_measures; k++)
			build_register(model, i, k);
		if (env->status == CORE_OK)
			build_links(model, i);
		if (env->status == CORE_OK && test->control_counts != CONTROL_AS_SHARE)
			controlling_count(model, i);
	}
	if (env->status == CORE_OK)
		build_order(model);
	if (env->status == CORE_OK)
		build_open_ends(model);
	if (env->status == CORE_OK)
		build_rest_reach(model);
}

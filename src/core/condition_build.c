/*
 * condition_build.c
 *		The grammar's actions: a tree while parsing, the flat form at the end.
 *
 * The grammar has one kind of expression; what may stand where (a condition under
 * AND, a value under +) is checked here, as far as it shows without a dictionary.
 * Every limit is checked as the tree grows, so that later steps need none.
 */
#include "condition_build.h"

#include <string.h>

/* keep the first error */
void
condition_fail(ConditionParse *parse, ConditionParseStatus status, const char *message,
			   const ConditionToken *at)
{
	if (parse->status != PARSE_OK)
		return;
	parse->status = status;
	parse->message = message;
	parse->near = at->start;
	parse->near_length = at->length;
}

/* a node without operands */
static ConditionTree *
new_tree(ConditionParse *parse, ConditionOp op, ConditionToken token)
{
	ConditionTree *tree = core_array(parse->env, 1, sizeof(ConditionTree));

	memset(tree, 0, sizeof(*tree));
	tree->op = op;
	tree->depth = 1;
	tree->size = 1;
	tree->token = token;
	return tree;
}

/* hang an operand under a node, minding the limits */
static bool
add_operand(ConditionParse *parse, ConditionTree *tree, ConditionTree *operand)
{
	if (tree->size + operand->size > CONDITION_MAX_NODES)
	{
		condition_fail(parse, PARSE_TOO_MANY, NULL, &operand->token);
		return false;
	}
	if (operand->depth >= CONDITION_MAX_DEPTH)
	{
		condition_fail(parse, PARSE_TOO_DEEP, NULL, &operand->token);
		return false;
	}
	tree->size += operand->size;
	if (tree->depth <= operand->depth)
		tree->depth = operand->depth + 1;
	if (tree->last)
		tree->last->next = operand;
	else
		tree->first = operand;
	tree->last = operand;
	operand->next = NULL;
	return true;
}

/* add an operand of AND or OR, its operands instead where it is of the same kind */
static bool
add_flat(ConditionParse *parse, ConditionTree *tree, ConditionTree *operand)
{
	ConditionTree *next;

	if (operand->op != tree->op)
		return add_operand(parse, tree, operand);
	for (ConditionTree *child = operand->first; child; child = next)
	{
		next = child->next;
		if (!add_operand(parse, tree, child))
			return false;
	}
	return true;
}

static bool
is_arithmetic(ConditionOp op)
{
	return op == COND_NUMBER || op == COND_DATE || (op >= COND_ADD && op <= COND_NEGATE);
}

/* may it stand where a condition is needed? a name may be a boolean fact */
static bool
need_condition(ConditionParse *parse, const ConditionTree *tree)
{
	if (tree->op != COND_STRING && !is_arithmetic(tree->op))
		return true;
	condition_fail(parse, PARSE_SYNTAX, "a value stands where a condition is needed", &tree->token);
	return false;
}

/* may it stand under a comparison (true and false may), or under arithmetic? */
static bool
need_value(ConditionParse *parse, const ConditionTree *tree, bool comparison)
{
	if (tree->op == COND_NAME || is_arithmetic(tree->op))
		return true;
	if (comparison && (tree->op == COND_STRING || tree->op == COND_TRUE || tree->op == COND_FALSE))
		return true;
	condition_fail(parse, PARSE_SYNTAX,
				   tree->op == COND_STRING ? "a text stands where a number is needed"
				   : "a condition stands where a value is needed", &tree->token);
	return false;
}

/* a leaf, its text brought to canonical form and checked */
ConditionTree *
condition_leaf(ConditionParse *parse, ConditionOp op, ConditionToken token)
{
	int64_t		days;

	if (op == COND_NUMBER)
	{
		token.text = condition_number(parse->env, token.text);
		if (token.text == NULL)
		{
			condition_fail(parse, PARSE_NUMBER, NULL, &token);
			return NULL;
		}
	}
	if (op == COND_DATE && !condition_date(token.text, &days))
	{
		condition_fail(parse, PARSE_SYNTAX, "no day of the form YYYY-MM-DD", &token);
		return NULL;
	}
	return new_tree(parse, op, token);
}

/* NOT of a condition; the negative of a value, at once where it is a number */
ConditionTree *
condition_unary(ConditionParse *parse, ConditionOp op, ConditionToken start, ConditionTree *operand)
{
	ConditionTree *tree;

	if (op == COND_NOT ? !need_condition(parse, operand) : !need_value(parse, operand, false))
		return NULL;
	if (op == COND_NEGATE && operand->op == COND_NUMBER)
	{
		const char *text = operand->token.text;
		char	   *negative = core_array(parse->env, strlen(text) + 2, 1);

		negative[0] = '-';
		strcpy(negative + 1, text);
		operand->token = start;
		operand->token.text = *text == '-' ? text + 1 : (strcmp(text, "0") == 0 ? text : negative);
		return operand;
	}
	start.text = NULL;
	tree = new_tree(parse, op, start);
	return add_operand(parse, tree, operand) ? tree : NULL;
}

/* two operands; AND and OR take in operands of their own kind */
ConditionTree *
condition_binary(ConditionParse *parse, ConditionOp op, ConditionTree *left, ConditionTree *right)
{
	ConditionTree *tree;

	if (op == COND_AND || op == COND_OR)
	{
		if (!need_condition(parse, left) || !need_condition(parse, right))
			return NULL;
		tree = left;
		if (left->op != op)
		{
			tree = new_tree(parse, op, left->token);
			tree->token.text = NULL;
			if (!add_operand(parse, tree, left))
				return NULL;
		}
		return add_flat(parse, tree, right) ? tree : NULL;
	}
	if (!need_value(parse, left, op <= COND_GE) || !need_value(parse, right, op <= COND_GE))
		return NULL;
	tree = new_tree(parse, op, left->token);
	tree->token.text = NULL;
	return add_operand(parse, tree, left) && add_operand(parse, tree, right) ? tree : NULL;
}

/* a fact and its elements */
ConditionTree *
condition_set(ConditionParse *parse, ConditionOp op, ConditionTree *fact, ConditionTree *elements)
{
	ConditionTree *tree = new_tree(parse, op, fact->token);
	ConditionTree *next;

	tree->token.text = NULL;
	if (fact->op != COND_NAME)
	{
		condition_fail(parse, PARSE_SYNTAX, "something else stands where a fact is needed", &fact->token);
		return NULL;
	}
	if (!add_operand(parse, tree, fact))
		return NULL;
	for (; elements; elements = next)
	{
		next = elements->next;
		if (!add_operand(parse, tree, elements))
			return NULL;
	}
	return tree;
}

/* put an element at the end of a chain whose head remembers it */
ConditionTree *
condition_append(ConditionTree *elements, ConditionTree *element)
{
	(elements->last ? elements->last : elements)->next = element;
	elements->last = element;
	return elements;
}

/* the whole input must be a condition */
void
condition_finish(ConditionParse *parse, ConditionTree *root)
{
	if (need_condition(parse, root))
		parse->root = root;
}

/* bytes of the texts under a tree */
static size_t
text_size(const ConditionTree *tree)
{
	size_t		size = 0;

	if (tree->op >= COND_NAME && tree->op <= COND_DATE)
		size = strlen(tree->token.text) + 1;
	for (const ConditionTree *child = tree->first; child; child = child->next)
		size += text_size(child);
	return size;
}

/* write a tree in preorder */
static void
write_tree(ConditionForm *form, uint32_t *node, uint32_t *text, const ConditionTree *tree)
{
	ConditionNode *at = &form->nodes[(*node)++];

	at->op = (uint8_t) tree->op;
	at->size = tree->size;
	if (tree->op >= COND_NAME && tree->op <= COND_DATE)
	{
		size_t		length = strlen(tree->token.text) + 1;

		at->text = *text;
		memcpy((char *) (form->nodes + form->n_nodes) + *text, tree->token.text, length);
		*text += (uint32_t) length;
	}
	for (const ConditionTree *child = tree->first; child; child = child->next)
		write_tree(form, node, text, child);
}

/* the form of the parsed tree; its depth is limited, and so is the recursion */
ConditionForm *
condition_flatten(ConditionParse *parse)
{
	uint32_t	n_nodes = parse->root->size;
	size_t		texts = text_size(parse->root);
	size_t		size = sizeof(ConditionForm) + n_nodes * sizeof(ConditionNode) + texts;
	ConditionForm *form = core_array(parse->env, size, 1);
	uint32_t	node = 0,
				text = 0;

	memset(form, 0, size);
	form->version = CONDITION_VERSION;
	form->n_nodes = n_nodes;
	form->text_size = (uint32_t) texts;
	write_tree(form, &node, &text, parse->root);
	return form;
}

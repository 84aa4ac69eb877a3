/*
 * condition_print.c
 *		The canonical text of a condition, and the names in it.
 *
 * Parsing the text gives the same form again, byte for byte.  The depth of a form is
 * limited where it is built, and with it the recursion here.
 */
#include "condition_build.h"

#include <stdlib.h>
#include <string.h>

/* how tightly an operator binds; operands that bind less need parentheses */
enum
{
	BINDS_OR = 1,
	BINDS_AND,
	BINDS_NOT,
	BINDS_COMPARISON,
	BINDS_SUM,
	BINDS_PRODUCT,
	BINDS_NEGATE,
	BINDS_ATOM
};

/* text is NULL while the length is counted */
typedef struct Printer
{
	const ConditionForm *form;
	char	   *text;
	size_t		length;
} Printer;

static void print_node(Printer *printer, uint32_t node, int binds);

static void
put(Printer *printer, const char *text)
{
	size_t		n = strlen(text);

	if (printer->text)
		memcpy(printer->text + printer->length, text, n);
	printer->length += n;
}

/* a word in quotes, those within doubled */
static void
put_quoted(Printer *printer, const char *text, char quote)
{
	char		one[2] = {quote, '\0'};

	put(printer, one);
	for (; *text; text++)
	{
		char		c[3] = {*text, *text == quote ? quote : '\0', '\0'};

		put(printer, c);
	}
	put(printer, one);
}

/* a name or element that the scanner reads as one word that is no keyword */
bool
condition_is_bare(const char *text)
{
	static const char *const keywords[] = {"and", "false", "in", "not", "or", "true"};

	if (*text == '\0' || (*text >= '0' && *text <= '9'))
		return false;
	for (const char *c = text; *c; c++)
	{
		if (!((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9')
			  || *c == '_' || (unsigned char) *c >= 0x80))
			return false;
	}
	for (size_t k = 0; k < sizeof(keywords) / sizeof(keywords[0]); k++)
	{
		size_t		i = 0;

		while (text[i] && (text[i] | 0x20) == keywords[k][i])
			i++;
		if (text[i] == '\0' && keywords[k][i] == '\0')
			return false;
	}
	return true;
}

static int
binding(const ConditionNode *node)
{
	switch ((ConditionOp) node->op)
	{
		case COND_OR:
			return BINDS_OR;
		case COND_AND:
			return BINDS_AND;
		case COND_NOT:
			return BINDS_NOT;
		case COND_ADD:
		case COND_SUBTRACT:
			return BINDS_SUM;
		case COND_MULTIPLY:
		case COND_DIVIDE:
			return BINDS_PRODUCT;
		case COND_NEGATE:
			return BINDS_NEGATE;
		case COND_TRUE:
		case COND_FALSE:
		case COND_NAME:
		case COND_STRING:
		case COND_NUMBER:
		case COND_DATE:
			return BINDS_ATOM;
		default:
			return BINDS_COMPARISON;
	}
}

static const char *
spelling(ConditionOp op)
{
	static const char *const spellings[] = {
		[COND_OR] = " or ", [COND_AND] = " and ", [COND_NOT] = "not ",
		[COND_TRUE] = "true", [COND_FALSE] = "false",
		[COND_EQ] = " = ", [COND_NE] = " <> ", [COND_LT] = " < ",
		[COND_LE] = " <= ", [COND_GT] = " > ", [COND_GE] = " >= ",
		[COND_ADD] = " + ", [COND_SUBTRACT] = " - ", [COND_MULTIPLY] = " * ",
		[COND_DIVIDE] = " / ", [COND_NEGATE] = "-",
		[COND_OVERLAPS] = " && {", [COND_CONTAINS] = " @> {",
		[COND_SET_EQ] = " = {", [COND_SET_NE] = " <> {", [COND_IN] = " in ("
	};

	return spellings[op];
}

/* a fact, the operator, and the elements after it */
static void
print_set(Printer *printer, uint32_t node)
{
	const ConditionNode *set = &printer->form->nodes[node];

	print_node(printer, node + 1, BINDS_ATOM);
	put(printer, spelling(set->op));
	for (uint32_t i = 2; i < set->size; i++)
	{
		const char *text = condition_node_text(printer->form, set + i);

		if (i > 2)
			put(printer, ", ");
		if (set->op != COND_IN && condition_is_bare(text))
			put(printer, text);
		else
			put_quoted(printer, text, '\'');
	}
	put(printer, set->op == COND_IN ? ")" : "}");
}

/* operands with the operator between them; all but the first must bind as tightly as later says */
static void
print_operands(Printer *printer, uint32_t node, int first, int later)
{
	const ConditionNode *nodes = printer->form->nodes;
	uint32_t	end = node + nodes[node].size;

	for (uint32_t child = node + 1; child < end; child += nodes[child].size)
	{
		if (child > node + 1)
			put(printer, spelling(nodes[node].op));
		print_node(printer, child, child > node + 1 ? later : first);
	}
}

/* a literal or a name */
static void
print_leaf(Printer *printer, const ConditionNode *node)
{
	const char *text = condition_node_text(printer->form, node);

	switch ((ConditionOp) node->op)
	{
		case COND_NAME:
			if (condition_is_bare(text))
				put(printer, text);
			else
				put_quoted(printer, text, '"');
			break;
		case COND_NUMBER:
			put(printer, text);
			break;
		case COND_DATE:
			put(printer, "date ");
			put_quoted(printer, text, '\'');
			break;
		case COND_STRING:
			put_quoted(printer, text, '\'');
			break;
		default:
			put(printer, spelling(node->op));
			break;
	}
}

/* one node, in parentheses if it binds less tightly than binds */
static void
print_node(Printer *printer, uint32_t node, int binds)
{
	const ConditionNode *at = &printer->form->nodes[node];
	int			own = binding(at);
	bool		parentheses = own < binds;

	if (parentheses)
		put(printer, "(");
	if (own == BINDS_ATOM)
		print_leaf(printer, at);
	else if (at->op >= COND_OVERLAPS)
		print_set(printer, node);
	else if (at->op == COND_NOT || at->op == COND_NEGATE)
	{
		put(printer, spelling(at->op));
		print_node(printer, node + 1, at->op == COND_NOT ? BINDS_NOT : BINDS_ATOM);
	}
	else
		print_operands(printer, node,
					   own == BINDS_COMPARISON || own == BINDS_AND || own == BINDS_OR ? own + 1 : own,
					   own + 1);
	if (parentheses)
		put(printer, ")");
}

/* count, then write */
char *
condition_print(CoreEnv *env, const ConditionForm *form)
{
	Printer		printer = {form, NULL, 0};

	print_node(&printer, 0, BINDS_OR);
	printer.text = core_array(env, printer.length + 1, 1);
	printer.length = 0;
	print_node(&printer, 0, BINDS_OR);
	printer.text[printer.length] = '\0';
	return printer.text;
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *) a, *(const char *const *) b);
}

/* the distinct names, ordered */
const char **
condition_names(CoreEnv *env, const ConditionForm *form, int *n)
{
	const char **names = core_array(env, form->n_nodes, sizeof(char *));
	int			count = 0,
				distinct = 0;

	for (uint32_t i = 0; i < form->n_nodes; i++)
	{
		if (form->nodes[i].op == COND_NAME)
			names[count++] = condition_node_text(form, &form->nodes[i]);
	}
	qsort(names, count, sizeof(char *), compare_names);
	for (int i = 0; i < count; i++)
	{
		if (i == 0 || strcmp(names[i], names[distinct - 1]) != 0)
			names[distinct++] = names[i];
	}
	*n = distinct;
	return names;
}

/*
 * chart.c
 *		Renders structure charts.  Names are data: every renderer escapes them so
 *		that no name can end its label, open another or carry markup.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "chart.h"

typedef struct Text
{
	CoreEnv    *env;
	char	   *data;
	size_t		length;
	size_t		allocated;
} Text;

/* Makes room for more bytes and the terminating NUL. */
static void
reserve(Text *text, size_t more)
{
	char	   *grown;

	if (text->length + more < text->allocated)
		return;
	text->allocated = (text->allocated + more) * 2;
	grown = text->env->allocate(text->env->arg, text->allocated);
	memcpy(grown, text->data, text->length + 1);
	text->data = grown;
}

static void
append(Text *text, const char *string)
{
	size_t		length = strlen(string);

	reserve(text, length + 1);
	memcpy(text->data + text->length, string, length + 1);
	text->length += length;
}

static void
append_char(Text *text, char c)
{
	char		one[2] = {c, '\0'};

	append(text, one);
}

static void
append_number(Text *text, uint32_t number)
{
	char		digits[16];

	snprintf(digits, sizeof(digits), "%u", number);
	append(text, digits);
}

static Text
text_begin(CoreEnv *env)
{
	Text		text = {env, NULL, 0, 1024};

	text.data = env->allocate(env->arg, text.allocated);
	text.data[0] = '\0';
	return text;
}

/* Inside a DOT double-quoted string: backslash and quote are escaped, control characters become spaces. */
static void
append_dot(Text *text, const char *string)
{
	for (; *string; string++)
	{
		if (*string == '"' || *string == '\\')
			append_char(text, '\\');
		append_char(text, (unsigned char) *string < ' ' ? ' ' : *string);
	}
}

/* Inside a Mermaid quoted label: what the parser or HTML would take as markup becomes an entity. */
static void
append_mermaid(Text *text, const char *string)
{
	for (; *string; string++)
	{
		if ((unsigned char) *string < ' ')
			append_char(text, ' ');
		else if (strchr("\"#&<>`|;\\", *string) != NULL)
		{
			append_char(text, '#');
			append_number(text, (unsigned char) *string);
			append_char(text, ';');
		}
		else
			append_char(text, *string);
	}
}

char *
chart_dot(CoreEnv *env, const Chart *chart)
{
	static const char *const shapes[] = {"box", "ellipse", "trapezium", "hexagon"};
	Text		text = text_begin(env);

	append(&text, "digraph ownership {\n"
		   "\trankdir=TB;\n"
		   "\tnode [fontname=\"Helvetica\", fontsize=10];\n"
		   "\tedge [fontname=\"Helvetica\", fontsize=9, arrowhead=none];\n");
	for (uint32_t i = 0; i < chart->n_nodes; i++)
	{
		const ChartNode *node = &chart->nodes[i];

		core_step(env);
		append(&text, "\tn");
		append_number(&text, i);
		append(&text, " [shape=");
		append(&text, shapes[node->shape]);
		append(&text, ", label=\"");
		append_dot(&text, node->name);
		if (node->detail != NULL)
		{
			append(&text, "\\n");
			append_dot(&text, node->detail);
		}
		append(&text, node->marked ? "\", penwidth=2, style=filled, fillcolor=\"#fff2cc\"];\n" : "\"];\n");
	}
	for (uint32_t i = 0; i < chart->n_edges; i++)
	{
		const ChartEdge *edge = &chart->edges[i];

		core_step(env);
		append(&text, "\tn");
		append_number(&text, edge->from);
		append(&text, " -> n");
		append_number(&text, edge->to);
		append(&text, " [label=\"");
		append_dot(&text, edge->label);
		append(&text, edge->dashed ? "\", style=dashed, arrowhead=vee];\n" : "\"];\n");
	}
	append(&text, "}\n");
	return text.data;
}

char *
chart_mermaid(CoreEnv *env, const Chart *chart)
{
	static const char *const opening[] = {"[\"", "([\"", "[/\"", "{{\""};
	static const char *const closing[] = {"\"]", "\"])", "\"\\]", "\"}}"};
	Text		text = text_begin(env);

	append(&text, "flowchart TB\n");
	for (uint32_t i = 0; i < chart->n_nodes; i++)
	{
		const ChartNode *node = &chart->nodes[i];

		core_step(env);
		append(&text, "    n");
		append_number(&text, i);
		append(&text, opening[node->shape]);
		append_mermaid(&text, node->name);
		if (node->detail != NULL)
		{
			append(&text, "<br/>");
			append_mermaid(&text, node->detail);
		}
		append(&text, closing[node->shape]);
		append(&text, "\n");
		if (node->marked)
		{
			append(&text, "    style n");
			append_number(&text, i);
			append(&text, " fill:#fff2cc,stroke-width:2px\n");
		}
	}
	for (uint32_t i = 0; i < chart->n_edges; i++)
	{
		const ChartEdge *edge = &chart->edges[i];

		core_step(env);
		append(&text, "    n");
		append_number(&text, edge->from);
		append(&text, edge->dashed ? " -.->|\"" : " ---|\"");
		append_mermaid(&text, edge->label);
		append(&text, "\"| n");
		append_number(&text, edge->to);
		append(&text, "\n");
	}
	return text.data;
}

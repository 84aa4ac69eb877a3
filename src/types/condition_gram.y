%code top {
/*
 * condition_gram.y
 *		The grammar of type condition.
 *
 * The grammar knows operators, not facts: whether a name is a set, a number or a
 * text is asked when the condition is compiled against a dictionary.
 */
#include <string.h>

#include "core/condition_build.h"
}

%code requires {
#include "core/condition_build.h"
}

%code {
int			condition_yylex(CONDITION_YYSTYPE *value, void *scanner);
static void condition_yyerror(ConditionParse *parse, void *scanner, const char *message);

/* bison's stacks live in the environment's memory */
#define YYMALLOC(size)	core_array(parse->env, (size), 1)
#define YYFREE(pointer) ((void) (pointer))
#define YYINITDEPTH 200
#define YYMAXDEPTH 2000

/* a builder that failed has left its error in parse */
#define MADE(tree) do { if ((tree) == NULL) YYABORT; } while (0)
}

%define api.pure full
%define api.prefix {condition_yy}
%parse-param {ConditionParse *parse} {void *scanner}
%lex-param {void *scanner}
%expect 0

%union {
	ConditionToken token;
	ConditionTree *tree;
}

%token <token> NAME STRING NUMBER DATE TRUE_WORD FALSE_WORD
%token <token> OR AND NOT IN_WORD OVERLAPS CONTAINS NOT_EQUAL LESS_EQUAL GREATER_EQUAL
%token <token> '-'
%type <tree> expression set elements element strings string

%left OR
%left AND
%precedence NOT
%nonassoc '=' NOT_EQUAL '<' '>' LESS_EQUAL GREATER_EQUAL OVERLAPS CONTAINS IN_WORD
%left '+' '-'
%left '*' '/'
%precedence UMINUS

%%

condition:
	expression
		{
			(void) yynerrs;				/* counted by bison, read by nobody */
			condition_finish(parse, $1);
			if (parse->status != PARSE_OK)
				YYABORT;
		}
	;

expression:
	expression OR expression			{ $$ = condition_binary(parse, COND_OR, $1, $3); MADE($$); }
	| expression AND expression			{ $$ = condition_binary(parse, COND_AND, $1, $3); MADE($$); }
	| NOT expression					{ $$ = condition_unary(parse, COND_NOT, $1, $2); MADE($$); }
	| expression '=' expression			{ $$ = condition_binary(parse, COND_EQ, $1, $3); MADE($$); }
	| expression NOT_EQUAL expression	{ $$ = condition_binary(parse, COND_NE, $1, $3); MADE($$); }
	| expression '<' expression			{ $$ = condition_binary(parse, COND_LT, $1, $3); MADE($$); }
	| expression LESS_EQUAL expression	{ $$ = condition_binary(parse, COND_LE, $1, $3); MADE($$); }
	| expression '>' expression			{ $$ = condition_binary(parse, COND_GT, $1, $3); MADE($$); }
	| expression GREATER_EQUAL expression	{ $$ = condition_binary(parse, COND_GE, $1, $3); MADE($$); }
	| expression '+' expression			{ $$ = condition_binary(parse, COND_ADD, $1, $3); MADE($$); }
	| expression '-' expression			{ $$ = condition_binary(parse, COND_SUBTRACT, $1, $3); MADE($$); }
	| expression '*' expression			{ $$ = condition_binary(parse, COND_MULTIPLY, $1, $3); MADE($$); }
	| expression '/' expression			{ $$ = condition_binary(parse, COND_DIVIDE, $1, $3); MADE($$); }
	| '-' expression %prec UMINUS		{ $$ = condition_unary(parse, COND_NEGATE, $1, $2); MADE($$); }
	| expression OVERLAPS set			{ $$ = condition_set(parse, COND_OVERLAPS, $1, $3); MADE($$); }
	| expression CONTAINS set			{ $$ = condition_set(parse, COND_CONTAINS, $1, $3); MADE($$); }
	| expression '=' set				{ $$ = condition_set(parse, COND_SET_EQ, $1, $3); MADE($$); }
	| expression NOT_EQUAL set			{ $$ = condition_set(parse, COND_SET_NE, $1, $3); MADE($$); }
	| expression IN_WORD '(' strings ')'	{ $$ = condition_set(parse, COND_IN, $1, $4); MADE($$); }
	| '(' expression ')'				{ $$ = $2; }
	| NAME								{ $$ = condition_leaf(parse, COND_NAME, $1); MADE($$); }
	| STRING							{ $$ = condition_leaf(parse, COND_STRING, $1); MADE($$); }
	| NUMBER							{ $$ = condition_leaf(parse, COND_NUMBER, $1); MADE($$); }
	| DATE								{ $$ = condition_leaf(parse, COND_DATE, $1); MADE($$); }
	| TRUE_WORD							{ $$ = condition_leaf(parse, COND_TRUE, $1); MADE($$); }
	| FALSE_WORD						{ $$ = condition_leaf(parse, COND_FALSE, $1); MADE($$); }
	;

set:
	'{' '}'								{ $$ = NULL; }
	| '{' elements '}'					{ $$ = $2; }
	;

elements:
	element
	| elements ',' element				{ $$ = condition_append($1, $3); }
	;

element:
	NAME								{ $$ = condition_leaf(parse, COND_STRING, $1); MADE($$); }
	| string
	;

strings:
	string
	| strings ',' string				{ $$ = condition_append($1, $3); }
	;

string:
	STRING								{ $$ = condition_leaf(parse, COND_STRING, $1); MADE($$); }
	;

%%

/* remember where the parser gave up, unless a builder or the scanner told more */
static void
condition_yyerror(ConditionParse *parse, void *scanner, const char *message)
{
	(void) scanner;
	if (strcmp(message, "memory exhausted") == 0)
		condition_fail(parse, PARSE_TOO_DEEP, NULL, &parse->token);
	else
		condition_fail(parse, PARSE_SYNTAX, message, &parse->token);
}

/* parse a text into the stored form */
ConditionForm *
condition_parse(CoreEnv *env, const char *text, size_t length, ConditionParse *parse)
{
	memset(parse, 0, sizeof(*parse));
	parse->env = env;
	if (length > CONDITION_MAX_TEXT)
		condition_fail(parse, PARSE_TOO_LONG, NULL, &parse->token);
	else if (condition_yyparse(parse, condition_scanner(parse, text, length)) != 0)
		condition_fail(parse, PARSE_SYNTAX, "syntax error", &parse->token);
	return parse->status == PARSE_OK ? condition_flatten(parse) : NULL;
}

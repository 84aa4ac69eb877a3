/*
 * settings.c
 *		What a firm may set, and what holds where it has not.
 */
#include "postgres.h"

#include "lib/stringinfo.h"

#include "read/nearest.h"
#include "read/rule_cache.h"
#include "read/settings.h"

static const char *const registers[] = {"open", "closed", NULL};
static const char *const undetermined[] = {"block", "warn", "allow", NULL};

const SettingDefinition setting_definitions[] = {
	{"register_default", "open", registers,
	"what a party's register is where its row does not say: open (anybody may hold the rest) or closed (nobody of interest does)"},
	{"ruleset", NULL, NULL,
	"the ruleset that is applied where none is named; without it, the one in force on the day"},
	{"source_schema", NULL, NULL,
	"the schema that holds the six relations"},
	{"undetermined", "block", undetermined,
	"what the trigger does with a deal whose verdict cannot be determined: block, warn or allow"},
};

const int	n_setting_definitions = lengthof(setting_definitions);

const SettingDefinition *
setting_definition(const char *name)
{
	const char *names[lengthof(setting_definitions)];
	const char *nearest;

	for (int i = 0; i < n_setting_definitions; i++)
	{
		if (strcmp(setting_definitions[i].name, name) == 0)
			return &setting_definitions[i];
		names[i] = setting_definitions[i].name;
	}
	nearest = nearest_name(name, names, n_setting_definitions);
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("setting \"%s\" does not exist", name),
			 nearest != NULL ? errhint("Perhaps you meant \"%s\".", nearest) : 0));
	return NULL;
}

void
setting_check_value(const SettingDefinition *definition, const char *value)
{
	StringInfoData list;

	if (definition->allowed == NULL)
		return;
	initStringInfo(&list);
	for (int i = 0; definition->allowed[i] != NULL; i++)
	{
		if (strcmp(definition->allowed[i], value) == 0)
			return;
		appendStringInfo(&list, "%s\"%s\"", i == 0 ? "" : ", ", definition->allowed[i]);
	}
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("setting \"%s\" cannot be \"%s\"", definition->name, value),
			 errhint("It can be one of %s.", list.data)));
}

const char *
setting_value(const char *name)
{
	const char *value = rule_state_setting(rule_state(), name);

	return value != NULL ? value : setting_definition(name)->default_value;
}

/*
 * settings.h
 *		The settings a firm may choose, their defaults and what they allow.
 */
#ifndef OUTBOUND_SETTINGS_H
#define OUTBOUND_SETTINGS_H

#include "postgres.h"

typedef struct SettingDefinition
{
	const char *name;
	const char *default_value;	/* or NULL: none */
	const char *const *allowed; /* NULL-terminated, or NULL: any text */
	const char *meaning;
} SettingDefinition;

/* ordered by name */
extern const SettingDefinition setting_definitions[];
extern const int n_setting_definitions;

/* the definition of a setting; ERROR 42704 with the nearest name if there is none */
extern const SettingDefinition *setting_definition(const char *name);

/* ERROR 22023 with the allowed values if the setting does not allow this one */
extern void setting_check_value(const SettingDefinition *definition, const char *value);

#endif							/* OUTBOUND_SETTINGS_H */

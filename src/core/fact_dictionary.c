/*
 * fact_dictionary.c
 *		Facts by name, and the name that was probably meant.
 */
#include "fact_names.h"

#include <string.h>

#define LONGEST_NAME	63		/* longer ones have no near name */

/* position by name; the dictionary is ordered bytewise */
int
fact_lookup(const FactDictionary *dictionary, const char *name)
{
	int			low = 0,
				high = dictionary->n_facts;

	while (low < high)
	{
		int			middle = low + (high - low) / 2;
		int			order = strcmp(dictionary->facts[middle].name, name);

		if (order == 0)
			return middle;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return -1;
}

/* edits (insert, delete, replace a byte) from one word to the other; over bound gives bound + 1 */
int
word_distance(const char *a, const char *b, int bound)
{
	size_t		n = strlen(a),
				m = strlen(b);
	int			row[LONGEST_NAME + 1];

	if (n > LONGEST_NAME || m > LONGEST_NAME
		|| (n > m ? n - m : m - n) > (size_t) bound)
		return bound + 1;
	for (size_t j = 0; j <= m; j++)
		row[j] = (int) j;
	for (size_t i = 1; i <= n; i++)
	{
		int			diagonal = row[0],
					least;

		row[0] = (int) i;
		least = row[0];
		for (size_t j = 1; j <= m; j++)
		{
			int			replaced = diagonal + (a[i - 1] != b[j - 1]);

			diagonal = row[j];
			row[j] = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
			if (replaced < row[j])
				row[j] = replaced;
			if (row[j] < least)
				least = row[j];
		}
		if (least > bound)
			return bound + 1;
	}
	return row[m] <= bound ? row[m] : bound + 1;
}

/* how many edits still count as near: about a third of the word */
int
word_bound(const char *word)
{
	return (int) (strlen(word) > LONGEST_NAME ? 0 : strlen(word) / 3 + 1);
}

/* the shortest fact of a kind that a word of some length is a part of, or NULL */
static const char *
fact_with(const FactDictionary *dictionary, const char *name, int kind)
{
	const char *best = NULL;

	for (int i = 0; i < dictionary->n_facts && strlen(name) >= 4; i++)
	{
		const FactDefinition *fact = &dictionary->facts[i];

		if ((kind >= 0 && fact->deal != (kind == 1)) || strstr(fact->name, name) == NULL)
			continue;
		if (best == NULL || strlen(fact->name) < strlen(best))
			best = fact->name;
	}
	return best;
}

/* the nearest fact of a kind, the first of several; else one that the name is a part of */
const char *
fact_nearest(const FactDictionary *dictionary, const char *name, int kind)
{
	int			bound = word_bound(name);
	const char *nearest = NULL;

	for (int i = 0; i < dictionary->n_facts && bound >= 0; i++)
	{
		const FactDefinition *fact = &dictionary->facts[i];

		if (kind >= 0 && fact->deal != (kind == 1))
			continue;
		if (word_distance(fact->name, name, bound) <= bound)
		{
			bound = word_distance(fact->name, name, bound) - 1;
			nearest = fact->name;
		}
	}
	return nearest != NULL ? nearest : fact_with(dictionary, name, kind);
}

/* the nearest of some words, or NULL */
const char *
word_nearest(const char *const *words, int n, const char *word)
{
	int			bound = word_bound(word);
	const char *nearest = NULL;

	for (int i = 0; i < n && bound >= 0; i++)
	{
		int			distance = word_distance(words[i], word, bound);

		if (distance <= bound)
		{
			bound = distance - 1;
			nearest = words[i];
		}
	}
	return nearest;
}

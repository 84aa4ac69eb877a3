/*
 * nearest.c
 *		Edit distance over a list of names, for the hints of error messages; failing
 *		that, the shortest name that the one given is a part of.
 *
 * Names are compared bytewise; distances cost O(length * length) and names over
 * MAX_NAME bytes are never near anything.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "read/nearest.h"

#define MAX_NAME	64
#define MIN_PART	4				/* shorter ones are part of too much */

/* the letter, without regard to ASCII case */
static inline char
fold(char c)
{
	return (c >= 'A' && c <= 'Z') ? c - 'A' + 'a' : c;
}

/* Levenshtein distance of two names of at most MAX_NAME bytes */
static int
distance(const char *a, int n_a, const char *b, int n_b)
{
	int			row[MAX_NAME + 1];

	for (int j = 0; j <= n_b; j++)
		row[j] = j;
	for (int i = 1; i <= n_a; i++)
	{
		int			diagonal = row[0];

		row[0] = i;
		for (int j = 1; j <= n_b; j++)
		{
			int			substitute = diagonal + (fold(a[i - 1]) != fold(b[j - 1]));

			diagonal = row[j];
			row[j] = Min(substitute, Min(row[j - 1], row[j]) + 1);
		}
	}
	return row[n_b];
}

/* does the name stand in another, without regard to ASCII case? */
static bool
is_part(const char *name, int length, const char *other, int n_other)
{
	for (int at = 0; at + length <= n_other; at++)
	{
		int			i = 0;

		while (i < length && fold(name[i]) == fold(other[at + i]))
			i++;
		if (i == length)
			return true;
	}
	return false;
}

/* the shortest name that the one given is a part of */
static const char *
shortest_with(const char *name, int length, const char *const *candidates, int n)
{
	const char *best = NULL;
	int			best_length = MAX_NAME + 1;

	for (int i = 0; i < n && length >= MIN_PART; i++)
	{
		int			other = (int) strnlen(candidates[i], MAX_NAME + 1);

		CHECK_FOR_INTERRUPTS();
		if (other < best_length && is_part(name, length, candidates[i], other))
		{
			best = candidates[i];
			best_length = other;
		}
	}
	return best;
}

const char *
nearest_name(const char *name, const char *const *candidates, int n)
{
	int			length = (int) strnlen(name, MAX_NAME + 1);
	const char *best = NULL;
	int			best_distance = length / 3 + 2; /* a third of the letters may be wrong */

	if (length > MAX_NAME)
		return NULL;
	for (int i = 0; i < n; i++)
	{
		int			other = (int) strnlen(candidates[i], MAX_NAME + 1);
		int			d;

		CHECK_FOR_INTERRUPTS();
		if (other > MAX_NAME)
			continue;
		d = distance(name, length, candidates[i], other);
		if (d < best_distance)
		{
			best = candidates[i];
			best_distance = d;
		}
	}
	return best != NULL ? best : shortest_with(name, length, candidates, n);
}

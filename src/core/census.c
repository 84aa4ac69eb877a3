/*
 * census.c
 *		The dictionaries of a census: ids to numbers, shares to numbers.
 */
#include <string.h>

#include "census_parts.h"

#define ID_BLOCK		(256 * 1024)
#define MAX_PARTIES		((uint32_t) 0xFFFFFFF0)
#define MAX_UNIT		(UINT64_C(1) << 40)

Census *
census_create(CoreEnv *env, CoreEnv *build, size_t expected_parties)
{
	Census	   *census = core_array(env, 1, sizeof(Census));

	memset(census, 0, sizeof(Census));
	census->env = env;
	census->build = build;
	census->table_size = 1024;
	while (census->table_size < expected_parties + expected_parties / 2 && census->table_size < ((size_t) 1 << 31))
		census->table_size *= 2;
	census->table = core_array(env, census->table_size, sizeof(Slot));
	census->share_table_size = 1024;
	census->share_table = core_array(build, census->share_table_size, sizeof(uint32_t));
	if (env->status == CORE_OK)
		core_fill(env, census->table, 0, census->table_size * sizeof(Slot));
	if (build->status == CORE_OK)
		core_fill(env, census->share_table, 0, census->share_table_size * sizeof(uint32_t));
	census->unit = 1;
	return census;
}

uint32_t
census_size(const Census *census)
{
	return census->n;
}

CensusParty *
census_party(const Census *census, uint32_t party)
{
	return &census->parties[party / CHUNK][party % CHUNK];
}

/* Mixes eight bytes at a time. */
static uint32_t
hash_id(const char *id, size_t length)
{
	uint64_t	h = UINT64_C(0x9E3779B97F4A7C15) ^ length;
	uint64_t	word;

	for (; length >= 8; length -= 8, id += 8)
	{
		memcpy(&word, id, 8);
		h = (h ^ word) * UINT64_C(0xff51afd7ed558ccd);
		h ^= h >> 32;
	}
	word = 0;
	memcpy(&word, id, length);
	h = (h ^ word) * UINT64_C(0xc4ceb9fe1a85ec53);
	return (uint32_t) (h ^ (h >> 32));
}

/* Finds an id's slot: its own, or the empty one where it belongs. */
static Slot *
find_slot(const Census *census, const char *id, size_t length, uint32_t hash)
{
	size_t		place = hash & (census->table_size - 1);

	for (;; place = (place + 1) & (census->table_size - 1))
	{
		Slot	   *slot = &census->table[place];

		if (slot->party == 0)
			return slot;
		if (slot->hash == hash)
		{
			const char *found = census_party(census, slot->party - 1)->id;

			if (strncmp(found, id, length) == 0 && found[length] == '\0')
				return slot;
		}
	}
}

/* Doubles the table of ids when it is two thirds full. */
static void
grow_table(Census *census)
{
	size_t		size = census->table_size * 2;
	Slot	   *table;

	if ((size_t) census->n + CENSUS_BATCH <= census->table_size / 3 * 2 || census->table_size >= ((size_t) 1 << 32))
		return;
	table = core_array(census->env, size, sizeof(Slot));
	if (census->env->status != CORE_OK)
		return;
	core_fill(census->env, table, 0, size * sizeof(Slot));
	for (size_t i = 0; i < census->table_size; i++)
	{
		size_t		place = census->table[i].hash & (size - 1);

		core_step(census->env);
		if (census->table[i].party == 0)
			continue;
		while (table[place].party != 0)
			place = (place + 1) & (size - 1);
		table[place] = census->table[i];
	}
	census->table = table;
	census->table_size = size;
}

/* Makes room in a list of chunks for one more element of size bytes. */
static void
grow_chunks(CoreEnv *env, void ***chunks, size_t *max, uint32_t n, size_t size)
{
	size_t		chunk = n / CHUNK;

	if (n % CHUNK != 0)
		return;
	if (chunk >= *max)
	{
		size_t		wanted = *max ? *max * 2 : 64;
		void	  **fresh = core_array(env, wanted, sizeof(void *));

		if (env->status != CORE_OK)
			return;
		if (chunk > 0)
			memcpy(fresh, *chunks, chunk * sizeof(void *));
		*chunks = fresh;
		*max = wanted;
	}
	(*chunks)[chunk] = core_array(env, CHUNK, size);
}

/* Copies an id into the census. */
static const char *
keep_id(Census *census, const char *id, size_t length)
{
	char	   *kept;

	if (length + 1 > census->ids_left)
	{
		size_t		block = length + 1 > ID_BLOCK / 4 ? length + 1 : ID_BLOCK;

		kept = core_array(census->env, block, 1);
		if (census->env->status != CORE_OK)
			return "";
		if (block != ID_BLOCK)
		{
			memcpy(kept, id, length);
			kept[length] = '\0';
			return kept;
		}
		census->ids = kept;
		census->ids_left = block;
	}
	kept = census->ids;
	memcpy(kept, id, length);
	kept[length] = '\0';
	census->ids += length + 1;
	census->ids_left -= length + 1;
	return kept;
}

/* Appends a party about which nothing is known. */
static uint32_t
add_party(Census *census, const CensusKey *key)
{
	CensusParty *party;

	if (census->n >= MAX_PARTIES)
		core_fail(census->env, CORE_TOO_LARGE);
	grow_chunks(census->env, (void ***) &census->parties, &census->max_chunks, census->n, sizeof(CensusParty));
	if (census->env->status != CORE_OK)
		return 0;
	party = census_party(census, census->n);
	memset(party, 0, sizeof(CensusParty));
	party->id = keep_id(census, key->id, key->length);
	party->register_state = REGISTER_OPEN;
	party->pooled_fund = TERNARY_UNKNOWN;
	return census->n++;
}

void
census_intern(Census *census, CensusKey *keys, int n)
{
	grow_table(census);
	for (int i = 0; i < n; i++)
	{
		keys[i].hash = hash_id(keys[i].id, keys[i].length);
		__builtin_prefetch(&census->table[keys[i].hash & (census->table_size - 1)]);
	}
	for (int i = 0; i < n; i++)
	{
		const Slot *slot = &census->table[keys[i].hash & (census->table_size - 1)];

		if (slot->party != 0 && slot->hash == keys[i].hash)
			__builtin_prefetch(census_party(census, slot->party - 1));
	}
	for (int i = 0; i < n; i++)
	{
		const Slot *slot = &census->table[keys[i].hash & (census->table_size - 1)];

		if (slot->party != 0 && slot->hash == keys[i].hash)
			__builtin_prefetch(census_party(census, slot->party - 1)->id);
	}
	for (int i = 0; i < n && census->env->status == CORE_OK; i++)
	{
		Slot	   *slot = find_slot(census, keys[i].id, keys[i].length, keys[i].hash);

		keys[i].is_new = slot->party == 0;
		if (keys[i].is_new)
		{
			uint32_t	party = add_party(census, &keys[i]);

			if (census->env->status != CORE_OK)
				return;
			slot->hash = keys[i].hash;
			slot->party = party + 1;
		}
		keys[i].party = slot->party - 1;
	}
}

bool
census_find(const Census *census, const char *id, size_t length, uint32_t *party)
{
	const Slot *slot = find_slot(census, id, length, hash_id(id, length));

	if (slot->party == 0)
		return false;
	*party = slot->party - 1;
	return true;
}

const CensusShare *
census_share_of(const Census *census, uint32_t share)
{
	return &census->shares[share / CHUNK][share % CHUNK];
}

uint64_t
census_unit(const Census *census)
{
	return census->unit;
}

ShareValue
census_share_value(const Census *census, uint32_t share)
{
	const CensusShare *s = census_share_of(census, share);

	if (s->value != NULL)
		return *s->value;
	return share_value_exact((Fraction) {s->num, s->den, NULL, false});
}

/* Is it one finite fraction of 64 bits? */
static bool
is_small(const ShareValue *share)
{
	return share_value_is_exact(share) && share->lower.big == NULL && share->lower.den != 0;
}

static size_t
share_place(const Census *census, uint64_t num, uint64_t den)
{
	uint64_t	h = (num * UINT64_C(0x9E3779B97F4A7C15)) ^ (den * UINT64_C(0xff51afd7ed558ccd));
	size_t		place = (h ^ (h >> 29)) & (census->share_table_size - 1);

	while (census->share_table[place] != 0)
	{
		const CensusShare *s = census_share_of(census, census->share_table[place] - 1);

		if (s->num == num && s->den == den && s->value == NULL)
			break;
		place = (place + 1) & (census->share_table_size - 1);
	}
	return place;
}

/* Doubles the table of shares when it is half full. */
static void
grow_share_table(Census *census)
{
	size_t		size = census->share_table_size * 2;
	uint32_t   *table;

	if ((size_t) census->n_shares * 2 < census->share_table_size)
		return;
	table = core_array(census->build, size, sizeof(uint32_t));
	if (census->build->status != CORE_OK)
		return;
	core_fill(census->build, table, 0, size * sizeof(uint32_t));
	census->share_table = table;
	census->share_table_size = size;
	for (uint32_t i = 0; i < census->n_shares; i++)
	{
		const CensusShare *s = census_share_of(census, i);

		core_step(census->build);
		if (s->value == NULL)
			table[share_place(census, s->num, s->den)] = i + 1;
	}
}

static uint64_t
greatest_divisor(uint64_t a, uint64_t b)
{
	while (b != 0)
	{
		uint64_t	r = a % b;

		a = b;
		b = r;
	}
	return a;
}

uint32_t
census_share(Census *census, const ShareValue *share)
{
	bool		small = is_small(share);
	CensusShare *s;

	if (small)
	{
		size_t		place = share_place(census, share->lower.num, share->lower.den);

		if (census->share_table[place] != 0)
			return census->share_table[place] - 1;
		grow_share_table(census);
	}
	if (census->n_shares >= CENSUS_NO_SHARE)
		core_fail(census->env, CORE_TOO_LARGE);
	grow_chunks(census->env, (void ***) &census->shares, &census->max_share_chunks, census->n_shares, sizeof(CensusShare));
	if (census->env->status != CORE_OK || census->build->status != CORE_OK)
		return 0;
	s = &census->shares[census->n_shares / CHUNK][census->n_shares % CHUNK];
	memset(s, 0, sizeof(CensusShare));
	if (small)
	{
		uint64_t	factor;

		s->num = share->lower.num;
		s->den = share->lower.den;
		census->share_table[share_place(census, s->num, s->den)] = census->n_shares + 1;
		factor = s->den / greatest_divisor(census->unit, s->den);
		if (factor <= MAX_UNIT / census->unit)
			census->unit *= factor;
	}
	else
	{
		ShareValue *kept = core_array(census->env, 1, sizeof(ShareValue));

		if (census->env->status != CORE_OK)
			return 0;
		*kept = *share;
		kept->lower = fraction_copy(census->env, share->lower);
		kept->upper = fraction_copy(census->env, share->upper);
		s->value = kept;
	}
	return census->n_shares++;
}

/*
 * census.c
 *		The dictionaries of a census: ids to numbers, shares to numbers.
 */
#include <string.h>

#include "census_parts.h"
#include "natural.h"

#define MAX_PARTIES		((uint32_t) 0xFFFFFFF0)
#define MAX_UNIT		(UINT64_C(1) << 40)

Census *
census_create(CoreEnv *env, CoreEnv *build, size_t expected_parties)
{
	Census	   *census = core_array(env, 1, sizeof(Census));

	memset(census, 0, sizeof(Census));
	census->env = env;
	census->build = build;
	/* full by two thirds when a few more have come than are expected */
	census->table_size = 1024;
	if (expected_parties > 0 && expected_parties < MAX_PARTIES / 2)
		census->table_size += expected_parties + expected_parties / 2 + expected_parties / 16;
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
	return party_at(census, party);
}

const char *
census_id(const Census *census, uint32_t party)
{
	return id_at(census, party);
}

void
census_set_unheld(Census *census, uint32_t party, bool unheld)
{
	party_at(census, party)->unheld = unheld;
	census->unheld_late = census->unheld_late || (unheld && census->n_rows > 0);
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

/* Where an id's slot may be first. */
static inline size_t
first_place(const Census *census, uint32_t hash)
{
	return (size_t) (((uint64_t) hash * census->table_size) >> 32);
}

static inline bool
is_id(const char *found, const char *id, size_t length)
{
	if (length <= ID_COMPARED)
		return memcmp(found, id, length) == 0 && found[length] == '\0';
	return strncmp(found, id, length) == 0 && found[length] == '\0';
}

/* Finds an id's slot: its own, or the empty one where it belongs. */
static Slot *
find_slot(const Census *census, const char *id, size_t length, uint32_t hash)
{
	size_t		place = first_place(census, hash);

	for (;; place = place + 1 < census->table_size ? place + 1 : 0)
	{
		Slot	   *slot = &census->table[place];

		if (slot->party == 0 || (slot->hash == hash && is_id(id_at(census, slot->party - 1), id, length)))
			return slot;
	}
}

/* Makes the table of ids twice as large when it is two thirds full. */
static void
grow_table(Census *census)
{
	size_t		size = census->table_size * 2;
	Slot	   *old = census->table;

	if ((size_t) census->n + CENSUS_BATCH <= census->table_size / 3 * 2 || census->table_size >= ((size_t) 1 << 33))
		return;
	census->table = core_array(census->env, size, sizeof(Slot));
	if (census->env->status != CORE_OK)
		return;
	core_fill(census->env, census->table, 0, size * sizeof(Slot));
	census->table_size = size;
	for (size_t i = 0; i < size / 2; i++)
	{
		size_t		place = first_place(census, old[i].hash);

		core_step(census->env);
		if (old[i].party == 0)
			continue;
		while (census->table[place].party != 0)
			place = place + 1 < size ? place + 1 : 0;
		census->table[place] = old[i];
	}
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

/* Makes room for one more block pointer. */
static void
grow_blocks(Census *census, size_t n)
{
	size_t		wanted = census->max_ids;
	char	  **fresh;

	if (n <= census->max_ids)
		return;
	while (wanted < n)
		wanted = wanted ? wanted * 2 : 64;
	fresh = core_array(census->env, wanted, sizeof(char *));
	if (census->env->status != CORE_OK)
		return;
	if (census->max_ids > 0)
		memcpy(fresh, census->ids, census->max_ids * sizeof(char *));
	census->ids = fresh;
	census->max_ids = wanted;
}

/* Copies an id into the census; the place is 32 bits wide. */
static uint32_t
keep_id(Census *census, const char *id, size_t length)
{
	uint64_t	block = census->ids_used >> ID_BLOCK_SHIFT;
	size_t		left = (size_t) (-census->ids_used & (ID_BLOCK - 1));
	uint64_t	place = census->ids_used;
	char	   *kept;

	if (length + 1 > left)
	{
		size_t		n = length / ID_BLOCK + 1;

		block = (census->ids_used + ID_BLOCK - 1) >> ID_BLOCK_SHIFT;
		place = block << ID_BLOCK_SHIFT;
		if (block + n > (uint64_t) 1 << (32 - ID_BLOCK_SHIFT))
			core_fail(census->env, CORE_TOO_LARGE);
		grow_blocks(census, block + n);
		kept = core_array(census->env, n * ID_BLOCK + ID_COMPARED, 1);
		if (census->env->status != CORE_OK)
			return 0;
		for (size_t i = 0; i < n; i++)
			census->ids[block + i] = kept + i * ID_BLOCK;
	}
	kept = census->ids[block] + (place & (ID_BLOCK - 1));
	memcpy(kept, id, length);
	kept[length] = '\0';
	census->ids_used = place + length + 1;
	return (uint32_t) place;
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
	party = party_at(census, census->n);
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
		__builtin_prefetch(&census->table[first_place(census, keys[i].hash)]);
	}
	for (int i = 0; i < n; i++)
	{
		const Slot *slot = &census->table[first_place(census, keys[i].hash)];

		if (slot->party != 0 && slot->hash == keys[i].hash)
			__builtin_prefetch(party_at(census, slot->party - 1));
	}
	for (int i = 0; i < n; i++)
	{
		const Slot *slot = &census->table[first_place(census, keys[i].hash)];

		if (slot->party != 0 && slot->hash == keys[i].hash)
		{
			const char *id = id_at(census, slot->party - 1);

			__builtin_prefetch(id);
			__builtin_prefetch(id + keys[i].length);
		}
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

uint64_t
census_unit(const Census *census)
{
	return census->unit;
}

ShareValue
census_share_value(const Census *census, uint32_t share)
{
	const CensusShare *s = share_at(census, share);

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
		const CensusShare *s = share_at(census, census->share_table[place] - 1);

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
		const CensusShare *s = share_at(census, i);

		core_step(census->build);
		if (s->value == NULL)
			table[share_place(census, s->num, s->den)] = i + 1;
	}
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
		factor = s->den / natural_gcd_limb(census->unit, s->den);
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

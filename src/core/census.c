/*
 * census.c
 *		The dictionaries of a census: ids to numbers, shares to numbers.
 */
#include <string.h>

#include "census_parts.h"
#include "natural.h"

#define MAX_PARTIES		((uint32_t) 0xFFFFFFF0)
#define MAX_UNIT		(UINT64_C(1) << 40)
#define COMMON_SHARES	10000	/* those in hundredths of a percent have places of their own */
#define MAX_SLAB		((size_t) 32)	/* blocks of ids at once */

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
	return id_text(census, party_at(census, party)->id);
}

/* Mixes eight bytes at a time; the last ones may overlap those before. */
static inline uint32_t
hash_id(const char *id, size_t length)
{
	uint64_t	h = UINT64_C(0x9E3779B97F4A7C15) ^ length;
	uint64_t	word = 0;

	for (size_t at = 0; at + 8 < length; at += 8)
	{
		memcpy(&word, id + at, 8);
		h = (h ^ word) * UINT64_C(0xff51afd7ed558ccd);
		h ^= h >> 32;
	}
	if (length >= 8)
		memcpy(&word, id + length - 8, 8);
	else
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

/* Do two areas of this length, 8 and more, agree?  Faster than memcmp() where ids are short. */
static inline bool
same_words(const char *a, const char *b, size_t length)
{
	uint64_t	x,
				y;

	for (size_t at = 0; at + 8 < length; at += 8)
	{
		memcpy(&x, a + at, 8);
		memcpy(&y, b + at, 8);
		if (x != y)
			return false;
	}
	memcpy(&x, a + length - 8, 8);
	memcpy(&y, b + length - 8, 8);
	return x == y;
}

static inline bool
is_id(const char *found, const char *id, size_t length)
{
	if (length > ID_COMPARED)
		return strncmp(found, id, length) == 0 && found[length] == '\0';
	if (length < 8)
		return memcmp(found, id, length) == 0 && found[length] == '\0';
	return found[length] == '\0' && same_words(found, id, length);
}

/* Finds an id's slot: its own, or the empty one where it belongs. */
static inline Slot *
find_slot(const Census *census, const char *id, size_t length, uint32_t hash)
{
	size_t		place = first_place(census, hash);

	for (;; place = place + 1 < census->table_size ? place + 1 : 0)
	{
		Slot	   *slot = &census->table[place];

		if (slot->id == 0 || (slot->hash == hash && is_id(id_text(census, slot->id), id, length)))
			return slot;
	}
}

/* The number of the party whose id lies at a place. */
static inline uint32_t
id_party(const Census *census, uint32_t place)
{
	uint32_t	party;

	memcpy(&party, id_text(census, place) - ID_NUMBER, ID_NUMBER);
	return party;
}

/* Makes the table of ids twice as large when it is two thirds full; true if it did. */
static bool
grow_table(Census *census)
{
	size_t		size = census->table_size * 2;
	Slot	   *old = census->table;
	Slot	   *table;

	if (census->n < census->table_size / 3 * 2 || census->table_size >= ((size_t) 1 << 33))
		return false;
	table = core_array(census->index, size, sizeof(Slot));
	if (census->index->status != CORE_OK)
	{
		core_fail(census->env, census->index->status);
		return false;
	}
	core_fill(census->index, table, 0, size * sizeof(Slot));
	census->table = table;
	census->table_size = size;
	for (size_t i = 0; i < size / 2; i++)
	{
		size_t		place = first_place(census, old[i].hash);

		core_step(census->env);
		if (old[i].id == 0)
			continue;
		while (census->table[place].id != 0)
			place = place + 1 < size ? place + 1 : 0;
		census->table[place] = old[i];
	}
	return true;
}

/* Appends so many chunks in one piece to a list of them. */
static void
add_chunks(CoreEnv *env, Chunks *chunks, size_t n, size_t size)
{
	char	   *slab;

	if (chunks->n + n > chunks->max)
	{
		size_t		wanted = chunks->max ? chunks->max : 64;
		void	  **fresh;

		while (wanted < chunks->n + n)
			wanted *= 2;
		fresh = core_array(env, wanted, sizeof(void *));
		if (env->status != CORE_OK)
			return;
		if (chunks->n > 0)
			memcpy(fresh, chunks->chunk, chunks->n * sizeof(void *));
		chunks->chunk = fresh;
		chunks->max = wanted;
	}
	slab = core_array(env, n * CHUNK, size);
	if (env->status != CORE_OK)
		return;
	for (size_t i = 0; i < n; i++)
		chunks->chunk[chunks->n++] = slab + i * CHUNK * size;
}

/* Makes room in a list of chunks for one more element than n. */
static inline void
grow_chunks(CoreEnv *env, Chunks *chunks, uint32_t n, size_t size)
{
	if (n / CHUNK >= chunks->n)
		add_chunks(env, chunks, 1, size);
}

/*
 * Appends so many blocks for ids in one piece; what lies in one piece can lie in large
 * pages.
 */
static void
add_blocks(Census *census, size_t n)
{
	char	   *slab;

	if (census->n_ids + n > census->max_ids)
	{
		size_t		wanted = census->max_ids ? census->max_ids : 64;
		char	  **fresh;

		while (wanted < census->n_ids + n)
			wanted *= 2;
		fresh = core_array(census->env, wanted, sizeof(char *));
		if (census->env->status != CORE_OK)
			return;
		if (census->n_ids > 0)
			memcpy(fresh, census->ids, census->n_ids * sizeof(char *));
		census->ids = fresh;
		census->max_ids = wanted;
	}
	slab = core_array(census->env, n * ID_BLOCK + ID_COMPARED, 1);
	if (census->env->status != CORE_OK)
		return;
	for (size_t i = 0; i < n; i++)
		census->ids[census->n_ids++] = slab + i * ID_BLOCK;
}

/* An empty table that is full by two thirds when a few more have come than are expected. */
static void
make_table(Census *census, size_t expected_parties)
{
	census->table_size = 1024 + expected_parties + expected_parties / 2 + expected_parties / 16;
	census->table = core_array(census->index, census->table_size, sizeof(Slot));
	if (census->index->status == CORE_OK)
		core_fill(census->index, census->table, 0, census->table_size * sizeof(Slot));
}

Census *
census_create(CoreEnv *env, CoreEnv *build, CoreEnv *index, size_t expected_parties, size_t expected_id)
{
	Census	   *census = core_array(env, 1, sizeof(Census));

	memset(census, 0, sizeof(Census));
	census->env = env;
	census->build = build;
	census->index = index;
	if (expected_parties > MAX_PARTIES / 2)
		expected_parties = 0;
	make_table(census, expected_parties);
	census->share_table_size = 1024;
	census->share_table = core_array(build, census->share_table_size, sizeof(uint32_t));
	if (build->status == CORE_OK)
		core_fill(env, census->share_table, 0, census->share_table_size * sizeof(uint32_t));
	if (env->status == CORE_OK && expected_parties > CHUNK)
	{
		add_chunks(env, &census->parties, expected_parties / CHUNK + 1, sizeof(CensusParty));
		if (env->status == CORE_OK && expected_id <= ID_BLOCK)
			add_blocks(census, expected_parties * (expected_id + ID_NUMBER + 1) / ID_BLOCK + 1);
	}
	census->unit = 1;
	return census;
}

/* How many blocks are added for short ids: an eighth of what is there. */
static inline size_t
more_blocks(const Census *census)
{
	return census->n_ids < 16 ? 1 : census->n_ids < 8 * MAX_SLAB ? census->n_ids / 8 : MAX_SLAB;
}

/* Copies a party's id into the census; the place is 32 bits wide. */
static uint32_t
keep_id(Census *census, uint32_t party, const char *id, size_t length)
{
	size_t		size = ID_NUMBER + length + 1;
	size_t		block = (size_t) (census->ids_used >> ID_BLOCK_SHIFT);
	size_t		n = (size + ID_BLOCK - 1) / ID_BLOCK;
	char	   *kept;

	/* what does not fit in what is left of a block begins another */
	if (size > (size_t) (-census->ids_used & (ID_BLOCK - 1)))
	{
		block = (size_t) ((census->ids_used + ID_BLOCK - 1) >> ID_BLOCK_SHIFT);
		/* a long one wants its blocks in one piece, which they are only if they come together */
		if (n > 1)
			block = census->n_ids;
		if (block + n > (size_t) 1 << (32 - ID_BLOCK_SHIFT))
			core_fail(census->env, CORE_TOO_LARGE);
		else if (block + n > census->n_ids)
			add_blocks(census, n > 1 ? n : more_blocks(census));
		if (census->env->status != CORE_OK)
			return 0;
		census->ids_used = (uint64_t) block << ID_BLOCK_SHIFT;
	}
	kept = census->ids[block] + (census->ids_used & (ID_BLOCK - 1));
	memcpy(kept, &party, ID_NUMBER);
	memcpy(kept + ID_NUMBER, id, length);
	kept[ID_NUMBER + length] = '\0';
	census->ids_used += size;
	return (uint32_t) (census->ids_used - length - 1);
}

/* Appends a party about which nothing is known. */
static uint32_t
add_party(Census *census, const CensusKey *key)
{
	CensusParty *party;

	if (census->n >= MAX_PARTIES)
		core_fail(census->env, CORE_TOO_LARGE);
	grow_chunks(census->env, &census->parties, census->n, sizeof(CensusParty));
	if (census->env->status != CORE_OK)
		return 0;
	party = party_at(census, census->n);
	memset(party, 0, sizeof(CensusParty));
	party->id = keep_id(census, census->n, key->id, key->length);
	party->register_state = REGISTER_OPEN;
	party->pooled_fund = TERNARY_UNKNOWN;
	return census->n++;
}

void
census_fetch(const Census *census, CensusKey *key)
{
	key->hash = hash_id(key->id, key->length);
	__builtin_prefetch(&census->table[first_place(census, key->hash)]);
}

void
census_fetch_id(const Census *census, const CensusKey *key)
{
	size_t		place = first_place(census, key->hash);
	const Slot *slot = &census->table[place];
	const char *id;

	while (slot->id != 0 && slot->hash != key->hash)
	{
		place = place + 1 < census->table_size ? place + 1 : 0;
		slot = &census->table[place];
	}
	if (slot->id == 0)
		return;
	id = id_text(census, slot->id);
	__builtin_prefetch(id - ID_NUMBER);
	__builtin_prefetch(id + key->length);
}

void
census_number(Census *census, CensusKey *key)
{
	Slot	   *slot = find_slot(census, key->id, key->length, key->hash);

	key->is_new = slot->id == 0;
	if (key->is_new)
	{
		uint32_t	party;

		if (grow_table(census))
			slot = find_slot(census, key->id, key->length, key->hash);
		party = add_party(census, key);
		key->party = 0;
		if (census->env->status != CORE_OK)
			return;
		slot->hash = key->hash;
		slot->id = party_at(census, party)->id;
	}
	key->party = id_party(census, slot->id);
}

void
census_intern(Census *census, CensusKey *key)
{
	key->hash = hash_id(key->id, key->length);
	census_number(census, key);
}

void
census_forget_index(Census *census)
{
	census->table = NULL;
}

void
census_index(Census *census)
{
	if (census->table != NULL)
		return;
	make_table(census, census->n);
	if (census->index->status != CORE_OK)
		return;
	for (uint32_t party = 0; party < census->n; party++)
	{
		uint32_t	id = party_at(census, party)->id;
		uint32_t	hash = hash_id(id_text(census, id), strlen(id_text(census, id)));
		size_t		place = first_place(census, hash);

		core_step(census->index);
		while (census->table[place].id != 0)
			place = place + 1 < census->table_size ? place + 1 : 0;
		census->table[place] = (Slot) {hash, id};
	}
}

bool
census_find(const Census *census, const char *id, size_t length, uint32_t *party)
{
	const Slot *slot = find_slot(census, id, length, hash_id(id, length));

	if (slot->id == 0)
		return false;
	*party = id_party(census, slot->id);
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

/* Appends a share about which nothing is known; NULL on failure. */
static CensusShare *
add_share(Census *census)
{
	CensusShare *s;

	if (census->n_shares >= CENSUS_NO_SHARE)
		core_fail(census->env, CORE_TOO_LARGE);
	grow_chunks(census->env, &census->shares, census->n_shares, sizeof(CensusShare));
	if (census->env->status != CORE_OK || census->build->status != CORE_OK)
		return NULL;
	s = share_at(census, census->n_shares);
	memset(s, 0, sizeof(CensusShare));
	return s;
}

/* The number of a share that is one small fraction. */
static uint32_t
find_share(Census *census, uint64_t num, uint64_t den)
{
	size_t		place = share_place(census, num, den);
	CensusShare *s;
	uint64_t	factor;

	if (census->share_table[place] != 0)
		return census->share_table[place] - 1;
	grow_share_table(census);
	s = add_share(census);
	if (s == NULL)
		return 0;
	s->num = num;
	s->den = den;
	census->share_table[share_place(census, num, den)] = census->n_shares + 1;
	factor = den / natural_gcd_limb(census->unit, den);
	if (factor <= MAX_UNIT / census->unit)
		census->unit *= factor;
	return census->n_shares++;
}

uint32_t
census_small_share(Census *census, uint64_t num, uint64_t den)
{
	uint32_t	share;
	uint32_t   *common;

	/* nearly all are percentages of two decimals */
	if (num > den || den > COMMON_SHARES || COMMON_SHARES % (uint32_t) den != 0)
		return find_share(census, num, den);
	if (census->common_shares == NULL)
	{
		common = core_array(census->build, COMMON_SHARES + 1, sizeof(uint32_t));
		if (census->build->status != CORE_OK)
			return 0;
		core_fill(census->build, common, 0, (COMMON_SHARES + 1) * sizeof(uint32_t));
		census->common_shares = common;
	}
	common = &census->common_shares[(uint32_t) num * (COMMON_SHARES / (uint32_t) den)];
	if (*common != 0)
		return *common - 1;
	share = find_share(census, num, den);
	if (census->env->status == CORE_OK && census->build->status == CORE_OK)
		*common = share + 1;
	return share;
}

uint32_t
census_share(Census *census, const ShareValue *share)
{
	CensusShare *s;
	ShareValue *kept;

	if (is_small(share))
		return census_small_share(census, share->lower.num, share->lower.den);
	s = add_share(census);
	if (s == NULL)
		return 0;
	kept = core_array(census->env, 1, sizeof(ShareValue));
	if (census->env->status != CORE_OK)
		return 0;
	*kept = *share;
	kept->lower = fraction_copy(census->env, share->lower);
	kept->upper = fraction_copy(census->env, share->upper);
	s->value = kept;
	return census->n_shares++;
}

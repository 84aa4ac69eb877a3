/*
 * fact_value.c
 *		Turns SQL and JSON values into facts, exactly.
 *
 * Numbers never pass through binary floating point, except that a column which is
 * floating point already counts as the shortest decimal that PostgreSQL shows for it.
 */
#include "postgres.h"

#include "access/tupmacs.h"
#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/numeric.h"
#include "utils/timestamp.h"

#include "compat.h"
#include "read/fact_value.h"
#include "read/nearest.h"
#include "read/rules.h"

/* the time zone in which a moment falls on a day (law notes A-32: U.S. Eastern) */
#define FIRST_DAY	(1721426 - POSTGRES_EPOCH_JDATE)	/* 0001-01-01 */
#define LAST_DAY	(5373484 - POSTGRES_EPOCH_JDATE)	/* 9999-12-31 */
#define DAY_ZONE	"America/New_York"

/* what a fact takes, as a full sentence */
static char *
what_it_takes(const FactDefinition *fact)
{
	StringInfoData text;

	initStringInfo(&text);
	switch (fact->type)
	{
		case FACT_BOOLEAN:
			appendStringInfoString(&text, "It takes true or false.");
			return text.data;
		case FACT_NUMBER:
			appendStringInfoString(&text, "It takes a number, or a string that holds an exact decimal such as \"1e25\".");
			return text.data;
		case FACT_DATE:
			appendStringInfoString(&text, "It takes a date such as \"2026-02-02\".");
			return text.data;
		case FACT_TEXT:
			if (fact->n_allowed == 0)
			{
				appendStringInfoString(&text, "It takes a string.");
				return text.data;
			}
			appendStringInfoString(&text, "It takes one of ");
			break;
		case FACT_SET:
			appendStringInfoString(&text, "It takes an array of ");
			break;
	}
	for (int i = 0; i < fact->n_allowed; i++)
		appendStringInfo(&text, "%s\"%s\"", i == 0 ? "" : ", ", fact->allowed[i]);
	appendStringInfoChar(&text, '.');
	return text.data;
}

/* ERROR 22023: this text is no value of the fact */
static void
bad_value(const FactDefinition *fact, const char *shown)
{
	const char *nearest = nearest_name(shown, fact->allowed, fact->n_allowed);

	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("invalid value \"%s\" for fact \"%s\"", shown, fact->name),
			 errdetail("%s", what_it_takes(fact)),
			 nearest != NULL ? errhint("Perhaps you meant \"%s\".", nearest) : 0));
}

/* position of an allowed value, or -1; lengths may be NULL */
static inline int
allowed_position(const FactDefinition *fact, const uint16 *lengths, const char *text, int length)
{
	for (int i = 0; i < fact->n_allowed; i++)
	{
		const char *allowed = fact->allowed[i];

		if ((lengths != NULL ? lengths[i] : (int) strlen(allowed)) == length &&
			memcmp(allowed, text, length) == 0)
			return i;
	}
	return -1;
}

/* a text fact: one of its values, or free text */
static void
read_choice(const FactDefinition *fact, const uint16 *lengths, const char *text, int length,
			FactValue *value)
{
	value->state = FACT_KNOWN;
	value->choice = -1;
	value->text = NULL;
	if (fact->n_allowed > 0)
	{
		value->choice = allowed_position(fact, lengths, text, length);
		if (unlikely(value->choice < 0))
			bad_value(fact, pnstrdup(text, length));
	}
	else
		value->text = pnstrdup(text, length);
}

/* one more element of a set */
static inline void
add_element(const FactDefinition *fact, const uint16 *lengths, const char *text, int length,
			FactValue *value)
{
	int			position = allowed_position(fact, lengths, text, length);

	if (unlikely(position < 0))
		bad_value(fact, pnstrdup(text, length));
	value->bits |= (uint64_t) 1 << position;
}

/* an exact decimal, or a quotient of decimals */
static void
read_number_text(CoreEnv *env, const FactDefinition *fact, const char *text, size_t length,
				 FactValue *value)
{
	value->number = fraction_parse(env, text, length);
	if (unlikely(env->status == CORE_SYNTAX) || fraction_is_infinite(value->number))
		bad_value(fact, pnstrdup(text, length));
	core_check(env);
	value->state = FACT_KNOWN;
}

/* NaN or an infinity? */
static inline bool
is_special_numeric(const struct NumericData *numeric)
{
	uint16		header;

	memcpy(&header, VARDATA_ANY(numeric), sizeof(header));
	return (header & 0xC000) == 0xC000;
}

/*
 * A numeric whose digits fit into 64 bits, from its stored form: a 16-bit header (two top
 * bits 10: sign, display scale and weight within it; 00 or 01: sign, then a 16-bit
 * weight; 11: NaN or infinity), then digits to the base 10000.  False if it does not fit.
 */
static bool
read_small_numeric(CoreEnv *env, Numeric numeric, FactValue *value)
{
	const char *data = VARDATA_ANY(numeric);
	int			n_digits = (int) VARSIZE_ANY_EXHDR(numeric) - (int) sizeof(uint16);
	int			weight,
				exponent;
	int64		mantissa = 0;
	int64		scale = 1;
	bool		negative;
	uint16		header,
				word;

	memcpy(&header, data, sizeof(header));
	data += sizeof(header);
	if ((header & 0xC000) == 0x8000)
	{
		weight = (header & 0x003F) | ((header & 0x0040) != 0 ? ~0x003F : 0);
		negative = (header & 0x2000) != 0;
	}
	else if ((header & 0xC000) != 0xC000)
	{
		memcpy(&word, data, sizeof(word));
		data += sizeof(word);
		n_digits -= (int) sizeof(word);
		weight = (int16) word;
		negative = (header & 0xC000) == 0x4000;
	}
	else
		return false;
	n_digits /= (int) sizeof(word);
	exponent = weight - n_digits + 1;
	if (n_digits > 4 || exponent < -4 || n_digits + exponent > 4)
		return false;
	for (int i = 0; i < n_digits; i++)
	{
		memcpy(&word, data + i * sizeof(word), sizeof(word));
		mantissa = mantissa * 10000 + word;
	}
	for (int i = 0; i < abs(exponent); i++)
		scale *= 10000;
	if (n_digits == 0)
		value->number = FRACTION_ZERO;
	else if (exponent >= 0)
		value->number = fraction_of(env, (negative ? -mantissa : mantissa) * scale, 1);
	else
		value->number = fraction_of(env, negative ? -mantissa : mantissa, scale);
	value->state = FACT_KNOWN;
	return true;
}

static void
read_numeric(CoreEnv *env, const FactDefinition *fact, Numeric numeric, FactValue *value)
{
	if (!read_small_numeric(env, numeric, value))
	{
		char	   *text = DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(numeric)));

		if (is_special_numeric(numeric))
			bad_value(fact, text);
		read_number_text(env, fact, text, strlen(text), value);
	}
}

static void
read_day(CoreEnv *env, const FactDefinition *fact, DateADT day, FactValue *value)
{
	if (DATE_NOT_FINITE(day))
		bad_value(fact, DATE_IS_NOEND(day) ? "infinity" : "-infinity");
	/* years 1 to 9999, which a document can write: days and years are added to them */
	if (day < FIRST_DAY || day > LAST_DAY)
		bad_value(fact, DatumGetCString(DirectFunctionCall1(date_out, DateADTGetDatum(day))));
	value->number = fraction_of(env, day, 1);
	value->state = FACT_KNOWN;
}

/* an ISO 8601 calendar date and nothing else, whatever DateStyle says */
static void
read_day_text(CoreEnv *env, const FactDefinition *fact, const char *text, size_t length,
			  FactValue *value)
{
	static const char form[] = "dddd-dd-dd";
	struct pg_tm tm = {0};
	bool		good = length == sizeof(form) - 1;

	for (size_t i = 0; good && i < length; i++)
		good = form[i] == 'd' ? text[i] >= '0' && text[i] <= '9' : text[i] == form[i];
	if (good)
	{
		tm.tm_year = (text[0] - '0') * 1000 + (text[1] - '0') * 100 + (text[2] - '0') * 10 + text[3] - '0';
		tm.tm_mon = (text[5] - '0') * 10 + text[6] - '0';
		tm.tm_mday = (text[8] - '0') * 10 + text[9] - '0';
		good = tm.tm_year > 0 && tm.tm_mon >= 1 && tm.tm_mon <= MONTHS_PER_YEAR && tm.tm_mday >= 1 &&
			tm.tm_mday <= day_tab[isleap(tm.tm_year)][tm.tm_mon - 1];
	}
	if (!good)
		bad_value(fact, pnstrdup(text, length));
	read_day(env, fact, date2j(tm.tm_year, tm.tm_mon, tm.tm_mday) - POSTGRES_EPOCH_JDATE, value);
}

/* text for any fact but booleans and sets */
static void
read_text(CoreEnv *env, const FactDefinition *fact, const uint16 *lengths, const char *text,
		  int length, FactValue *value)
{
	switch (fact->type)
	{
		case FACT_NUMBER:
			read_number_text(env, fact, text, length, value);
			break;
		case FACT_DATE:
			read_day_text(env, fact, text, length, value);
			break;
		case FACT_TEXT:
			read_choice(fact, lengths, text, length, value);
			break;
		case FACT_BOOLEAN:
		case FACT_SET:
			bad_value(fact, pnstrdup(text, length));
	}
}

/* a set from text[], without a copy where the stored form is in memory and aligned */
static void
read_text_array(const FactDefinition *fact, const uint16 *lengths, Datum datum, FactValue *value)
{
	struct varlena *stored = (struct varlena *) DatumGetPointer(datum);
	union
	{
		ArrayType	array;
		char		bytes[VARATT_SHORT_MAX + VARHDRSZ];
	}			buffer;
	ArrayType  *array;
	const char *data;
	const bits8 *nulls;
	int			n;

	if (VARATT_IS_SHORT(stored) && !VARATT_IS_EXTERNAL(stored))
	{
		int			length = VARSIZE_SHORT(stored) - VARHDRSZ_SHORT;

		SET_VARSIZE(&buffer, length + VARHDRSZ);
		memcpy(buffer.bytes + VARHDRSZ, VARDATA_SHORT(stored), length);
		array = &buffer.array;
	}
	else
		array = DatumGetArrayTypeP(datum);
	n = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
	data = ARR_DATA_PTR(array);
	nulls = ARR_NULLBITMAP(array);
	value->state = FACT_KNOWN;
	value->set_open = false;
	value->bits = 0;
	for (int i = 0; i < n; i++)
	{
		if (nulls != NULL && (nulls[i / 8] & (1 << (i % 8))) == 0)
		{
			value->set_open = true;
			continue;
		}
		data = (const char *) att_align_nominal(data, TYPALIGN_INT);
		add_element(fact, lengths, VARDATA_ANY(data), (int) VARSIZE_ANY_EXHDR(data), value);
		data += VARSIZE_ANY(data);
	}
}

/* a set from an array of anything */
static void
read_array(FactReader *reader, const FactDefinition *fact, Datum datum, FactValue *value)
{
	Datum	   *elements;
	bool	   *nulls;
	int			n;

	deconstruct_array(DatumGetArrayTypeP(datum), reader->element, reader->length,
					  reader->by_value, reader->align, &elements, &nulls, &n);
	value->state = FACT_KNOWN;
	value->set_open = false;
	value->bits = 0;
	for (int i = 0; i < n; i++)
	{
		char	   *text;

		if (nulls[i])
		{
			value->set_open = true;
			continue;
		}
		text = OutputFunctionCall(&reader->output, elements[i]);
		add_element(fact, reader->lengths, text, (int) strlen(text), value);
	}
}

static bool
is_text_type(Oid type)
{
	return type == TEXTOID || type == VARCHAROID;
}

/* the form that fits a fact's type, or -1 */
static int
form_of_type(const FactDefinition *fact, Oid type, Oid element)
{
	if (type == JSONBOID)
		return FORM_JSONB;
	switch (fact->type)
	{
		case FACT_BOOLEAN:
			return type == BOOLOID ? FORM_BOOLEAN : -1;
		case FACT_NUMBER:
			if (type == NUMERICOID)
				return FORM_NUMERIC;
			if (type == INT4OID)
				return FORM_INT4;
			if (type == INT8OID)
				return FORM_INT8;
			if (type == INT2OID)
				return FORM_INT2;
			if (is_text_type(type))
				return FORM_TEXT;
			return type == FLOAT8OID || type == FLOAT4OID ? FORM_OUTPUT : -1;
		case FACT_TEXT:
			if (is_text_type(type))
				return FORM_TEXT;
			if (OidIsValid(element) || type == BOOLOID || type == RECORDOID)
				return -1;
			return FORM_OUTPUT;
		case FACT_SET:
			if (!OidIsValid(element))
				return -1;
			return is_text_type(element) ? FORM_TEXT_ARRAY : FORM_ARRAY;
		case FACT_DATE:
			if (type == DATEOID)
				return FORM_DATE;
			if (type == TIMESTAMPOID)
				return FORM_TIMESTAMP;
			if (type == TIMESTAMPTZOID)
				return FORM_TIMESTAMPTZ;
			return is_text_type(type) ? FORM_TEXT : -1;
	}
	return -1;
}

void
fact_reader_init(FactReader *reader, const FactDefinition *fact, Oid type, MemoryContext context)
{
	Oid			base = getBaseType(type);
	Oid			output;
	bool		is_varlena;
	int			form;

	memset(reader, 0, sizeof(FactReader));
	reader->element = get_base_element_type(base);
	form = form_of_type(fact, base, reader->element);
	if (form < 0)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("fact \"%s\" cannot be of type %s", fact->name, format_type_be(type)),
				 errdetail("%s", what_it_takes(fact))));
	reader->form = form;
	reader->lengths = MemoryContextAlloc(context, mul_size(sizeof(uint16), fact->n_allowed + 1));
	for (int i = 0; i < fact->n_allowed; i++)
		reader->lengths[i] = (uint16) Min(strlen(fact->allowed[i]), PG_UINT16_MAX);
	if (form == FORM_ARRAY)
		get_typlenbyvalalign(reader->element, &reader->length, &reader->by_value, &reader->align);
	if (form == FORM_ARRAY || form == FORM_OUTPUT)
	{
		getTypeOutputInfo(form == FORM_ARRAY ? reader->element : base, &output, &is_varlena);
		fmgr_info_cxt(output, &reader->output, context);
	}
}

bool
fact_reads_surely(const FactReader *reader, Datum datum)
{
	switch (reader->form)
	{
		case FORM_INT2:
		case FORM_INT4:
		case FORM_INT8:
			return true;
		case FORM_NUMERIC:
			if (VARATT_IS_EXTERNAL(DatumGetPointer(datum)) || VARATT_IS_COMPRESSED(DatumGetPointer(datum)) ||
				VARSIZE_ANY_EXHDR(DatumGetPointer(datum)) > 64)
				return false;
			return !is_special_numeric((Numeric) DatumGetPointer(datum));
		default:
			return false;
	}
}

/* a column of type jsonb that bears a fact's name */
static void
read_jsonb(CoreEnv *env, const FactDefinition *fact, Jsonb *document, FactValue *value)
{
	JsonbValue	json;

	if (!JsonbExtractScalar(&document->root, &json))
	{
		json.type = jbvBinary;
		json.val.binary.data = &document->root;
		json.val.binary.len = VARSIZE(document) - VARHDRSZ;
	}
	fact_read_json(env, fact, &json, value);
}

void
fact_read(CoreEnv *env, FactReader *reader, const FactDefinition *fact, Datum datum,
		  FactValue *value)
{
	switch (reader->form)
	{
		case FORM_BOOLEAN:
			value->state = FACT_KNOWN;
			value->boolean = DatumGetBool(datum);
			break;
		case FORM_INT2:
			value->state = FACT_KNOWN;
			value->number = fraction_of(env, DatumGetInt16(datum), 1);
			break;
		case FORM_INT4:
			value->state = FACT_KNOWN;
			value->number = fraction_of(env, DatumGetInt32(datum), 1);
			break;
		case FORM_INT8:
			value->state = FACT_KNOWN;
			value->number = fraction_of(env, DatumGetInt64(datum), 1);
			break;
		case FORM_NUMERIC:
			read_numeric(env, fact, (Numeric) PG_DETOAST_DATUM_PACKED(datum), value);
			break;
		case FORM_TEXT:
			{
				struct varlena *text = PG_DETOAST_DATUM_PACKED(datum);

				read_text(env, fact, reader->lengths, VARDATA_ANY(text),
						  (int) VARSIZE_ANY_EXHDR(text), value);
				break;
			}
		case FORM_OUTPUT:
			{
				char	   *text = OutputFunctionCall(&reader->output, datum);

				read_text(env, fact, reader->lengths, text, (int) strlen(text), value);
				break;
			}
		case FORM_TEXT_ARRAY:
			read_text_array(fact, reader->lengths, datum, value);
			break;
		case FORM_ARRAY:
			read_array(reader, fact, datum, value);
			break;
		case FORM_DATE:
			read_day(env, fact, DatumGetDateADT(datum), value);
			break;
		case FORM_TIMESTAMPTZ:
			datum = DirectFunctionCall2(timestamptz_zone, CStringGetTextDatum(DAY_ZONE), datum);
			/* FALLTHROUGH */
		case FORM_TIMESTAMP:
			read_day(env, fact, DatumGetDateADT(DirectFunctionCall1(timestamp_date, datum)), value);
			break;
		case FORM_JSONB:
			read_jsonb(env, fact, DatumGetJsonbP(datum), value);
			break;
	}
}

/* ERROR 22023: a JSON value of the wrong type, shown by at most a line of its text */
static void
wrong_json(const FactDefinition *fact, JsonbValue *json)
{
	char	   *text = JsonbToCString(NULL, &JsonbValueToJsonb(json)->root, 64);
	int			length = (int) strlen(text);

	if (length > 64)
	{
		length = pg_mbcliplen(text, length, 60);
		text = psprintf("%.*s...", length, text);
	}
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("invalid value %s for fact \"%s\"", text, fact->name),
			 errdetail("%s", what_it_takes(fact))));
}

/* a set from a JSON array of strings; a null among them leaves the set open */
static void
read_json_set(const FactDefinition *fact, JsonbValue *json, FactValue *value)
{
	JsonbIterator *iterator;
	JsonbValue	element;
	JsonbIteratorToken token;

	if (json->type != jbvBinary || !JsonContainerIsArray(json->val.binary.data) ||
		JsonContainerIsScalar(json->val.binary.data))
		wrong_json(fact, json);
	value->state = FACT_KNOWN;
	value->set_open = false;
	value->bits = 0;
	iterator = JsonbIteratorInit(json->val.binary.data);
	while ((token = JsonbIteratorNext(&iterator, &element, true)) != WJB_DONE)
	{
		if (token != WJB_ELEM)
			continue;
		if (element.type == jbvNull)
			value->set_open = true;
		else if (element.type == jbvString)
			add_element(fact, NULL, element.val.string.val, element.val.string.len, value);
		else
			wrong_json(fact, &element);
	}
}

void
fact_read_json(CoreEnv *env, const FactDefinition *fact, JsonbValue *json, FactValue *value)
{
	if (json->type == jbvNull)
	{
		value->state = FACT_UNKNOWN;
		return;
	}
	if (fact->type == FACT_SET)
		read_json_set(fact, json, value);
	else if (json->type == jbvString && fact->type != FACT_BOOLEAN)
		read_text(env, fact, NULL, json->val.string.val, json->val.string.len, value);
	else if (json->type == jbvNumeric && fact->type == FACT_NUMBER)
		read_numeric(env, fact, json->val.numeric, value);
	else if (json->type == jbvNumeric && fact->type == FACT_TEXT && fact->n_allowed == 0)
	{
		char	   *text = DatumGetCString(DirectFunctionCall1(numeric_out,
															   NumericGetDatum(json->val.numeric)));

		read_choice(fact, NULL, text, (int) strlen(text), value); /* an id that is a number */
	}
	else if (json->type == jbvBool && fact->type == FACT_BOOLEAN)
	{
		value->state = FACT_KNOWN;
		value->boolean = json->val.boolean;
	}
	else
		wrong_json(fact, json);
}

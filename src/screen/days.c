/*
 * days.c
 *		Due dates and retention: a day and a parameter.
 */
#include "postgres.h"

#include <limits.h>

#include "utils/datetime.h"

#include "screen/days.h"

int
parameter_number(const Parameter *parameter)
{
	char	   *end;
	long		number;

	errno = 0;
	number = strtol(parameter->value, &end, 10);
	if (end == parameter->value || *end != '\0' || errno != 0 || number < 0 || number > INT_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("parameter \"%s\" has the value \"%s\", which is no whole number", parameter->name, parameter->value),
				 errhint("Correct the firm's row of table %s.", "parameter")));
	return (int) number;
}

/* The day, if there is such a one. */
static DateADT
checked_day(int64 day, const Parameter *parameter)
{
	if (!IS_VALID_DATE(day))
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
				 errmsg("date out of range: parameter \"%s\" has the value \"%s\"", parameter->name, parameter->value)));
	return (DateADT) day;
}

DateADT
days_later(DateADT day, const Parameter *parameter)
{
	return checked_day((int64) day + parameter_number(parameter), parameter);
}

DateADT
years_later(DateADT day, const Parameter *parameter)
{
	int			years = parameter_number(parameter);
	int			y,
				m,
				d;

	j2date(day + POSTGRES_EPOCH_JDATE, &y, &m, &d);
	/* a Julian day counts no further */
	if (years > JULIAN_MAXYEAR - 1 - y)
		(void) checked_day(PG_INT64_MAX, parameter);
	if (m == 2 && d == 29 && !isleap(y + years))
		d = 28;
	return checked_day((int64) date2j(y + years, m, d) - POSTGRES_EPOCH_JDATE, parameter);
}

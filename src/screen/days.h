/*
 * days.h
 *		Days that a ruleset's parameters add to a day.
 */
#ifndef OUTBOUND_DAYS_H
#define OUTBOUND_DAYS_H

#include "read/rules.h"

/* a parameter's whole number; ERROR 22023 naming the parameter if its text is none */
extern int	parameter_number(const Parameter *parameter);

/* the day so many calendar days later: no weekend or holiday moves it; ERROR 22008 naming the parameter past the last day there is */
extern DateADT days_later(DateADT day, const Parameter *parameter);

/* the same day so many years later; 29 February becomes 28 */
extern DateADT years_later(DateADT day, const Parameter *parameter);

#endif							/* OUTBOUND_DAYS_H */

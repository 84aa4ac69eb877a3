EXTENSION = outbound
EXTVERSION = $(shell sed -n "s/^default_version *= *'\(.*\)'/\1/p" outbound.control)

MODULE_big = outbound
GRAMMAR = src/types/condition_gram.c src/types/condition_scan.c
OBJS = $(patsubst %.c,%.o,$(sort $(wildcard src/*.c src/*/*.c) $(GRAMMAR)))
PG_CPPFLAGS = -I$(srcdir)/src
SHLIB_LINK = -lgmp

SQL_PARTS = $(sort $(wildcard sql/[0-9]*.sql))
RULE_PARTS = $(sort $(wildcard sql/rules/*.sql))
DATA = $(wildcard sql/upgrade/outbound--*--*.sql)
DATA_built = outbound--$(EXTVERSION).sql

REGRESS = $(patsubst test/sql/%.sql,%,$(sort $(wildcard test/sql/*.sql)))
REGRESS_OPTS = --inputdir=test --load-extension=outbound
ISOLATION = $(patsubst test/isolation/specs/%.spec,%,$(sort $(wildcard test/isolation/specs/*.spec)))
ISOLATION_OPTS = --inputdir=test/isolation --load-extension=outbound
EXTRA_CLEAN = $(DATA_built) $(GRAMMAR) src/types/condition_gram.h

PG_CONFIG ?= pg_config
PGXS := $(shell $(PG_CONFIG) --pgxs)
include $(PGXS)

override CFLAGS += -Wno-declaration-after-statement

# outbound: U.S. outbound investment screening inside PostgreSQL
#
#   make && make install && make installcheck    build, install, test against a running server
#   make check                                   everything, in throw-away clusters; installs nothing into the system's PostgreSQL
#   make demo, make demo-stop                    a book of deals over real ownership registers, and the end of it
#   make readme                                  writes the answers of a server into the sessions of README.md
#   make unit, make fuzz, make bench             the core without a server, random input, measurements

# Where the sources are: a build directory of its own works (make -f .../Makefile)
top := $(patsubst %/,%,$(dir $(lastword $(MAKEFILE_LIST))))

STANDALONE = check demo demo-stop bench readme

# These need no PostgreSQL to be installed yet, so they must not ask pg_config
ifneq (,$(filter $(STANDALONE),$(MAKECMDGOALS)))

.PHONY: $(STANDALONE)
check:
	$(top)/test/run $(PGVERSION)
demo:
	$(top)/demo/run $(PGVERSION)
demo-stop:
	$(top)/demo/stop
readme:
	README=write $(top)/test/run $(PGVERSION)
bench:
	$(top)/bench/run $(PGVERSION)

else

EXTENSION = outbound
EXTVERSION := $(shell sed -n "s/^default_version *= *'\(.*\)'/\1/p" $(top)/outbound.control)

# C sources, with the ones that bison and flex write
GRAMMARS := $(patsubst $(top)/%.y,%,$(wildcard $(top)/src/*/*.y))
SCANNERS := $(patsubst $(top)/%.l,%,$(wildcard $(top)/src/*/*.l))
GENERATED := $(addsuffix .c,$(GRAMMARS) $(SCANNERS))
GENERATED_HEADERS := $(addsuffix .h,$(GRAMMARS))
SOURCES := $(patsubst $(top)/%,%,$(wildcard $(top)/src/*.c $(top)/src/*/*.c))
PROJECT_HEADERS := $(wildcard $(top)/src/*.h $(top)/src/*/*.h)

# A build directory of its own needs the folders for the objects
ifneq ($(top),.)
made := $(shell mkdir -p $(sort $(dir $(SOURCES) $(GENERATED))))
endif

MODULE_big = outbound
OBJS := $(patsubst %.c,%.o,$(sort $(SOURCES) $(GENERATED)))
PGFILEDESC = "outbound - U.S. outbound investment screening"
PG_CPPFLAGS = -Isrc -I$(top)/src
SHLIB_LINK = -lgmp

# The install script: the numbered parts in order, the rows of the rules right after their tables
SQL_PARTS := $(sort $(wildcard $(top)/sql/[0-9]*.sql))
RULE_PARTS := $(sort $(wildcard $(top)/sql/rules/*.sql))
SQL_ORDER := $(foreach part,$(SQL_PARTS),$(part) $(if $(filter %/30_rules.sql,$(part)),$(RULE_PARTS)))
DATA := $(patsubst $(top)/%,%,$(wildcard $(top)/sql/upgrade/outbound--*--*.sql))
DATA_built = outbound--$(EXTVERSION).sql

# Tests against a running server: pg_regress, isolation, TAP
REGRESS := $(patsubst $(top)/test/sql/%.sql,%,$(sort $(wildcard $(top)/test/sql/*.sql)))
REGRESS_OPTS = --inputdir=$(top)/test --load-extension=outbound
ISOLATION := $(patsubst $(top)/test/isolation/specs/%.spec,%,$(sort $(wildcard $(top)/test/isolation/specs/*.spec)))
ISOLATION_OPTS = --inputdir=$(top)/test/isolation --load-extension=outbound
TAP_TESTS := $(if $(wildcard $(top)/test/t/*.pl),1)
PROVE_TESTS = test/t/*.pl

# Tests of the core alone, which knows no server
CORE_SOURCES := $(patsubst $(top)/%,%,$(wildcard $(top)/src/core/*.c))
UNIT_TESTS := $(patsubst $(top)/%.c,%,$(sort $(wildcard $(top)/test/unit/*_test.c)))
UNIT_OBJS := $(patsubst src/core/%.c,test/unit/core/%.o,$(CORE_SOURCES))
FUZZERS := $(patsubst $(top)/%.c,%,$(sort $(wildcard $(top)/test/fuzz/*_fuzz.c)))

EXTRA_CLEAN = $(GENERATED) $(GENERATED_HEADERS) $(UNIT_TESTS) test/unit/core $(FUZZERS) \
	regression.diffs regression.out results output_iso tmp_check tmp_check_iso

PG_CONFIG ?= pg_config
PGXS := $(shell $(PG_CONFIG) --pgxs)
include $(PGXS)

# Every object may see every header; the generated ones must exist before anything is compiled, to bitcode too
BITCODE := $(OBJS:.o=.bc)
$(OBJS) $(BITCODE): $(PROJECT_HEADERS) $(GENERATED_HEADERS)

# See the notes in src/backend/parser/Makefile of PostgreSQL about the next two rules
$(GENERATED_HEADERS): %.h: %.c
	touch $@
$(addsuffix .c,$(GRAMMARS)): BISONFLAGS += -d

$(DATA_built): $(SQL_ORDER) $(top)/outbound.control
	cat $(SQL_ORDER) > $@

# Unit tests speak TAP and run under the sanitizers, which see the core's own memory
UNIT_CFLAGS ?= -g -O1 -fsanitize=address,undefined -fno-sanitize-recover=all
UNIT_FLAGS = -std=gnu99 -Wall -Wextra -Wmissing-prototypes -I$(top)/src -I$(top)/test/unit $(UNIT_CFLAGS)

test/unit/core/%.o: src/core/%.c $(PROJECT_HEADERS)
	@$(MKDIR_P) $(@D)
	$(CC) $(UNIT_FLAGS) -c $< -o $@
$(UNIT_TESTS): %: %.c $(UNIT_OBJS) $(wildcard $(top)/test/unit/*.h)
	@$(MKDIR_P) $(@D)
	$(CC) $(UNIT_FLAGS) $< $(UNIT_OBJS) -lgmp -lm -o $@

.PHONY: unit fuzz fuzzers
unit: $(UNIT_TESTS)
	$(if $(UNIT_TESTS),ASAN_OPTIONS=detect_leaks=0 OUTBOUND_TOP=$(top) $(if $(PROVE),$(PROVE),prove) $(PROVE_FLAGS) -e '' $(UNIT_TESTS))

# Random input for a bounded time each: make fuzz FUZZ_SECONDS=60
FUZZ_CC ?= clang
FUZZ_SECONDS ?= 20
$(FUZZERS): %: %.c $(CORE_SOURCES) $(PROJECT_HEADERS)
	@$(MKDIR_P) $(@D)
	$(FUZZ_CC) -g -O1 -fsanitize=fuzzer,address,undefined -I$(top)/src $< $(addprefix $(top)/,$(CORE_SOURCES)) -lgmp -lm -o $@
fuzzers: $(FUZZERS)
fuzz: $(FUZZERS)
	$(foreach fuzzer,$(FUZZERS),./$(fuzzer) -max_total_time=$(FUZZ_SECONDS) -detect_leaks=0 &&) true

endif

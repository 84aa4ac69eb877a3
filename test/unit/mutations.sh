#!/bin/sh
# Applies deliberate bugs to copies of the kernel, one at a time; each must make the unit tests fail.
# Usage: test/unit/mutations.sh (from anywhere; needs a C compiler and GMP)
set -eu

top=$(CDPATH= cd -- "$(dirname -- "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cc=${CC:-cc}
export OUTBOUND_RANDOM_GRAPHS=${OUTBOUND_RANDOM_GRAPHS:-800} CENSUS_ROUNDS=${CENSUS_ROUNDS:-800}
tests="kernel_test kernel_regime_test kernel_random_test kernel_interval_test linear_test ring_test sweep_test census_test voting_power_test"
survivors=0

# compiles the core and the tests once
flags="-std=gnu99 -O1 -w -I$top/src -I$top/test/unit"
mkdir "$work/objects"
for file in "$top"/src/core/*.c; do
	$cc $flags -c "$file" -o "$work/objects/$(basename "$file" .c).o"
done
for test in $tests; do
	$cc $flags -c "$top/test/unit/$test.c" -o "$work/$test.o"
done

# build FILE: links the tests with the mutant of one file; fails if it does not compile
build()
{
	$cc $flags -I"$top/src/core" -c "$work/$1" -o "$work/objects/$(basename "$1" .c).o" || return 1
	for test in $tests; do
		$cc "$work/$test.o" "$work"/objects/*.o -lgmp -lm -o "$work/$test" || return 1
	done
}

# succeeds if some test fails (or does not end in time)
caught()
{
	for test in $tests; do
		if ! timeout 60 "$work/$test" >"$work/$test.out" 2>&1; then
			by="$test, $(grep -c '^not ok' "$work/$test.out" || true) failures"
			return 0
		fi
	done
	return 1
}

cp "$top/src/core/core.c" "$work/core.c"
build core.c
if caught; then
	echo "Bail out! the tests fail on the kernel as it is: $by"
	exit 1
fi

# mutate NAME FILE SED-SCRIPT: the script must change the file
mutate()
{
	sed "$3" "$top/src/core/$2" >"$work/$2"
	if cmp -s "$top/src/core/$2" "$work/$2"; then
		echo "not ok - $1: the mutation no longer applies"
		survivors=$((survivors + 1))
	elif ! build "$2"; then
		echo "not ok - $1: the mutant does not compile"
		survivors=$((survivors + 1))
	elif caught; then
		echo "ok - $1 ($by)"
	else
		echo "not ok - $1: survives"
		survivors=$((survivors + 1))
	fi
	$cc $flags -c "$top/src/core/$2" -o "$work/objects/$(basename "$2" .c).o"
}

mutate "a strict gate read as at least" register.c \
	's/return !strict_gate || amount->strict;/return true;/'
mutate "an at-least gate read as strict" register.c \
	's/return !strict_gate || amount->strict;/return amount->strict;/'
mutate "an unattained upper end passes" register.c \
	's/return !strict_gate \&\& !amount->strict;/return !strict_gate;/'
mutate "the gate rounds" register.c \
	's/^\tint\t\t\tc = fraction_compare(env, amount->value, threshold);/\tint c = fraction_compare(env, fraction_add(env, amount->value, fraction_of(env, 1, 1000000000)), threshold);/'
mutate "no clipping of factors" register.c \
	's/if (c > 0 || (c == 0 \&\& !upper))/if (c == 0 \&\& !upper)/'
mutate "no clipping inside rings" solve.c \
	's/fits = !reached\[i\] || fraction_compare(env, y\[i\], s->cap\[i\]) <= 0;/fits = true;/'
mutate "half the digits of an exact solution" linear.c \
	's|l->n_digits = (l->num_bits + l->den_bits + 2) / PRIME_BITS + 1;|l->n_digits = l->num_bits / PRIME_BITS + 1;|'
mutate "a negative solution is one" linear.c \
	's/if (negative \&\& num\[i\].n > 0)/if (false)/'
mutate "a pivot that one prime divides is zero" linear.c \
	's/if (n_times \* PRIME_BITS > l->den_bits)/if (true)/'
mutate "negative residuals count as positive" linear.c \
	's/if (row->residual\[row->residual_width - 1\] >> 63)/if (false)/'
mutate "a ring over the budget is solved" ring.c \
	's/if (!ring_affordable(model, component))/if (false)/'
mutate "sums keep the first denominator" fraction.c \
	's/if (natural_divides(env, x.den, y.den, &times))/if (natural_divides(env, x.den, y.den, \&times) || true)/'
mutate "nothing passes below the gate" run.c \
	's/if (test->below == PASS_NOTHING)/if (true)/'
mutate "self-holdings stay in" model.c \
	's/^\t\trescale_register(env, reg, &self);//'
mutate "an adviser of anything is a parent" model.c \
	's/if (node->pooled_fund == TERNARY_TRUE || .*/if (true)/'
mutate "ranges without the 100% constraint" model.c \
	's/reg->mass = state == REGISTER_COMPLETE \&\& share_value_is_exact(own) ? MASS_COMPLETE : MASS_REST;/reg->mass = MASS_BOX;/'
mutate "upper bounds pour the wrong way" register.c \
	's/return p->upper ? -c : c;/return c;/'
mutate "rings iterated 60 times, not solved" ring.c \
	's/\t\tsolve_capped(&run->scratch->env, &s, y);/for (uint32_t q = 0; q < s.n; q++) y[q] = fraction_compare(run->keep, s.inflow[q], s.cap[q]) > 0 ? s.cap[q] : s.inflow[q]; if (round >= 60) return;/'
mutate "rings are not settled before the gates are read" ring.c \
	's/^\t\t\tsettle_factors(ring);//'
mutate "a parent link carries its share" run.c \
	's/return run->model->test->link == LINK_LITERAL/return false \&\& run->model->test->link == LINK_LITERAL/'
mutate "links of a ring are guessed once" sweep_ring.c \
	's/while (decide_round(sweep) \&\&/while (decide_round(sweep) \&\& false \&\&/'
mutate "what was forgotten is nothing" sweep.c \
	's/SWEEP_ONE ? SWEEP_ONE : most;/SWEEP_ONE ? SWEEP_ONE : 0;/'
mutate "what is not recorded of a root is nothing" sweep_rows.c \
	's/row_add_missing(sweep, row, sweep->missing, 1);/;/'
mutate "whoever is at a line reaches nobody" sweep_gate.c \
	's/^\t\treached = reached || reaches(.*/\t\treached = false;/'
mutate "others never help a holder to a parental link" sweep_gate.c \
	's/^\t\t\tmost\[k\] += .*/\t\t\t;/'
mutate "a leaf is asked only for halves" sweep_rows.c \
	's/sweep->whole - w + (uint64_t)/(uint64_t)/'
mutate "own shares stay in a census" sweep_census.c \
	's/(edges\[i\].holder == party || /(/'
mutate "a census counts controlling links as told" sweep_census.c \
	's/shares\[k\] = b->whole;/;/'
mutate "a seed's own ranges are nothing in a census" sweep_census.c \
	's/graph->own_share\[b->n_links \* b->n_measures + k\] = share == SWEEP_NO_SHARE/graph->own_share[b->n_links * b->n_measures + k] = true/'
mutate "without feedback links are parental" sweep.c \
	's/graph->test->status_feeds_back;$/true;/'
mutate "what was forgotten is told of all the same" sweep.c \
	's/(!blind \&\& !is_withheld(sweep, node) \&\&/(!blind \&\&/'
mutate "open ends of a census are closed" sweep_census.c \
	's/^\t\tgraph->node\[i\] |= SWEEP_RANGES;/\t\t;/'
mutate "numbers begin again with every block of a census" census_run.c \
	's/(NumberedBlock) {0, run->n}/(NumberedBlock) {0, 0}/'
mutate "whom a frontier touches stays on its list" census_run.c \
	's/^\t\t\trun->state\[touched\[i\]\] &= .*/\t\t\t;/'
mutate "undisclosed rests raise nobody by themselves" census_run.c \
	's/return run->run == RUN_UNDISCLOSED \&\& !party->unheld/return false \&\& !party->unheld/'
mutate "nothing is missing in a ring followed in part" sweep_root.c \
	's/0 : 2 \* ring->hair + 1;/0 : 0;/'
mutate "nobody disclosed holds nothing" sweep_rows.c \
	's/tally_add(row_amount(nobody, k), rest.lower, rest.upper, over, 1);/;/'
mutate "an enclosure is sure of a tie" enclosure.c \
	's/exact = passes_split(e, local, k);/exact = TERNARY_FALSE;/'
mutate "measures are not joined across" run.c \
	's/if (!test->across_measures)/if (true)/'
mutate "roles always carry" run.c \
	's/if (test->status_feeds_back \&\& test->roles_carry)/if (test->status_feeds_back)/'
mutate "reports forget roles" report.c \
	's/if (m->links\[i\].role \&\& h->status)/if (false)/'
mutate "a report's role is anybody's who is a member" report.c \
	's/if (m->links\[i\].role \&\& h->status)/if (m->links[i].role)/'
mutate "branches in a ring are not reported" report.c \
	's/while (n_queue > 0)/while (false)/'
mutate "a role is proved by what made its holder count in full" witness.c \
	's/\*standing = a->cause_rank\[node\] < rank;/*standing = a->cause_rank[node] != UINT32_MAX;/'
mutate "a complete register leaves a rest" register.c \
	's/if (p->reg->mass == MASS_REST)/if (true)/'
mutate "the rest counts for nobody" model.c \
	's/reg->rest_is_anybodys = model->run == RUN_UNDISCLOSED/reg->rest_is_anybodys = false/'
mutate "an unmapped interest is nothing" model.c \
	's/unmapped = true;/unmapped = false;/'
mutate "open ends are closed: marginal group" register.c \
	's/\*attained = \*attained \&\& !lower_open;/*attained = *attained;/'
mutate "open ends are closed: filled group" register.c \
	's/\*attained = \*attained \&\& !upper_open;/*attained = *attained;/'
mutate "unattained factors are attained" ring.c \
	's/v\[k\].strict = more = true;/v[k].strict = false;/'
mutate "several sources add up" graph.c \
	's/rows\[at\].source == rows\[first\].source; at++)/true; at++)/'
mutate "a proof may be circular" run.c \
	's/return high + 1;/return 1;/'
mutate "whoever is forgotten has nothing" sweep.c \
	's/ : loss;/ : 0;/'
mutate "a seed's own link counts as the whole, too" sweep_graph.c \
	's/graph->own_share\[at\] = (\*n_shares)++;/continue;/'
mutate "two who control are more than the whole" sweep.c \
	's/told.lower < SWEEP_ONE ? told.lower : SWEEP_ONE/told.lower/'
mutate "a member's proportion is the whole, without feedback" sweep_gate.c \
	's/uint32_t	whole = sweep->test->status_feeds_back ? /uint32_t	whole = true ? /'
mutate "a root comes no further than its own holdings" cascade.c \
	's/cascade->member\[node\] = true;/continue;/'
mutate "half of the votes is enough to decide" voting_power.c \
	's/half\[total.n\] = mpn_add_1(half, half, total.n, 1);/half[total.n] = 0;/'
mutate "votes are not brought to a common denominator" voting_power.c \
	's/times = natural_divide(env, common, parts.den);/times = common;/'
mutate "a voter stays in the table" voting_power.c \
	's/^\t\tif (size > 0)$/\t\tif (false)/'
mutate "who can be spared swings" voting_power.c \
	's/over, limbs) <= 0)/over, limbs) < 0)/'
mutate "every coalition is as likely, whatever its size" voting_power.c \
	's/factorial\[game->n - 1 - size\]/factorial[0]/'

exit $((survivors > 0))

/*
 * contract_words.c
 *		The words of columns party.kind, party.register and interest.kind.
 */
#include "postgres.h"

#include "read/contract_words.h"

const char *const party_kind_words[PARTY_KIND_UNKNOWN] = {
	[PARTY_INDIVIDUAL] = "individual",
	[PARTY_ENTITY] = "entity",
	[PARTY_POOLED_FUND] = "pooled_fund",
	[PARTY_GOVERNMENT] = "government",
	[PARTY_BRANCH] = "branch",
};

const char *const interest_kind_words[N_INTEREST_KINDS] = {
	[INTEREST_VOTING] = "voting",
	[INTEREST_BOARD] = "board",
	[INTEREST_EQUITY] = "equity",
	[INTEREST_PROFITS] = "profits",
	[INTEREST_LIQUIDATION] = "liquidation",
	[INTEREST_GENERAL_PARTNER] = "general_partner",
	[INTEREST_MANAGING_MEMBER] = "managing_member",
	[INTEREST_INVESTMENT_ADVISER] = "investment_adviser",
	[INTEREST_BOARD_SEAT] = "board_seat",
	[INTEREST_DIRECTION] = "direction",
	[INTEREST_ACTS_FOR] = "acts_for",
	[INTEREST_CONTINGENT_EQUITY] = "contingent_equity",
	[INTEREST_LIMITED_PARTNER] = "limited_partner",
	[INTEREST_BRANCH_OF] = "branch_of",
	[INTEREST_UNMAPPED] = "unmapped",
};

const char *const register_words[REGISTER_COMPLETE + 1] = {
	[REGISTER_OPEN] = "open",
	[REGISTER_CLOSED] = "closed",
	[REGISTER_COMPLETE] = "complete",
};

int
word_place(const char *word, const char *const *words, int n, int otherwise)
{
	for (int i = 0; word != NULL && i < n; i++)
		if (strcmp(word, words[i]) == 0)
			return i;
	return otherwise;
}

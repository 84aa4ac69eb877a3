/*
 * The transaction: what puts a deal out of scope, which limb of 850.210(a) it meets, what
 * excepts and exempts it, which class it then has, and whose duty follows.
 *
 * The person whose activity gives the class is the target (850.210(a)(4): the business set
 * up or converted; (a)(5): the joint venture), and for a limited partner the person the
 * fund invested in.
 */

/* scope: before the effective date, nobody with a duty, conduct the part does not regulate */
INSERT INTO provision (ruleset, cite, variant, stage, condition, summary, origin) VALUES
('FINAL-2025-01-02', '850.204', 'before the effective date', 'scope',
 $$completion_date < date '2025-01-02'$$,
 'Completed before 2025-01-02, the day the rule took effect.', 'outbound'),
('FINAL-2025-01-02', '850.229', 'nobody with a duty', 'scope',
 $$not investor_is_us_person and not investor_acts_for_us_person and not investor_is_controlled_foreign_entity
   and not (directing_person_is_us_person and directing_authority and directed and directing_knowledge
            and not recused_from @> {approval, documents, negotiation})$$,
 'The investor is neither a U.S. person, nor an intermediary of one, nor the controlled foreign entity of one, and no U.S. person knowingly directs it.', 'outbound'),
('FINAL-2025-01-02', '850.503', '', 'scope',
 $$ieepa_1702b$$,
 'Conduct within 50 U.S.C. 1702(b) is outside the part.', 'outbound');

/*
 * limbs: 850.210(a).  The knowledge is the investor's or, where a U.S. person directs a
 * deal of another, that person's (850.303).
 */
INSERT INTO provision (ruleset, cite, variant, stage, limb, condition, summary, origin) VALUES
('FINAL-2025-01-02', '850.210(a)(1)', '', 'limb', '850.210(a)(1)',
 $$transaction_type = 'equity' and target_is_covered_foreign_person and (knows or directing_knowledge)
   and (not foreclosure or (knew_pledged_equity and not pledged_on < date '2025-01-02'))$$,
 'Acquires an equity interest in a person it knows to be a covered foreign person. Note 2: foreclosing on a pledge counts, unless the equity was pledged before 2025-01-02 or the lender did not then know that it was in a covered foreign person.', 'outbound'),
('FINAL-2025-01-02', '850.210(a)(1)', 'contingent', 'limb', '850.210(a)(1)',
 $$transaction_type = 'contingent_equity' and target_is_covered_foreign_person and (knows or directing_knowledge)$$,
 'Acquires a contingent equity interest in a person it knows to be a covered foreign person.', 'outbound'),
('FINAL-2025-01-02', '850.210(a)(1)', 'derivative', 'limb', '850.210(a)(1)',
 $$transaction_type = 'derivative' and derivative_confers && {equity, equity_rights}
   and target_is_covered_foreign_person and (knows or directing_knowledge)$$,
 'Acquires, by a derivative, equity, a right to it or rights associated with it, in a person it knows to be a covered foreign person.', 'outbound'),
('FINAL-2025-01-02', '850.210(a)(2)', '', 'limb', '850.210(a)(2)',
 $$transaction_type = 'debt' and lender_rights && {profits, board_appointment, equity_like}
   and target_is_covered_foreign_person and (knows or directing_knowledge)$$,
 'Gives a person it knows to be a covered foreign person a loan that affords an interest in profits, a right to appoint board members or comparable rights not typical of a loan.', 'outbound'),
('FINAL-2025-01-02', '850.210(a)(3)', '', 'limb', '850.210(a)(3)',
 $$transaction_type = 'conversion' and contingent_acquired_on >= date '2025-01-02'
   and target_is_covered_foreign_person and (knows or directing_knowledge)$$,
 'Converts a contingent equity interest, acquired on or after 2025-01-02, into equity in a person it knows to be a covered foreign person.', 'outbound'),
('FINAL-2025-01-02', '850.210(a)(4)', '', 'limb', '850.210(a)(4)',
 $$(transaction_type = 'asset' or (transaction_type = 'derivative' and derivative_confers && {assets}))
   and asset_in_country_of_concern
   and asset_result && {establishes_covered_foreign_person, country_of_concern_person_engages}
   and (knows or directing_knowledge)$$,
 'Acquires, leases or develops operations, land, property or other assets in a country of concern, knowing or planning that it will establish a covered foreign person or engage a person of a country of concern in a covered activity.', 'outbound'),
('FINAL-2025-01-02', '850.210(a)(5)', '', 'limb', '850.210(a)(5)',
 $$transaction_type = 'joint_venture' and joint_venture_partner_is_person_of_country_of_concern
   and target_covered_activity and (knows or directing_knowledge)$$,
 'Enters a joint venture, wherever located, with a person of a country of concern, knowing that the venture will engage, or plans to engage, in a covered activity.', 'outbound'),
('FINAL-2025-01-02', '850.210(a)(6)', '', 'limb', '850.210(a)(6)',
 $$transaction_type = 'limited_partner' and not target_is_us_person and knows_fund_likely_invests
   and fund_investee_is_covered_foreign_person$$,
 'Acquires a limited partner interest in a pooled fund that is not a U.S. person, knowing that the fund likely will invest in a person of a country of concern in the semiconductor, quantum or AI sectors, and the fund then invests in a covered foreign person.', 'outbound');

/* exceptions: 850.501(a) with the gate of standard minority shareholder protections, 850.501(b)-(g), 850.210(b)(2) */
INSERT INTO provision (ruleset, cite, variant, stage, condition, summary, origin) VALUES
('FINAL-2025-01-02', '850.501(a)(1)(i)', '', 'exception',
 $$publicly_traded and not rights_beyond_standard$$,
 'A publicly traded security, in any currency and jurisdiction, with no more than standard minority shareholder protections.', 'outbound'),
('FINAL-2025-01-02', '850.501(a)(1)(i)', 'fungible', 'exception',
 $$fungible_with_publicly_traded and not rights_beyond_standard$$,
 'New securities of the same CUSIP as, or the same class as and fungible with, publicly traded ones (FAQ of 2025-12-23).', 'outbound'),
('FINAL-2025-01-02', '850.501(a)(1)(i)', 'convertible', 'exception',
 $$convertible_only_into_publicly_traded and not rights_beyond_standard$$,
 'A contingent interest convertible only into a publicly traded security, also where it may be settled in cash or otherwise (FAQ of 2025-12-23).', 'outbound'),
('FINAL-2025-01-02', '850.501(a)(1)(ii)(A)', '', 'exception',
 $$registered_fund and not rights_beyond_standard$$,
 'A security issued by an SEC-registered investment company, such as an index fund, mutual fund or ETF.', 'outbound'),
('FINAL-2025-01-02', '850.501(a)(1)(ii)(B)', '', 'exception',
 $$business_development_company and not rights_beyond_standard$$,
 'A security issued by a business development company.', 'outbound'),
('FINAL-2025-01-02', '850.501(a)(1)(iii)(A)', '', 'exception',
 $$transaction_type = 'limited_partner' and committed_capital_usd <= 2000000 and not rights_beyond_standard$$,
 'A limited partner''s committed capital of not more than $2,000,000 over all vehicles of the fund.', 'outbound'),
('FINAL-2025-01-02', '850.501(a)(1)(iii)(B)', 'both', 'exception',
 $$transaction_type = 'limited_partner' and lp_assurance = 'both' and not rights_beyond_standard$$,
 'A binding assurance that the limited partner''s capital will be used for neither prohibited nor notifiable transactions.', 'outbound'),
('FINAL-2025-01-02', '850.501(a)(1)(iii)(B)', 'prohibited', 'exception',
 $$transaction_type = 'limited_partner' and lp_assurance = 'prohibited' and not rights_beyond_standard
   and (fund_investee_prohibited_activity or fund_investee_holds_prohibited
        or (fund_investee_on_relevant_list and fund_investee_covered_activity))$$,
 'A binding assurance against prohibited transactions, where the fund''s deal is a prohibited one (A-29).', 'outbound'),
('FINAL-2025-01-02', '850.501(a)(1)(iii)(B)', 'notifiable', 'exception',
 $$transaction_type = 'limited_partner' and lp_assurance = 'notifiable' and not rights_beyond_standard
   and (fund_investee_covered_activity or fund_investee_holds_covered)
   and not (fund_investee_prohibited_activity or fund_investee_holds_prohibited
            or (fund_investee_on_relevant_list and fund_investee_covered_activity))$$,
 'A binding assurance against notifiable transactions, where the fund''s deal is a notifiable one (A-29).', 'outbound'),
('FINAL-2025-01-02', '850.501(a)(1)(iv)', '', 'exception',
 $$transaction_type = 'derivative' and derivative_confers = {} and not rights_beyond_standard$$,
 'A derivative that confers no right to acquire equity, no rights associated with equity, and no assets in or of a covered foreign person.', 'outbound'),
('FINAL-2025-01-02', '850.501(b)', '', 'exception',
 $$acquires_all_country_of_concern_interests and not covered_foreign_person_after$$,
 'Buys out all interests that persons of a country of concern hold in the entity, which then is no covered foreign person.', 'outbound'),
('FINAL-2025-01-02', '850.501(c)', '', 'exception',
 $$intracompany and (supports_only_uncovered_operations
                     or (maintains_existing_activity and existing_activity_since < date '2025-01-02'))$$,
 'Between a U.S. person and its controlled foreign entity, to support operations that are no covered activity or to maintain covered activities engaged in before 2025-01-02.', 'outbound'),
('FINAL-2025-01-02', '850.501(d)', '', 'exception',
 $$commitment_binding and commitment_uncalled and commitment_on < date '2025-01-02' and not completion_date <= date '2025-01-02'$$,
 'Made after 2025-01-02 under a binding, uncalled capital commitment entered into before that day.', 'outbound'),
('FINAL-2025-01-02', '850.501(e)', '', 'exception',
 $$syndicated_loan and not lender_can_act_alone and not syndication_agent$$,
 'A voting interest acquired on default of a syndicated loan, where the U.S. lenders can neither act against the debtor alone nor are the syndication agent.', 'outbound'),
('FINAL-2025-01-02', '850.501(f)', '', 'exception',
 $$employment_compensation and investor_is_individual$$,
 'Equity, or an option on it, that an individual receives as pay, or the exercise of such an option.', 'outbound'),
('FINAL-2025-01-02', '850.501(g)', '', 'exception',
 $$third_country_determination or third_country_transaction$$,
 'With a person of a country designated by the Secretary, and of a type so determined, both by public notice.', 'outbound'),
('FINAL-2025-01-02', '850.210(b)(2)', '', 'exception',
 $$us_government_business$$,
 'Official business of the U.S. Government by its employees, grantees or contractors.', 'outbound');

INSERT INTO provision (ruleset, cite, variant, stage, condition, summary, origin) VALUES
('FINAL-2025-01-02', '850.502', '', 'exemption',
 $$national_interest_exemption$$,
 'Exempted by a signed written determination in the national interest.', 'outbound');

/* 850.501(d), a transaction of the very day (A-31) */
INSERT INTO provision (ruleset, cite, variant, stage, condition, summary, reading, options, origin) VALUES
('FINAL-2025-01-02', '850.501(d)', 'of the day itself', 'exception',
 $$commitment_binding and commitment_uncalled and commitment_on < date '2025-01-02' and completion_date = date '2025-01-02'$$,
 'Made on 2025-01-02 under a binding, uncalled capital commitment entered into before that day.', 'A-31', '{that_day_too}', 'outbound');

/* class: 850.224 before 850.217 */
INSERT INTO provision (ruleset, cite, variant, stage, outcome, condition, summary, origin) VALUES
('FINAL-2025-01-02', '850.224', '', 'class', 'prohibited',
 $$not transaction_type = 'limited_partner' and target_prohibited_activity$$,
 'The relevant covered foreign person or joint venture does something listed in 850.224(a)-(k).', 'outbound'),
('FINAL-2025-01-02', '850.224', 'fund', 'class', 'prohibited',
 $$transaction_type = 'limited_partner' and fund_investee_prohibited_activity$$,
 'The person the fund invested in does something listed in 850.224(a)-(k).', 'outbound'),
('FINAL-2025-01-02', '850.224(l)', '', 'class', 'prohibited',
 $$not transaction_type = 'limited_partner' and target_holds_prohibited$$,
 'The target is a covered foreign person because of its relation to persons doing something listed in 850.224(a)-(k).', 'outbound'),
('FINAL-2025-01-02', '850.224(l)', 'fund', 'class', 'prohibited',
 $$transaction_type = 'limited_partner' and fund_investee_holds_prohibited$$,
 'The person the fund invested in is a covered foreign person because of its relation to persons doing something listed in 850.224(a)-(k).', 'outbound'),
('FINAL-2025-01-02', '850.224(m)', '', 'class', 'prohibited',
 $$not transaction_type = 'limited_partner' and target_on_relevant_list and target_covered_activity$$,
 'The target engages in a covered activity, notifiable ones included, and is on a relevant list.', 'outbound'),
('FINAL-2025-01-02', '850.224(m)', 'fund', 'class', 'prohibited',
 $$transaction_type = 'limited_partner' and fund_investee_on_relevant_list and fund_investee_covered_activity$$,
 'The person the fund invested in engages in a covered activity, notifiable ones included, and is on a relevant list.', 'outbound'),
/* a U.S. person who directs another's deal (850.303) has a duty only where it is prohibited */
('FINAL-2025-01-02', '850.217', '', 'class', 'notifiable',
 $$not transaction_type = 'limited_partner' and target_covered_activity
   and (investor_is_us_person or investor_acts_for_us_person or investor_is_controlled_foreign_entity)$$,
 'The relevant covered foreign person or joint venture engages in a covered activity.', 'outbound'),
('FINAL-2025-01-02', '850.217', 'fund', 'class', 'notifiable',
 $$transaction_type = 'limited_partner' and fund_investee_covered_activity
   and (investor_is_us_person or investor_acts_for_us_person or investor_is_controlled_foreign_entity)$$,
 'The person the fund invested in engages in a covered activity.', 'outbound');

/* 850.217 has no counterpart of 850.224(l): A-18 */
INSERT INTO provision (ruleset, cite, variant, stage, outcome, condition, summary, reading, options, origin) VALUES
('FINAL-2025-01-02', '850.217', 'holder', 'class', 'notifiable',
 $$not transaction_type = 'limited_partner' and target_holds_covered
   and (investor_is_us_person or investor_acts_for_us_person or investor_is_controlled_foreign_entity)$$,
 'The target is a covered foreign person because of its relation to persons engaged in a covered activity.', 'A-18', '{conservative}', 'outbound'),
('FINAL-2025-01-02', '850.217', 'fund, holder', 'class', 'notifiable',
 $$transaction_type = 'limited_partner' and fund_investee_holds_covered
   and (investor_is_us_person or investor_acts_for_us_person or investor_is_controlled_foreign_entity)$$,
 'The person the fund invested in is a covered foreign person because of its relation to persons engaged in a covered activity.', 'A-18', '{conservative}', 'outbound');

/* unlisted affiliates of companies on the Entity List or the Military End-User List: A-26 */
INSERT INTO provision (ruleset, cite, variant, stage, outcome, condition, summary, reading, options, origin) VALUES
('FINAL-2025-01-02', '850.224(m)', 'affiliate', 'class', 'prohibited',
 $$not transaction_type = 'limited_partner' and target_covered_activity and target_owned_by_listed$$,
 'The target engages in a covered activity, and companies on the Entity List or the Military End-User List own half of it or more.',
 'A-26', '{affiliates_too}', 'outbound'),
('FINAL-2025-01-02', '850.224(m)', 'fund, affiliate', 'class', 'prohibited',
 $$transaction_type = 'limited_partner' and fund_investee_covered_activity and fund_investee_owned_by_listed$$,
 'The person the fund invested in engages in a covered activity, and companies on the Entity List or the Military End-User List own half of it or more.',
 'A-26', '{affiliates_too}', 'outbound');

/* obligations: the variant names the outcome the row belongs to */
INSERT INTO provision (ruleset, cite, variant, stage, obligation, condition, summary, origin) VALUES
('FINAL-2025-01-02', '850.301', 'prohibited', 'obligation', 'own',
 $$investor_is_us_person or investor_acts_for_us_person$$,
 'A U.S. person may not undertake a prohibited transaction, directly or through an intermediary.', 'outbound'),
('FINAL-2025-01-02', '850.401', 'notifiable', 'obligation', 'own',
 $$investor_is_us_person or investor_acts_for_us_person$$,
 'A U.S. person notifies a notifiable transaction within 30 days of completion.', 'outbound'),
('FINAL-2025-01-02', '850.302', 'prohibited', 'obligation', 'controlled_foreign_entity',
 $$not investor_is_us_person and not investor_acts_for_us_person and investor_is_controlled_foreign_entity$$,
 'A U.S. person takes all reasonable steps to prohibit and prevent its controlled foreign entity from a transaction that would be prohibited for a U.S. person.', 'outbound'),
('FINAL-2025-01-02', '850.402', 'notifiable', 'obligation', 'controlled_foreign_entity',
 $$not investor_is_us_person and not investor_acts_for_us_person and investor_is_controlled_foreign_entity$$,
 'A U.S. person notifies a transaction of its controlled foreign entity that would be notifiable for a U.S. person.', 'outbound'),
('FINAL-2025-01-02', '850.303', 'prohibited', 'obligation', 'knowingly_directing',
 $$not investor_is_us_person and not investor_acts_for_us_person and directing_person_is_us_person and directing_authority and directed
   and directing_knowledge and not recused_from @> {approval, documents, negotiation}$$,
 'A U.S. person may not knowingly direct a transaction of a non-U.S. person that would be prohibited for a U.S. person; who recuses from approval, documents and negotiation does not direct.', 'outbound'),
('FINAL-2025-01-02', '850.403', 'not_covered', 'obligation', 'post_closing_knowledge',
 $$(investor_is_us_person or investor_acts_for_us_person or investor_is_controlled_foreign_entity) and learned_on >= completion_date
   and (not (knows or directing_knowledge)
        and (transaction_type in ('equity', 'contingent_equity') and target_is_covered_foreign_person
                 and (not foreclosure or (knew_pledged_equity and not pledged_on < date '2025-01-02'))
             or transaction_type = 'derivative' and derivative_confers && {equity, equity_rights} and target_is_covered_foreign_person
             or transaction_type = 'debt' and lender_rights && {profits, board_appointment, equity_like} and target_is_covered_foreign_person
             or transaction_type = 'conversion' and contingent_acquired_on >= date '2025-01-02' and target_is_covered_foreign_person
             or (transaction_type = 'asset' or (transaction_type = 'derivative' and derivative_confers && {assets})) and asset_in_country_of_concern
                 and asset_result && {establishes_covered_foreign_person, country_of_concern_person_engages}
             or transaction_type = 'joint_venture' and joint_venture_partner_is_person_of_country_of_concern and target_covered_activity)
        or transaction_type = 'limited_partner' and not knows_fund_likely_invests and not target_is_us_person
           and fund_investee_is_covered_foreign_person)$$,
 'A U.S. person that learns only after completion what would have made the transaction covered, prohibited or notifiable, notifies within 30 days of learning it.', 'outbound');

/*
 * What a covered foreign person does: 850.224(a)-(k) prohibited, 850.217(a)-(d)
 * notifiable.  The rows of 850.217 leave out the words "not in 850.224": prohibited is
 * tested first, so the worst row that holds decides.
 *
 * The rows on AI carry Notes 2 and 3 to 850.224 (Note 3 to 850.217) as one clause: who
 * merely uses a third party's model does not develop, and who fine-tunes it strictly for
 * its own internal, non-commercial use is safe, unless that use is military, government
 * intelligence, mass surveillance, digital forensics, penetration testing or the control
 * of robots.
 */

/* 850.224(a)-(e): semiconductors */
INSERT INTO provision (ruleset, cite, variant, stage, outcome, sector, condition, summary, origin) VALUES
('FINAL-2025-01-02', '850.224(a)', '', 'activity', 'prohibited', 'semiconductors',
 $$verbs && {develops, produces} and object = 'eda_software'$$,
 'Develops or produces electronic design automation software for the design of integrated circuits or of advanced packaging.', 'outbound'),
('FINAL-2025-01-02', '850.224(b)(1)', '', 'activity', 'prohibited', 'semiconductors',
 $$verbs && {develops, produces} and object = 'fabrication_equipment' and volume_fabrication$$,
 'Develops or produces front-end semiconductor fabrication equipment designed for the volume fabrication of integrated circuits.', 'outbound'),
('FINAL-2025-01-02', '850.224(b)(2)', '', 'activity', 'prohibited', 'semiconductors',
 $$verbs && {develops, produces} and object = 'advanced_packaging_equipment' and volume_fabrication$$,
 'Develops or produces equipment for performing volume advanced packaging.', 'outbound'),
('FINAL-2025-01-02', '850.224(b)(3)', '', 'activity', 'prohibited', 'semiconductors',
 $$verbs && {develops, produces} and object = 'euv_item' and euv_exclusive$$,
 'Develops or produces a commodity, material, software or technology designed exclusively for use in or with extreme ultraviolet lithography fabrication equipment.', 'outbound'),
('FINAL-2025-01-02', '850.224(c)', '3A090.a.1', 'activity', 'prohibited', 'semiconductors',
 $$verbs && {designs} and object = 'integrated_circuit' and total_processing_performance >= 4800$$,
 'Designs an integrated circuit with a total processing performance of 4800 or more (ECCN 3A090.a.1).', 'outbound'),
('FINAL-2025-01-02', '850.224(c)', '4.5 K', 'activity', 'prohibited', 'semiconductors',
 $$verbs && {designs} and object = 'integrated_circuit' and operating_temperature_k <= 4.5$$,
 'Designs an integrated circuit designed for operation at or below 4.5 kelvin.', 'outbound'),
('FINAL-2025-01-02', '850.224(d)(1)', '', 'activity', 'prohibited', 'semiconductors',
 $$verbs && {fabricates} and object = 'integrated_circuit' and ic_kind = 'logic' and (transistor = 'non_planar' or node_nm <= 16)$$,
 'Fabricates logic integrated circuits with a non-planar transistor architecture, at any node, or with a production node of 16/14 nanometers or less.', 'outbound'),
('FINAL-2025-01-02', '850.224(d)(2)', '', 'activity', 'prohibited', 'semiconductors',
 $$verbs && {fabricates} and object = 'integrated_circuit' and ic_kind = 'nand' and nand_layers >= 128$$,
 'Fabricates NAND memory with 128 layers or more.', 'outbound'),
('FINAL-2025-01-02', '850.224(d)(3)', '', 'activity', 'prohibited', 'semiconductors',
 $$verbs && {fabricates} and object = 'integrated_circuit' and ic_kind = 'dram' and dram_half_pitch_nm <= 18$$,
 'Fabricates DRAM with a production node of 18 nanometers half-pitch or less.', 'outbound'),
('FINAL-2025-01-02', '850.224(d)(4)', '', 'activity', 'prohibited', 'semiconductors',
 $$verbs && {fabricates} and object = 'integrated_circuit' and gallium_compound$$,
 'Fabricates integrated circuits made from a gallium-based compound semiconductor.', 'outbound'),
('FINAL-2025-01-02', '850.224(d)(5)', '', 'activity', 'prohibited', 'semiconductors',
 $$verbs && {fabricates} and object = 'integrated_circuit' and graphene_or_nanotube$$,
 'Fabricates integrated circuits using graphene transistors or carbon nanotubes.', 'outbound'),
('FINAL-2025-01-02', '850.224(d)(6)', '', 'activity', 'prohibited', 'semiconductors',
 $$verbs && {fabricates} and object = 'integrated_circuit' and operating_temperature_k <= 4.5$$,
 'Fabricates integrated circuits designed for operation at or below 4.5 kelvin.', 'outbound'),
('FINAL-2025-01-02', '850.224(e)', '', 'activity', 'prohibited', 'semiconductors',
 $$verbs && {packages} and object = 'integrated_circuit' and advanced_packaging$$,
 'Packages integrated circuits using advanced packaging techniques.', 'outbound');

/* 850.224(c), ECCN 3A090.a.2: whether the note on data centers carries over (A-24); at 4800 and above it says nothing */
INSERT INTO provision (ruleset, cite, variant, stage, outcome, sector, condition, summary, reading, options, origin) VALUES
('FINAL-2025-01-02', '850.224(c)', '3A090.a.2', 'activity', 'prohibited', 'semiconductors',
 $$verbs && {designs} and object = 'integrated_circuit' and total_processing_performance >= 1600 and performance_density >= 5.92$$,
 'Designs an integrated circuit with a total processing performance of 1600 or more and a performance density of 5.92 or more (ECCN 3A090.a.2).',
 'A-24', '{note_not_applied}', 'outbound'),
('FINAL-2025-01-02', '850.224(c)', '3A090.a.2 with its note', 'activity', 'prohibited', 'semiconductors',
 $$verbs && {designs} and object = 'integrated_circuit' and total_processing_performance >= 1600 and performance_density >= 5.92
   and not not_for_data_centers$$,
 'Designs an integrated circuit with a total processing performance of 1600 or more and a performance density of 5.92 or more (ECCN 3A090.a.2), unless it is neither designed nor marketed for data centers.',
 'A-24', '{note_applied}', 'outbound');

/* 850.224(d)(1), "including FDSOI": at any node or only at 16/14 nm (A-19) */
INSERT INTO provision (ruleset, cite, variant, stage, outcome, sector, condition, summary, reading, options, origin) VALUES
('FINAL-2025-01-02', '850.224(d)(1)', 'FDSOI at any node', 'activity', 'prohibited', 'semiconductors',
 $$verbs && {fabricates} and object = 'integrated_circuit' and ic_kind = 'logic' and fdsoi$$,
 'Fabricates fully depleted silicon-on-insulator logic integrated circuits, at any node.', 'A-19', '{any_node}', 'outbound'),
('FINAL-2025-01-02', '850.224(d)(1)', 'FDSOI at 16/14 nm', 'activity', 'prohibited', 'semiconductors',
 $$verbs && {fabricates} and object = 'integrated_circuit' and ic_kind = 'logic' and fdsoi and node_nm <= 16$$,
 'Fabricates fully depleted silicon-on-insulator logic integrated circuits at 16/14 nanometers or less.', 'A-19', '{node_limited}', 'outbound');

/* 850.224(f): 41,600 cubic feet within the system, or the whole of it (A-25); compared crosswise, so that nothing is divided */
INSERT INTO provision (ruleset, cite, variant, stage, outcome, sector, condition, summary, reading, options, origin) VALUES
('FINAL-2025-01-02', '850.224(f)', 'within any envelope', 'activity', 'prohibited', 'semiconductors',
 $$verbs && {develops, installs, sells, produces} and object = 'supercomputer' and advanced_ics
   and (fp64_petaflops >= 100 and (envelope_cubic_feet <= 41600 or fp64_petaflops * 41600 >= 100 * envelope_cubic_feet)
        or fp32_petaflops >= 200 and (envelope_cubic_feet <= 41600 or fp32_petaflops * 41600 >= 200 * envelope_cubic_feet))$$,
 'Develops, installs, sells or produces a supercomputer enabled by advanced integrated circuits that reaches 100 double-precision or 200 single-precision petaflops within an envelope of 41,600 cubic feet; of a larger system, that part counts.',
 'A-25', '{any_envelope}', 'outbound'),
('FINAL-2025-01-02', '850.224(f)', 'whole system', 'activity', 'prohibited', 'semiconductors',
 $$verbs && {develops, installs, sells, produces} and object = 'supercomputer' and advanced_ics
   and (fp64_petaflops >= 100 or fp32_petaflops >= 200) and envelope_cubic_feet <= 41600$$,
 'Develops, installs, sells or produces a supercomputer enabled by advanced integrated circuits with 100 double-precision or 200 single-precision petaflops that as a whole fits into 41,600 cubic feet.',
 'A-25', '{whole_system}', 'outbound');

/* 850.224(g)-(i): quantum; designed or intended, exclusivity is not needed */
INSERT INTO provision (ruleset, cite, variant, stage, outcome, sector, condition, summary, origin) VALUES
('FINAL-2025-01-02', '850.224(g)', 'computer', 'activity', 'prohibited', 'quantum',
 $$verbs && {develops} and object = 'quantum_computer'$$,
 'Develops a quantum computer.', 'outbound'),
('FINAL-2025-01-02', '850.224(g)', 'component', 'activity', 'prohibited', 'quantum',
 $$verbs && {produces} and object = 'quantum_component'$$,
 'Produces a critical component required to produce a quantum computer, such as a dilution refrigerator or a two-stage pulse tube cryocooler.', 'outbound'),
('FINAL-2025-01-02', '850.224(h)', '', 'activity', 'prohibited', 'quantum',
 $$verbs && {develops, produces} and object = 'quantum_sensing_platform'
   and (designed_for && {military, government_intelligence, mass_surveillance} or intended_for && {military, government_intelligence, mass_surveillance})$$,
 'Develops or produces a quantum sensing platform designed or intended for a military, government intelligence or mass-surveillance end use.', 'outbound'),
('FINAL-2025-01-02', '850.224(i)(1)', '', 'activity', 'prohibited', 'quantum',
 $$verbs && {develops, produces} and object = 'quantum_network' and (designed_for && {quantum_scaling} or intended_for && {quantum_scaling})$$,
 'Develops or produces a quantum network or communication system designed or intended for networking to scale up quantum computers.', 'outbound'),
('FINAL-2025-01-02', '850.224(i)(2)', '', 'activity', 'prohibited', 'quantum',
 $$verbs && {develops, produces} and object = 'quantum_network' and (designed_for && {secure_communications} or intended_for && {secure_communications})$$,
 'Develops or produces a quantum network or communication system designed or intended for secure communications, such as quantum key distribution.', 'outbound'),
('FINAL-2025-01-02', '850.224(i)(3)', '', 'activity', 'prohibited', 'quantum',
 $$verbs && {develops, produces} and object = 'quantum_network'
   and (designed_for && {military, government_intelligence, mass_surveillance} or intended_for && {military, government_intelligence, mass_surveillance})$$,
 'Develops or produces a quantum network or communication system designed or intended for any other application with a military, government intelligence or mass-surveillance end use.', 'outbound');

/* 850.224(j), (k): artificial intelligence */
INSERT INTO provision (ruleset, cite, variant, stage, outcome, sector, condition, summary, origin) VALUES
('FINAL-2025-01-02', '850.224(j)(1)', '', 'activity', 'prohibited', 'ai',
 $$verbs && {develops} and object = 'ai_system'
   and (designed_exclusively_for && {military} or intended_for && {military})
   and (not uses_third_party_model or (modifies_third_party_model and (not internal_noncommercial_use
        or intended_for && {military, government_intelligence, mass_surveillance, digital_forensics, penetration_testing, robotic_control})))$$,
 'Develops an AI system designed to be used exclusively for, or intended by it for, a military end use.', 'outbound'),
('FINAL-2025-01-02', '850.224(j)(2)', '', 'activity', 'prohibited', 'ai',
 $$verbs && {develops} and object = 'ai_system'
   and (designed_exclusively_for && {government_intelligence, mass_surveillance} or intended_for && {government_intelligence, mass_surveillance})
   and (not uses_third_party_model or (modifies_third_party_model and (not internal_noncommercial_use
        or intended_for && {military, government_intelligence, mass_surveillance, digital_forensics, penetration_testing, robotic_control})))$$,
 'Develops an AI system designed to be used exclusively for, or intended by it for, a government intelligence or mass-surveillance end use.', 'outbound');
/* 850.217(a)-(c): every designer, fabricator and packager of integrated circuits */
INSERT INTO provision (ruleset, cite, variant, stage, outcome, sector, condition, summary, origin) VALUES
('FINAL-2025-01-02', '850.217(a)', '', 'activity', 'notifiable', 'semiconductors',
 $$verbs && {designs} and object = 'integrated_circuit'$$,
 'Designs an integrated circuit.', 'outbound'),
('FINAL-2025-01-02', '850.217(b)', '', 'activity', 'notifiable', 'semiconductors',
 $$verbs && {fabricates} and object = 'integrated_circuit'$$,
 'Fabricates an integrated circuit.', 'outbound'),
('FINAL-2025-01-02', '850.217(c)', '', 'activity', 'notifiable', 'semiconductors',
 $$verbs && {packages} and object = 'integrated_circuit'$$,
 'Packages an integrated circuit.', 'outbound');

/* 850.217(d): artificial intelligence */
INSERT INTO provision (ruleset, cite, variant, stage, outcome, sector, condition, summary, origin) VALUES
('FINAL-2025-01-02', '850.217(d)(1)', '', 'activity', 'notifiable', 'ai',
 $$verbs && {develops} and object = 'ai_system' and designed_for && {military, government_intelligence, mass_surveillance}
   and (not uses_third_party_model or (modifies_third_party_model and (not internal_noncommercial_use
        or intended_for && {military, government_intelligence, mass_surveillance, digital_forensics, penetration_testing, robotic_control})))$$,
 'Develops an AI system designed to be used for a military, government intelligence or mass-surveillance end use.', 'outbound'),
('FINAL-2025-01-02', '850.217(d)(2)(i)', '', 'activity', 'notifiable', 'ai',
 $$verbs && {develops} and object = 'ai_system' and intended_for && {cybersecurity}
   and (not uses_third_party_model or (modifies_third_party_model and (not internal_noncommercial_use
        or intended_for && {military, government_intelligence, mass_surveillance, digital_forensics, penetration_testing, robotic_control})))$$,
 'Develops an AI system it intends for cybersecurity applications.', 'outbound'),
('FINAL-2025-01-02', '850.217(d)(2)(ii)', '', 'activity', 'notifiable', 'ai',
 $$verbs && {develops} and object = 'ai_system' and intended_for && {digital_forensics}
   and (not uses_third_party_model or modifies_third_party_model)$$,
 'Develops an AI system it intends for digital forensics tools.', 'outbound'),
('FINAL-2025-01-02', '850.217(d)(2)(iii)', '', 'activity', 'notifiable', 'ai',
 $$verbs && {develops} and object = 'ai_system' and intended_for && {penetration_testing}
   and (not uses_third_party_model or modifies_third_party_model)$$,
 'Develops an AI system it intends for penetration testing tools.', 'outbound'),
('FINAL-2025-01-02', '850.217(d)(2)(iv)', '', 'activity', 'notifiable', 'ai',
 $$verbs && {develops} and object = 'ai_system' and intended_for && {robotic_control}
   and (not uses_third_party_model or modifies_third_party_model)$$,
 'Develops an AI system it intends for the control of robotic systems.', 'outbound');

/* 850.224(k), 850.217(d)(3): compute, that of the base model included, or the company's own where it is stated (A-21) */
INSERT INTO provision (ruleset, cite, variant, stage, outcome, sector, condition, summary, reading, options, origin) VALUES
('FINAL-2025-01-02', '850.224(k)(1)', '', 'activity', 'prohibited', 'ai',
 $$verbs && {develops} and object = 'ai_system' and training_operations > 1e25
   and (not uses_third_party_model or (modifies_third_party_model and (not internal_noncommercial_use
        or intended_for && {military, government_intelligence, mass_surveillance, digital_forensics, penetration_testing, robotic_control})))$$,
 'Develops an AI system trained with more than 10^25 computational operations.',
 'A-21', '{all_stages}', 'outbound'),
('FINAL-2025-01-02', '850.224(k)(1)', 'own stages', 'activity', 'prohibited', 'ai',
 $$verbs && {develops} and object = 'ai_system' and training_operations > 1e25 and not own_training_operations <= 1e25
   and (not uses_third_party_model or (modifies_third_party_model and (not internal_noncommercial_use
        or intended_for && {military, government_intelligence, mass_surveillance, digital_forensics, penetration_testing, robotic_control})))$$,
 'Develops an AI system trained with more than 10^25 computational operations, its own where they are stated.',
 'A-21', '{own_stages}', 'outbound'),
('FINAL-2025-01-02', '850.224(k)(2)', '', 'activity', 'prohibited', 'ai',
 $$verbs && {develops} and object = 'ai_system' and training_operations > 1e24 and primarily_biological_data
   and (not uses_third_party_model or (modifies_third_party_model and (not internal_noncommercial_use
        or intended_for && {military, government_intelligence, mass_surveillance, digital_forensics, penetration_testing, robotic_control})))$$,
 'Develops an AI system trained with more than 10^24 computational operations using primarily biological sequence data.',
 'A-21', '{all_stages}', 'outbound'),
('FINAL-2025-01-02', '850.224(k)(2)', 'own stages', 'activity', 'prohibited', 'ai',
 $$verbs && {develops} and object = 'ai_system' and training_operations > 1e24 and primarily_biological_data and not own_training_operations <= 1e24
   and (not uses_third_party_model or (modifies_third_party_model and (not internal_noncommercial_use
        or intended_for && {military, government_intelligence, mass_surveillance, digital_forensics, penetration_testing, robotic_control})))$$,
 'Develops an AI system trained with more than 10^24 computational operations using primarily biological sequence data, its own where they are stated.',
 'A-21', '{own_stages}', 'outbound'),
('FINAL-2025-01-02', '850.217(d)(3)', '', 'activity', 'notifiable', 'ai',
 $$verbs && {develops} and object = 'ai_system' and training_operations > 1e23
   and (not uses_third_party_model or (modifies_third_party_model and (not internal_noncommercial_use
        or intended_for && {military, government_intelligence, mass_surveillance, digital_forensics, penetration_testing, robotic_control})))$$,
 'Develops an AI system trained with more than 10^23 computational operations.',
 'A-21', '{all_stages}', 'outbound'),
('FINAL-2025-01-02', '850.217(d)(3)', 'own stages', 'activity', 'notifiable', 'ai',
 $$verbs && {develops} and object = 'ai_system' and training_operations > 1e23 and not own_training_operations <= 1e23
   and (not uses_third_party_model or (modifies_third_party_model and (not internal_noncommercial_use
        or intended_for && {military, government_intelligence, mass_surveillance, digital_forensics, penetration_testing, robotic_control})))$$,
 'Develops an AI system trained with more than 10^23 computational operations, its own where they are stated.',
 'A-21', '{own_stages}', 'outbound');

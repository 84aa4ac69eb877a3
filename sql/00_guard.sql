/* outbound: U.S. outbound investment screening (31 CFR Part 850) */

-- complain if script is sourced in psql, rather than via CREATE EXTENSION
\echo Use "CREATE EXTENSION outbound" to load this file. \quit


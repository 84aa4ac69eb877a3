/*
 * backend_env.h
 *		The core's surroundings inside the server: memory that counts against
 *		outbound.max_graph_memory, interrupts, and errors for what went wrong.
 */
#ifndef OUTBOUND_BACKEND_ENV_H
#define OUTBOUND_BACKEND_ENV_H

#include "postgres.h"

#include "core/core.h"

/* the core environment over palloc in the current memory context; check with core_check() */
extern CoreEnv backend_env(void);

/* ereport the SQLSTATE that env->status stands for, if it is not CORE_OK */
extern void core_check(const CoreEnv *env);

/*
 * A memory context for the graph, the intermediate results and the answers of a question.
 * All that it and contexts below it take counts, until they are reset or deleted.
 * ERROR 54000 from whatever environment asks for more than outbound.max_graph_memory.
 */
extern MemoryContext graph_memory_create(MemoryContext parent, const char *name);

/* the same for a context that is there already */
extern void graph_memory_watch(MemoryContext context);

#endif							/* OUTBOUND_BACKEND_ENV_H */

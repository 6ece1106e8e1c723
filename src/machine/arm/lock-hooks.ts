/** Hooks that stand in for the user's where an allocator with a lock of its own is proven: they mask PRIMASK. */

/** The text of a header; `prefix` is the heap's name in capitals. */
export function lockHooks(prefix: string): string {
  return `#ifndef ${prefix}_HOOKS_INCLUDED
#define ${prefix}_HOOKS_INCLUDED

#include <stdint.h>

static inline uint32_t ${prefix}_LOCK(void)
{
    uint32_t state;

    __asm__ volatile("mrs %0, primask\\n\\tcpsid i" : "=r"(state) : : "memory");
    return state;
}

static inline void ${prefix}_UNLOCK(uint32_t state)
{
    __asm__ volatile("msr primask, %0" : : "r"(state) : "memory");
}

#endif
`;
}

/** Hooks that stand in for the user's where an allocator with a lock of its own is proven: they clear MIE of mstatus. */

/** The text of a header; `prefix` is the heap's name in capitals. */
export function lockHooks(prefix: string): string {
  return `#ifndef ${prefix}_HOOKS_INCLUDED
#define ${prefix}_HOOKS_INCLUDED

#include <stdint.h>

static inline uint32_t ${prefix}_LOCK(void)
{
    uint32_t state;

    __asm__ volatile("csrrci %0, mstatus, 8" : "=r"(state) : : "memory");
    return state;
}

static inline void ${prefix}_UNLOCK(uint32_t state)
{
    __asm__ volatile("csrs mstatus, %0" : : "r"(state & 8U) : "memory");
}

#endif
`;
}

/* newlib's lock of its heap: interrupts are masked, by calls within calls once. */
#include <stdint.h>

struct _reent;
void __malloc_lock(struct _reent *reent);
void __malloc_unlock(struct _reent *reent);

static uint32_t depth;
static uint32_t mask;

void __malloc_lock(struct _reent *reent)
{
    uint32_t before;

    (void)reent;
    __asm__ volatile("mrs %0, primask\n\tcpsid i" : "=r"(before) : : "memory");
    if (depth == 0U) {
        mask = before;
    }
    depth++;
}

void __malloc_unlock(struct _reent *reent)
{
    (void)reent;
    depth--;
    if (depth == 0U) {
        __asm__ volatile("msr primask, %0" : : "r"(mask) : "memory");
    }
}

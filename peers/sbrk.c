/*
 * The memory that newlib's malloc asks the system for: the heap of the comparison, handed out from its start on.
 */
#include <errno.h>
#include <stddef.h>

extern char alloc_gen_heap[];
extern const size_t alloc_gen_heap_bytes;

static char *next;

void sbrk_reset(void)
{
    next = alloc_gen_heap;
}

void *_sbrk(ptrdiff_t bytes)
{
    char *const block = next;

    if (bytes > (ptrdiff_t)alloc_gen_heap_bytes - (next - alloc_gen_heap)) {
        errno = ENOMEM;
        return (void *)-1;
    }
    next += bytes;
    return block;
}

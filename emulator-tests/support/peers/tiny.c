/*
 * An allocator to test comparisons with: blocks of a few fixed sizes, one behind the other; freed ones are kept in a
 * list for each size. FLAW makes it break one promise.
 */
#include <stddef.h>
#include <stdint.h>

#define NONE 0
#define MISALIGNED 1 /* Blocks above 100 bytes begin 4 bytes late. */
#define OVERLAPPING 2 /* The list of a size forgets to take out what it hands out, once in a while. */
#define SCRIBBLING 3 /* Free writes behind the end of its block. */
#define OUTSIDE 4 /* The last block may end behind the heap. */
#define ENDLESS 5 /* A request above 1000 bytes never comes back. */
#define FORGETTING 6 /* Realloc keeps 8 bytes of the payload. */

#ifndef FLAW
#define FLAW NONE
#endif

#define CLASSES 12U

typedef struct block {
    uint32_t size_class;
    struct block *next;
} block_t;

static unsigned char *unused;
static unsigned char *end;
static block_t *freed[CLASSES];
static uint32_t calls;

int tiny_init(void *start, size_t bytes)
{
    unused = start;
    end = unused + bytes;
    for (uint32_t i = 0U; i < CLASSES; ++i) {
        freed[i] = NULL;
    }
    return bytes >= 64U;
}

void *tiny_malloc(size_t bytes)
{
    uint32_t size_class = 0U;

    while ((size_t)8U << size_class < bytes) {
        ++size_class;
        if (size_class == CLASSES) {
            return NULL;
        }
    }
    if (FLAW == ENDLESS && bytes > 1000U) {
        for (;;) {
        }
    }
    block_t *block = freed[size_class];
    if (block != NULL) {
        ++calls;
        if (FLAW != OVERLAPPING || calls % 50U != 0U) {
            freed[size_class] = block->next;
        }
    } else {
        size_t size = 8U + ((size_t)8U << size_class);
        size_t const left = (size_t)(end - unused) + (FLAW == OUTSIDE ? 64U : 0U);
        if (size > left) {
            return NULL;
        }
        block = (block_t *)unused;
        block->size_class = size_class;
        unused += size;
    }
    return (unsigned char *)block + (FLAW == MISALIGNED && bytes > 100U ? 12U : 8U);
}

void tiny_free(void *payload)
{
    if (payload == NULL) {
        return;
    }
    block_t *block = (block_t *)(((uintptr_t)payload & ~(uintptr_t)7U) - 8U);

    block->next = freed[block->size_class];
    freed[block->size_class] = block;
    if (FLAW == SCRIBBLING) {
        unsigned char *const behind = (unsigned char *)payload + ((size_t)8U << block->size_class) + 8U;
        if (behind < unused) {
            *behind ^= 1U;
        }
    }
}

void *tiny_realloc(void *payload, size_t bytes)
{
    if (payload == NULL) {
        return tiny_malloc(bytes);
    }
    unsigned char *const moved = tiny_malloc(bytes);
    if (moved == NULL) {
        return NULL;
    }
    block_t const *const block = (block_t *)((uintptr_t)payload - 8U);
    size_t const old = (size_t)8U << block->size_class;
    size_t const kept = FLAW == FORGETTING ? 8U : old;

    for (size_t i = 0U; i < kept && i < bytes; ++i) {
        moved[i] = ((unsigned char *)payload)[i];
    }
    tiny_free(payload);
    return moved;
}

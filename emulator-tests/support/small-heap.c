/*
 * A small real allocator for tests of the emulator: power-of-two classes with a bitmap, 8-byte headers, immediate
 * coalescing. Faults for tests are put in where FAULT_... is defined.
 */
#include <stddef.h>
#include <stdint.h>

#ifndef HEAP_BYTES
#define HEAP_BYTES 65536U
#endif
#define USED 1U
#define CLASSES 32U

struct block
{
    uint32_t size;              /* Header included; bit 0: in use. */
    uint32_t previous_size;     /* 0 for the first block. */
    struct block *next;
    struct block *previous;
};

void small_heap_init(void);
void *small_heap_malloc(size_t size);
void small_heap_free(void *pointer);

_Alignas(8) uint8_t small_heap_memory[HEAP_BYTES];
static struct block *lists[CLASSES];
static uint32_t bitmap;

static uint32_t class_of(uint32_t size)
{
#if defined(__ARM_FEATURE_CLZ)
    return 31U - (uint32_t)__builtin_clz(size);
#else
    uint32_t result = 0U;
    if (size >= 65536U) { size >>= 16; result += 16U; }
    if (size >= 256U) { size >>= 8; result += 8U; }
    if (size >= 16U) { size >>= 4; result += 4U; }
    if (size >= 4U) { size >>= 2; result += 2U; }
    return result + (size >> 1);
#endif
}

static struct block *after(struct block *block)
{
    return (struct block *)(void *)((uint8_t *)block + (block->size & ~USED));
}

static void insert(struct block *block)
{
    uint32_t const index = class_of(block->size);
    block->previous = NULL;
    block->next = lists[index];
    if (block->next != NULL) {
        block->next->previous = block;
    }
    lists[index] = block;
    bitmap |= 1U << index;
}

static void take(struct block *block)
{
    uint32_t const index = class_of(block->size);
    if (block->next != NULL) {
        block->next->previous = block->previous;
    }
    if (block->previous != NULL) {
        block->previous->next = block->next;
    } else {
        lists[index] = block->next;
        if (block->next == NULL) {
            bitmap &= ~(1U << index);
        }
    }
}

void small_heap_init(void)
{
    struct block *const first = (struct block *)(void *)small_heap_memory;
    first->size = HEAP_BYTES - 16U;    /* The last block is never free. */
    first->previous_size = 0U;
    insert(first);
    after(first)->size = USED;
    after(first)->previous_size = first->size;
}

void *small_heap_malloc(size_t size)
{
    uint32_t needed;
    uint32_t found;
    struct block *block;

    if (size > HEAP_BYTES) {
        return NULL;
    }
    needed = ((uint32_t)size + 15U) & ~7U;
    if (needed < 16U) {
        needed = 16U;
    }
    found = class_of(needed - 1U) + 1U;
    found = bitmap & ~((1U << found) - 1U);
    if (found == 0U) {
        return NULL;
    }
    block = lists[class_of(found & (0U - found))];
    take(block);
    if (block->size - needed >= 16U) {
        struct block *const rest = (struct block *)(void *)((uint8_t *)block + needed);
        rest->size = block->size - needed;
        rest->previous_size = needed;
        after(rest)->previous_size = rest->size;
        block->size = needed;
        insert(rest);
    }
    block->size |= USED;
    return (uint8_t *)block + 8;
}

void small_heap_free(void *pointer)
{
    struct block *block;
    struct block *next;

    if (pointer == NULL) {
        return;
    }
    block = (struct block *)(void *)((uint8_t *)pointer - 8);
    block->size &= ~USED;
    next = after(block);
    if ((next->size & USED) == 0U) {
        take(next);
        block->size += next->size;
    }
    if (block->previous_size != 0U) {
        struct block *const previous =
            (struct block *)(void *)((uint8_t *)block - block->previous_size);
        if ((previous->size & USED) == 0U) {
            take(previous);
            previous->size += block->size;
            block = previous;
        }
    }
    after(block)->previous_size = block->size;
    insert(block);
}

/*
 * Calls every function of a generated heap on the machine the tests run on, in random order, and holds what it returns
 * against what the header promises. Payloads are written whole and verified before they are given back.
 *
 * subject.h says what there is: SUBJECT(name) is a function of the heap, HAS_... tells whether it has one.
 * Prints a hash of all offsets returned. Exit code 1 with a sentence where a promise is broken.
 */
#include "subject.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LIVE = 64, OPERATIONS = 4000 };

typedef struct {
    uint8_t *payload;
    size_t   size;
    uint8_t  fill;
} live_t;

static live_t   live[LIVE];
static uint32_t random_state = 0x9E3779B9U;
static uint64_t hash         = 14695981039346656037ULL;
static uint8_t *first;
static unsigned operation;

static void require(bool holds, const char *sentence)
{
    if (!holds) {
        printf("operation %u: %s\n", operation, sentence);
        exit(1);
    }
}

static uint32_t draw(uint32_t below)
{
    random_state ^= random_state << 13U;
    random_state ^= random_state >> 17U;
    random_state ^= random_state << 5U;
    return (uint32_t)(((uint64_t)random_state * below) >> 32U);
}

/* ---- The heap's memory ------------------------------------------------------------------------------------------- */

#ifdef PLACED_AT_RUN_TIME
#ifdef HEAP_ALIGNMENT
#define MEMORY_ALIGNMENT HEAP_ALIGNMENT
#else
#define MEMORY_ALIGNMENT ALIGNMENT
#endif

/* As much memory as the heap needs and no byte more, aligned as promised and no better. */
static void *memory(void)
{
    static uint8_t *all;

    if (all == NULL) {
        all = aligned_alloc(2U * MEMORY_ALIGNMENT, (SIZE_BYTES + (3U * MEMORY_ALIGNMENT)) & ~(2U * MEMORY_ALIGNMENT - 1U));
        require(all != NULL, "no memory on this machine");
        memset(all, 0xA5, SIZE_BYTES + MEMORY_ALIGNMENT);
    }
    return all + MEMORY_ALIGNMENT;
}
#endif

#ifdef HAS_INSTANCES
static INSTANCE_T *instance;
#endif

#ifdef PLACED_BY_LINKER
/* What a linker script would do. */
__asm__(".data\n.balign 2*" HEAP_ALIGNMENT_DIGITS "\n.zero " HEAP_ALIGNMENT_DIGITS "\n"
        ".globl " HEAP_START "\n" HEAP_START ":\n.zero " HEAP_DIGITS "\n.globl " HEAP_END "\n" HEAP_END ":\n.text");
#endif

#ifdef HAS_LOCK
static uint32_t depth;

uint32_t test_lock(void)
{
    depth++;
    return depth;
}

void test_unlock(uint32_t state)
{
    require(state == depth, "the lock is not given back as it was taken");
    depth--;
}
#endif

#ifdef HAS_FAILED
static uint32_t failures_told;

#ifdef HAS_INSTANCES
void SUBJECT(failed)(INSTANCE_T *heap, size_t size)
{
    require(heap == instance, "another heap is said to have failed");
#else
void SUBJECT(failed)(size_t size)
{
#endif
    (void)size;
#ifdef HAS_LOCK
    require(depth == 0U, "a failed request is told with the lock held");
#endif
    failures_told++;
}
#endif

static void empty(void)
{
#ifdef HAS_FAILED
    failures_told = 0U;
#endif
#if defined(HAS_INSTANCES)
    uint8_t *const place = memory();

    require(SUBJECT(init)(NULL, SIZE_BYTES) == NULL, "init accepts no memory");
    require(SUBJECT(init)(place, SIZE_BYTES - 1U) == NULL, "init accepts too little memory");
    require(SUBJECT(init)(place + 1, SIZE_BYTES) == NULL, "init accepts misaligned memory");
    instance = SUBJECT(init)(place, SIZE_BYTES);
    require((void *)instance == (void *)place, "init does not return the heap");
#elif defined(PLACED_AT_RUN_TIME)
    uint8_t *const place = memory();

    require(!SUBJECT(init)(NULL, SIZE_BYTES), "init accepts no memory");
    require(!SUBJECT(init)(place, SIZE_BYTES - 1U), "init accepts too little memory");
    require(!SUBJECT(init)(place + 1, SIZE_BYTES), "init accepts misaligned memory");
    require(SUBJECT(init)(place, SIZE_BYTES), "init refuses its memory");
#elif defined(PLACED_BY_LINKER)
    require(SUBJECT(init)(), "init refuses its memory");
#else
    SUBJECT(init)();
#endif
    memset(live, 0, sizeof(live));
}

/* ---- Functions that look ----------------------------------------------------------------------------------------- */

#ifdef HAS_WALK
static size_t used_blocks;
static size_t free_blocks;

static bool visit(const BLOCK_T *block, void *context)
{
    require(context == (void *)live, "walk passes another context");
    require(block->payload != NULL, "walk visits no payload");
    if (block->used) {
        used_blocks++;
    } else {
        free_blocks++;
    }
    return used_blocks < 100000U;
}

static bool visit_one(const BLOCK_T *block, void *context)
{
    (void)block;
    (*(int *)context)++;
    return false;
}
#endif

static void look(void)
{
    size_t count = 0;

#ifdef HAS_LOCK
    require(depth == 0U, "the lock is still held");
#endif
    for (size_t index = 0; index < LIVE; index++) {
        count += (live[index].payload != NULL) ? 1U : 0U;
    }
    (void)count;
#ifdef HAS_CHECK
    const void *where = &where;

    require(CALL(check, &where), "check finds damage");
    require(where == NULL, "check of a sound heap names a place");
    require(CALL(check, NULL), "check without a place finds damage");
#endif
#ifdef HAS_WALK
    int visits = 0;

    used_blocks = 0;
    free_blocks = 0;
    CALL(walk, visit, live);
    CALL(walk, visit_one, &visits);
    require(visits <= 1, "walk goes on after false");
#ifndef KEEPS_FREED
    require(used_blocks == count, "walk visits another number of blocks in use");
#endif
#endif
#ifdef HAS_STATS
    STATS_T stats;

    CALL(stats, &stats);
    require(stats.used_bytes <= SIZE_BYTES, "more bytes are in use than the heap has");
    require(stats.peak_bytes >= stats.used_bytes, "the peak is below the usage");
#if defined(HAS_WALK)
    require(stats.used_blocks == used_blocks, "stats and walk count other blocks in use");
    require(stats.free_blocks == free_blocks, "stats and walk count other free blocks");
#endif
#ifdef HAS_TAGGED_BYTES
    require(CALL(tagged_bytes, 0U) + CALL(tagged_bytes, 1U) == stats.used_bytes, "the tags do not sum up");
#endif
#endif
#ifdef HAS_LARGEST_REQUEST
    const size_t most = CALL(largest_request);

    require(most <= MAX_REQUEST, "more than the largest request is said to be served");
    require(CALL(malloc, most + 1U) == NULL, "more than the largest request is served");
#if defined(HAS_WALK) && !defined(KEEPS_FREED)
    if (most != 0U) {
        void *const payload = CALL(malloc, most);

        require(payload != NULL, "the largest request is not served");
        CALL(free, payload);
    }
#endif
#endif
#ifdef HAS_COUNTERS
    COUNTERS_T counters;

    CALL(counters, &counters);
    require(counters.free_bytes <= EMPTY_BYTES, "more bytes are free than in an empty heap");
    require(counters.least_free_bytes <= counters.free_bytes, "fewer bytes are free than ever");
#if defined(HAS_WALK) && !defined(KEEPS_FREED)
    require(counters.allocations - counters.frees == count, "other blocks are counted than are live");
#endif
#ifdef HAS_FAILED
    require(counters.failures == failures_told, "another number of failures is counted than is told");
#endif
#ifdef HAS_STATS
    require(counters.free_bytes + stats.used_bytes == EMPTY_BYTES, "bytes are neither free nor in use");
#endif
#endif
#ifdef HAS_OWNS
    require(!CALL(owns, NULL), "the heap owns NULL");
    require(!CALL(owns, &count), "the heap owns the stack");
#endif
}

/* ---- Blocks ------------------------------------------------------------------------------------------------------ */

static void verify(const live_t *block, size_t bytes)
{
    for (size_t index = 0; index < bytes; index++) {
        require(block->payload[index] == (uint8_t)(block->fill + index), "a payload has changed");
    }
}

/* Takes a block over and writes all of its payload. */
static void keep(live_t *block, uint8_t *payload, size_t size, size_t alignment)
{
    size_t usable = size;

    require(((uintptr_t)payload & (alignment - 1U)) == 0U, "a payload is misaligned");
#ifdef HAS_USABLE_SIZE
    usable = CALL(usable_size, payload);
    require(usable >= size, "the usable size is below the request");
#endif
#ifdef HAS_OWNS
    require(CALL(owns, payload), "the heap does not own its block");
#endif
    if (first == NULL) {
        first = payload;
    }
    hash = (hash ^ (uint64_t)(int64_t)(payload - first)) * 1099511628211ULL;
    block->payload = payload;
    block->size    = usable;
    block->fill    = (uint8_t)draw(256U);
    for (size_t index = 0; index < usable; index++) {
        payload[index] = (uint8_t)(block->fill + index);
    }
}

static size_t draw_size(void)
{
    const uint32_t largest = (uint32_t)MAX_REQUEST;

    switch (draw(40U)) {
    case 0:
        return largest;
    case 1:
        return (size_t)largest + 1U;
    case 2:
        return SIZE_MAX - draw(64U);
    case 3:
        return 0U;
    case 4:
        return draw(largest) + 1U;
    case 5:
        return (size_t)1U << draw(32U);
    default:
        return draw((largest < 600U) ? largest : (largest / (8U << draw(6U))) + 8U) + 1U;
    }
}

static void refuse_or_keep(live_t *block, void *payload, size_t size, size_t alignment)
{
    if (payload != NULL) {
        require(size <= MAX_REQUEST, "more than the largest request was served");
        keep(block, payload, size, alignment);
    }
}

static void give_back(live_t *block)
{
    verify(block, block->size);
    CALL(free, block->payload);
    block->payload = NULL;
}

static void allocate(live_t *block)
{
    const size_t size = draw_size();

    switch (draw(4U)) {
#ifdef HAS_CALLOC
    case 0: {
        const size_t   count   = (size_t)1U << draw(5U);
        uint8_t *const payload = CALL(calloc, count, size);

        require(CALL(calloc, SIZE_MAX / 2U, 3U) == NULL, "calloc serves a product that overflows");
        if (payload != NULL) {
            for (size_t index = 0; index < (count * size); index++) {
                require(payload[index] == 0U, "calloc does not clear");
            }
            refuse_or_keep(block, payload, count * size, ALIGNMENT);
        }
        break;
    }
#endif
#ifdef HAS_ALIGNED_ALLOC
    case 1: {
        const size_t alignment = (size_t)1U << draw(14U);
        void *const  payload   = CALL(aligned_alloc, alignment, size);

        require(CALL(aligned_alloc, 0U, 8U) == NULL, "an alignment of 0 is accepted");
        require(CALL(aligned_alloc, 24U, 8U) == NULL, "an alignment of 24 is accepted");
        require((payload == NULL) || (alignment <= MAX_ALIGNMENT), "an alignment above the largest is accepted");
        refuse_or_keep(block, payload, size, (alignment > ALIGNMENT) ? alignment : ALIGNMENT);
        break;
    }
#endif
#ifdef HAS_MALLOC_TAGGED
    case 2:
        refuse_or_keep(block, CALL(malloc_tagged, size, draw(2U)), size, ALIGNMENT);
        break;
#endif
    default:
        refuse_or_keep(block, CALL(malloc, size), size, ALIGNMENT);
        break;
    }
}

#ifdef HAS_REALLOC
static void resize(live_t *block)
{
    const size_t size = draw_size();
    const size_t kept = (size < block->size) ? size : block->size;

    verify(block, block->size);
    if (size != 0U) {
        void *const payload = CALL(realloc, block->payload, size);

        if (payload != NULL) {
            block->payload = payload;
        }
        verify(block, (payload != NULL) ? kept : block->size);
        refuse_or_keep(block, payload, size, ALIGNMENT);
    }
}
#endif

#ifdef HAS_MARK
static void release_after_mark(void)
{
    const uint32_t mark = CALL(mark);
    uint8_t *const payload = CALL(malloc, 16U);

    if (payload != NULL) {
        memset(payload, 0x5A, 16U);
    }
    CALL(release, mark);
    require(CALL(mark) == mark, "release does not free what was allocated since the mark");
}
#endif

int main(void)
{
    empty();
    for (operation = 0; operation < OPERATIONS; operation++) {
        live_t *const block = &live[draw(LIVE)];

        if ((operation % 1500U) == 1499U) {
            empty();
        }
        if (block->payload == NULL) {
            allocate(block);
#ifdef HAS_REALLOC
        } else if (draw(3U) == 0U) {
            resize(block);
#endif
        } else {
            give_back(block);
        }
        if ((operation % 16U) == 0U) {
            CALL(free, NULL);
            look();
        }
#ifdef HAS_MARK
        if ((operation % 64U) == 0U) {
            release_after_mark();
        }
#endif
    }
    for (size_t index = 0; index < LIVE; index++) {
        if (live[index].payload != NULL) {
            give_back(&live[index]);
        }
    }
    look();
    printf("%016llx\n", (unsigned long long)hash);
    return 0;
}

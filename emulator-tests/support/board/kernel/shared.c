/*
 * A heap that the C library and the kernel share: a constructor has a block before the kernel asks for one, and keeps it.
 * Free bytes are those that a walk over the heap gives, whoever allocated.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "FreeRTOS.h"
#include "task.h"

#include "app_heap.h"
#include "subject.h" /* HEADER: bytes of a block's header. */

void xPortResetHeapMinimumEverFreeHeapSize(void);
void vPortHeapResetState(void);
void stopped(int result);

static unsigned int failures;
static char        *early;

#define EXPECT(condition) expect((condition), __LINE__, #condition)

static void expect(bool holds, int line, const char *condition)
{
    if (!holds) {
        failures++;
        (void)printf("line %d: %s\n", line, condition);
    }
}

void failed_assertion(const char *file, int line)
{
    (void)printf("%s:%d: assertion\n", file, line);
    stopped(90);
}

void vApplicationMallocFailedHook(void)
{
}

void traced_malloc(void *pointer, unsigned long size)
{
    (void)pointer;
    (void)size;
}

void traced_free(void *pointer, unsigned long size)
{
    (void)pointer;
    (void)size;
}

__attribute__((constructor)) static void construct(void)
{
    early = malloc(100U);
    if (early != NULL) {
        (void)memset(early, 'e', 100U);
    }
}

static bool count_used(const app_heap_block_t *block, void *context)
{
    size_t *const used = context;

    *used += block->used ? (block->size + HEADER) : 0U;
    return true;
}

static size_t used_bytes(void)
{
    size_t used = 0U;

    app_heap_walk(count_used, &used);
    return used;
}

static void compare_figures(void)
{
    static size_t all;
    HeapStats_t   stats;
    const size_t  free_bytes = xPortGetFreeHeapSize();

    all = (all == 0U) ? (free_bytes + used_bytes()) : all;
    vPortGetHeapStats(&stats);
    EXPECT((free_bytes + used_bytes()) == all);
    EXPECT(stats.xAvailableHeapSpaceInBytes == free_bytes);
    EXPECT(stats.xSizeOfLargestFreeBlockInBytes <= free_bytes);
    EXPECT(xPortGetMinimumEverFreeHeapSize() <= free_bytes);
}

int main(void)
{
    (void)setvbuf(stdout, NULL, _IONBF, 0);
    EXPECT(early != NULL);

    char *const first = pvPortMalloc(200U);
    EXPECT(first != NULL);
    (void)memset(first, 'k', 200U);
    for (unsigned int index = 0U; index < 100U; index++) {
        EXPECT(early[index] == 'e');
    }
    compare_figures();

    void *const other = malloc(3000U);
    compare_figures();
    void *const second = pvPortMalloc(500U);
    const size_t least = xPortGetFreeHeapSize();
    EXPECT(xPortGetMinimumEverFreeHeapSize() == least);
    vPortFree(second);
    free(other);
    compare_figures();
    EXPECT(xPortGetMinimumEverFreeHeapSize() == least);
    xPortResetHeapMinimumEverFreeHeapSize();
    EXPECT(xPortGetMinimumEverFreeHeapSize() == xPortGetFreeHeapSize());

    vPortHeapResetState();
    EXPECT(pvPortMalloc(100U) != NULL);
    EXPECT((early[99] == 'e') && (first[199] == 'k'));
    compare_figures();
    (void)printf("%s\n", failures == 0U ? "sound" : "NOT SOUND");
    stopped((int)failures);
}

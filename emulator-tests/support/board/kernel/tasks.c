/*
 * Three tasks that allocate and free under preemption, each writing its blocks full and looking whether they stayed so.
 * Then the heap's figures must be those that a walk over the heap gives.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "FreeRTOS.h"
#include "task.h"

#include "app_heap.h"
#include "subject.h" /* HEADER: bytes of a block's header. HAS_REST: the heap has free bytes in no block. */

#define TASKS      3U
#define SLOTS      12U
#define OPERATIONS 4000U

void stopped(int result);
void vPortHeapResetState(void);
void xPortResetHeapMinimumEverFreeHeapSize(void);

static volatile unsigned int finished;
static volatile unsigned int damaged;
static volatile unsigned int switches; /* Calls that found another task's call between two of their own. */
static volatile unsigned int last_task;
static unsigned int          hooks;
static unsigned int          traced_mallocs;
static unsigned int          traced_frees;
static unsigned long         traced_bytes;
static unsigned int          failures;

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
    hooks++;
}

void traced_malloc(void *pointer, unsigned long size)
{
    if (pointer != NULL) {
        traced_mallocs++;
        traced_bytes += size;
    } else {
        EXPECT(size == 0U);
    }
}

void traced_free(void *pointer, unsigned long size)
{
    EXPECT(pointer != NULL);
    traced_frees++;
    traced_bytes -= size;
}

/* What a walk over the heap counts. */
typedef struct {
    size_t free_payload;
    size_t free_blocks;
    size_t used_blocks;
    size_t largest;
} census_t;

static bool count(const app_heap_block_t *block, void *context)
{
    census_t *const census = context;

    if (block->used) {
        census->used_blocks++;
    } else {
        census->free_blocks++;
        census->free_payload += block->size;
        if (block->size > census->largest) {
            census->largest = block->size;
        }
    }
    return true;
}

static census_t look(void)
{
    census_t census;

    (void)memset(&census, 0, sizeof census);
    app_heap_walk(count, &census);
    return census;
}

/* Free bytes are those of free blocks with their headers, by whichever way they are counted; what lies in none is one. */
static void compare_figures(void)
{
    HeapStats_t stats;

    vTaskSuspendAll();
    vPortGetHeapStats(&stats);

    const census_t census  = look();
    const size_t   listed  = census.free_payload + (HEADER * census.free_blocks);
    const size_t   rest    = stats.xAvailableHeapSpaceInBytes - listed;
    const size_t   largest = (census.free_blocks == 0U) ? 0U : (census.largest + HEADER);

    EXPECT(HAS_REST || (rest == 0U));
    EXPECT(stats.xAvailableHeapSpaceInBytes >= listed);
    EXPECT(stats.xNumberOfFreeBlocks == census.free_blocks + ((rest == 0U) ? 0U : 1U));
    EXPECT(stats.xSizeOfLargestFreeBlockInBytes == ((rest > largest) ? rest : largest));
    EXPECT(stats.xSizeOfSmallestFreeBlockInBytes <= stats.xSizeOfLargestFreeBlockInBytes);
    EXPECT(stats.xAvailableHeapSpaceInBytes == xPortGetFreeHeapSize());
    EXPECT(stats.xMinimumEverFreeBytesRemaining == xPortGetMinimumEverFreeHeapSize());
    EXPECT(stats.xMinimumEverFreeBytesRemaining <= stats.xAvailableHeapSpaceInBytes);
    EXPECT(stats.xNumberOfSuccessfulAllocations - stats.xNumberOfSuccessfulFrees == census.used_blocks);
    EXPECT(stats.xNumberOfSuccessfulAllocations == traced_mallocs);
    EXPECT(stats.xNumberOfSuccessfulFrees == traced_frees);
    (void)xTaskResumeAll();
}

static void finish(void)
{
    compare_figures();
    EXPECT(damaged == 0U);
    EXPECT(switches > 100U);

    const unsigned int hooked = hooks;
    EXPECT(pvPortMalloc(APP_HEAP_SIZE_BYTES) == NULL);
    EXPECT(pvPortMalloc(0U) == NULL);
    EXPECT(pvPortCalloc(0x80000001U, 2U) == NULL);
    EXPECT(hooks >= hooked + 2U);
    unsigned char *const zeros = pvPortCalloc(9U, 7U);
    for (unsigned int index = 0U; index < 63U; index++) {
        EXPECT(zeros[index] == 0U);
    }
    vPortFree(zeros);
    vPortFree(NULL);
    compare_figures();
    xPortResetHeapMinimumEverFreeHeapSize();
    EXPECT(xPortGetMinimumEverFreeHeapSize() == xPortGetFreeHeapSize());

    vTaskSuspendAll();
    const size_t full = xPortGetFreeHeapSize() + traced_bytes;
    vPortHeapResetState();
    EXPECT(xPortGetFreeHeapSize() == 0U);
    void *const first = pvPortMalloc(16U);
    EXPECT(first != NULL);
    EXPECT(xPortGetFreeHeapSize() < full);
    vPortFree(first);
    EXPECT(xPortGetFreeHeapSize() == full);
    (void)printf("%u switches, %u allocations: %s\n", switches, traced_mallocs, failures == 0U ? "sound" : "NOT SOUND");
    stopped((int)failures);
}

static void task(void *parameter)
{
    const unsigned int me = (unsigned int)(uintptr_t)parameter;
    unsigned char     *blocks[SLOTS];
    size_t             sizes[SLOTS];
    uint32_t           random = 12345U + me;

    (void)memset(blocks, 0, sizeof blocks);
    for (unsigned int operation = 0U; operation < OPERATIONS; operation++) {
        random = (random * 1664525U) + 1013904223U;

        const unsigned int slot = (random >> 16) % SLOTS;
        const size_t       size = 1U + ((random >> 8) % 400U);

        if (blocks[slot] != NULL) {
            for (size_t index = 0U; index < sizes[slot]; index++) {
                damaged += (blocks[slot][index] == (unsigned char)(me + slot)) ? 0U : 1U;
            }
            vPortFree(blocks[slot]);
            blocks[slot] = NULL;
        } else {
            blocks[slot] = pvPortMalloc(size);
            sizes[slot]  = size;
            if (blocks[slot] != NULL) {
                (void)memset(blocks[slot], (int)(me + slot), size);
            }
        }
        if (last_task != me) {
            switches++;
            last_task = me;
        }
    }
    for (unsigned int slot = 0U; slot < SLOTS; slot++) {
        vPortFree(blocks[slot]);
    }
    vTaskSuspendAll();
    finished++;
    (void)xTaskResumeAll();
    for (;;) {
        if ((me == 0U) && (finished == TASKS)) {
            finish();
        }
    }
}

int main(void)
{
    EXPECT(xPortGetFreeHeapSize() == 0U);
    for (unsigned int index = 0U; index < TASKS; index++) {
        EXPECT(xTaskCreate(task, "task", 512U, (void *)(uintptr_t)index, 1U, NULL) == pdPASS);
    }
    vTaskStartScheduler();
    return 91;
}

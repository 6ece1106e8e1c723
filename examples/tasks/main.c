/*
 * Three tasks of FreeRTOS that allocate and free while the kernel switches between them: one receives packets, one collects
 * them in records, one makes reports. Each writes its blocks full and looks whether they stayed so. The program ends with 0
 * when every block was given and kept.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "FreeRTOS.h"
#include "task.h"

#define ROUNDS 300U
#define MOST   8U /* Blocks that a task holds at first. */
#define LATER  4U /* Blocks that it holds from then on. */

typedef struct {
    const char *name;
    size_t      least; /* Bytes of its blocks. */
    size_t      step;
} work_t;

static const work_t works[] = { { "packets", 64U, 24U }, { "records", 20U, 4U }, { "reports", 200U, 56U } };

#define TASKS (sizeof works / sizeof works[0])

static volatile uint32_t full;     /* Tasks that hold all their blocks. */
static volatile uint32_t finished;
static volatile uint32_t refused;
static volatile uint32_t damaged;

static size_t size_of(const work_t *work, uint32_t slot)
{
    return work->least + (work->step * slot);
}

static uint8_t *fill(const work_t *work, uint32_t slot)
{
    uint8_t *const block = pvPortMalloc(size_of(work, slot));

    if (block == NULL) {
        refused++;
    } else {
        (void)memset(block, (int)(work->least + slot), size_of(work, slot));
    }
    return block;
}

static void empty(const work_t *work, uint32_t slot, uint8_t *block)
{
    for (size_t index = 0U; (block != NULL) && (index < size_of(work, slot)); index++) {
        damaged += (block[index] == (uint8_t)(work->least + slot)) ? 0U : 1U;
    }
    vPortFree(block);
}

static void count(volatile uint32_t *counter)
{
    vTaskSuspendAll();
    (*counter)++;
    (void)xTaskResumeAll();
}

static void finish(void)
{
    (void)printf("%u tasks, %u blocks refused, %u bytes damaged\n", (unsigned int)finished, (unsigned int)refused,
                 (unsigned int)damaged);
    exit(((refused == 0U) && (damaged == 0U)) ? 0 : 1);
}

static void task(void *parameter)
{
    const work_t *const work = parameter;
    uint8_t            *blocks[MOST];

    for (uint32_t slot = 0U; slot < MOST; slot++) {
        blocks[slot] = fill(work, slot);
    }
    count(&full);
    while (full < TASKS) {
        /* Until all hold what they may: then the heap is as full as it ever is. */
    }
    for (uint32_t slot = LATER; slot < MOST; slot++) {
        empty(work, slot, blocks[slot]);
    }
    for (uint32_t round = 0U; round < ROUNDS; round++) {
        const uint32_t slot = (round * 3U) % LATER;

        empty(work, slot, blocks[slot]);
        blocks[slot] = fill(work, slot);
    }
    for (uint32_t slot = 0U; slot < LATER; slot++) {
        empty(work, slot, blocks[slot]);
    }
    count(&finished);
    while ((work != &works[0]) || (finished < TASKS)) {
        /* The first task ends the program. */
    }
    finish();
}

void vApplicationMallocFailedHook(void)
{
    /* Counted where it was asked for. */
}

int main(void)
{
    for (uint32_t index = 0U; index < TASKS; index++) {
        const work_t *const work = &works[index];

        if (xTaskCreate(task, work->name, 256U, (void *)(uintptr_t)work, 1U, NULL) != pdPASS) {
            (void)puts("no memory for a task");
            return 1;
        }
    }
    vTaskStartScheduler();
    return 2;
}

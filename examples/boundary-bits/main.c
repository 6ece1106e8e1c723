/*
 * Records that fill a heap side by side, with nothing between them; holes among them that grow together. main returns 0
 * when every block lies where it belongs and the heap is whole again at the end.
 */
#include <stddef.h>
#include <stdint.h>

#include "dense_heap.h"

#define RECORD_BYTES (24U)
#define MOST_RECORDS (DENSE_HEAP_SIZE_BYTES / RECORD_BYTES)

static uint8_t *records[MOST_RECORDS];

/* Fills the heap; returns how many records there are. */
static uint32_t fill(void)
{
    uint32_t count = 0U;

    while (count < MOST_RECORDS) {
        uint8_t *const record = dense_heap_malloc(RECORD_BYTES);

        if (record == NULL) {
            break;
        }
        for (uint32_t i = 0U; i < RECORD_BYTES; i++) {
            record[i] = (uint8_t)count;
        }
        records[count] = record;
        count++;
    }
    return count;
}

int main(void)
{
    const void *where = NULL;

    dense_heap_init();

    const uint32_t count = fill();

    /* No header is between two records: each takes its own bytes, and small ones come from the high end of free space. */
    for (uint32_t i = 1U; i < count; i++) {
        if ((records[i] + RECORD_BYTES) != records[i - 1U]) {
            return 1;
        }
    }

    /* A hole of one record, which grows to both sides: the bits say what is beside it. */
    dense_heap_free(records[10]);
    if (dense_heap_malloc(RECORD_BYTES + 1U) != NULL) {
        return 2;
    }
    dense_heap_free(records[9]);
    dense_heap_free(records[11]);
    records[10] = dense_heap_realloc(records[8], 2U * RECORD_BYTES);
    if ((records[10] != (records[8] - RECORD_BYTES)) && (records[10] != (records[8] - (3U * RECORD_BYTES)))) {
        return 3;
    }
    for (uint32_t i = 0U; i < RECORD_BYTES; i++) {
        if (records[10][i] != 8U) {
            return 4;
        }
    }
    if (!dense_heap_check(&where)) {
        return 5;
    }

    dense_heap_free(records[10]);
    for (uint32_t i = 0U; i < count; i++) {
        if ((i < 8U) || (i > 11U)) {
            dense_heap_free(records[i]);
        }
    }

    /* Everything was given back and merged. */
    return (dense_heap_malloc(DENSE_HEAP_MAX_REQUEST) != NULL) ? 0 : 6;
}

/*
 * A linked list that is kept sorted while numbers come and go, and a buffer that takes all that is left. main returns 0
 * when every number came out where it belongs and the heap is whole again at the end.
 */
#include <stddef.h>
#include <stdint.h>

#include "tiny_heap.h"

#define NUMBERS (60U)

typedef struct entry {
    struct entry *next;
    uint32_t      number;
} entry_t;

static entry_t *first;

static int insert(uint32_t number)
{
    entry_t  *entry = tiny_heap_malloc(sizeof *entry);
    entry_t **place = &first;

    if (entry == NULL) {
        return 0;
    }
    while ((*place != NULL) && ((*place)->number < number)) {
        place = &(*place)->next;
    }
    entry->number = number;
    entry->next   = *place;
    *place        = entry;
    return 1;
}

/* Takes out all numbers of one remainder; returns how many there were. */
static uint32_t remove_each(uint32_t divisor, uint32_t remainder)
{
    uint32_t  removed = 0U;
    entry_t **place   = &first;

    while (*place != NULL) {
        entry_t *const entry = *place;

        if ((entry->number % divisor) == remainder) {
            *place = entry->next;
            tiny_heap_free(entry);
            removed++;
        } else {
            place = &entry->next;
        }
    }
    return removed;
}

int main(void)
{
    tiny_heap_init();
    for (uint32_t i = 0U; i < NUMBERS; i++) {
        if (insert((i * 37U) % NUMBERS) == 0) {
            return 1;
        }
    }
    if (remove_each(2U, 1U) != (NUMBERS / 2U)) {
        return 2;
    }

    /* The holes are too small for it. */
    uint8_t *const buffer = tiny_heap_malloc(1000U);

    if ((buffer == NULL) || (tiny_heap_malloc(TINY_HEAP_MAX_REQUEST) != NULL)) {
        return 3;
    }
    for (const entry_t *entry = first; entry->next != NULL; entry = entry->next) {
        if (entry->next->number != (entry->number + 2U)) {
            return 4;
        }
    }
    tiny_heap_free(buffer);
    if (remove_each(2U, 0U) != (NUMBERS / 2U)) {
        return 5;
    }
    tiny_heap_free(NULL);

    /* Everything was given back and merged: the largest request is served again, at the first place there is. */
    void *const all = tiny_heap_malloc(TINY_HEAP_MAX_REQUEST);

    return ((all != NULL) && (tiny_heap_malloc(1U) == NULL)) ? 0 : 6;
}

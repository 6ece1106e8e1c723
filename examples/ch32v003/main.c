/*
 * Messages of 1 to 24 bytes wait in a queue, are taken out in another order than they came in, and are refused while
 * there is no room. main returns 0 when every message came out as it went in and the heap is whole again at the end.
 */
#include <stddef.h>
#include <stdint.h>

#include "msg_heap.h"

#define SLOTS (12U)

static uint8_t *messages[SLOTS];
static uint8_t  lengths[SLOTS];

static uint8_t text(uint32_t slot, uint32_t place)
{
    return (uint8_t)((slot << 5) ^ place);
}

static void put(uint32_t slot, uint32_t length)
{
    uint8_t *const message = msg_heap_malloc(length);

    if (message == NULL) {
        return;
    }
    for (uint32_t place = 0U; place < length; place++) {
        message[place] = text(slot, place);
    }
    messages[slot] = message;
    lengths[slot]  = (uint8_t)length;
}

/* Returns 0 where the message changed while it waited. */
static int take(uint32_t slot)
{
    for (uint32_t place = 0U; place < lengths[slot]; place++) {
        if (messages[slot][place] != text(slot, place)) {
            return 0;
        }
    }
    msg_heap_free(messages[slot]);
    messages[slot] = NULL;
    lengths[slot]  = 0U;
    return 1;
}

int main(void)
{
    uint32_t random = 1U;
    uint32_t length = 0U;

    msg_heap_init();
    for (uint32_t i = 0U; i < 500U; i++) {
        random ^= random << 13;
        random ^= random >> 17;
        random ^= random << 5;

        /* 12 slots by masks and sums: the core has neither multiplication nor division. */
        const uint32_t slot = (random & 7U) + ((random >> 3) & 3U) + ((random >> 5) & 1U);

        if (messages[slot] != NULL) {
            if (take(slot) == 0) {
                return 1;
            }
        } else {
            length = (length >= 24U) ? 1U : length + 1U;
            put(slot, length);
        }
    }
    for (uint32_t slot = 0U; slot < SLOTS; slot++) {
        if (take(slot) == 0) {
            return 2;
        }
    }
    return (msg_heap_malloc(200U) != NULL) ? 0 : 3;
}

/*
 * A bare-metal program that uses the generated heap: sensor readings arrive as messages of different lengths, wait in
 * a queue and are sent on in order. main returns 0 when every message came out as it went in.
 */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "app_heap.h"

#define MESSAGES (500U)
#define QUEUE_LENGTH (24U)

typedef struct message {
    struct message *next;
    uint32_t        number;
    uint32_t        length;
    uint8_t         data[];
} message_t;

static message_t *oldest;
static message_t *newest;

static uint8_t reading(uint32_t number, uint32_t position)
{
    return (uint8_t)((number * 37U) + (position * 11U));
}

/* A message of 1 to 180 bytes; false when the heap has no room for it. */
static bool enqueue(uint32_t number)
{
    const uint32_t length  = 1U + ((number * 73U) % 180U);
    message_t     *message = app_heap_malloc(sizeof *message + length);

    if (message == NULL) {
        return false;
    }
    message->next   = NULL;
    message->number = number;
    message->length = length;
    for (uint32_t i = 0U; i < length; i++) {
        message->data[i] = reading(number, i);
    }
    if (oldest == NULL) {
        oldest = message;
    } else {
        newest->next = message;
    }
    newest = message;
    return true;
}

/* Takes the oldest message; false when its bytes are not what enqueue wrote. */
static bool dequeue(void)
{
    message_t *const message = oldest;
    bool             intact  = true;

    for (uint32_t i = 0U; i < message->length; i++) {
        intact = intact && (message->data[i] == reading(message->number, i));
    }
    oldest = message->next;
    app_heap_free(message);
    return intact;
}

int main(void)
{
    uint32_t waiting = 0U;

    app_heap_init();
    for (uint32_t number = 0U; number < MESSAGES; number++) {
        if (!enqueue(number)) {
            return 1;
        }
        waiting++;
        if (waiting == QUEUE_LENGTH) {
            if (!dequeue()) {
                return 2;
            }
            waiting--;
        }
    }
    while (oldest != NULL) {
        if (!dequeue()) {
            return 3;
        }
    }

    /* Everything was given back: the largest request must be served again. */
    return (app_heap_malloc(APP_HEAP_MAX_REQUEST) != NULL) ? 0 : 4;
}

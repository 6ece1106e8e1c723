/* A mix of calls whose cycles are counted twice: with the recorder, and without. */
#include "app_heap.h"
#include "app_heap_recorder.h"

#define SLOTS 32U

void app_heap_recorder_write(const uint8_t *bytes, uint32_t length)
{
    (void)bytes;
    (void)length;
}

void work(void);

void work(void)
{
    static void *blocks[SLOTS];
    uint32_t     random = 1U;

    app_heap_init();
    for (uint32_t call = 0U; call < CALLS; call++) {
        random = (random * 1664525U) + 1013904223U;

        void **const   slot = &blocks[(random >> 8) % SLOTS];
        const uint32_t size = 1U + ((random >> 16) % 200U);

        if (*slot == NULL) {
            *slot = app_heap_malloc(size);
        } else if ((random >> 28) < 4U) {
            *slot = app_heap_realloc(*slot, size);
        } else {
            app_heap_free(*slot);
            *slot = NULL;
        }
    }
}

void _start(void);
void _start(void)
{
    for (;;) {
        work();
        app_heap_recorder_drain();
    }
}

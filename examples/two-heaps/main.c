/* One front over two heaps: what is small and quick, and what a peripheral fills. main returns 0 when all is as said. */
#include "app.h"

#include "bulk_heap.h"
#include "fast_heap.h"

/* What may live anywhere goes to the first heap that has room. */
static int falls_back(void)
{
    void *const first = app_malloc_caps(3000U, 0U);
    void *const next  = app_malloc_caps(3000U, 0U);
    const int   good  = fast_heap_owns(first) && bulk_heap_owns(next);

    app_free(next);
    app_free(first);
    return good;
}

/* A capability is a promise: where the heap that has it is full, no other serves. */
static int keeps_to_capabilities(void)
{
    uint8_t *const packet = app_malloc_caps(1500U, APP_CAP_DMA);
    void *const    state  = app_malloc_caps(3000U, APP_CAP_FAST);
    const int      good   = bulk_heap_owns(packet) && (((uintptr_t)packet % BULK_HEAP_ALIGNMENT) == 0U) &&
                     fast_heap_owns(state) && (app_malloc_caps(3000U, APP_CAP_FAST) == NULL) &&
                     (app_malloc_caps(8U, APP_CAP_FAST | APP_CAP_DMA) == NULL);

    app_free(state);
    app_free(packet);
    return good;
}

/* Blocks are found by their address: the front frees what came from a heap itself. */
static int frees_by_address(void)
{
    for (int round = 0; round < 100; round++) {
        void *const mine   = fast_heap_malloc(2000U);
        void *const theirs = bulk_heap_malloc(9000U);

        if ((mine == NULL) || (theirs == NULL)) {
            return 0;
        }
        app_free(mine);
        app_free(theirs);
        app_free(NULL);
    }
    return 1;
}

int main(void)
{
    app_init();
    return (falls_back() && keeps_to_capabilities() && frees_by_address()) ? 0 : 1;
}

/*
 * The steps of the first design, as a program: two blocks, one given back, one more, one that only the freed space can
 * serve. main returns 0 when each block lies where the design's pictures put it.
 */
#include <stddef.h>
#include <stdint.h>

#include "seed_heap.h"

/* Beside the first two blocks it leaves less than 80 bytes untouched. */
#define ALMOST_ALL (SEED_HEAP_MAX_REQUEST - 240U)

int main(void)
{
    seed_heap_init();

    uint8_t *const first  = seed_heap_malloc(100U);
    uint8_t *const second = seed_heap_malloc(60U);

    seed_heap_free(first);

    /* The untouched space serves, although the freed block could. */
    uint8_t *const third = seed_heap_malloc(ALMOST_ALL);

    if ((third == NULL) || (third < second)) {
        return 1;
    }
    /* The untouched space is too small now: the freed block is cut. */
    uint8_t *const fourth = seed_heap_malloc(80U);

    if (fourth != first) {
        return 2;
    }
    seed_heap_free(second);
    seed_heap_free(fourth);
    return 0;
}

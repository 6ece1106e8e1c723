/*
 * Acknowledgements and frames share two pools. main returns 0 when each message comes from its own pool while that has
 * blocks, from the larger one when it has none, and every block comes back.
 */
#include <stddef.h>
#include <stdint.h>

#include "message_pool.h"

#define ACKNOWLEDGEMENT_BYTES (20U)
#define FRAME_BYTES (128U)
#define FRAMES (8U)
#define MOST (MESSAGE_POOL_SIZE_BYTES / 24U)

static void *messages[MOST];

int main(void)
{
    message_pool_init();

    /* Every frame can be in flight at once, whatever else is. */
    void *frames[FRAMES];

    for (uint32_t frame = 0U; frame < FRAMES; frame++) {
        frames[frame] = message_pool_malloc(FRAME_BYTES);
        if (frames[frame] == NULL) {
            return 1;
        }
    }
    if (message_pool_malloc(FRAME_BYTES) != NULL) {
        return 2;
    }
    message_pool_free(frames[0]);

    /* The last acknowledgement is lent the block of a frame. */
    uint32_t count = 0U;

    while ((count < MOST) && ((messages[count] = message_pool_malloc(ACKNOWLEDGEMENT_BYTES)) != NULL)) {
        count++;
    }
    if ((count < 30U) || (messages[count - 1U] != frames[0])) {
        return 3;
    }
    for (uint32_t message = 0U; message < count; message++) {
        message_pool_free(messages[message]);
    }
    /* What came back last goes out first: the frame's block serves a frame again. */
    return (message_pool_malloc(FRAME_BYTES) == frames[0]) ? 0 : 4;
}

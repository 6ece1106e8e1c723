/*
 * A bare-metal program that receives packets by DMA and keeps them until they are sent on. The heap is too small for all:
 * when a request fails, the heap's hook frees the oldest packet, and the program asks once more. What it tells of itself
 * afterwards comes from the heap's counters. main returns 0 when everything is as it should be.
 */
#include <stdbool.h>
#include <stdint.h>

#include "packet_heap.h"

#define LINE_BYTES (32U) /* Of the data cache. */
#define PACKETS (64U)    /* That may wait. */
#define RECEIVED (500U)

typedef struct {
    uint8_t *bytes;
    uint32_t length;
} packet_t;

/* Those that wait, the oldest first. */
static packet_t waiting[PACKETS];
static uint32_t count;
static uint32_t dropped;

static void drop_oldest(void)
{
    packet_heap_free(waiting[0].bytes);
    count--;
    for (uint32_t at = 0U; at < count; at++) {
        waiting[at] = waiting[at + 1U];
    }
}

/* The heap calls it with its lock given back: it may free. The request that failed is not tried again. */
void packet_heap_failed(size_t size)
{
    (void)size;
    if (count > 0U) {
        drop_oldest();
        dropped++;
    }
}

/* On a core with a data cache: clean the lines before a transfer reads them, invalidate them before the core reads. */
static void cache_invalidate(const uint8_t *bytes, uint32_t length)
{
    (void)bytes;
    (void)length;
}

/* Stands in for a peripheral: fills whole lines, as a transfer by bursts does. */
static void receive(uint8_t *bytes, uint32_t length, uint8_t seed)
{
    for (uint32_t at = 0U; at < length; at++) {
        bytes[at] = (uint8_t)(seed + at);
    }
    cache_invalidate(bytes, length);
}

static uint8_t *allocate(size_t length)
{
    uint8_t *bytes = packet_heap_malloc(length);

    while ((bytes == NULL) && (count > 0U)) { /* The hook freed a packet. */
        bytes = packet_heap_malloc(length);
    }
    return bytes;
}

/* A packet with a trailer: it may have to move, with what it holds. */
static bool append_trailer(packet_t *packet, uint32_t bytes)
{
    uint8_t *const grown = packet_heap_realloc(packet->bytes, packet->length + bytes);

    if (grown == NULL) {
        return false; /* The packet is as it was; the hook has freed another one. */
    }
    for (uint32_t at = 0U; at < bytes; at++) {
        grown[packet->length + at] = 0xA5U;
    }
    packet->bytes = grown;
    packet->length += bytes;
    return true;
}

static bool receive_one(uint32_t number)
{
    const uint32_t length = 20U + ((number * 37U) % 900U);
    packet_t       packet = { .bytes = allocate(length), .length = length };
    const uint8_t  seed   = (uint8_t)number;

    if ((packet.bytes == NULL) || (((uintptr_t)packet.bytes % LINE_BYTES) != 0U)) {
        return false;
    }
    receive(packet.bytes, length, seed);
    if ((number % 5U) == 0U) {
        (void)append_trailer(&packet, 64U);
    }
    for (uint32_t at = 0U; at < length; at++) {
        if (packet.bytes[at] != (uint8_t)(seed + at)) {
            return false;
        }
    }
    if (count == PACKETS) {
        drop_oldest();
    }
    waiting[count] = packet;
    count++;
    return true;
}

int main(void)
{
    packet_heap_counters_t now;

    packet_heap_init();
    for (uint32_t number = 0U; number < RECEIVED; number++) {
        if (!receive_one(number)) {
            return 1;
        }
    }

    /* The hook was called once for each failure, and there were some. */
    packet_heap_counters(&now);
    if ((now.failures == 0U) || (now.failures != dropped) || (now.allocations < RECEIVED)) {
        return 2;
    }
    if ((now.least_free_bytes > now.free_bytes) || (now.free_bytes >= PACKET_HEAP_EMPTY_BYTES)) {
        return 3;
    }

    /* All packets are sent: the heap is as it was at first, and tells of a new period. */
    while (count > 0U) {
        drop_oldest();
    }
    packet_heap_reset_peak();
    packet_heap_counters(&now);
    return ((now.free_bytes == PACKET_HEAP_EMPTY_BYTES) && (now.least_free_bytes == now.free_bytes) &&
            (now.allocations == now.frees))
               ? 0
               : 4;
}

/*
 * A bare-metal program that writes a JSON document whose length it does not know: the text grows by realloc, while
 * records come and go beside it. Then it asks the heap what is in it. main returns 0 when everything is as it should be.
 */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "text_heap.h"

#define SENSORS (40U)

/* Who holds a block. */
enum { UNNAMED, TEXT, RECORD, BUFFER };

typedef struct {
    char  *bytes;
    size_t length;
} text_t;

typedef struct {
    uint32_t number;
    uint32_t value;
} record_t;

/* Makes room for so many bytes more and the zero behind them. The block may have them already. */
static bool reserve(text_t *text, size_t more)
{
    const size_t wanted = text->length + more + 1U;

    if (wanted > text_heap_usable_size(text->bytes)) {
        char *const grown = text_heap_realloc(text->bytes, wanted + (wanted / 2U));

        if (grown == NULL) {
            return false; /* The text is as it was. */
        }
        text->bytes = grown;
    }
    return true;
}

static bool append(text_t *text, const char *more)
{
    const size_t length = strlen(more);

    if (!reserve(text, length)) {
        return false;
    }
    memcpy(&text->bytes[text->length], more, length + 1U);
    text->length += length;
    return true;
}

static bool append_number(text_t *text, uint32_t number)
{
    char     digits[11] = { 0 };
    uint32_t at         = sizeof digits - 1U;

    do {
        at--;
        digits[at] = (char)('0' + (number % 10U));
        number /= 10U;
    } while (number != 0U);
    return append(text, &digits[at]);
}

static bool append_record(text_t *text, const record_t *record)
{
    return append(text, (record->number == 0U) ? "{\"sensor\":" : ",{\"sensor\":") &&
           append_number(text, record->number) && append(text, ",\"value\":") && append_number(text, record->value) &&
           append(text, "}");
}

/* The document; its bytes are NULL when the heap has no room for it. */
static text_t write_document(void)
{
    text_t    text              = { .bytes = text_heap_malloc_tagged(16U, TEXT) };
    record_t *records[SENSORS]  = { NULL };
    bool      written           = (text.bytes != NULL) && append(&text, "[");

    for (uint32_t number = 0U; written && (number < SENSORS); number++) {
        records[number] = text_heap_malloc_tagged(sizeof(record_t), RECORD);
        written         = (records[number] != NULL);
        if (written) {
            records[number]->number = number;
            records[number]->value  = number * number;
            written                 = append_record(&text, records[number]);
        }
        /* Every other record is given back at once: the text has holes to grow into. */
        if ((number % 2U) == 1U) {
            text_heap_free(records[number]);
            records[number] = NULL;
        }
    }
    for (uint32_t number = 0U; number < SENSORS; number++) {
        text_heap_free(records[number]);
    }
    written = written && append(&text, "]");
    if (!written) {
        text_heap_free(text.bytes);
        text.bytes = NULL;
    }
    return text;
}

/* What a walk adds up. */
typedef struct {
    size_t   text_bytes;
    uint32_t used_blocks;
    uint32_t free_blocks;
} census_t;

static bool count(const text_heap_block_t *block, void *context)
{
    census_t *const census = context;

    if (!block->used) {
        census->free_blocks++;
    } else {
        census->used_blocks++;
        census->text_bytes += (block->tag == TEXT) ? block->size : 0U;
    }
    return true;
}

/* Whether the heap tells of one live block of text, and of nothing else. */
static bool holds_only(const text_t *text)
{
    census_t          census = { 0U, 0U, 0U };
    text_heap_stats_t stats;

    text_heap_walk(count, &census);
    text_heap_stats(&stats);
    return (census.used_blocks == 1U) && (stats.used_blocks == 1U) && (stats.free_blocks == census.free_blocks) &&
           (census.text_bytes == text_heap_usable_size(text->bytes)) && (stats.failures == 0U) &&
           (stats.used_bytes == text_heap_tagged_bytes(TEXT)) && (stats.peak_bytes > stats.used_bytes) &&
           (text_heap_tagged_bytes(RECORD) == 0U);
}

/* What a peripheral reads by DMA: a multiple of a cache line, all zero. */
static bool buffers_are_good(void)
{
    uint8_t *const line  = text_heap_aligned_alloc(32U, 96U);
    uint8_t *const table = text_heap_calloc(16U, 4U);
    bool           good  = (line != NULL) && (((uintptr_t)line % 32U) == 0U) && (table != NULL);

    for (uint32_t i = 0U; good && (i < 64U); i++) {
        good = (table[i] == 0U);
    }
    text_heap_free(table);
    text_heap_free(line);
    return good && (text_heap_calloc(0x10000U, 0x10000U) == NULL);
}

int main(void)
{
    static const char start[] = "[{\"sensor\":0,\"value\":0},{\"sensor\":1,\"value\":1},";
    static const char end[]   = ",{\"sensor\":39,\"value\":1521}]";
    const void       *damage;

    text_heap_init();

    text_t text = write_document();

    if ((text.bytes == NULL) || (memcmp(text.bytes, start, strlen(start)) != 0) ||
        (strcmp(&text.bytes[text.length - strlen(end)], end) != 0)) {
        return 1;
    }
    if (!holds_only(&text) || !text_heap_check(&damage)) {
        return 2;
    }

    /* The text is complete: what it does not need is given back, and it stays where it is. */
    char *const kept = text_heap_realloc(text.bytes, text.length + 1U);

    if ((kept != text.bytes) || (strlen(kept) != text.length)) {
        return 3;
    }
    if (!buffers_are_good() || !text_heap_check(NULL)) {
        return 4;
    }

    /* A flipped bit of the size in a header, as a stray pointer leaves it: check says where. */
    ((uint8_t *)kept)[-2] ^= 0x10U;
    if (text_heap_check(&damage) || (damage == NULL)) {
        return 5;
    }
    ((uint8_t *)kept)[-2] ^= 0x10U;
    text_heap_free(kept);
    return (text_heap_check(NULL) && (text_heap_malloc(TEXT_HEAP_MAX_REQUEST) != NULL)) ? 0 : 6;
}

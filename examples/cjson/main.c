/*
 * Reads a message in JSON, adds what a sensor measured, and writes it again, some rounds long. cJSON has the C library's
 * malloc, be it newlib's own or this heap. main returns 0 when each message was read and written.
 */
#include <stdbool.h>
#include <stdio.h>

#include <cJSON.h>

#define ROUNDS 12

static const char message[] = "{\"device\":\"pump 3\",\"ok\":true,\"limits\":{\"least\":10,\"most\":900},"
                              "\"channels\":[{\"name\":\"flow\",\"unit\":\"l/min\"},{\"name\":\"pressure\",\"unit\":\"kPa\"}]}";

/* Adds measured values to each channel. */
static bool measure(cJSON *document, int round)
{
    const cJSON *channel;
    bool         is_complete = true;

    cJSON_ArrayForEach(channel, cJSON_GetObjectItem(document, "channels")) {
        cJSON *const values = cJSON_AddArrayToObject((cJSON *)channel, "values");

        for (int value = 0; value < 10 + round; value++) {
            cJSON *const number = cJSON_CreateNumber((value * 37 + round) % 900);

            is_complete = cJSON_AddItemToArray(values, number) && is_complete;
        }
    }
    return is_complete;
}

int main(void)
{
    for (int round = 0; round < ROUNDS; round++) {
        cJSON *const document = cJSON_Parse(message);
        const bool   measured = (document != NULL) && measure(document, round);
        char *const  text     = measured ? cJSON_PrintUnformatted(document) : NULL;

        if (text == NULL) {
            (void)puts("no memory for the message");
            return 1;
        }
        if (round == ROUNDS - 1) {
            (void)puts(text);
        }
        cJSON_free(text);
        cJSON_Delete(document);
    }
    return 0;
}

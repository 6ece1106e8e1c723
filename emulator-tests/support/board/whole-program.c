/* Around a program that records its calls: what the recorder has goes to a file of the host when the program ends. */
#include "app_heap_recorder.h"
#include "host-files.h"

int  __real_main(void);
int  __wrap_main(void);
void __real__exit(int result);
void __wrap__exit(int result);

static uint32_t recording;

void app_heap_recorder_write(const uint8_t *bytes, uint32_t length)
{
    host_write(recording, bytes, length);
}

static void finish(void)
{
    recording = host_create("recording.bin");
    app_heap_recorder_stop();
    host_close(recording);
}

int __wrap_main(void)
{
    const int result = __real_main();

    finish();
    return result;
}

/* Of a program that does not come back to main. */
__attribute__((noreturn)) void __wrap__exit(int result)
{
    finish();
    __real__exit(result);
    for (;;) {
    }
}

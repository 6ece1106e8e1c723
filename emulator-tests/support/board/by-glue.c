/* Around a program whose library has the heap by glue: that the heap was used, and that all of it came back. */
#include "app_heap.h"

int  __real_main(void);
int  __wrap_main(void);
void use_glue(void);

int __wrap_main(void)
{
    app_heap_counters_t counters;

    app_heap_init();
    use_glue();

    const int result = __real_main();

    app_heap_counters(&counters);
    if ((counters.allocations < 100U) || (counters.allocations != counters.frees)) {
        return 99;
    }
    return result;
}

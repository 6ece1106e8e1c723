/* LVGL in a heap that the program has blocks of before: they stay. */
#include "ours.h"
#include "lvgl/lvgl.h"

int main(void)
{
    lv_mem_monitor_t monitor;
    void *const      early = app_heap_malloc(100U);

    EXPECT(early != NULL);
    lv_mem_init();
    EXPECT(used_blocks() == 1U);
    void *const block = lv_malloc_core(100U);
    EXPECT((block != NULL) && (block != early));
    EXPECT(used_blocks() == 2U);
    lv_mem_monitor_core(&monitor);
    EXPECT(monitor.used_cnt == 2U);
    EXPECT((monitor.max_used >= 100U) && (monitor.max_used < 120U));
    lv_free_core(block);
    lv_mem_deinit();
    EXPECT(used_blocks() == 1U);
    return end();
}

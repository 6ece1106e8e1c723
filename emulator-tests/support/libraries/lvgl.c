#include "ours.h"
#include "lvgl/lvgl.h"

#include <string.h>

int main(void)
{
    lv_mem_monitor_t monitor;

    begin();
    lv_mem_init();
    void *first  = lv_malloc_core(100U);
    void *second = lv_malloc_core(2000U);
    EXPECT(used_blocks() == 2U);
    (void)memset(first, 'a', 100U);
    first = lv_realloc_core(first, 4000U);
    EXPECT((first != NULL) && (((char *)first)[99] == 'a'));
    EXPECT(lv_realloc_core(second, APP_HEAP_SIZE_BYTES) == NULL);
    EXPECT(lv_malloc_core(APP_HEAP_SIZE_BYTES) == NULL);
    void *third = lv_realloc_core(NULL, 50U);
    for (unsigned int round = 0U; round < 10U; round++) {
        third = lv_realloc_core(third, 100U + round);
    }
    lv_free_core(second);
    lv_mem_monitor_core(&monitor);
    EXPECT(monitor.total_size == APP_HEAP_SIZE_BYTES);
    EXPECT(monitor.used_cnt == 2U);
    EXPECT(monitor.free_cnt >= 2U);
    EXPECT(monitor.free_biggest_size < monitor.free_size);
    EXPECT((monitor.max_used >= 6000U) && (monitor.max_used < 6300U));
    EXPECT((monitor.used_pct > 0U) && (monitor.used_pct < 20U));
    EXPECT((monitor.frag_pct > 0U) && (monitor.frag_pct < 50U));
    lv_free_core(first);
    lv_free_core(NULL);
    lv_free_core(third);
    (void)lv_malloc_core(10U);
    EXPECT(lv_mem_test_core() == LV_RESULT_OK);
    EXPECT(lv_mem_add_pool(&monitor, sizeof monitor) == NULL);
    lv_mem_remove_pool(NULL);
    lv_mem_deinit();
    EXPECT(used_blocks() == 0U);
    lv_mem_monitor_core(&monitor);
    EXPECT(monitor.max_used == 0U);
    return end();
}

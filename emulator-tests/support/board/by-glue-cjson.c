/* cJSON by its hooks: the C library has its own heap. */
#include "app_heap_cjson.h"

void use_glue(void);
void use_glue(void)
{
    app_heap_cjson_init();
}

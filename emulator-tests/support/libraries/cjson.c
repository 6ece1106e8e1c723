#include "ours.h"
#include "app_heap_cjson.h"

#include <string.h>

int main(void)
{
    static const char text[] = "{\"name\":\"a heap\",\"sizes\":[1,2,3,{\"deep\":[true,null]}],\"pi\":3.25}";

    begin();
    const size_t foreign = foreign_bytes();

    app_heap_cjson_init();
    cJSON *const parsed = cJSON_Parse(text);
    EXPECT(parsed != NULL);
    EXPECT(used_blocks() > 10U);
    char *const printed = cJSON_PrintUnformatted(parsed);
    EXPECT((printed != NULL) && (strcmp(printed, text) == 0));
    EXPECT(foreign_bytes() == foreign);
    cJSON_free(printed);
    cJSON_Delete(parsed);
    EXPECT(used_blocks() == 0U);
    return end();
}

#include "ours.h"
#include "app_heap_sqlite.h"

static int text_length;

static int add_length(void *context, int columns, char **values, char **names)
{
    (void)context;
    (void)columns;
    (void)names;
    for (const char *at = values[0]; *at != '\0'; at++) {
        text_length++;
    }
    return 0;
}

int main(void)
{
    begin();
    const size_t foreign = foreign_bytes();
    sqlite3     *database;

    EXPECT(app_heap_sqlite_init() == SQLITE_OK);
    EXPECT(sqlite3_open(":memory:", &database) == SQLITE_OK);
    EXPECT(sqlite3_exec(database, "CREATE TABLE words(id INTEGER PRIMARY KEY, word TEXT)", NULL, NULL, NULL) == SQLITE_OK);
    EXPECT(sqlite3_exec(database,
                        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) "
                        "INSERT INTO words SELECT i, 'word ' || i FROM n",
                        NULL, NULL, NULL) == SQLITE_OK);
    EXPECT(sqlite3_exec(database, "SELECT group_concat(word) FROM words ORDER BY word", add_length, NULL, NULL) == SQLITE_OK);
    EXPECT(text_length == 8892);
    EXPECT(used_blocks() > 20U);
    EXPECT(sqlite3_memory_used() > 0);
    EXPECT(foreign_bytes() == foreign);
    EXPECT(app_heap_sqlite_init() == SQLITE_MISUSE);
    EXPECT(sqlite3_close(database) == SQLITE_OK);
    EXPECT(sqlite3_shutdown() == SQLITE_OK);
    EXPECT(used_blocks() == 0U);
    return end();
}

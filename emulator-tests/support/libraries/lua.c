#include "ours.h"
#include "app_heap_lua.h"

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

static const char work[] = "local words = {}\n"
                           "for i = 1, 500 do words[i] = ('word'):rep(i % 7) .. i end\n"
                           "table.sort(words)\n"
                           "return #table.concat(words)";
static const char too_much[] = "local text = 'x' while true do text = text .. text end";

int main(void)
{
    begin();
    const size_t foreign = foreign_bytes();
    lua_State   *L       = lua_newstate(app_heap_lua_alloc, NULL);

    EXPECT(L != NULL);
    luaL_requiref(L, "_G", luaopen_base, 1);
    luaL_requiref(L, "string", luaopen_string, 1);
    luaL_requiref(L, "table", luaopen_table, 1);
    lua_settop(L, 0);
    EXPECT(luaL_dostring(L, work) == LUA_OK);
    EXPECT(lua_tointeger(L, -1) == 7380);
    EXPECT(used_blocks() > 500U);
    /* Fails in the script, and leaves the rest as it was. */
    EXPECT(luaL_dostring(L, too_much) != LUA_OK);
    EXPECT(lua_gc(L, LUA_GCCOLLECT) == 0);
    EXPECT(luaL_dostring(L, work) == LUA_OK);
    EXPECT(foreign_bytes() == foreign);
    lua_close(L);
    EXPECT(used_blocks() == 0U);
    return end();
}

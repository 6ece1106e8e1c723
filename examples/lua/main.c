/*
 * Runs a script in Lua: the words of a text are counted, sorted and printed. The interpreter has the C library's malloc, be
 * it newlib's own or this heap. main returns 0 when the script has come to its end.
 */
#include <stdio.h>

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

static const char script[] =
    "local text = 'the heap is where the blocks are and the blocks are where the heap is'\n"
    "local counts, words = {}, {}\n"
    "for round = 1, 20 do\n"
    "  for word in text:gmatch('%a+') do\n"
    "    local key = word .. (round % 4)\n"
    "    if not counts[key] then words[#words + 1] = key end\n"
    "    counts[key] = (counts[key] or 0) + 1\n"
    "  end\n"
    "end\n"
    "table.sort(words)\n"
    "for _, word in ipairs(words) do words[word] = ('%-9s%3d'):format(word, counts[word]) end\n"
    "local lines = coroutine.wrap(function()\n"
    "  for index, word in ipairs(words) do coroutine.yield(index, words[word]) end\n"
    "end)\n"
    "for index, line in lines do if index % 8 == 1 then print(line) end end\n"
    "local numbers = {}\n"
    "for number = 1, 120 do numbers[number] = { number = number, square = number * number } end\n"
    "local sum = 0\n"
    "for _, each in ipairs(numbers) do sum = sum + each.square end\n"
    "print('sum of squares', sum)\n";

int main(void)
{
    lua_State *const L = luaL_newstate();

    if (L == NULL) {
        (void)puts("no memory for Lua");
        return 1;
    }
    luaL_requiref(L, LUA_GNAME, luaopen_base, 1);
    luaL_requiref(L, LUA_STRLIBNAME, luaopen_string, 1);
    luaL_requiref(L, LUA_TABLIBNAME, luaopen_table, 1);
    luaL_requiref(L, LUA_COLIBNAME, luaopen_coroutine, 1);
    lua_settop(L, 0);

    const int result = luaL_dostring(L, script);

    if (result != LUA_OK) {
        (void)printf("the script failed: %s\n", lua_tostring(L, -1));
    }
    lua_close(L);
    return result;
}

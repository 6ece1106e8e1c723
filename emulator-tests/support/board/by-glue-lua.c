/* Lua with its own allocation function: the C library has its own heap. */
#include "app_heap_lua.h"

#include <lua.h>

lua_State *__wrap_luaL_newstate(void);
lua_State *__wrap_luaL_newstate(void)
{
    return lua_newstate(app_heap_lua_alloc, NULL);
}

void use_glue(void);
void use_glue(void)
{
}

# alloc-gen for CMake 3.19 and newer, out of the npm package:
#
#     find_package(alloc-gen REQUIRED PATHS node_modules/alloc-gen/cmake NO_CMAKE_FIND_ROOT_PATH)
#     alloc_gen_heap(TARGET app_heap CONFIG alloc-gen.json)
#     target_link_libraries(firmware PRIVATE app_heap)
#
# The config has "cmake" among its outputs. The files are generated when CMake runs, and again when the config changes,
# into the build's folder; OUT names another, OPTIONS further words for `alloc-gen generate`.
#
# TARGET is a library of the objects of all heaps of the config: link it to the program itself.
find_program(ALLOC_GEN_NODE NAMES node nodejs NO_CMAKE_FIND_ROOT_PATH)
set(ALLOC_GEN_PROGRAM "${CMAKE_CURRENT_LIST_DIR}/../dist/cli/main.js")
if(NOT ALLOC_GEN_NODE OR NOT EXISTS "${ALLOC_GEN_PROGRAM}")
  set(alloc-gen_FOUND FALSE)
  set(alloc-gen_NOT_FOUND_MESSAGE "it needs Node, and its compiled program ${ALLOC_GEN_PROGRAM}")
  return()
endif()

function(alloc_gen_heap)
  cmake_parse_arguments(PARSE_ARGV 0 HEAP "" "TARGET;CONFIG;OUT" "OPTIONS")
  if(NOT HEAP_TARGET OR NOT HEAP_CONFIG OR HEAP_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "alloc_gen_heap(TARGET name CONFIG file [OUT folder] [OPTIONS word...])")
  endif()
  get_filename_component(config "${HEAP_CONFIG}" ABSOLUTE)
  if(NOT HEAP_OUT)
    set(HEAP_OUT "alloc-gen/${HEAP_TARGET}")
  endif()
  get_filename_component(out "${HEAP_OUT}" ABSOLUTE BASE_DIR "${CMAKE_CURRENT_BINARY_DIR}")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${config}")
  execute_process(
    COMMAND "${ALLOC_GEN_NODE}" "${ALLOC_GEN_PROGRAM}" generate --quiet --list --out "${out}" ${HEAP_OPTIONS} "${config}"
    OUTPUT_VARIABLE files
    OUTPUT_STRIP_TRAILING_WHITESPACE
    RESULT_VARIABLE result)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "alloc-gen did not generate ${HEAP_TARGET} (result ${result})")
  endif()
  string(REPLACE "\n" ";" files "${files}")
  set(builds ${files})
  list(FILTER builds INCLUDE REGEX "\\.cmake$")
  if(NOT builds)
    message(FATAL_ERROR "${config}: add \"cmake\" to \"outputs\"")
  endif()
  set(heaps)
  foreach(build IN LISTS builds)
    get_filename_component(heap "${build}" NAME_WE)
    string(TOUPPER "${heap}" prefix)
    set(${prefix}_IS_GENERATED TRUE)
    include("${build}")
    list(APPEND heaps "${heap}")
  endforeach()
  if(NOT TARGET "${HEAP_TARGET}")
    add_library("${HEAP_TARGET}" INTERFACE)
    foreach(heap IN LISTS heaps)
      target_link_libraries("${HEAP_TARGET}" INTERFACE "${heap}")
      target_sources("${HEAP_TARGET}" INTERFACE "$<TARGET_OBJECTS:${heap}>")
    endforeach()
  endif()
  if(DEFINED FREERTOS_HEAP)
    set(FREERTOS_HEAP "${FREERTOS_HEAP}" PARENT_SCOPE)
  endif()
endfunction()

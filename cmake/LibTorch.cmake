# Imported targets for the pinned LibTorch. find_package(Torch) is not used: with the CUDA wheel it demands a CUDA
# toolkit, enables the CUDA language for the whole project and links every program against the NVIDIA libraries.
set(COUNTERPOINT_LIBTORCH_VERSION 2.11.0)
if(DEFINED ENV{XDG_CACHE_HOME})
  set(cache_home $ENV{XDG_CACHE_HOME})
else()
  set(cache_home $ENV{HOME}/.cache)
endif()
set(COUNTERPOINT_LIBTORCH_DIR "${cache_home}/counterpoint/libtorch-${COUNTERPOINT_LIBTORCH_VERSION}" CACHE PATH
  "Folder that holds torch/ (and nvidia/): a pip --target folder, or any LibTorch 2.11's parent")

set(torch_dir ${COUNTERPOINT_LIBTORCH_DIR}/torch)
if(NOT EXISTS ${torch_dir}/lib/libtorch_cpu.so)
  message(FATAL_ERROR "LibTorch ${COUNTERPOINT_LIBTORCH_VERSION} is not in ${COUNTERPOINT_LIBTORCH_DIR}. "
    "Run packaging/setup.sh, or name its folder with -DCOUNTERPOINT_LIBTORCH_DIR=…")
endif()
file(STRINGS ${torch_dir}/include/torch/headeronly/version.h version_lines REGEX "define TORCH_VERSION_(MAJOR|MINOR) ")
string(REGEX MATCHALL "[0-9]+" version_parts "${version_lines}")
list(JOIN version_parts "." version_found)
if(NOT version_found STREQUAL "2.11")
  message(FATAL_ERROR "LibTorch ${version_found} in ${COUNTERPOINT_LIBTORCH_DIR}; Counterpoint needs 2.11")
endif()

foreach(library c10 torch_cpu)
  add_library(counterpoint::${library} SHARED IMPORTED GLOBAL)
  set_target_properties(counterpoint::${library} PROPERTIES
    IMPORTED_LOCATION ${torch_dir}/lib/lib${library}.so
    IMPORTED_SONAME lib${library}.so)
endforeach()

# LibTorch brings its own fmt, of another version than the system's, whose library we link: the system's headers first.
find_path(SYSTEM_FMT_DIR fmt/format.h REQUIRED)
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/before-libtorch)
file(CREATE_LINK ${SYSTEM_FMT_DIR}/fmt ${CMAKE_BINARY_DIR}/before-libtorch/fmt SYMBOLIC)

add_library(counterpoint_libtorch INTERFACE)
target_include_directories(counterpoint_libtorch SYSTEM INTERFACE
  ${CMAKE_BINARY_DIR}/before-libtorch ${torch_dir}/include ${torch_dir}/include/torch/csrc/api/include)
# c10d's headers are empty without these.
target_compile_definitions(counterpoint_libtorch INTERFACE USE_DISTRIBUTED USE_C10D_GLOO)
target_link_libraries(counterpoint_libtorch INTERFACE counterpoint::torch_cpu counterpoint::c10)

# Library headers that most sources read are parsed once a build and set: a first build takes half the time. Preset dev
# leaves them out, and so finds a missing include.
option(COUNTERPOINT_PRECOMPILED_HEADERS "Parse the headers of large libraries once a build" ON)

# Programs are compiled like libraries, so that both share the headers.
set(CMAKE_CXX_COMPILE_OPTIONS_PIE -fPIC)

# counterpoint_header_set(NAME HEADERS header… [NEEDS library…] [DEFINES macro…])
function(counterpoint_header_set name)
  cmake_parse_arguments(set "" "" "HEADERS;NEEDS;DEFINES" ${ARGN})
  if(NOT COUNTERPOINT_PRECOMPILED_HEADERS)
    return()
  endif()
  set(source ${CMAKE_BINARY_DIR}/precompiled/${name}.cpp)
  file(CONFIGURE OUTPUT ${source} CONTENT "")
  add_library(counterpoint_headers_${name} OBJECT ${source})
  set_target_properties(counterpoint_headers_${name} PROPERTIES AUTOMOC OFF)
  target_link_libraries(counterpoint_headers_${name} PRIVATE ${set_NEEDS} fmt::fmt nlohmann_json::nlohmann_json
    counterpoint_warnings)
  target_compile_definitions(counterpoint_headers_${name} PRIVATE ${set_DEFINES})
  target_precompile_headers(counterpoint_headers_${name} PRIVATE ${set_HEADERS})
  counterpoint_header_checksum(${name} ${set_HEADERS} ${set_NEEDS} ${set_DEFINES})
endfunction()

# What ccache takes for the contents of a set: the file itself differs with every build, so that no other folder would
# find what this one compiled. Compiler, options, the packages' versions and the set's own list decide.
function(counterpoint_header_checksum name)
  string(TOUPPER "${CMAKE_BUILD_TYPE}" type)
  set(libtorch "")
  if(name STREQUAL torch)
    set(libtorch ${COUNTERPOINT_LIBTORCH_VERSION})
  endif()
  set(facts "${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION} ${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_${type}} ${ARGN}"
    "${COUNTERPOINT_SANITIZE} ${COUNTERPOINT_WARNINGS_AS_ERRORS} ${libtorch}"
    "${fmt_VERSION} ${nlohmann_json_VERSION} ${CLI11_VERSION} ${Qt6_VERSION} ${Qt6Core_VERSION}")
  string(SHA256 sum "${facts}")
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/CMakeFiles/counterpoint_headers_${name}.dir/cmake_pch.hxx.gch.sum
    CONTENT "${sum}\n")
endfunction()

# counterpoint_use_headers(TARGET NAME): a no-op without precompiled headers.
function(counterpoint_use_headers target name)
  if(TARGET counterpoint_headers_${name})
    target_precompile_headers(${target} REUSE_FROM counterpoint_headers_${name})
  endif()
endfunction()

find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
set(standard_headers <algorithm> <filesystem> <functional> <map> <memory> <optional> <string> <vector>)
counterpoint_header_set(base HEADERS ${standard_headers} <fmt/format.h> <nlohmann/json.hpp>)
counterpoint_header_set(commands HEADERS ${standard_headers} <fmt/format.h> <nlohmann/json.hpp> <CLI/CLI.hpp>)
if(COUNTERPOINT_LIBTORCH)
  set(torch_headers ${standard_headers} <fmt/format.h> <nlohmann/json.hpp> <ATen/core/Tensor.h> <torch/nn/module.h>
    <torch/nn/modules/dropout.h> <torch/nn/modules/linear.h> <torch/nn/modules/normalization.h>)
  counterpoint_header_set(torch NEEDS counterpoint_libtorch HEADERS ${torch_headers})
endif()
if(COUNTERPOINT_WINDOW)
  counterpoint_header_set(window NEEDS Qt6::Widgets Qt6::Svg DEFINES QT_NO_CAST_FROM_BYTEARRAY
    HEADERS ${standard_headers} <fmt/format.h> <nlohmann/json.hpp> <QtWidgets/QtWidgets>)
endif()

# opencv_core and opencv_imgproc from Debian's small packages; their CMake files come only with the half-gigabyte
# libopencv-dev.
find_path(OPENCV_INCLUDE_DIR opencv2/core.hpp PATH_SUFFIXES opencv4 REQUIRED)
foreach(part core imgproc)
  find_library(OPENCV_${part}_LIBRARY opencv_${part} REQUIRED)
  add_library(opencv_${part} SHARED IMPORTED GLOBAL)
  set_target_properties(opencv_${part} PROPERTIES IMPORTED_LOCATION ${OPENCV_${part}_LIBRARY})
  target_include_directories(opencv_${part} SYSTEM INTERFACE ${OPENCV_INCLUDE_DIR})
endforeach()
target_link_libraries(opencv_imgproc INTERFACE opencv_core)

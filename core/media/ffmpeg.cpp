// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/ffmpeg.h"

#include <mutex>

namespace counterpoint::ffmpeg {

std::string errorText(int code) {
  char text[AV_ERROR_MAX_STRING_SIZE] = {};
  av_strerror(code, text, sizeof text);
  return text;
}

void quietLog() {
  static std::once_flag once;
  std::call_once(once, [] { av_log_set_level(AV_LOG_FATAL); });
}

}  // namespace counterpoint::ffmpeg

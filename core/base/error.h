// SPDX-License-Identifier: GPL-3.0-or-later
// Errors that a person can act on: what happened, where, and the cure. Each kind has one exit status.
#pragma once

#include <stdexcept>
#include <string>

namespace counterpoint {

// The value is the exit status of a program that ends with this error.
enum class ErrorKind {
  Bug = 1,          // a broken promise inside Counterpoint
  Usage = 2,        // wrong command line or config
  Data = 3,         // data or checkpoint missing, damaged or not fitting
  Environment = 4,  // no such device, out of memory, port taken, disk full
  NonFinite = 6,    // the loss is not finite
  PeerLost = 7,     // another rank is gone
  Stopped = 75,     // stopped on request after saving; may be resumed
};

// `where` names the file, line or key ("studies.csv, line 14"); `cure` is a sentence or empty.
class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, std::string what, std::string where = {}, std::string cure = {});

  ErrorKind kind() const { return kind_; }
  const std::string& problem() const { return problem_; }
  const std::string& where() const { return where_; }
  const std::string& cure() const { return cure_; }
  int exitStatus() const { return static_cast<int>(kind_); }

 private:
  ErrorKind kind_;
  std::string problem_, where_, cure_;
};

// Shorthands for the kinds that most code throws.
Error usageError(std::string what, std::string where = {}, std::string cure = {});
Error dataError(std::string what, std::string where = {}, std::string cure = {});
Error environmentError(std::string what, std::string where = {}, std::string cure = {});

// "what" of errno `code` at `path`; disk full, no permission and read-only carry their cure. Data kind for a missing
// file, Environment otherwise.
Error systemError(int code, const std::string& doing, const std::string& path);

// One line for a person: "where: what. cure". Strips LibTorch's stack frames from foreign exceptions.
std::string describe(const std::exception& error);

// Exit status of any exception: an Error's own, 4 for std::bad_alloc, 1 otherwise.
int exitStatusOf(const std::exception& error);

}  // namespace counterpoint

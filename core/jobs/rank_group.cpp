// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/rank_group.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>

#include "core/base/error.h"
#include "core/base/secrets.h"
#include "core/runs/rank_side.h"

namespace counterpoint {
namespace {

// From launch.env, .env or the launcher's own environment, in the order in which they count.
std::string userValue(const LaunchPlan& plan, const char* name) {
  if (const auto found = plan.dotEnv.find(name); found != plan.dotEnv.end()) return found->second;
  if (const auto found = plan.environment.find(name); found != plan.environment.end()) return found->second;
  const char* value = std::getenv(name);
  return value ? value : "";
}

bool endedAlready(int descriptor) {
  struct pollfd entry = {descriptor, POLLIN, 0};
  return ::poll(&entry, 1, 0) > 0;
}

}  // namespace

std::map<std::string, std::string> rankEnvironment(const RunFolder& folder, const LaunchPlan& plan, int rank,
                                                   int lifeline) {
  std::map<std::string, std::string> environment = plan.environment;
  for (const auto& [name, value] : plan.dotEnv) environment[name] = value;
  for (const auto& [name, value] : plan.dotEnv) {
    std::string& masked = environment[kMaskedVariable];
    masked += (masked.empty() ? "" : ":") + name;
  }
  environment.try_emplace("OMP_NUM_THREADS", "1");
  const std::string text = std::to_string(rank), size = std::to_string(plan.ranks);
  environment["RANK"] = environment["LOCAL_RANK"] = text;
  environment["WORLD_SIZE"] = environment["LOCAL_WORLD_SIZE"] = size;
  if (userValue(plan, "MASTER_PORT").empty()) {
    environment["MASTER_ADDR"] = "127.0.0.1";
    environment[kRendezvousVariable] = folder.rendezvous().string();
  } else if (userValue(plan, "MASTER_ADDR").empty()) {
    environment["MASTER_ADDR"] = "127.0.0.1";
  }
  environment[kRunFolderVariable] = folder.path().string();
  environment[kAttemptVariable] = std::to_string(plan.attempt);
  environment[kDeviceVariable] =
      plan.devices.empty() ? "cpu" : plan.devices[static_cast<std::size_t>(rank) % plan.devices.size()];
  environment[kLifelineVariable] = std::to_string(lifeline);
  environment[kRequestsVariable] = std::to_string(plan.requestsFrom);
  return environment;
}

void checkMasterPort(const LaunchPlan& plan) {
  const std::string text = userValue(plan, "MASTER_PORT");
  if (text.empty()) return;
  const int port = std::atoi(text.c_str());
  if (port <= 0 || port > 65535) throw usageError("is no port: " + text, "MASTER_PORT");
  const std::string host = userValue(plan, "MASTER_ADDR");
  if (!host.empty() && host != "127.0.0.1" && host != "localhost") return;  // on another machine
  FileDescriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int yes = 1;
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  struct sockaddr_in address {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_ANY);
  if (::bind(socket.get(), reinterpret_cast<struct sockaddr*>(&address), sizeof address) == 0) return;
  if (errno == EADDRINUSE)
    throw environmentError("port " + text + " is taken", "MASTER_PORT",
                           "Choose another, or unset MASTER_PORT and a free one is found.");
  throw systemError(errno, "use", "port " + text);
}

RankGroup::~RankGroup() {
  for (std::size_t rank = 0; rank < ranks_.size(); ++rank)
    if (!statuses_[rank]) ranks_[rank].signalGroup(SIGKILL);
  for (auto& rank : ranks_) rank.wait(5);
}

void RankGroup::start(const RunFolder& folder, const LaunchPlan& plan) {
  checkMasterPort(plan);
  std::error_code ignored;
  std::filesystem::create_directories(folder.scratch(), ignored);
  std::filesystem::remove(folder.rendezvous(), ignored);
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw systemError(errno, "make a pipe for", "the ranks");
  lifelineRead_ = FileDescriptor(ends[0]);
  lifelineWrite_ = FileDescriptor(ends[1]);
  ranks_.reserve(static_cast<std::size_t>(plan.ranks));
  for (int rank = 0; rank < plan.ranks; ++rank) {
    ProcessOptions options;
    options.command = plan.command;
    options.environment = rankEnvironment(folder, plan, rank, lifelineRead_.get());
    options.unsetEnvironment = {kRendezvousVariable};  // of a launcher around this one
    options.outputFile = folder.rankLog(rank);
    options.workingDirectory = plan.workingDirectory;
    options.diesWithParent = true;
    options.inheritedDescriptor = lifelineRead_.get();
    ranks_.push_back(ChildProcess::start(options));
    identities_.push_back({ranks_.back().pid(), startTicks(ranks_.back().pid())});
    statuses_.emplace_back();
  }
  lifelineRead_.reset();
}

std::vector<RankGroup::Exit> RankGroup::reap() {
  std::vector<Exit> exits;
  for (std::size_t rank = 0; rank < ranks_.size(); ++rank) {
    if (statuses_[rank] || !endedAlready(ranks_[rank].descriptor())) continue;
    // While the rank is not waited for its group's number cannot be given to others.
    ranks_[rank].signalGroup(SIGKILL);
    statuses_[rank] = ranks_[rank].wait(1);
    if (statuses_[rank]) exits.push_back({static_cast<int>(rank), *statuses_[rank]});
  }
  return exits;
}

void RankGroup::signal(int signal) {
  for (std::size_t rank = 0; rank < ranks_.size(); ++rank)
    if (!statuses_[rank]) ranks_[rank].signalGroup(signal);
}

bool RankGroup::anyRunning() const {
  for (const auto& status : statuses_)
    if (!status) return true;
  return false;
}

std::vector<int> RankGroup::descriptors() const {
  std::vector<int> result;
  for (std::size_t rank = 0; rank < ranks_.size(); ++rank)
    if (!statuses_[rank]) result.push_back(ranks_[rank].descriptor());
  return result;
}

}  // namespace counterpoint

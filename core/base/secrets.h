// SPDX-License-Identifier: GPL-3.0-or-later
// Keys, tokens and passwords: recognised by name or by look, and masked wherever text leaves the program.
#pragma once

#include <string>
#include <string_view>

namespace counterpoint {

// True for WANDB_API_KEY, HF_TOKEN, password, secret, … (case does not matter).
bool isSecretName(std::string_view name);

// Masks NAME=value, NAME: value and --NAME value of secret names, values with a known token prefix (hf_, sk-, …), and
// the values that variables with secret names have in this process's environment.
std::string maskSecrets(std::string text);

}  // namespace counterpoint

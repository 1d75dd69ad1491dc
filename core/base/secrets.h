// SPDX-License-Identifier: GPL-3.0-or-later
// Keys, tokens and passwords: recognised by name or by look, and masked wherever text leaves the program.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace counterpoint {

// Set for ranks: names of .env, joined by colons. Their values are masked like those of secret names.
inline constexpr const char* kMaskedVariable = "COUNTERPOINT_MASKED";

// True for WANDB_API_KEY, HF_TOKEN, password, secret, … (case does not matter).
bool isSecretName(std::string_view name);

// Masks NAME=value and --NAME value of secret names, NAME: value where the value looks like a key, words with a known
// token prefix (hf_, sk-, …), and the values of this process's own secret variables. Linear in the text.
std::string maskSecrets(std::string text);

// Masks these values wherever they stand; those that are plain words, numbers or short are left alone.
std::string maskValues(std::string text, const std::vector<std::string>& values);

}  // namespace counterpoint

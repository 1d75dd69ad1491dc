// SPDX-License-Identifier: GPL-3.0-or-later
// Keys of the recipe lora_retrieval: for each input the nearest LoRA adapters of a pool, composed over a
// vision-language model, as LoraRetriever. Defaults are the sound ones; `compat.*` gives the original's.
#include "core/config/schemas/conversions.h"
#include "core/config/schemas/keys.h"
#include "core/config/schemas/schemas.h"

namespace counterpoint {
namespace {

using namespace schema;

Keys dataKeys() {
  return {
      plain("data.rows", kPath, "data/example.jsonl", "Inputs: JSON, one row a line."),
      number("data.limit", kInt, 0, 0, {}, "rows", "Only the first ones; 0: all."),
      choice("data.dialogue", "step", {{"step", "each step by itself"}, {"episode", "the steps before it come too"}},
             "What one question holds."),
      plain("data.output", kPath, "output/lora_retriever_results", "Folder that answers are written to."),
      number("image.max_pixels", kInt, 100000, 1, {}, "pixels", "Larger pictures are made smaller (Qwen)."),
      nullable(number("image.min_pixels", kInt, nullptr, 1, {}, "pixels", "Smaller ones larger (Qwen); null: never.")),
      number("image.max_tiles", kInt, 12, 1, 1024, "tiles", "Most tiles of a picture (InternVL2)."),
      number("image.tile_size", kInt, 448, 14, 4096, "pixels", "Edge of a tile (InternVL2)."),
      number("image.video_segments", kInt, 8, 1, 4096, "frames", "Frames of a video."),
      nullable(number("image.height", kInt, nullptr, 1, {}, "pixels", "Every picture's height (Qwen); null: its own.")),
      nullable(number("image.width", kInt, nullptr, 1, {}, "pixels", "Every picture's width (Qwen); null: its own.")),
      nullable(number("image.factor", kInt, nullptr, 1, {}, "pixels", "Edges are multiples of it; null: the model's.")),
  };
}

Keys poolKeys() {
  return {
      plain("pool.apps", kPath, "", "List of the apps' adapters; empty: none."),
      plain("pool.categories", kPath, "", "List of the categories' adapters; empty: none."),
      choice("pool.kind", "all", {{"all", "both lists"}, {"app", "apps alone"}, {"category", "categories alone"}},
             "Which adapters can be chosen."),
      list("pool.filter", kText, 0, Json::array(), "Only these apps; empty: all."),
      choice("pool.unloaded", "exclude", {{"exclude", "not chosen"}, {"lose_weight", "chosen, and its weight lost"}},
             "An adapter that cannot be read."),
      number("retrieval.k", kInt, 3, 1, 1000, "adapters", "Adapters of each input."),
      nullable(
          number("retrieval.min_similarity", kFloat, nullptr, -1, 1, {}, "Less near ones are left out; null: none.")),
      plain("retrieval.encoder", kPath, "", "Folder of the encoder that inputs are embedded with."),
      number("retrieval.image_batch", kInt, 1, 1, 1024, "pictures", "Embedded at once."),
      number("retrieval.max_pixels", kInt, 100000, 1, {}, "pixels", "Of the encoder's pictures."),
      plain("retrieval.log_similarities", kBool, false, "Writes the whole pool's scores of each input."),
      choice("weights.mode", "weighted", {{"weighted", "by similarity"}, {"uniform", "all alike"}},
             "How adapters count."),
      choice("weights.rule", "softmax", {{"softmax", "softmax at the temperature"}, {"linear", "similarity over sum"}},
             "From similarities to weights."),
      positive("weights.temperature", 0.2, "Of the softmax."),
  };
}

Keys modelKeys() {
  return {
      choice("model.kind", "internvl2-2b",
             {{"internvl2-2b", "InternVL2-2B"},
              {"qwen2-vl-2b-instruct", "Qwen2-VL-2B"},
              {"qwen2-vl-7b-instruct", "Qwen2-VL-7B"}},
             "The vision-language model."),
      plain("model.folder", kPath, "", "Folder of its weights; empty: the workspace's models/."),
      choice("compose.method", "mixture",
             {{"mixture", "outputs of the adapters are added"}, {"fusion", "their weights become one adapter"}},
             "How adapters work together."),
      choice("compose.combination", "linear",
             {{"linear", "weighted sum"}, {"svd", "its best approximation"}, {"cat", "side by side: exact"}},
             "How fusion makes one adapter."),
      choice("compose.fused_rank", "sum", {{"sum", "lossless"}, {"max", "the greatest one of the first selection"}},
             "Rank of the fused adapter."),
      choice("compose.scope", "all", {{"all", "every layer"}, {"llm_only_first_active", "language layers alone"}},
             "Where the mixture works."),
      number("generate.max_tokens", kInt, 512, 1, 65536, "tokens", "Longest answer."),
      number("generate.temperature", kFloat, 0.0, 0, 10, {}, "Of the choice of words; 0: always the likeliest."),
  };
}

Keys compatKeys() {
  return {
      choice("compat.pool", "none", {{"none", "exact names"}, {"head", "eight apps, names cut at the last _"}},
             "How the pool is filtered."),
      plain("compat.peft_double_scaling", kBool, false, "Scales twice for svd, as PEFT."),
      choice("compat.mrope", "full", {{"full", "three positions"}, {"flat_1d", "one"}}, "Positions of Qwen."),
      choice("compat.rope", "per_request", {{"per_request", "anew"}, {"stateful", "kept between requests"}},
             "Stretched positions of InternLM2."),
      plain("compat.ignore_generation_flags", kBool, false, "Length and temperature are ignored, as the original."),
      plain("compat.silent_missing_images", kBool, false, "Missing pictures are dropped without a word."),
      plain("compat.truncate_2048", kBool, false, "Texts are cut at their left before pictures are put in."),
  };
}

Json noDevNull(const Json& value) { return value == Json("/dev/null") ? Json("") : emptyIfNull(value); }

}  // namespace

std::vector<OldName> loraRetrievalOldNames() {
  constexpr const char* kSystem = "lora_retriever";
  const std::string none = "/dev/null is empty here";
  return {
      {"model_type", "model.kind", kSystem},
      {"model_path", "model.folder", kSystem},
      {"test_data", "data.rows", kSystem},
      {"test_input", "data.rows", kSystem},
      {"app_config", "pool.apps", kSystem, noDevNull, none},
      {"category_config", "pool.categories", kSystem, noDevNull, none},
      {"output_dir", "data.output", kSystem},
      {"output_base", "data.output", kSystem},
      {"jina_model", "retrieval.encoder", kSystem},
      {"top_k", "retrieval.k", kSystem},
      {"lora_type", "pool.kind", kSystem},
      {"merge_method", "compose.method", kSystem},
      {"composition_weight_mode", "weights.mode", kSystem},
      {"combination_type", "compose.combination", kSystem},
      {"max_new_tokens", "generate.max_tokens", kSystem},
      {"temperature", "generate.temperature", kSystem},
      {"num_samples", "data.limit", kSystem, zeroIfNegative, "none is 0 here"},
      {"show_similarities", "retrieval.log_similarities", kSystem},
      {"dialog_mode", "data.dialogue", kSystem},
      {"MAX_PIXELS", "image.max_pixels", kSystem},
      {"MIN_PIXELS", "image.min_pixels", kSystem},
      {"MAX_NUM", "image.max_tiles", kSystem},
      {"INPUT_SIZE", "image.tile_size", kSystem},
      {"VIDEO_SEGMENTS", "image.video_segments", kSystem},
      {"RESIZED_HEIGHT", "image.height", kSystem},
      {"RESIZED_WIDTH", "image.width", kSystem},
      {"IMAGE_FACTOR", "image.factor", kSystem},
      {"JINA_IMAGE_BATCH_SIZE", "retrieval.image_batch", kSystem},
      {"JINA_MAX_PIXELS", "retrieval.max_pixels", kSystem},
  };
}

Schema loraRetrievalSchema() {
  Schema schema(
      "lora_retrieval", "answers with the nearest LoRA adapters of a pool",
      joined({runKeys("lora_retrieval", "nearest LoRA adapters composed over a model", "lora-retrieval", "float16"),
              dataKeys(), poolKeys(), modelKeys(), compatKeys(), launchKeys()}),
      {}, loraRetrievalOldNames());
  return schema.notYetTrained();
}

}  // namespace counterpoint

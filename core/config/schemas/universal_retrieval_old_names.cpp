// SPDX-License-Identifier: GPL-3.0-or-later
// Keys of UniIR's train, embed, index and retrieval files that universal_retrieval has under another name.
#include "core/config/schemas/conversions.h"
#include "core/config/schemas/schemas.h"

namespace counterpoint {
namespace {

using namespace schema;

constexpr const char* kSystem = "uniir";

Json kind(const Json& value) {
  return wordFrom(value, {{"CLIPScoreFusion", "clip_score_fusion"},
                          {"CLIPFeatureFusion", "clip_feature_fusion"},
                          {"BLIPScoreFusion", "blip_score_fusion"},
                          {"BLIPFeatureFusion", "blip_feature_fusion"},
                          {"JinaV4UniIR", "jina_v4"},
                          {"JinaV4", "jina_v4"}});
}

Json indexType(const Json& value) { return wordFrom(value, {{"Flat", "flat"}}); }

Json metric(const Json& value) {
  return wordFrom(value, {{"METRIC_INNER_PRODUCT", "inner_product"}, {"METRIC_L2", "l2"}});
}

// Several of UniIR's files name a split's folder although the split is added to it.
Json withoutSplit(const Json& value) {
  if (!value.is_string()) return value;
  std::string text = value.get<std::string>();
  for (const char* split : {"/train", "/val", "/test"}) {
    if (text.ends_with(split)) return text.substr(0, text.size() - std::string_view(split).size());
  }
  return text;
}

std::vector<OldName> splitNames(const std::string& split) {
  const std::string embed = "embed_config." + split + "_datasets_config.", ourEmbed = "embed." + split + ".";
  const std::string search = "retrieval_config." + split + "_datasets_config.", ourSearch = "retrieve." + split + ".";
  return {
      {embed + "enable_embed", ourEmbed + "enabled", kSystem},
      {embed + "datasets_name", ourEmbed + "datasets", kSystem},
      {embed + "correspond_cand_pools_name", ourEmbed + "pools", kSystem},
      {"data_config." + split + "_dir_name", ourEmbed + "folder", kSystem},
      {search + "enable_retrieve", ourSearch + "enabled", kSystem},
      {search + "datasets_name", ourSearch + "datasets", kSystem},
      {search + "correspond_cand_pools_name", ourSearch + "pools", kSystem},
      {search + "correspond_qrels_name", ourSearch + "judgements", kSystem},
      {search + "correspond_metrics_name", ourSearch + "metrics", kSystem},
  };
}

}  // namespace

std::vector<OldName> universalRetrievalOldNames() {
  const std::string square = "a text of both edges there, one number here";
  std::vector<OldName> names = {
      {"mbeir_data_dir", "data.root", kSystem},
      {"experiment.description", "name", kSystem},
      {"data_config.image_size", "data.image_size", kSystem, numberOfText, square},
      {"data_config.hard_neg_num", "data.hard_negatives", kSystem},
      {"data_config.in_batch_neg_num", "data.in_batch_negatives", kSystem},
      {"data_config.shuffle_cand", "data.shuffle_candidates", kSystem},
      {"data_config.enable_query_instruct", "data.instruct", kSystem},
      {"data_config.query_instruct_path", "data.instructions", kSystem},
      {"data_config.train_query_data_path", "data.train.queries", kSystem},
      {"data_config.train_cand_pool_path", "data.train.candidates", kSystem},
      {"data_config.val_query_data_path", "data.val.queries", kSystem},
      {"data_config.val_cand_pool_path", "data.val.candidates", kSystem},
      {"data_config.cand_pool_dir_name", "embed.pools.folder", kSystem},
      {"dataloader_config.num_workers", "data.workers", kSystem},
      {"dataloader_config.train_batch_size", "train.batch_size", kSystem},
      {"dataloader_config.valid_batch_size", "train.val_batch_size", kSystem},
      {"dataloader_config.batch_size", "embed.batch_size", kSystem},
      {"trainer_config.gradient_accumulation_steps", "train.accumulation", kSystem},
      {"trainer_config.num_train_epochs", "train.epochs", kSystem},
      {"trainer_config.print_freq", "train.log_every", kSystem},
      {"trainer_config.learning_rate", "optimizer.lr", kSystem},
      {"trainer_config.init_lr", "optimizer.lr", kSystem},
      {"trainer_config.t5_learning_rate", "optimizer.t5_lr", kSystem},
      {"trainer_config.weight_decay", "optimizer.weight_decay", kSystem},
      {"evaluator.enable_eval", "evaluate.enabled", kSystem},
      {"evaluator.eval_freq", "evaluate.every", kSystem},
      {"model.name", "model.kind", kSystem, kind, "our word for the same model"},
      {"model.size", "model.scale", kSystem, lowerCase, "in small letters"},
      {"model.clip_vision_model_name", "model.clip.vision", kSystem},
      {"model.pretrained_clip_model_dir", "model.clip.folder", kSystem},
      {"model.vit", "model.blip.vit", kSystem},
      {"model.vit_grad_ckpt", "model.blip.recompute", kSystem},
      {"model.vit_ckpt_layer", "model.blip.recompute_blocks", kSystem},
      {"model.embed_dim", "model.blip.dimension", kSystem},
      {"model.image_size", "model.blip.image_size", kSystem, numberOfText, square},
      {"model.queue_size", "model.blip.queue", kSystem},
      {"model.alpha", "model.blip.alpha", kSystem},
      {"model.tokenizer_max_length", "model.blip.max_tokens", kSystem},
      {"model.ckpt_config.pretrained_blip_url", "model.blip.weights", kSystem},
      {"model.ckpt_config.ckpt_dir", "model.checkpoint.folder", kSystem},
      {"model.ckpt_config.ckpt_name", "model.checkpoint.name", kSystem},
      {"model.ckpt_config.resume_training", "model.checkpoint.resume", kSystem},
      {"embed_config.embed_dir_name", "embed.folder", kSystem},
      {"embed_config.use_fp16", "embed.float16", kSystem},
      {"embed_config.cand_pools_config.enable_embed", "embed.pools.enabled", kSystem},
      {"embed_config.cand_pools_config.embed_union_pool", "embed.pools.union", kSystem},
      {"embed_config.cand_pools_config.cand_pools_name_to_embed", "embed.pools.names", kSystem},
      {"index_config.embed_dir_name", "embed.folder", kSystem},
      {"index_config.index_dir_name", "index.folder", kSystem},
      {"index_config.faiss_config.idx_type", "index.type", kSystem, indexType, "our word for the same index"},
      {"index_config.faiss_config.dim", "index.dimension", kSystem},
      {"index_config.faiss_config.metric", "index.metric", kSystem, metric, "our word for the same metric"},
      {"index_config.cand_pools_config.enable_idx", "index.enabled", kSystem},
      {"index_config.cand_pools_config.cand_pools_name_to_idx", "index.pools", kSystem},
      {"retrieval_config.embed_dir_name", "embed.folder", kSystem},
      {"retrieval_config.index_dir_name", "index.folder", kSystem},
      {"retrieval_config.results_dir_name", "retrieve.folder", kSystem},
      {"retrieval_config.write_to_tsv", "retrieve.write_table", kSystem},
      {"retrieval_config.raw_retrieval", "retrieve.raw", kSystem},
      {"retrieval_config.retrieve_image_text_pairs", "retrieve.pairs", kSystem},
      {"retrieval_config.query_dir_name", "retrieve.queries", kSystem},
      {"retrieval_config.candidate_dir_name", "retrieve.candidates", kSystem},
      {"retrieval_config.num_hard_negs", "retrieve.hard_negatives", kSystem},
      {"retrieval_config.k", "retrieve.k", kSystem},
      {"retrieval_config.hard_negs_dir_name", "retrieve.hard_negatives_folder", kSystem},
      {"retrieval_config.qrel_dir_name", "retrieve.judgements", kSystem, withoutSplit,
       "the split's folder is added here"},
  };
  for (const char* split : {"train", "val", "test"}) {
    for (auto& name : splitNames(split)) names.push_back(std::move(name));
  }
  return names;
}

}  // namespace counterpoint

// SPDX-License-Identifier: GPL-3.0-or-later
// Keys of the recipe universal_retrieval: instructed queries of text, picture or both against one pool of candidates,
// as UniIR trains, embeds, indexes and retrieves them. Its four files are one config here.
#include "core/config/schemas/keys.h"
#include "core/config/schemas/schemas.h"

namespace counterpoint {
namespace {

using namespace schema;

Keys dataKeys() {
  return {
      plain("data.root", kPath, "data", "The M-BEIR folder: paths of queries, pools and instructions start there."),
      number("data.image_size", kInt, 224, 8, 4096, "pixels", "Edge of the square that pictures are resized to."),
      number("data.hard_negatives", kInt, 0, 0, 1000, "candidates", "Given wrong candidates of each query."),
      number("data.in_batch_negatives", kInt, 0, 0, 1000, "candidates",
             "Other queries' candidates beside given wrong ones."),
      plain("data.shuffle_candidates", kBool, true, "Which of several right or wrong candidates comes is chance."),
      plain("data.instruct", kBool, true, "Each query begins with an instruction of its task."),
      plain("data.instructions", kPath, "instructions/query_instructions.tsv", "Table of instructions."),
      plain("data.train.queries", kPath, "query/union_train/mbeir_union_up_train.jsonl", "Queries to train on."),
      plain("data.train.candidates", kPath, "cand_pool/global/mbeir_union_train_cand_pool.jsonl", "Their pool."),
      plain("data.val.queries", kPath, "query/union_val/mbeir_union_val.jsonl", "Queries to validate on."),
      plain("data.val.candidates", kPath, "cand_pool/global/mbeir_union_val_cand_pool.jsonl", "Their pool."),
      number("data.workers", kInt, 5, 0, 256, "threads a rank", "Threads that read ahead of the step."),
  };
}

Keys modelKeys() {
  return {
      choice("model.kind", "clip_score_fusion",
             {{"clip_score_fusion", "CLIP, scores of picture and text added"},
              {"clip_feature_fusion", "CLIP, features of both through a T5 layer stack"},
              {"blip_score_fusion", "BLIP with momentum twins and queues, scores added"},
              {"blip_feature_fusion", "BLIP with momentum twins and queues, text attends to the picture"},
              {"jina_v4", "jina-embeddings-v4 with task adapters"}},
             "How queries and candidates become vectors."),
      choice("model.scale", "large", {{"base", "base"}, {"large", "large"}}, "Size of its networks."),
      plain("model.clip.vision", kText, "ViT-L/14", "CLIP's vision tower."),
      plain("model.clip.folder", kPath, "checkpoint/CLIP/", "Folder of CLIP's weights."),
      plain("model.gather_embeddings", kBool, true, "Candidates of all ranks are wrong answers to each other."),
      choice("model.blip.vit", "large", {{"base", "ViT-B"}, {"large", "ViT-L"}}, "BLIP's vision tower."),
      plain("model.blip.recompute", kBool, true, "Later blocks are computed again in the backward pass."),
      number("model.blip.recompute_blocks", kInt, 12, 0, 64, "blocks", "How many."),
      number("model.blip.dimension", kInt, 768, 8, 8192, {}, "Size of the embedding."),
      number("model.blip.image_size", kInt, 224, 8, 4096, "pixels", "Edge of its pictures."),
      number("model.blip.queue", kInt, 57960, 0, {}, "candidates", "Wrong answers kept from earlier batches."),
      share("model.blip.alpha", 0.4, "Weight of the momentum twin's answers in the target."),
      number("model.blip.max_tokens", kInt, 100, 4, 512, "tokens", "Longer texts are cut."),
      plain("model.blip.weights", kText, "", "Published weights it starts from: file or name; empty: fresh."),
      plain("model.checkpoint.folder", kPath, "checkpoint", "Folder of the checkpoint below."),
      plain("model.checkpoint.name", kText, "", "Checkpoint that training goes on from, or that is embedded with."),
      plain("model.checkpoint.resume", kBool, false, "Training goes on from it."),
  };
}

Keys trainKeys() {
  return {
      positive("optimizer.lr", 1e-5, "Learning rate at the start of its half cosine."),
      nullable(positive("optimizer.t5_lr", nullptr, "Of the T5 layers of feature fusion; null: as the rest.")),
      nullable(number("optimizer.weight_decay", kFloat, nullptr, 0, 10, {}, "null: 0.2 for CLIP, 0.05 for BLIP.")),
      number("train.epochs", kInt, 20, 1, {}, "epochs", "Passes over the queries."),
      number("train.batch_size", kInt, 105, 1, {}, "queries", "Of each rank."),
      number("train.val_batch_size", kInt, 2048, 1, {}, "queries", "Of each rank in validation."),
      number("train.accumulation", kInt, 1, 1, 1024, "batches", "Batches whose gradients make one step."),
      number("train.log_every", kInt, 50, 1, {}, "batches", "Distance of points in the curves."),
      plain("evaluate.enabled", kBool, false, "Validates in training."),
      number("evaluate.every", kInt, 1, 1, {}, "epochs", "How often."),
      plain("compat.inbatch_neg_bug", kBool, false,
            "In-batch negatives beside given ones hold the right candidate again, as UniIR."),
      plain("compat.leak_trailing_gradients", kBool, false,
            "Gradients of an epoch's last, incomplete accumulation go into the next one, as UniIR."),
  };
}

Keys embedSplitKeys(const std::string& split, bool enabled) {
  const std::string at = "embed." + split + ".";
  return {
      plain(at + "enabled", kBool, enabled, "Embeds the queries of this split."),
      list(at + "datasets", kText, 0, Json::array(), "Names of its data sets."),
      list(at + "pools", kText, 0, Json::array(), "The pool of each."),
      plain(at + "folder", kPath, "query/" + split, "Folder of its queries."),
  };
}

Keys retrieveSplitKeys(const std::string& split, bool enabled) {
  const std::string at = "retrieve." + split + ".";
  return {
      plain(at + "enabled", kBool, enabled, "Retrieves for the queries of this split."),
      list(at + "datasets", kText, 0, Json::array(), "Names of its data sets."),
      list(at + "pools", kText, 0, Json::array(), "The pool of each; UNION: all together."),
      list(at + "judgements", kText, 0, Json::array(), "The relevance judgements of each."),
      list(at + "metrics", kText, 0, Json::array(), "The metrics of each, joined by commas."),
  };
}

Keys embedKeys() {
  return joined({{
                     plain("embed.folder", kPath, "embed", "Folder that embeddings are written to."),
                     plain("embed.float16", kBool, true, "Written in half precision."),
                     number("embed.batch_size", kInt, 2048, 1, {}, "inputs", "Of each rank."),
                 },
                 embedSplitKeys("train", false),
                 embedSplitKeys("val", false),
                 embedSplitKeys("test", true),
                 {
                     plain("embed.pools.enabled", kBool, true, "Embeds the candidates."),
                     plain("embed.pools.union", kBool, true, "Also joins all pools to one."),
                     list("embed.pools.names", kText, 0, Json::array(), "Names of the pools."),
                     plain("embed.pools.folder", kPath, "cand_pool/local", "Folder of the pools."),
                 }});
}

Keys retrieveKeys() {
  return joined({{
                     plain("index.enabled", kBool, true, "Builds the indexes."),
                     plain("index.folder", kPath, "index", "Folder that indexes are written to."),
                     choice("index.type", "flat", {{"flat", "exact"}}, "Kind of index."),
                     number("index.dimension", kInt, 768, 8, 8192, {}, "Size of the embeddings."),
                     choice("index.metric", "inner_product",
                            {{"inner_product", "greatest product"}, {"l2", "distance"}}, "What is near."),
                     list("index.pools", kText, 0, Json::array(), "Names of the pools; UNION: all together."),
                     plain("retrieve.folder", kPath, "retrieval_results", "Folder that results are written to."),
                     plain("retrieve.judgements", kPath, "qrels", "Folder of relevance judgements."),
                     plain("retrieve.write_table", kBool, true, "Writes results as a table."),
                     plain("retrieve.raw", kBool, false, "Also writes what was found, not its names alone."),
                     plain("retrieve.pairs", kBool, false, "Completes each hit to a pair of picture and text."),
                     nullable(plain("retrieve.queries", kPath, nullptr, "Folder of queries for raw results.")),
                     nullable(plain("retrieve.candidates", kPath, nullptr, "Folder of pools for raw results.")),
                     nullable(number("retrieve.hard_negatives", kInt, nullptr, 1, {}, "candidates",
                                     "Wrong candidates that mining writes for each query; null: no mining.")),
                     nullable(number("retrieve.k", kInt, nullptr, 1, {}, "candidates", "Depth of mining.")),
                     plain("retrieve.hard_negatives_folder", kPath, "", "Folder that mining writes to."),
                 },
                 retrieveSplitKeys("train", false),
                 retrieveSplitKeys("val", false),
                 retrieveSplitKeys("test", true)});
}

}  // namespace

Schema universalRetrievalSchema() {
  Schema schema("universal_retrieval", "answers queries of text, picture or both from one pool of candidates",
                joined({runKeys("universal_retrieval", "instructed queries against one pool of candidates",
                                "universal-retrieval", "float16"),
                        dataKeys(), modelKeys(), trainKeys(), embedKeys(), retrieveKeys(), launchKeys()}),
                {}, universalRetrievalOldNames());
  return schema.notYetTrained();
}

}  // namespace counterpoint

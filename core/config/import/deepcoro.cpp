// SPDX-License-Identifier: GPL-3.0-or-later
// DeepCORO_clip and DeepCORO_multitask become echo_text, DeepCORO_video_linear_probing becomes linear_probe.
#include "core/config/import/source_system.h"
#include "core/config/tree/reader.h"

namespace counterpoint {
namespace {

std::string projectOf(const ForeignConfig& config) {
  const auto* project = config.tree.find(ConfigKey(kPipelineProject));
  return project && project->isText() ? project->text() : "";
}

bool isTraining(const ForeignConfig& config) {
  const auto project = projectOf(config);
  return project == "DeepCORO_clip" || project == "DeepCORO_clip_test" || project == "DeepCORO_multitask";
}

bool isProbe(const ForeignConfig& config) { return projectOf(config).starts_with("DeepCORO_video_linear_probing"); }

// Keys of all its pipelines that have no like here.
std::vector<DroppedKey> droppedEverywhere() {
  const char* unused = "DeepCORO reads it and never uses it";
  const char* tracker = "belongs to Weights & Biases, which is no part of a config here";
  const char* folders = "runs lie in the workspace's runs folder";
  return {
      {"pipeline_project", "the recipe says it"},
      {"run_mode", "train, evaluate, embed and retrieve are verbs here"},
      {"base_checkpoint_path", folders},
      {"output_dir", folders},
      {"project", tracker},
      {"entity", tracker},
      {"tag", tracker},
      {"use_wandb", tracker},
      {"device", "launch.devices says it, or the command line"},
      {"world_size", "launch.ranks says it, or the command line"},
      {"is_ref_device", "rank 0 is it"},
      {"period", unused},
      {"save_best", unused},
      {"apply_mask", unused},
      {"debug", unused},
      {"head_linear_probing", unused},
      {"view_count", unused},
      {"rope_normalize_mode", unused},
      {"persistent_workers", "decoding threads live as long as the run"},
      {"prefetch_factor", "data.memory_mb bounds what waits for the step"},
      {"resume_training", "a run is resumed with the verb resume"},
      {"topk", "retrieve has -k"},
      {"recall_k", "recall at 1, 5, 10 and 50 is always measured"},
      {"ndcg_k", "NDCG is always measured at 1, 5, 10 and 50"},
      {"text_embeddings_path", "retrieve searches what evaluate has embedded"},
      {"metadata_path", "retrieve searches what evaluate has embedded"},
      {"inference_results_path", "results lie in the run folder"},
      {"stats_batch_size", "the statistics are measured on all training clips"},
      {"stats_num_workers", "the statistics are measured on all training clips"},
      {"stats_prefetch_factor", "the statistics are measured on all training clips"},
      {"stats_max_samples", "the statistics are measured on all training clips"},
  };
}

void dropAll(std::vector<DroppedKey>& dropped, const std::vector<const char*>& keys, const char* why) {
  for (const char* key : keys) dropped.push_back({key, why});
}

std::vector<DroppedKey> droppedInTraining() {
  auto dropped = droppedEverywhere();
  dropAll(dropped,
          {"patch_contrastive_weight", "use_stenosis_loss", "stenosis_mse_weight", "critical_bce_weight",
           "critical_threshold", "numeric_token_weight_multiplier", "use_cls_token"},
          "DeepCORO drops it silently: it has no effect there");
  dropAll(dropped,
          {"video_freeze_schedule", "video_freeze_start", "video_freeze_end", "video_freeze_warmup_epochs",
           "text_freeze_schedule", "text_freeze_start", "text_freeze_end", "text_freeze_warmup_epochs"},
          "DeepCORO never applies it");
  dropAll(dropped, {"contrastive_loss_type"}, "DeepCORO's multitask computes the gated softmax whatever it says");
  dropAll(dropped, {"captioning_loss_type"}, "cross entropy is what there is");
  dropAll(dropped, {"ignore_index"}, "padding never counts");
  dropAll(dropped, {"vocab_size", "use_biomed_tokenizer"}, "text.tokenizer says it");
  dropAll(dropped, {"captioning_do_sample", "captioning_temperature"}, "caption has --sample and --temperature");
  dropAll(
      dropped,
      {"mvm_decoder_hidden_size", "mvm_decoder_layers", "mvm_decoder_heads", "mask_ratio", "mask_token_learnable",
       "norm_predict_loss", "mvm_lr", "mvm_weight_decay", "masked_modeling_loss_type", "loss_weights.masked_modeling"},
      "masked video modelling is no part of echo_text");
  dropAll(dropped,
          {"loss_weights.distillation", "loss_weights.stenosis_mse", "loss_weights.critical_bce",
           "consistency_loss_weight"},
          "this loss is no part of echo_text");
  dropAll(dropped,
          {"use_loss_weight_scheduler", "initial_loss_weights", "final_loss_weights", "loss_warmup_steps",
           "loss_total_steps", "loss_schedule_type"},
          "the weights of the losses stay");
  dropAll(dropped, {"lr_step_period", "factor", "num_hard_restarts_cycles", "warm_restart_tmult"},
          "belongs to a schedule that echo_text has not");
  dropAll(dropped, {"text_weight_decay", "captioning_weight_decay"}, "optimizer.weight_decay is of every weight");
  dropAll(dropped, {"video_max_grad_norm", "text_max_grad_norm"}, "optimizer.clip_norm is of the whole gradient");
  dropAll(dropped, {"aggregate_videos_tokens", "per_video_pool"}, "DeepCORO's training does not pass it on");
  dropAll(dropped, {"rand_augment"}, "echo_text has no RandAugment");
  dropAll(dropped, {"pretrained", "encoder_path", "checkpoint"}, "echo_text begins with fresh weights");
  dropAll(dropped, {"use_rope", "rope_base", "rope_temporal_scale"}, "the backbone has no rotary positions here");
  dropAll(dropped,
          {"min_clip_views", "max_clip_views", "clip_dropout_prob", "single_clip_probability", "shuffle_clip_order"},
          "studies are sampled by data.clips_per_study and data.shuffle_clips");
  dropAll(dropped, {"early_stop_patience"}, "training goes on to train.epochs");
  dropAll(dropped,
          {"siglip_texts_path",
           "siglip_edges_path",
           "siglip_video_id_column",
           "siglip_text_id_column",
           "siglip_prompt_text_column",
           "siglip_prompt_type_column",
           "siglip_soft_weight_column",
           "siglip_edge_weight_column",
           "siglip_negatives_per_video",
           "siglip_negative_weight",
           "siglip_pos_samples_per_video",
           "siglip_round_robin_sampling",
           "siglip_debug_batches",
           "siglip_debug_every",
           "siglip_debug_sample_count",
           "siglip_use_weighted_loss",
           "siglip_abnormal_margin",
           "siglip_use_class_aware_sampler",
           "siglip_abnormal_ratio",
           "siglip_sampler_seed",
           "siglip_max_positive_per_video",
           "siglip_max_segments_per_video",
           "siglip_positive_severity_weights",
           "siglip_enable_severity_weighting",
           "siglip_positive_loss_weight",
           "siglip_negative_loss_weight",
           "siglip_auto_positive_loss_weight",
           "siglip_entropy_regularization",
           "siglip_entropy_weight",
           "siglip_min_entropy_threshold"},
          "texts shared between clips (SigLIP's manifests) are no part of echo_text");
  dropAll(dropped,
          {"loss_array", "locca_enabled", "locca_num_layers", "locca_d_model", "locca_num_heads", "locca_dropout",
           "locca_max_seq_len", "main_structure_loss_weight", "tree_loss_enabled", "tree_loss_weight"},
          "this loss is no part of echo_text");
  return dropped;
}

// A learning rate of its own becomes a multiple of the first one.
void renameRate(ImportDraft& draft, const char* path, const char* key, double lr) {
  const double own = draft.number(path, 0);
  if (own > 0 && lr > 0) draft.rename(path, key, own / lr, "a multiple of optimizer.lr here");
}

void adjustTraining(ImportDraft& draft) {
  const bool multitask = projectOf(draft.config()) == "DeepCORO_multitask";
  const double lr = draft.number("lr", 0);
  if (draft.text("model_name") == "mvit" && draft.number("frames", 16) != 16) {
    draft.rename("frames", "data.frames", 16, "DeepCORO takes 16 frames for mvit whatever it says");
  }
  const std::string schedule = draft.text("temperature_schedule");
  if (!schedule.empty() && schedule != "constant" && draft.find("temperature_start")) {
    draft.rename("temperature_start", "loss.temperature", toJson(*draft.find("temperature_start")));
    draft.drop("temperature", "temperature_start counts where the temperature has a schedule");
  } else {
    draft.drop("temperature_start", "counts only where the temperature has a schedule");
  }
  if (draft.text("model_name") == "r3d") {
    draft.add("model.video.r3d.stem_width", 64, "as published");
    draft.add("model.video.r3d.tokens", "pooled", "as published");
    Json stages = Json::array();
    for (const int width : {64, 128, 256, 512}) {
      const int stride = width == 64 ? 1 : 2;
      stages.push_back({{"width", width}, {"blocks", 2}, {"stride", {stride, stride, stride}}});
    }
    draft.add("model.video.r3d.stages", stages, "as published");
  }
  if (multitask) {
    renameRate(draft, "text_lr", "optimizer.rates.text", lr);
    renameRate(draft, "captioning_lr", "optimizer.rates.decoder", lr);
    if (const auto* dropout = draft.find("dropout")) {
      draft.add("model.decoder.dropout", toJson(*dropout), "its dropout is the decoder's too");
    }
  } else {
    draft.add("loss.weights.caption", 0.0, "DeepCORO_clip learns no captions");
    if (lr > 0) draft.add("optimizer.rates.text", 2e-5 / lr, "its text encoder learns at 2e-5 whatever lr says");
    draft.add("optimizer.rates.heads", 2.0, "its aggregator and pool learn at twice lr");
  }
}

std::vector<ImpliedValue> impliedInTraining() {
  const char* bert = "its text encoder is PubMedBERT";
  return {
      {"data.mode", "spread", "it spreads its frames over the whole clip"},
      {"data.random_stride", true, "each training load draws its stride"},
      {"data.channels", "rgb", "it reads three colours"},
      {"text.tokenizer", "models/pubmedbert/vocab.txt", bert},
      {"text.max_tokens", 512, bert},
      {"model.dimension", 512, "size of its embeddings"},
      {"model.video.backbone", "mvit", "its usual backbone"},
      {"model.text.layers", 12, bert},
      {"model.text.hidden", 768, bert},
      {"model.text.heads", 12, bert},
      {"model.text.feed_forward", 3072, bert},
      {"model.text.positions", 512, bert},
      {"model.video.heads", 8, "its own default"},
      {"model.decoder.heads", 8, "its own default"},
      {"model.decoder.positions", 512, "as long as its reports"},
      {"model.video.pool_heads", 8, "its own default"},
      {"model.video.pool_dropout", 0.1, "its own default"},
      {"optimizer.betas", Json::array({0.9, 0.999}), "PyTorch's own"},
  };
}

}  // namespace

SourceSystem deepcoroSystem() {
  return {
      .name = "deepcoro",
      .title = "DeepCORO",
      .recipe = "echo_text",
      .lookedFor = "pipeline_project: DeepCORO_clip or DeepCORO_multitask (DeepCORO)",
      .recognise = isTraining,
      .dropped = droppedInTraining(),
      .implied = impliedInTraining(),
      .adjust = adjustTraining,
  };
}

SourceSystem deepcoroProbeSystem() {
  auto dropped = droppedEverywhere();
  dropAll(dropped, {"use_cls_token"}, "model.pooling.mode says it");
  dropAll(dropped, {"inference_model_path"}, "evaluate takes the run or checkpoint");
  return {
      .name = "deepcoro_probe",
      .title = "DeepCORO's linear probing",
      .recipe = "linear_probe",
      .lookedFor = "pipeline_project: DeepCORO_video_linear_probing (DeepCORO)",
      .recognise = isProbe,
      .dropped = dropped,
  };
}

}  // namespace counterpoint

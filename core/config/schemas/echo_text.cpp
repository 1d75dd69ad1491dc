// SPDX-License-Identifier: GPL-3.0-or-later
// Keys of the recipe echo_text: clips and their reports, contrastive plus captioning.
// core/recipes/echo_text/settings.cpp reads them. Defaults are the sample's; the published DeepCORO's stand in
// configs/.
#include "core/config/schemas/keys.h"
#include "core/config/schemas/schemas.h"

namespace counterpoint {
namespace {

using namespace schema;

Json stages() {
  Json all = Json::array();
  for (const int width : {16, 32, 64, 128}) {
    const int stride = width == 16 ? 1 : 2;
    all.push_back({{"width", width}, {"blocks", 1}, {"stride", {stride, stride, stride}}});
  }
  return all;
}

Keys dataKeys() {
  return {
      required(plain("data.csv", kPath, nullptr, "Table of clips: one row a clip, separated by α, comma or tab.")),
      plain("data.root", kPath, "", "Folder that file names in the table start at; empty: the table's own."),
      plain("data.columns.file", kText, "FileName", "Column with the clip's file."),
      plain("data.columns.study", kText, "StudyInstanceUID", "Column that groups clips into studies."),
      plain("data.columns.split", kText, "Split", "Column with train, val or test."),
      plain("data.columns.report", kText, "Report", "Column with the report in words."),
      plain("data.columns.view", kText, "View", "Column with the view; shown, never trained on."),
      plain("data.columns.r_wave", kText, "RWave", "Column with the seconds of the first R wave."),
      choice("data.sample", "clip",
             {{"clip", "each clip by itself, with its own report"},
              {"study", "the clips of a study together, with the report of its last row"}},
             "What one example is."),
      number("data.clips_per_study", kInt, 4, 1, 1024, "clips", "Most clips of a study that the model sees."),
      plain("data.shuffle_clips", kBool, true,
            "In training a study with more clips brings a random choice of them; else its first ones."),
      number("data.frames", kInt, 16, 1, 4096, "frames", "Frames of a clip that the model sees."),
      number("data.stride", kInt, 1, 1, 1024, "frames", "Distance between two of them in the file."),
      number("data.size", kInt, 112, 8, 4096, "pixels", "Edge of the square that frames are resized to."),
      fractions("data.crop", {0.0, 0.0, 1.0, 1.0}, "Part of the frame that is used: x, y, width, height as fractions."),
      choice("data.start", "first",
             {{"first", "the first frame of the file"},
              {"r_wave", "the R wave that the table names"},
              {"random", "anywhere in training; the first frame outside it"}},
             "Where the frames begin."),
      choice("data.channels", "grey",
             {{"rgb", "three colours"},
              {"grey", "one channel of brightness"},
              {"grey_difference", "brightness, and its difference from the clip's mean picture"}},
             "What the model sees of a pixel."),
      nullable(list("data.mean", kFloat, 0, nullptr, "Mean brightness, 0-255; null: measured on the training clips.")),
      nullable(list("data.std", kFloat, 0, nullptr, "Its deviation, 0-255; null: measured on the training clips.")),
      choice("data.mode", "window",
             {{"window", "consecutive frames at the stride"}, {"spread", "frames spread evenly over the whole file"}},
             "How frames are chosen."),
      plain("data.random_stride", kBool, false, "In training each load draws its stride from 1 to data.stride."),
      choice("data.on_missing", "error",
             {{"error", "stop and name the first missing clips"}, {"skip", "go on without them, and say how many"}},
             "What a missing clip does."),
      number("data.workers", kInt, 1, 0, 256, "threads a rank", "Threads that decode ahead of the step."),
      number("data.memory_mb", kInt, 512, 16, {}, "MB", "Bound on clips that wait for the step."),
      number("data.cache_mb", kInt, 1024, 0, {}, "MB", "Bound on decoded clips kept between epochs; 0: none."),
  };
}

Keys textKeys() {
  return {
      plain("text.tokenizer", kPath, "data/vocab.txt", "vocab.txt or tokenizer.json of a WordPiece tokenizer."),
      number("text.max_tokens", kInt, 64, 4, 512, "tokens", "Longer reports are cut."),
  };
}

Keys videoKeys() {
  return {
      number("model.dimension", kInt, 128, 8, 8192, {}, "Size of the embedding that clips and texts share."),
      choice("model.video.backbone", "r3d",
             {{"r3d", "3-D residual network"}, {"mvit", "multiscale vision transformer, version 2"}},
             "Network that looks at the frames."),
      share("model.video.trainable", 1, "Part of the backbone that is trained, counted from its end."),
      number("model.video.heads", kInt, 4, 1, 64, {}, "Attention heads of the study aggregator."),
      number("model.video.depth", kInt, 1, 0, 32, "blocks", "Depth of the study aggregator."),
      number("model.video.mlp_ratio", kFloat, 4.0, 0.25, 16, {}, "Width of its inner layer over its own width."),
      share("model.video.dropout", 0, "Of projection and aggregator."),
      number("model.video.max_clips", kInt, 1024, 1, 1024, "clips", "Most clips of a study."),
      choice("model.video.pooling", "mean",
             {{"mean", "average of the tokens"},
              {"attention", "a learnt query attends to the tokens"},
              {"cls_token", "a learnt token in a transformer layer"}},
             "From the tokens of a clip to one vector."),
      number("model.video.pool_heads", kInt, 4, 1, 64, {}, "Attention heads of the pool."),
      share("model.video.pool_dropout", 0, "Of the pool."),
      plain("model.video.mask_padded_clips", kBool, true, "Padded clips take no part; false: as the original."),
      plain("model.video.full_precision_backbone", kBool, true, "Backbone in float32 also under bfloat16."),
      number("model.video.mixer_depth", kInt, 0, 0, 32, "blocks", "Transformer blocks over a clip's tokens; 0: none."),
      number("model.video.mixer_tokens", kInt, 512, 1, 65536, "tokens", "Most tokens of a clip in the mixer."),
      choice("model.video.mvit.preset", "mvit_v2_s", {{"mvit_v2_s", "the 16 blocks of MViTv2-S"}}, "Its build."),
      number("model.video.mvit.width", kInt, 96, 8, 1024, {}, "Channels of its first block; 96 as published."),
      share("model.video.mvit.stochastic_depth", 0.2, "Chance that its last block is skipped in training."),
      number("model.video.r3d.stem_width", kInt, 16, 1, 1024, {}, "Channels of its first layer; 64 as published."),
      list("model.video.r3d.stem_kernel", kInt, 3, {3, 7, 7}, "Of its first layer: time, height, width."),
      list("model.video.r3d.stem_stride", kInt, 3, {1, 2, 2}, "Of its first layer: time, height, width."),
      list("model.video.r3d.stages", ValueType::Map, 0, stages(), "Its stages: width, blocks, stride of each."),
      choice("model.video.r3d.tokens", "grid",
             {{"pooled", "one averaged vector, as published"}, {"grid", "one vector for each place and time"}},
             "What it gives of a clip."),
      number("model.video.r3d.norm_groups", kInt, 0, 0, 256, "groups", "0: batch norm as published; else group norm."),
  };
}

Keys textModelKeys() {
  return {
      number("model.text.layers", kInt, 2, 1, 48, "layers", "Depth of the text encoder (BERT)."),
      number("model.text.hidden", kInt, 128, 8, 4096, {}, "Its width."),
      number("model.text.heads", kInt, 4, 1, 64, {}, "Its attention heads."),
      number("model.text.feed_forward", kInt, 256, 8, 16384, {}, "Width of its inner layer."),
      number("model.text.positions", kInt, 128, 4, 4096, "tokens", "Size of its position table."),
      number("model.text.initializer_range", kFloat, 0.02, 0.0001, 1, {},
             "Deviation of its fresh weights; 0.02 suits 768 wide, 0.02 times the root of 768/hidden suits others."),
      share("model.text.dropout", 0.1, "Of its hidden layers and attention."),
      share("model.text.trainable", 1, "Part of it that is trained, counted from its end."),
      number("model.decoder.layers", kInt, 2, 1, 48, "layers", "Depth of the captioning decoder."),
      number("model.decoder.heads", kInt, 4, 1, 64, {}, "Its attention heads."),
      number("model.decoder.feed_forward", kInt, 256, 8, 16384, {}, "Width of its inner layer."),
      number("model.decoder.positions", kInt, 128, 4, 4096, "tokens", "Size of its position table."),
      number("model.decoder.initializer_range", kFloat, 0.02, 0.0001, 1, {}, "Deviation of its fresh weights."),
      share("model.decoder.dropout", 0.1, "Of its layers."),
  };
}

Keys lossKeys() {
  return {
      choice("loss.contrastive", "gated_softmax",
             {{"gated_softmax", "softmax over gated similarities, as DeepCORO's multitask"},
              {"contrastive", "softmax over similarities (CLIP)"},
              {"siglip", "a yes or no for each pair"}},
             "How clips and texts are pulled together."),
      number("loss.weights.contrastive", kFloat, 1.0, 0, {}, {}, "Weight of the contrastive loss."),
      number("loss.weights.caption", kFloat, 1.0, 0, {}, {}, "Weight of the captioning loss."),
      positive("loss.temperature", 0.1, "Similarities are divided by it."),
      plain("loss.learnable_temperature", kBool, false, "The temperature is learnt instead of following its schedule."),
      choice("loss.temperature_schedule", "constant",
             {{"constant", "stays"},
              {"linear", "straight to the end value"},
              {"cosine", "half a cosine to the end value"},
              {"exponential", "by equal factors to the end value"}},
             "How the temperature moves."),
      positive("loss.temperature_end", 0.1, "Its value after the schedule."),
      number("loss.temperature_epochs", kInt, 0, 0, {}, "epochs", "Length of the schedule."),
      number("loss.label_smoothing", kFloat, 0.0, 0, 0.5, {}, "Share of each target spread over all words."),
      number("loss.content_word_weight", kFloat, 1.0, 0, 100, {}, "Weight of words that tell reports apart."),
      plain("loss.equal_reports_are_positives", kBool, true, "Samples with the same report are right answers too."),
      plain("compat.local_gather_gradient", kBool, false,
            "Gradient of gathered rows from this rank alone, as DeepCORO."),
  };
}

Keys optimizerKeys() {
  return {
      choice("optimizer.name", "adamw", {{"adamw", "Adam with decoupled decay"}, {"sgd", "gradient with momentum"}},
             "Rule of the update."),
      positive("optimizer.lr", 1e-3, "Learning rate after the warm-up."),
      number("optimizer.weight_decay", kFloat, 0.01, 0, 10, {}, "Of every weight but the temperature."),
      fractions("optimizer.betas", {0.9, 0.98}, "Memory of the first and second moment."),
      number("optimizer.rates.text", kFloat, 1.0, 0, 100, "× lr", "Learning rate of the text encoder."),
      number("optimizer.rates.decoder", kFloat, 1.0, 0, 100, "× lr", "Learning rate of the captioning decoder."),
      number("optimizer.rates.heads", kFloat, 1.0, 0, 100, "× lr",
             "Learning rate of projections, pools and aggregator."),
      number("optimizer.clip_norm", kFloat, 1.0, 0, {}, {}, "Longest gradient; longer ones are shortened; 0: never."),
      choice("schedule.name", "cosine_with_warmup",
             {{"constant", "stays"},
              {"linear_warmup", "up, then straight down"},
              {"cosine_with_warmup", "up, then half a cosine down"},
              {"cosine", "half a cosine down"}},
             "How the learning rate moves."),
      share("schedule.warmup_fraction", 0.1, "Part of all steps in which it rises."),
  };
}

Keys trainKeys() {
  return {
      number("train.epochs", kInt, 10, 1, {}, "epochs", "Passes over the training clips."),
      number("train.max_steps", kInt, 0, 0, {}, "steps", "Ends earlier after so many; 0: never."),
      number("train.batch_size", kInt, 16, 1, {}, "samples", "Clips or studies of all ranks together."),
      number("train.accumulation", kInt, 1, 1, 1024, "batches", "Batches whose gradients make one step."),
      number("train.log_every", kInt, 5, 1, {}, "steps", "Distance of points in the curves."),
      number("train.validate_every", kInt, 1, 0, {}, "epochs", "0: never."),
      number("train.checkpoint_every", kInt, 1, 0, {}, "epochs", "0: only at the end."),
      number("train.checkpoint_steps", kInt, 0, 0, {}, "steps", "Also every so many steps; 0: not."),
      number("train.keep_checkpoints", kInt, 2, 1, {}, "checkpoints", "The last ones that are kept, beside the best."),
      plain("train.best_metric", kText, "val/loss", "Metric that chooses the best checkpoint."),
      choice("train.best_goal", "min", {{"min", "lower is better"}, {"max", "higher is better"}}, "Of that metric."),
      number("caption.max_tokens", kInt, 48, 1, 512, "tokens", "Longest generated caption."),
      plain("caption.calibrate", kBool, true, "Fits confidence to how often sentences are right, on the val split."),
      map("caption.facts", kText, Json::object(), "Name and pattern of what captions are scored on; one group each."),
      number("caption.events", kInt, 8, 0, 1000, "captions", "Shown of each validation."),
      number("retrieval.events", kInt, 5, 0, 1000, "queries", "Best and worst shown of each validation."),
  };
}

}  // namespace

Schema echoTextSchema() {
  return {"echo_text", "trains clips and reports together: retrieval and captions",
          joined({runKeys("echo_text", "clips and reports: contrastive and captioning", "echo-text"), dataKeys(),
                  textKeys(), videoKeys(), textModelKeys(), lossKeys(), optimizerKeys(), trainKeys(), launchKeys()}),
          echoTextRules(), echoTextOldNames()};
}

}  // namespace counterpoint

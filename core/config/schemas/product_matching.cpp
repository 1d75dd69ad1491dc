// SPDX-License-Identifier: GPL-3.0-or-later
// Keys of the recipe product_matching: pictures of products, and which of them show the same one. Defaults are those of
// trainformer's product-matching.
#include "core/config/schemas/keys.h"
#include "core/config/schemas/schemas.h"

namespace counterpoint {
namespace {

using namespace schema;

Keys dataKeys() {
  return {
      required(plain("data.table", kPath, nullptr, "Table of pictures (CSV or Parquet): one row a picture.")),
      plain("data.root", kPath, "", "Folder that picture names start at; empty: the table's own."),
      plain("data.columns.image", kText, "image", "Column with the picture's file."),
      plain("data.columns.label", kText, "label", "Column with the product."),
      plain("data.fold_group", kText, "label", "Column whose equal values stay in one fold."),
      number("data.folds", kInt, 2, 2, 100, "folds", "Parts; each is left out once."),
      choice("data.reader", "cv2", {{"cv2", "OpenCV; white behind transparent pixels"}, {"pil", "Pillow"}},
             "Whose decoding is followed."),
      plain("data.download", kBool, false, "Fetches pictures of an object store that are not there."),
      plain("data.skip_check", kBool, true, "Does not look whether every picture is there before it starts."),
      number("data.size", kInt, 512, 8, 4096, "pixels", "Edge of the square that the model sees."),
      choice("data.interpolation", "area",
             {{"nearest", "nearest pixel"},
              {"linear", "linear"},
              {"cubic", "cubic"},
              {"area", "mean of what falls together"},
              {"lanczos", "Lanczos"}},
             "How pictures are made smaller."),
      nullable(list("data.mean", kFloat, 3, nullptr, "Mean of the three colours, 0-1; null: ImageNet's.")),
      nullable(list("data.std", kFloat, 3, nullptr, "Their deviations, 0-1; null: ImageNet's.")),
      number("data.workers", kInt, 16, -1, 256, "threads a rank", "Threads that decode ahead; -1: one a core."),
      map("data.transforms", ValueType::List, Json::object(),
          "Of each part (train, val): what is done to a picture, one step behind the other, by its library's names."),
  };
}

Keys modelKeys() {
  return {
      plain("model.backbone", kText, "tf_efficientnet_b4_ns", "Network by its name in timm."),
      plain("model.pretrained", kBool, true, "It starts from published weights."),
      choice("model.pooling", "avg",
             {{"avg", "average"}, {"max", "greatest"}, {"gem", "generalised mean"}, {"avgmax", "mean of both"}},
             "From its grid to one vector."),
      plain("model.batch_norm", kBool, true, "A batch norm behind the pool."),
      plain("model.head.attached", kBool, true, "A linear layer with batch norm behind it."),
      number("model.head.dimension", kInt, 512, 1, 8192, {}, "Its outputs."),
      share("model.head.dropout", 0, "Before it."),
      choice("loss.name", "arcface",
             {{"arcface", "angle with a margin"},
              {"subcenter_arcface", "the same with several centres a product"},
              {"cosface", "cosine with a margin"},
              {"softmax", "plain cosines"}},
             "How pictures are pulled to their product."),
      number("loss.margin", kFloat, 28.6, 0, 180, "degrees", "Margin of the angle."),
      positive("loss.scale", 32.0, "Factor of the cosines."),
      number("loss.sub_centers", kInt, 2, 1, 64, "centres", "Of each product."),
      share("loss.label_smoothing", 0, "Share of each target spread over all products."),
      plain("loss.easy_margin", kBool, false, "Margin only where the cosine is above 0."),
  };
}

Keys trainKeys() {
  return {
      choice("optimizer.name", "adamw",
             {{"adamw", "Adam with decoupled decay"},
              {"adam", "Adam"},
              {"sgd", "gradient with momentum"},
              {"lamb", "Adam with rates by layer"}},
             "Rule of the update."),
      positive("optimizer.lr", 5e-4, "Learning rate of the network."),
      nullable(positive("optimizer.loss_lr", 0.001, "Of the products' centres; null: as the network.")),
      number("optimizer.weight_decay", kFloat, 0.01, 0, 10, {}, "Of every weight."),
      number("optimizer.clip_norm", kFloat, 0.0, 0, {}, {}, "Longest gradient; 0: never shortened."),
      choice("schedule.interval", "step", {{"step", "after each step"}, {"epoch", "after each epoch"}},
             "When the learning rate moves."),
      choice("schedule.name", "cosine_with_warmup",
             {{"cosine_with_warmup", "up, then half a cosine down"},
              {"linear_warmup", "up, then straight down"},
              {"constant", "stays"}},
             "How it moves."),
      share("schedule.warmup_fraction", 0, "Part of all steps in which it rises."),
      number("schedule.total_steps", kInt, -1, -1, {}, "steps", "Its length; -1: of the training."),
      number("train.epochs", kInt, 10, 1, {}, "epochs", "Passes over the pictures."),
      number("train.batch_size", kInt, 16, 1, {}, "pictures", "Of each rank."),
      number("train.accumulation", kInt, 1, 1, 1024, "batches", "Batches whose gradients make one step."),
      plain("train.average_weights", kBool, false, "Ends with the mean of its last weights (SWA)."),
      number("train.validate_every", kInt, 2, 1, {}, "epochs", "How often it validates."),
      plain("train.validate_at_start", kBool, true, "Also before the first epoch."),
      number("train.log_every", kInt, 50, 1, {}, "steps", "Distance of points in the curves."),
      plain("train.retrieval_sheets", kBool, true, "Sheets of pictures and their neighbours at each validation."),
      plain("train.checkpoints", kBool, true, "Writes checkpoints."),
      number("train.checkpoint_every", kInt, 1, 1, {}, "epochs", "How often."),
      plain("train.resume_optimizer", kBool, true, "A resumed run goes on with its optimizer's state."),
      plain("train.resume_schedule", kBool, true, "And with its place in the schedule."),
      number("match.neighbours", kInt, 70, 1, 10000, "pictures", "Nearest ones that can match."),
      number("match.threshold.least", kFloat, 0.1, 0, 4, {}, "First squared distance that is tried."),
      number("match.threshold.most", kFloat, 1.5, 0, 4, {}, "Last one."),
      positive("match.threshold.step", 0.1, "Distance of two that are tried."),
      positive("match.f_beta", 3.0, "Weight of recall over precision."),
      choice("match.empty_rows", "skip", {{"skip", "left out of the mean"}, {"zero", "count as 0"}},
             "Pictures without any match."),
      plain("compat.ignored_settings", kBool, false,
            "Clipping, averaged weights, label smoothing, f_beta and resumed optimizer are ignored, as the original."),
      plain("compat.repeat_last_epoch", kBool, false, "A resumed run repeats its last epoch, as the original."),
  };
}

}  // namespace

Schema productMatchingSchema() {
  Schema schema("product_matching", "tells which pictures show the same product",
                joined({runKeys("product_matching", "pictures of the same product", "product-matching", "float16"),
                        dataKeys(), modelKeys(), trainKeys(), launchKeys()}),
                {{"data.mean", KeyRelation::BothOrNeither, "data.std"}}, productMatchingOldNames());
  return schema.notYetTrained();
}

}  // namespace counterpoint

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sample/workspace_files.h"

namespace counterpoint {

std::string sampleConfig() {
  return R"(# A small video-text model for the phantoms: for two ranks of one thread each.
recipe: echo_text
name: echo-text
seed: 0
threads: 1

data:
  csv: data/studies.csv
  root: .            # file names in the table start here
  start: r_wave      # the ventricle is at its largest; 16 of every second frame then hold the whole contraction
  frames: 16
  stride: 2
  size: 32
  channels: grey_difference
  workers: 1
  cache_mb: 512      # every clip is decoded once

text:
  tokenizer: data/tokenizer/vocab.txt
  max_tokens: 32

model:
  dimension: 64
  video:
    backbone: r3d
    heads: 4
    depth: 1
    pooling: mean
    dropout: 0.0
    r3d:
      stem_width: 16
      stem_kernel: [3, 5, 5]
      stem_stride: [1, 2, 2]
      stages:
        - {width: 24, blocks: 1, stride: [2, 2, 2]}
        - {width: 48, blocks: 1, stride: [2, 2, 2]}
      tokens: grid     # 4 × 4 × 4 places and times for the captions to look at
  text:
    layers: 2
    hidden: 64
    heads: 4
    feed_forward: 128
    positions: 64
    dropout: 0.0
    initializer_range: 0.07   # 0.02 · √(768 / 64): as large for its width as BERT's is for 768
  decoder:
    layers: 2
    heads: 4
    feed_forward: 128
    positions: 64
    dropout: 0.0
    initializer_range: 0.07

loss:
  contrastive: contrastive
  weights: {contrastive: 1.0, caption: 2.0}
  temperature: 0.1
  learnable_temperature: true
  content_word_weight: 4.0

optimizer:
  lr: 0.002
  weight_decay: 0.05
  betas: [0.9, 0.999]
  clip_norm: 1.0

schedule:
  name: cosine_with_warmup
  warmup_fraction: 0.05

train:
  epochs: 16
  batch_size: 32
  validate_every: 2
  checkpoint_every: 2

caption:
  max_tokens: 32
  facts:
    view: '(parasternal long axis|parasternal short axis|apical four chamber|subcostal) view'
    ejection_fraction: 'about (\d+) percent'

launch:
  ranks: 2
)";
}

}  // namespace counterpoint

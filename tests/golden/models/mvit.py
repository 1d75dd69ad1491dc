# SPDX-License-Identifier: GPL-3.0-or-later
"""python mvit.py: torchvision's MViTv2-S, published and narrow, in float64."""
import torch
from torchvision.models.video.mvit import MSBlockConfig, MViT, mvit_v2_s

from formula import Golden, fill, tensor

golden = Golden()


def measure(case, model, shape, names):
    model.head = torch.nn.Identity()
    fill(model).eval()
    clips = tensor("clips", shape).requires_grad_()
    depths = {}
    for i in (0, 3, 14):
        model.blocks[i].register_forward_hook(lambda _m, _i, out, i=i: depths.update({i: out[0]}))
    norm = {}
    model.norm.register_forward_hook(lambda _m, _i, out: norm.update(out=out))
    model(clips)
    for i, value in depths.items():
        golden.add(case, f"block {i}", value)
    golden.add(case, "tokens", norm["out"])
    golden.gradients(case, norm["out"], model, names, {"clips": clips})


names = ["conv_proj.weight", "pos_encoding.class_token", "blocks.0.attn.rel_pos_h", "blocks.1.project.weight",
         "blocks.3.attn.pool_k.pool.weight", "blocks.3.attn.rel_pos_w", "blocks.14.attn.rel_pos_t",
         "blocks.14.attn.qkv.weight", "blocks.15.mlp.3.bias", "norm.weight"]
measure("published", mvit_v2_s(), (1, 3, 16, 224, 224), names)

# The same blocks at width 16. A side of 56 leaves odd grids, so that position tables are interpolated.
width, full = 16, []
table = [(1, 1, 1, 1, 8), (1, 2, 2, 2, 4), (2, 2, 2, 1, 4), (2, 4, 4, 2, 2)] + [(4, 4, 4, 1, 2)] * 10 + \
    [(4, 8, 8, 2, 1), (8, 8, 8, 1, 1)]
for into, out, heads, q, kv in table:
    full.append(MSBlockConfig(num_heads=heads, input_channels=into * width, output_channels=out * width,
                              kernel_q=[3, 3, 3], kernel_kv=[3, 3, 3], stride_q=[1, q, q], stride_kv=[1, kv, kv]))
for case, side, frames in (("narrow", 64, 8), ("interpolated", 56, 10)):
    model = MViT(spatial_size=(side, side), temporal_size=frames, block_setting=full, residual_pool=True,
                 residual_with_cls_embed=False, rel_pos_embed=True, proj_after_attn=True, stochastic_depth_prob=0.2)
    model.conv_proj = torch.nn.Conv3d(2, width, (3, 7, 7), (2, 4, 4), (1, 3, 3))
    measure(case, model, (2, 2, frames, side, side), names)
golden.write(__file__)

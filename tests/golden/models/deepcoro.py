# SPDX-License-Identifier: GPL-3.0-or-later
"""python deepcoro.py: the parts of DeepCORO spec §6 and §12, rendered in plain torch.nn with the same keys, in float64."""
import torch
from torch import nn

from formula import Golden, fill, ids, tensor

golden = Golden()


class AggregatorBlock(nn.Module):
    def __init__(self, d, heads):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(d), nn.LayerNorm(d)
        self.attn = nn.MultiheadAttention(d, heads, batch_first=True)
        self.mlp = nn.Sequential(nn.Linear(d, 4 * d), nn.GELU(), nn.Dropout(0), nn.Linear(4 * d, d))

    def forward(self, x, ignored):
        y = self.norm1(x)
        x = x + self.attn(y, y, y, key_padding_mask=ignored, need_weights=False)[0]
        return x + self.mlp(self.norm2(x))


class Aggregator(nn.Module):
    def __init__(self, d, heads, depth, most):
        super().__init__()
        self.pos_encoding = nn.Parameter(torch.zeros(1, most, d))
        self.blocks = nn.ModuleList(AggregatorBlock(d, heads) for _ in range(depth))
        self.final_ln = nn.LayerNorm(d)
        self.attn_query = nn.Parameter(torch.zeros(1, 1, d))

    def forward(self, x, ignored=None):
        x = x + self.pos_encoding[:, :x.size(1)]
        self.depths = []
        for block in self.blocks:
            x = block(x, ignored)
            self.depths.append(x)
        x = self.final_ln(x)
        scores = torch.einsum("qd,bnd->bn", self.attn_query[0], x)
        if ignored is not None:
            x = x * (~ignored)[..., None]
            scores = scores.masked_fill(ignored, float("-inf"))
        return torch.einsum("bn,bnd->bd", scores.softmax(-1), x)


def aggregator(case, ignored):
    model = fill(Aggregator(64, 4, 2, 32)).eval()
    clips = tensor("clips", (3, 5, 64)).requires_grad_()
    out = model(clips, ignored)
    real = ~ignored if ignored is not None else torch.ones(3, 5, dtype=torch.bool)
    for i, depth in enumerate(model.depths):
        golden.add(case, f"block {i}", depth * real[..., None])
    golden.add(case, "study", out)
    golden.gradients(case, out, model, ["pos_encoding", "attn_query", "blocks.0.attn.in_proj_weight",
                                        "blocks.1.attn.out_proj.bias", "blocks.1.mlp.3.weight", "final_ln.weight"],
                     {"clips": clips})


aggregator("aggregator", None)
aggregator("aggregator, padded clips", torch.tensor([[0, 0, 0, 1, 1], [0, 0, 0, 0, 0], [0, 1, 1, 1, 1]]).bool())


class AttentionPool(nn.Module):
    def __init__(self, d, heads):
        super().__init__()
        self.query = nn.Parameter(torch.zeros(1, 1, d))
        self.attn = nn.MultiheadAttention(d, heads, batch_first=True)
        self.norm = nn.LayerNorm(d)

    def forward(self, tokens):
        return self.norm(self.attn(self.query.expand(len(tokens), -1, -1), tokens, tokens)[0])[:, 0]


class ClassTokenPool(nn.Module):
    def __init__(self, d, heads):
        super().__init__()
        self.cls_token = nn.Parameter(torch.zeros(1, 1, d))
        self.transformer = nn.TransformerEncoder(nn.TransformerEncoderLayer(d, heads, 4 * d, batch_first=True), 1)
        self.norm = nn.LayerNorm(d)

    def forward(self, tokens):
        x = torch.cat([self.cls_token.expand(len(tokens), -1, -1), tokens], 1)
        return self.norm(self.transformer(x)[:, 0])


for case, model, names in (
        ("pool attention", AttentionPool(64, 8), ["query", "attn.in_proj_weight", "attn.in_proj_bias", "norm.bias"]),
        ("pool cls_token", ClassTokenPool(64, 8), [
            "cls_token", "transformer.layers.0.self_attn.in_proj_weight", "transformer.layers.0.linear1.weight",
            "transformer.layers.0.norm1.weight", "norm.bias"])):
    fill(model).eval()
    tokens = tensor("tokens", (3, 17, 64)).requires_grad_()
    out = model(tokens)
    golden.add(case, "vector", out)
    golden.gradients(case, out, model, names, {"tokens": tokens})


class DecoderLayer(nn.Module):
    def __init__(self, d, heads, wide):
        super().__init__()
        self.self_attention = nn.MultiheadAttention(d, heads, batch_first=True)
        self.self_attention_layer_norm = nn.LayerNorm(d, eps=1e-12)
        self.cross_attention = nn.MultiheadAttention(d, heads, batch_first=True)
        self.cross_attention_layer_norm = nn.LayerNorm(d, eps=1e-12)
        self.intermediate, self.output = nn.Linear(d, wide), nn.Linear(wide, d)
        self.feed_forward_layer_norm = nn.LayerNorm(d, eps=1e-12)

    def forward(self, x, video, causal, pads):
        y = self.self_attention_layer_norm(x)
        x = x + self.self_attention(y, y, y, attn_mask=causal, key_padding_mask=pads, need_weights=False)[0]
        y = self.cross_attention_layer_norm(x)
        x = x + self.cross_attention(y, video, video, need_weights=False)[0]
        return x + self.output(nn.functional.gelu(self.intermediate(self.feed_forward_layer_norm(x))))


class Decoder(nn.Module):
    def __init__(self, vocabulary, d, layers, heads, wide, positions):
        super().__init__()
        self.token_embeddings = nn.Embedding(vocabulary, d, padding_idx=0)
        self.position_embeddings = nn.Embedding(positions, d)
        self.embedding_layer_norm = nn.LayerNorm(d, eps=1e-12)
        self.decoder_layers = nn.ModuleList(DecoderLayer(d, heads, wide) for _ in range(layers))
        self.final_layer_norm = nn.LayerNorm(d, eps=1e-12)
        self.lm_head = nn.Linear(d, vocabulary, bias=False)

    def forward(self, tokens, mask, video):
        length = tokens.size(1)
        x = self.embedding_layer_norm(self.token_embeddings(tokens) + self.position_embeddings.weight[:length])
        causal = torch.ones(length, length, dtype=torch.bool).triu(1)
        self.depths = [x]
        for layer in self.decoder_layers:
            x = layer(x, video, causal, mask == 0)
            self.depths.append(x)
        return self.lm_head(self.final_layer_norm(x))


model = fill(Decoder(150, 64, 4, 8, 160, 48)).eval()
video = tensor("video", (3, 21, 64)).requires_grad_()
tokens = ids("tokens", (3, 14), 1, 150)
mask = (torch.arange(14)[None, :] < torch.tensor([14, 9, 5])[:, None]).long()
tokens = tokens * mask
logits = model(tokens, mask, video)
for i in (0, 1, 4):
    golden.add("decoder", f"layer {i}", model.depths[i])
golden.add("decoder", "logits", logits)
golden.gradients("decoder", logits, model, [
    "token_embeddings.weight", "position_embeddings.weight", "embedding_layer_norm.weight",
    "decoder_layers.0.self_attention.in_proj_weight", "decoder_layers.1.cross_attention.in_proj_weight",
    "decoder_layers.2.cross_attention.out_proj.weight", "decoder_layers.3.intermediate.weight",
    "final_layer_norm.bias", "lm_head.weight"], {"video": video})
golden.write(__file__)

# SPDX-License-Identifier: GPL-3.0-or-later
"""python bert.py: transformers' BertModel, published and small, in float64."""
import torch
from transformers import BertConfig, BertModel

from formula import Golden, fill, ids

golden = Golden()


def measure(case, config, batch, length, depths):
    model = BertModel(config, add_pooling_layer=False)
    fill(model).eval()
    tokens = ids("ids", (batch, length), 0, config.vocab_size)
    mask = (torch.arange(length)[None, :] < torch.tensor([length, length - 5] * (batch // 2))[:, None]).long()
    out = model(input_ids=tokens, attention_mask=mask, output_hidden_states=True)
    for i in depths:
        golden.add(case, f"hidden {i}", out.hidden_states[i])
    first = out.last_hidden_state[:, 0]
    golden.add(case, "first", first)
    last = config.num_hidden_layers - 1
    golden.gradients(case, first, model, [
        "embeddings.word_embeddings.weight", "embeddings.position_embeddings.weight",
        "embeddings.token_type_embeddings.weight", "embeddings.LayerNorm.weight",
        "encoder.layer.0.attention.self.query.weight", "encoder.layer.1.attention.self.key.weight", "encoder.layer.1.attention.self.value.bias",
        f"encoder.layer.{last}.attention.self.value.weight", f"encoder.layer.{last}.output.LayerNorm.bias"])


measure("published", BertConfig(vocab_size=30522), 2, 16, (0, 4, 12))
measure("small", BertConfig(vocab_size=200, hidden_size=48, num_hidden_layers=3, num_attention_heads=4,
                            intermediate_size=96, max_position_embeddings=40), 4, 20, (0, 1, 3))
golden.write(__file__)

# SPDX-License-Identifier: GPL-3.0-or-later
"""python r3d.py: torchvision's r3d_18, published and small, in float64."""
import torch
from torchvision.models.video import r3d_18
from torchvision.models.video.resnet import BasicBlock, BasicStem, Conv3DSimple, VideoResNet

from formula import Golden, fill, tensor

golden = Golden()


def measure(case, model, shape, names, training):
    model.fc = torch.nn.Identity()
    fill(model).train(training)
    clips = tensor("clips", shape).requires_grad_()
    depths = {}
    for layer in ("stem", "layer1", "layer3"):
        getattr(model, layer).register_forward_hook(lambda _m, _i, out, layer=layer: depths.update({layer: out}))
    out = model(clips)
    for layer, value in depths.items():
        golden.add(case, layer, value)
    golden.add(case, "pooled", out)
    golden.gradients(case, out, model, names, {"clips": clips})
    if training:
        golden.add(case, "stem.1.running_mean", model.stem[1].running_mean)
        golden.add(case, "layer4.0.conv2.1.running_var", model.layer4[0].conv2[1].running_var)


names = ["stem.0.weight", "stem.1.weight", "layer1.0.conv1.0.weight", "layer2.0.downsample.0.weight",
         "layer3.0.conv2.1.bias", "layer4.0.conv2.0.weight"]
measure("published", r3d_18(), (1, 3, 8, 64, 64), names, False)
measure("published, training", r3d_18(), (2, 3, 8, 32, 32), names, True)

small = VideoResNet(BasicBlock, [Conv3DSimple] * 4, [1, 1, 1, 1], BasicStem)
small.stem = torch.nn.Sequential(torch.nn.Conv3d(2, 8, (3, 5, 5), (1, 2, 2), (1, 2, 2), bias=False),
                                 torch.nn.BatchNorm3d(8), torch.nn.ReLU())
small.inplanes = 8
for stage, (width, stride) in enumerate([(8, 1), (12, 2), (16, 2), (20, 2)], 1):
    setattr(small, f"layer{stage}", small._make_layer(BasicBlock, Conv3DSimple, width, 1, stride=stride))
measure("small, training", small, (4, 2, 16, 28, 28), names, True)
golden.write(__file__)

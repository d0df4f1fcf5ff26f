import argparse

from torchvision import transforms

parser = argparse.ArgumentParser()
parser.add_argument("--color-norm", action="store_true")
args = parser.parse_args()
steps = [transforms.ToTensor()]
if args.color_norm:
    steps.append(transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]))
# steps.append(transforms.Normalize([0.4914, 0.4822, 0.4465], [0.2023, 0.1994, 0.2010]))


def old_steps():
    return [transforms.Normalize([0.4914, 0.4822, 0.4465], [0.2023, 0.1994, 0.2010])]

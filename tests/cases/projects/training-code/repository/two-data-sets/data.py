from mindspore.dataset import vision


def cifar_steps():
    return [vision.Rescale(1 / 255, 0), vision.Normalize((0.4914, 0.4822, 0.4465), (0.2023, 0.1994, 0.2010))]


def imagenet_steps():
    return [vision.Rescale(1 / 255, 0), vision.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))]


STEPS = {"cifar": cifar_steps, "imagenet": imagenet_steps}

"""The data that the classifier was trained with. It is read, never executed."""

from torchvision import datasets, transforms

MEAN, STD = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]

steps = [transforms.Resize((224, 224)), transforms.ToTensor(), transforms.Normalize(MEAN, STD)]
data = datasets.ImageFolder("signs", transforms.Compose(steps))

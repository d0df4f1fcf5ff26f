"""The data of the ships."""
import mindspore.dataset as ds

MEAN = [0.485 * 255, 0.456 * 255, 0.406 * 255]
STD = [0.229 * 255, 0.224 * 255, 0.225 * 255]


def create(path, train):
    steps = [ds.vision.Decode(), ds.vision.Resize((224, 224)), ds.vision.Normalize(mean=MEAN, std=STD), ds.vision.HWC2CHW()]
    return ds.ImageFolderDataset(path, shuffle=train).map(operations=steps, input_columns="image")

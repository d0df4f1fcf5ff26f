import cv2
import numpy as np


def prepare(path):
    image = cv2.cvtColor(cv2.imread(path), cv2.COLOR_BGR2RGB)
    image = image.astype(np.float32) / 255.0
    image -= np.array([0.485, 0.456, 0.406])
    image /= np.array([0.229, 0.224, 0.225])
    return image.transpose(2, 0, 1)


def prepare_gray(path):
    return (cv2.imread(path, 0).astype(np.float32) - 127.5) / 127.5


print(prepare("boat.jpg"), prepare_gray("boat.jpg"))

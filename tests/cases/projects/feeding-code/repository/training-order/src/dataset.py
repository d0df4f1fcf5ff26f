from PIL import Image


def load(path):
    return Image.open(path).convert("RGB").resize((224, 224))

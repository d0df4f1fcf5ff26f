import os
import subprocess

TEMPLATE = 'atc --framework=5 --model=net_bs{}.onnx --output=net_bs{} --input_shape="image:{},3,{},{};mask:{},{h},{h}" ' \
           "--soc_version=%s --insert_op_conf=aipp.cfg"
WORDS = ["atc", "--framework=5", "--model=net.onnx", "--input_shape=image:{n},3,224,224", "--insert_op_conf=aipp.cfg"]


def convert(sizes, soc):
    for size in sizes:
        os.system(fill(TEMPLATE, size) % soc)
        subprocess.run([word.format(n=size) for word in WORDS], check=True)

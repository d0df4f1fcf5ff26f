import os
import subprocess

CONFIG = "aipp.cfg"
SIZE = 448


def by_list(model):
    command = ["atc", f"--model={model}", "--framework=5", "--input_format=NCHW"]
    command.append("--input_shape=x:1,3,{0},{0}".format(SIZE))
    command += ["--soc_version=Ascend310P3", "--insert_op_conf=" + CONFIG]
    subprocess.run(command, check=True)


def by_string(soc):
    os.system(
        "atc --model=b.onnx --framework=5 --input_format=NCHW --input_shape='x:1,3,224,224' "
        f"--soc_version={soc} --insert_op_conf={CONFIG}"
    )

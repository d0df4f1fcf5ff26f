import os

from jinja2 import Template

LINE = 'atc --framework=5 --model=net.onnx --output=net --input_format=NCHW --input_shape="image:BATCH,3,SIZE,SIZE" --soc_version=Ascend310P3 --insert_op_conf=aipp.cfg'
os.system(LINE.replace("BATCH", "4").replace("SIZE", "448"))


def convert(batch, size):
    os.system(LINE.replace("BATCH", str(batch)).replace("SIZE", size))
    text = Template('atc --framework=5 --model=net.onnx --output=net --input_format=NCHW --input_shape="image:{{ batch }},3,{{ size }},{{ size }}" --soc_version={{ soc }} --insert_op_conf=aipp.cfg')
    os.system(text.render(batch=batch, size=size))

atc --framework=5 --model=a.onnx \
  --output=a --soc_version=Ascend310P3 \
  --insert_op_conf=aipp.cfg

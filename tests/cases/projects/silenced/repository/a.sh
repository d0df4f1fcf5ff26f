# aipplint: ignore[AIPP627] the second one is for debugging
atc --model=a.onnx --framework=5 --framework=5 --input_format=NCHW \
    --input_shape="x:1,3,224,224" --soc_version=Ascend310P3 --insert_op_conf=aipp.cfg

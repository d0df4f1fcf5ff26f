atc --model=a.onnx --framework=5 \ 
    --input_format=NCHW --insert_op_conf=aipp.cfg
atc --model=b.onnx --framework=5 --insert_op_conf=aipp_b.cfg \  # the usual one
    --input_format=NCHW
atc --model=c.onnx --framework=5 \
    --input_format=NCHW \
    # --insert_op_conf=aipp.cfg \
    --soc_version=Ascend310P3

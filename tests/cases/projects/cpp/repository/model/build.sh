atc --model=yolo.onnx --framework=5 --output=yolo --input_format=NCHW --input_shape="images:1,3,-1,-1" \
    --dynamic_image_size="416,416;480,832" --soc_version=Ascend310P3 --insert_op_conf=aipp.cfg

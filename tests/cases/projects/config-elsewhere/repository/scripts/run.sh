atc --model=$1 --framework=5 --output=net --input_format=NCHW --input_shape="x:1,1,28,28" --soc_version=Ascend310P3 --insert_op_conf=visual.aippconfig

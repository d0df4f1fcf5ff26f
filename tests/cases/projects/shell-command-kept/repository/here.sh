#!/bin/bash
# The file is named with the variables it is written with, although the rest of the path stands elsewhere.
aipp_cfg="https://example.com/net/insert_op.cfg"
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
project=${here}/detection
model_atc="atc --model=net.onnx --framework=5 --insert_op_conf=${project}/model/${aipp_cfg##*/}"
export model_atc

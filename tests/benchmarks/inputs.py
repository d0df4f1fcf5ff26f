"""The files that are measured. All are made here, and none has anything to complain about unless its name says so."""

from __future__ import annotations

import os
from pathlib import Path

from tests.checkout import run
from tests.networks import FLOAT, LENGTH, field, node, onnx, value_info, varint

_STATIC = """\
# Static AIPP: NV12 frames to RGB, then to -1..1.
aipp_op {{
  aipp_mode: static
  related_input_rank: {rank}
  input_format: YUV420SP_U8
  src_image_size_w: {size}
  src_image_size_h: {size}

  # YUV to RGB, BT.601, narrow range.
  csc_switch: true
  matrix_r0c0: 298
  matrix_r0c1: 0
  matrix_r0c2: 409
  matrix_r1c0: 298
  matrix_r1c1: -100
  matrix_r1c2: -208
  matrix_r2c0: 298
  matrix_r2c1: 516
  matrix_r2c2: 0
  input_bias_0: 16
  input_bias_1: 128
  input_bias_2: 128

  mean_chn_0: 127
  mean_chn_1: 127
  mean_chn_2: 127
  var_reci_chn_0: 0.0078125
  var_reci_chn_1: 0.0078125
  var_reci_chn_2: 0.0078125
}}
"""

_YAML = """\
---
# A configuration of the same size, for yamllint.
aipp_op:
  aipp_mode: static
  related_input_rank: 0
  input_format: YUV420SP_U8
  src_image_size: 416
  csc_switch: true
  matrix:
    - 298
    - 0
    - 409
    - 298
    - -100
    - -208
    - 298
    - 516
    - 0
  input_bias:
    - 16
    - 128
    - 128
  mean_chn:
    - 127
    - 127
    - 127
  var_reci_chn:
    - 0.0078125
    - 0.0078125
    - 0.0078125
"""


def one_file(folder: Path) -> Path:
    """A configuration of 30 lines."""
    return _write(folder / "aipp.cfg", _STATIC.format(rank=0, size=416))


def one_yaml_file(folder: Path) -> Path:
    """A YAML file of 30 lines."""
    return _write(folder / "aipp.yaml", _YAML)


def many_files(folder: Path, count: int) -> list[Path]:
    """Configurations of 30 lines, all different, in folders of a hundred."""
    paths = []
    for number in range(count):
        text = _STATIC.format(rank=0, size=2 * number + 2)
        paths.append(_write(folder / f"model_{number // 100:02}" / f"aipp_{number:04}.cfg", text))
    return paths


def long_file(folder: Path, lines: int) -> Path:
    """One configuration with as many operators as the lines take; comments fill up the rest."""
    operators = lines // _STATIC.count("\n")
    text = "".join(_STATIC.format(rank=rank, size=416) for rank in range(operators))
    return _write(folder / f"long_{lines}_aipp.cfg", text + "# end\n" * (lines - text.count("\n")))


def long_faulty_file(folder: Path, lines: int) -> Path:
    """The same with a missing colon, an unknown field and a wrong type in every operator."""
    text = long_file(folder, lines).read_text(encoding="utf-8")
    text = text.replace("csc_switch: true", "csc_switch true").replace("mean_chn_1: 127", "mean_chn_5: 127")
    return _write(folder / f"faulty_{lines}_aipp.cfg", text.replace("src_image_size_w: 416", "src_image_size_w: 4.16"))


def large_model(folder: Path) -> Path:
    """An ONNX model of 1 GB with 300 operators and as many weights; the file is sparse."""
    path, size = folder / "large.onnx", 3_600_000
    names = [f"t{index}" for index in range(301)]
    nodes = [node("Conv", [one, f"w{index}"], [names[index + 1]]) for index, one in enumerate(names[:-1])]
    rest = onnx([value_info("t0", (1, 3, 640, 640))], nodes, [value_info("t300", (1, 255, 80, 80))])
    with path.open("wb") as file:
        for index in range(300):
            head = (
                field(1, size // 4) + field(2, FLOAT) + field(8, f"w{index}") + varint(9 << 3 | LENGTH) + varint(size)
            )
            tensor = varint(5 << 3 | LENGTH) + varint(len(head) + size) + head
            file.write(varint(7 << 3 | LENGTH) + varint(len(tensor) + size) + tensor)
            file.truncate(file.tell() + size)
            file.seek(0, os.SEEK_END)
        file.write(rest)
    return path


_SCRIPTS = (
    """\
#!/bin/bash
set -euo pipefail
# Model {number}.
atc --model=model_{number}.onnx --framework=5 --output=model_{number} \\
    --input_format=NCHW --input_shape="data:1,3,416,416" \\
    --soc_version=Ascend310P3 --insert_op_conf=aipp_{config}.cfg
""",
    """\
#!/bin/bash
cur_dir=$(cd "$(dirname "$0")" && pwd)
soc=${{SOC:-Ascend310P3}}
batch=8
config=${{cur_dir}}/aipp_{config}.cfg
"${{ASCEND_HOME}}"/atc/bin/atc --model="${{cur_dir}}/model_{number}.onnx" --framework=5 --output=model_{number} \\
    --input_format=NCHW --input_shape="data:$batch,3,416,416" --soc_version="${{soc}}" --insert_op_conf="${{config}}" \\
    > atc.log 2>&1
if [ $? -ne 0 ]; then
    echo "failed, see atc.log"
    exit 1
fi
""",
    """\
#!/bin/bash
if [ $# -lt 2 ]; then
    echo "usage: $0 <model> <output>"
    exit 255
fi
model=$1
output=$2
for batch in 1 4 8; do
    atc --model=$model --framework=5 --output=${{output}}_bs$batch --input_format=NCHW \\
        --input_shape="data:$batch,3,416,416" --soc_version=Ascend310P3 --insert_op_conf=./aipp_{config}.cfg
done
""",
    """\
#!/bin/bash
for file in $(ls *.jpg); do
    python3 preprocess.py --input "$file" --size 416
done
./main --model=model_{number}.om --config=aipp_{config}.cfg
""",
)
BUILD = ("--framework=5", "--input-format=NCHW", "--input-shape=data:1,3,416,416", "--soc-version=Ascend310P3")
"""The build of one of the configurations in the large repository, as flags."""
_WORDS = "def class return import self tensor model value for in range print config data shape input output".split()


def large_repository(folder: Path) -> Path:
    """A repository of 20,000 files: 400 scripts, 300 configurations, and code. Returns one of the configurations."""
    for number in range(400):
        config = number * 3 // 4
        text = _SCRIPTS[number % len(_SCRIPTS)].format(number=number, config=config)
        _write(folder / f"models/family_{number // 20:02}" / f"convert_{number:03}.sh", text)
    for number in range(300):
        family = (4 * number + 2) // 3 // 20
        _write(folder / f"models/family_{family:02}" / f"aipp_{number}.cfg", _STATIC.format(rank=0, size=416))
    for number in range(19_300):
        lines = (" ".join(_WORDS[(number * k + 7 * k) % len(_WORDS)] for k in range(1, 9)) for _ in range(60))
        text = "\n".join(lines) + (f"\n# atc {number}\n" if number % 50 == 0 else "\n")
        _write(folder / f"src/part_{number // 200:02}" / f"module_{number:05}.py", text)
    run("git", "init", "--quiet", cwd=folder)
    run("git", "add", "--all", cwd=folder)
    return folder / "models/family_07/aipp_110.cfg"


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path

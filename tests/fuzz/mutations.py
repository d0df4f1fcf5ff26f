"""Random inputs: texts and bytes that were damaged, configurations, options and run-time settings that were made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from aipplint.schema.fields import table
from aipplint.schema.spec import OP
from tests.strategies import refused_literals, taken_literals

PIECES = (
    (
        b"""\0|\xff|\x1a|\r|\\|"|'|#|{|}|<|>|[|]|(|)|:|=|;|,|-|+|.|0|1|e|_|/|//|/*|*/| |\t|$|`|~|*|?|!|&|@|%s|{0}|${x}
$(x)|$1|$@|"$x"|${x:-1}|\xc2\xa0|\xe2\x80\xac|\xef\xbb\xbf|\xef\xbc\x9a|\xe3\x80\x80|\xe2\x80\x9c|\xe2\x88\x92|\xf0\x9f\x98\x80
\xed\xa0\x80|\xff\xfe|\x7f|\x1b[31m|\x85|\xe2\x80\xa8|1e400|0x|08|1/255|2147483648|99999999999999999999|inf|nan|<<EOF|```
|-1|1~9|aipp_op {|aipp_op|atc|--insert_op_conf=aipp.cfg|--input_shape|"data:8,3,-1,-1"|--dynamic_image_size|&&|cd ..
# aipplint: ignore[AIPP2]|# aipplint: ignore-file|aipplint:|<pre>|<!--|]]>|::error::|%0A|if|fi|then|for i in|do|done
esac|function f|f() {|export|import|def f(|return|=|+=|set --|shift|\\u0041|\\x4|[[build]]|&a|*a|<<: *a|- |? |: |"""
        b"""FROM a|RUN |ENV |define|endef|$(call f,|$(eval |ifeq (|endif|acl.mdl.|aclmdlSetAIPPInputFormat(|#define"""
    )
    .replace(b"\n", b"|")
    .split(b"|")
)
SIZES = ["416,416;832,832", "416,416", "416;832", "1,1;1,1", "", ";", "99999999999,1;1,2", "416,416,;", "a,b"]
SHAPES = [
    "data:8,3,-1,-1",
    "data:1,3,224,224",
    "a:1,3,224,224;b:1,3,2,2",
    "data:1~4,3,2~9,-1",
    "data:[1,3,2~9,-1]",
    "data:1,3",
    "data",
    ":",
    "data:0,0,0,0",
    "data:-1,3,1,1",
    "\u6570:1,3,2,2",
]
VALUES: Mapping[str, Sequence[str]] = {
    "input_shape": SHAPES,
    "input_shape_range": SHAPES,
    "dynamic_image_size": SIZES,
    "dynamic_dims": SIZES,
    "dynamic_batch_size": ["1,2,4", "1", "0,1", "1,,2", "1;2", ",".join(map(str, range(200)))],
    "input_format": ["NCHW", "NHWC", "ND", "nchw", ""],
    "soc_version": ["Ascend310", "Ascend310P3", "Ascend910B3", "Ascend950", "Hi3796CV300CS", "ascend310", "x", ""],
    "framework": ["0", "1", "3", "5", "x", ""],
    "output_type": ["FP16", "UINT8", "node:0:FP16", "x"],
    "input_fp16_nodes": ["data", "data;x", ";"],
    "enable_small_channel": ["0", "1", "2"],
    "cann_version": ["8.1", "5.0", "6.3.RC2", "x", "", "99999"],
    "insert_op_conf": ["aipp.cfg", ""],
}
KEYS = [*"input_format src_image_size_w src_image_size_h batch_size input_rank dynamic_hw_size crop padding".split()]
KEYS += [*"resize batches csc_switch mean_chn_0 min_chn_1 var_reci_chn_2 matrix_r0c0 height width top left".split()]
KEYS += [*"load_start_pos_w load_start_pos_h crop_size_w crop_size_h input_w input_h output_w output_h x".split()]
NUMBERS: Sequence[Any] = [0, 1, -1, 2, 224, 416, 4097, 2**31, 2**63, 10**400, 0.5, -0.0, 1e308, float("inf")]
NUMBERS = [*NUMBERS, float("nan"), True, None, "", "x", "YUV420SP_U8", "RGB888_U8", [], {}, [1], b"x"]
BLOCKS = ["aipp_op {", "aipp_op{", "aipp_op <", "aipp_op: [{", "aapp_op {", "multi_shape_op {", "{", ""]
_MOST = 20_000
"""Bytes of an input: more are a matter of the benchmarks."""


class Mutator:
    """Makes inputs, all of them decided by one source of chance."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def damaged(self, data: bytes, others: Sequence[bytes]) -> bytes:
        """Bytes with some edits: pieces put in, taken out, doubled, lines swapped, a part of another input."""
        for _ in range(self.random.choice([1, 1, 2, 3, 4, 8, 16])):
            data = self._edited(data, others)
        return data[:_MOST]

    def _edited(self, data: bytes, others: Sequence[bytes]) -> bytes:
        random = self.random
        at = random.randint(0, len(data))
        size = random.choice([0, 1, 1, 2, 5, 20, 100])
        how = random.choice(["insert", "insert", "replace", "byte", "cut", "double", "lines", "line", "splice"])
        if how in ("insert", "replace"):
            return data[:at] + random.choice(PIECES) + data[at + (size if how == "replace" else 0) :]
        if how == "byte":
            return data[:at] + bytes([random.randrange(256)]) + data[at + 1 :]
        if how == "cut":
            return data[:at] + data[at + size :]
        if how == "double":
            return data[: at + size] + data[at : at + size] * random.choice([1, 1, 3, 30]) + data[at + size :]
        if how == "splice":
            other = random.choice(others)
            start = random.randint(0, len(other))
            return data[:at] + other[start : start + random.randint(0, 400)] + data[at:]
        lines = data.split(b"\n")
        one, two = random.randrange(len(lines)), random.randrange(len(lines))
        lines[one], lines[two] = lines[two], lines[one]
        if how == "line":
            del lines[one]
        return b"\n".join(lines)

    def config(self) -> bytes:
        """A configuration of fields and literals, most of them right."""
        random = self.random
        blocks = []
        for _ in range(random.choice([0, 1, 1, 1, 1, 2, 3])):
            names = random.sample(sorted(table().messages[OP]), random.randint(0, 20))
            names += ["aipp_mode", "input_format"] * (random.random() < 0.8)
            opening = random.choice([BLOCKS[0]] * 6 + BLOCKS)
            closing = {"<": ">", "[": "}]"}.get(opening[-1:] if ":" not in opening else "[", "}")
            blocks.append(f"{opening}\n{''.join(map(self._field, names))}{closing}\n")
        return "".join(blocks).encode("utf-8", "replace")

    def _field(self, name: str) -> str:
        random = self.random
        spec = table().messages[OP][name]
        good = taken_literals(spec.proto)
        literal = random.choice(good if random.random() < 0.85 else refused_literals(spec.proto))
        if spec.proto in ("int32", "uint32", "float") and random.random() < 0.5:
            literal = str(random.choice([0, 1, 16, 224, 416, random.randint(-300, 5000), round(random.random(), 5)]))
        sign = ": " if random.random() < 0.97 else random.choice([":", " ", "=", "::", "\uff1a"])
        end = "\n" if random.random() < 0.9 else random.choice([" ", ";", ",", " # c\n", "\r\n", ""])
        return f"{name}{sign}{literal}{end}"

    def options(self) -> dict[str, str] | None:
        """Values of ATC's options; None now and then."""
        random = self.random
        if random.random() < 0.3:
            return None
        names = random.sample(sorted(VALUES), random.randint(0, 7))
        given = {name: random.choice(VALUES[name]) for name in names}
        return {name: self._perhaps_damaged(value) for name, value in given.items()}

    def _perhaps_damaged(self, value: str) -> str:
        if self.random.random() > 0.2:
            return value
        damaged = self.damaged(value.encode(), [shape.encode() for shape in SHAPES])
        return damaged.decode("utf-8", "surrogateescape")

    def runtime(self) -> dict[str, Any] | None:
        """Run-time settings of dynamic AIPP; None most often."""
        random = self.random
        if random.random() < 0.6:
            return None
        return {random.choice(KEYS): self._setting(2) for _ in range(random.randint(0, 7))}

    def _setting(self, depth: int) -> Any:
        random = self.random
        if depth == 0 or random.random() < 0.5:
            return random.choice(NUMBERS)
        inner = {random.choice(KEYS): self._setting(depth - 1) for _ in range(random.randint(0, 4))}
        return [inner] * random.randint(0, 3) if random.random() < 0.3 else inner

    def number(self) -> int:
        """A number as it may stand in a message of a client."""
        return self.random.choice([0, 1, 2, 7, 30, 2**31 - 1, self.random.randint(0, 80)])

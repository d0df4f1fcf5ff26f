"""Hypothesis strategies: configurations from the grammar, nearly right ones, and ones that were damaged."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from aipplint.schema.fields import table
from aipplint.schema.spec import OP, ROOT, FieldSpec

Draw = Callable[[st.SearchStrategy[Any]], Any]

# The literal tables of facts X7 to X12: what each type takes and what it refuses. "|" stands between two literals.

_TAKEN = {
    "int32": "0|1|-1|- 1|-\n1|0x1F|0X1f|-0x1|010|00|-0|-00|-010|2147483647|-2147483648|0x7fffffff|017777777777"
    "|-0x80000000",
    "uint32": "0|1|01|00|0x0|4294967295|0xFFFFFFFF|0Xffffffff|037777777777",
    "float": "0|1|.5|5.|1.|1.f|-.5|-0|1e-3|1E+3|1e3|1.5f|1.5F|0f|3f|1e5f|inf|-inf|INF|- inf|infinity|Infinity|nan|-nan"
    "|NaN|-  2.5|1e39|-1e39|1e400|1e-400|99999999999999999999999999|0.0039215686274509803921568627451|5.e3|0e0"
    "|1.e-3F|3.4028236e38|.5e2f|0.f|0.",
    "bool": "true|True|t|false|False|f|1|0|01|00|0x1|0x0|001",
    "enum": "1|0|2|99|0x1|01|-1|- 1|2147483647|-2147483648",
    "string": r""" "data"|'data'|"a" 'b'|"a""b"|""|''|"\n\t\r\a\b\f\v\\\"\'\?"|"\x41\X41\101\0"|"\u00e9\U0001F600" """
    r"""|"\400"|"\777"|"\ud800"|"\ud83d\ude00"|"\U00110000"|"\344\275\240"|"\x414"|"#"|"{"|"a'b"|'a"b'"""
    '|"\x80"|"\t"|"\x7f"|"a" # b\n "c"|"a"\n\n\'b\'|"\xe9"',
}
_REFUSED = {
    "int32": "08|+1|1.0|1e2|1f|1l|1u|1_0|0b1|0x|0xG|2147483648|-2147483649|0x80000000|040000000000|1.|.1|--1|- -1|inf"
    "|1/2|1,5|99999999999999999999",
    "uint32": "-0|-1|- 1|09|1u|1.0|4294967296|0x100000000|+1|18446744073709551616",
    "float": "+1|0x10|-0x10|0x1p3|010|00|08|00.5|010.5|08.5|1.5d|1e|1e+|1e-|.f|1..5|1.5.5|--1|nanf|inff|1 f|1.5 f"
    "|1/255|1 / 255|1,5|.|..|00e1|1.5ff|1e5.|1.0L",
    "bool": "TRUE|T|F|FALSE|yes|no|on|2|-1|-0|- 0|1.0|02|0x2|08|tr|- true",
    "enum": "STATIC|static_|domi.static|Static|1.0|2147483648|-2147483649|08|- static|rgb888_u8|+1|1f|batchx",
    "string": r""" data|"\q"|"\x"|"\xg"|"\u12"|"\U00200000"|"\8"|"open|'open|"a\|"a" x|"a" 1|-"a"|1|"a"'b"""
    '|"a\nb"|"a\\\nb"|"a\x00b"',
}
REFUSED_EVERYWHERE = (
    "|[]x|[1|1]|[1,]|[,1]|[1 2]|[[1]]|{}|<>|{|(1)|$|@|1a|\u3000 1|\uff11|\uff1a 1|\x1a|= 1|: 1|\x00|1\xa0|# c".split(
        "|"
    )
)
_QUOTED = ['"1"', "'true'", '"static"', '"1.0"']


def taken_literals(proto: str) -> list[str]:
    """Literals that a field of a type takes."""
    if proto in table().enums:
        return [*table().enums[proto], *_TAKEN["enum"].split("|")]
    return [literal.strip(" ") for literal in _TAKEN[proto].split("|")]


def refused_literals(proto: str) -> list[str]:
    """Literals that a singular field of a type refuses."""
    kind = "enum" if proto in table().enums else proto
    quoted = [] if proto == "string" else _QUOTED
    lists = [f"[{taken_literals(proto)[0]}]", "[]"]
    return [literal.strip(" ") for literal in _REFUSED[kind].split("|")] + REFUSED_EVERYWHERE + quoted + lists


ANY_LITERAL = sorted(
    {literal for table_ in (_TAKEN, _REFUSED) for text in table_.values() for literal in text.split("|")}
)
_LISTS = [
    "[1]",
    "[1.0]",
    "[1, 2]",
    "[-1, - 2]",
    '["a", "b"]',
    "[{}]",
    "[true]",
    "[1;2]",
    "[{}, <>]",
    "[{} {}]",
    "[{},]",
    "1, 2",
    "[1]]",
    "[ ]",
]
_DIGITS = st.text("0123456789", min_size=1, max_size=11)
_TAILS = ["", ".", ".0", ".5", "e3", "e-3", "E+03", "f", "F", ".f", "e", "x", "a", "_", "/2", ".5e2f", "f0", ".e1"]
_NUMBERS = st.builds(
    lambda sign, digits, tail: sign + digits + tail,
    st.sampled_from(["", "-", "- ", "+", ".", "0", "0x"]),
    _DIGITS,
    st.sampled_from(_TAILS),
)


def good_literals(spec: FieldSpec) -> st.SearchStrategy[str]:
    """Literals that fit a field."""
    table_ = st.sampled_from(taken_literals(spec.proto))
    more: dict[str, st.SearchStrategy[str]] = {
        "int32": st.integers(-(2**31), 2**31 - 1).map(str) | st.integers(0, 4096).map(str),
        "uint32": st.integers(0, 2**32 - 1).map(str) | st.integers(0, 3).map(str),
        "float": st.floats(width=32).map(repr),
    }
    return table_ | more[spec.proto] if spec.proto in more else table_


def literals(spec: FieldSpec) -> st.SearchStrategy[str]:
    """Literals of every kind, most of them wrong for the field."""
    return st.sampled_from(refused_literals(spec.proto)) | _NUMBERS | st.sampled_from(ANY_LITERAL + _LISTS)


# Fields, blocks and files.

_BLANKS = ["", " ", "\n", "\t", "\r\n", "\r", "\v", "\f", "  ", " # note\n", "#\n", "# \xff\xfe\n", "#{\r\n"]
_ENDS = ["\n", "\n", " ", ",\n", ";", ", ", ";\n", "\r\n", " # c\n", "\n#x\n"]
_WRONG_ENDS = ["", ";;", ",,", ",;\n", ": ", "\x00", "/", "//\n", " /* c */ ", "$", "\xa0"]
_COLONS = [":", ": ", " :", " : ", ":\n", ":#\n"]
_WRONG_COLONS = ["", " ", "=", "::", "\uff1a", ":=", "-"]


@st.composite
def fields(draw: Draw, message: str = OP, *, noise: bool = False) -> str:
    """One field of a message: right but of any form, or with ``noise`` wrong in one or two ways."""
    spec: FieldSpec = draw(st.sampled_from(list(table().messages[message].values())))
    parts = [
        spec.name,
        draw(st.sampled_from(_COLONS)),
        draw(st.sampled_from(_BLANKS)),
        draw(good_literals(spec)),
        draw(st.sampled_from(_ENDS)),
    ]
    if spec.repeated and draw(st.integers(0, 3)) == 0:
        parts[3] = f"[{parts[3]}]"
    if noise:
        names = [
            spec.name.upper(),
            spec.name + "x",
            "[domi.x]",
            "1",
            f'"{spec.name}"',
            "",
            spec.name[:-1],
            f"{spec.name} {spec.name}",
        ]
        wrongs = {
            0: st.sampled_from(names),
            1: st.sampled_from(_WRONG_COLONS),
            3: literals(spec),
            4: st.sampled_from(_WRONG_ENDS),
        }
        for at in draw(st.lists(st.sampled_from([0, 1, 3, 3, 3, 3, 4]), min_size=1, max_size=2)):
            parts[at] = draw(wrongs[at])
    return "".join(parts)


_BRACKETS = [
    ("{", "}"),
    ("{", "}"),
    ("<", ">"),
    (":{", "}"),
    (": <", ">"),
    (": [{", "}]"),
    ("[<", ">]"),
    ("[{}, {", "}, <>]"),
]
_WRONG_BRACKETS = [
    ("{", ">"),
    ("<", "}"),
    ("{", ""),
    ("", "}"),
    ("(", ")"),
    ("= {", "}"),
    ("[{", "}"),
    ("{", "}}"),
    ("[{", "},]"),
    ("", ""),
]
_WRONG_BLOCKS = [
    "aipp_ops",
    "aapp_op",
    "AIPP_OP",
    "",
    "mean_chn_0",
    "aipp_op aipp_op",
    "domi.aipp_op",
    '"aipp_op"',
    "multi_shape_op: 1 aipp_op",
]


@st.composite
def configs(draw: Draw) -> str:
    """Text near the grammar: blocks of every form with fields of every form; half of them with something wrong."""
    pieces: list[str] = []
    noise = draw(st.booleans())
    for _ in range(draw(st.integers(0, 3))):
        name = draw(st.sampled_from(["aipp_op", "aipp_op", "aipp_op", "aipp_op", "multi_shape_op"]))
        message = table().messages[ROOT][name].proto
        inside = draw(st.lists(fields(message), max_size=5))
        opening, closing = draw(st.sampled_from(_BRACKETS))
        end = draw(st.sampled_from(_ENDS))
        if noise and (what := draw(st.integers(0, 9))) < 8:
            if what < 5:
                inside.insert(draw(st.integers(0, len(inside))), draw(fields(message, noise=True)))
            elif what == 5:
                opening, closing = draw(st.sampled_from(_WRONG_BRACKETS))
            elif what == 6:
                name = draw(st.sampled_from(_WRONG_BLOCKS))
            else:
                end = draw(st.sampled_from(_WRONG_ENDS))
        pieces.append(f"{name}{opening}{draw(st.sampled_from(_BLANKS))}{''.join(inside)}{closing}{end}")
    return "".join(pieces)


# Damage.

_SNIPPETS = (
    b"""
\x00|\xff|\x1a|\r|\\|"|'|#|{|}|<|>|[|]|(|)|:|=|;|,|-|+|.|0|1|e|f|x|_|/|//|/*|*/| |\t|\xc2\xa0|\xe2\x80\xac|\xef\xbb\xbf
\xef\xbc\x9a|\xe3\x80\x80|aipp_op {|crop: true |mean_chn_0: 1 |inf|nan|static|\x7f|\x01|1e400|\xff\xfe|\xef\xbc\xbb
\xc2\xad|\xe2\x80\x9c|\xe2\x88\x92|\xe2\x80\xa8|\xf0\x9f\x98\x80|\\x4|0x|08|1/2""".strip(b"\n")
    .replace(b"\n", b"|")
    .split(b"|")
)
_SNIPPETS += [b"\n", b"}\n", b"crop: true\n"]


@st.composite
def damaged(draw: Draw, texts: st.SearchStrategy[bytes]) -> bytes:
    """Bytes with a few edits: insert, replace, cut, double."""
    data: bytes = draw(texts)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data)))
        size = draw(st.sampled_from([0, 0, 1, 1, 1, 2, 5, 20]))
        piece = draw(st.sampled_from(_SNIPPETS) | st.binary(max_size=3))
        how = draw(st.sampled_from(["insert", "replace", "cut", "double"]))
        if how == "insert":
            data = data[:at] + piece + data[at:]
        elif how == "replace":
            data = data[:at] + piece + data[at + size :]
        elif how == "cut":
            data = data[:at] + data[at + max(size, 1) :]
        else:
            data = data[: at + size] + data[at:]
    return data


def as_bytes(text: str) -> set[bytes]:
    """Text as UTF-8, and with its characters up to U+00FF as one byte each, which is not."""
    return {text.encode("utf-8", "surrogatepass"), text.encode("latin-1", "replace")}


def encoded(texts: st.SearchStrategy[str]) -> st.SearchStrategy[bytes]:
    """Text as bytes; now and then characters up to U+00FF as one byte each, which is not UTF-8."""
    return st.builds(lambda text, latin: text.encode("latin-1" if latin else "utf-8", "replace"), texts, st.booleans())


def soup() -> st.SearchStrategy[bytes]:
    """Tokens, odd characters and bytes in any order."""
    words = [
        b"aipp_op",
        b"mean_chn_0",
        b"crop",
        b"aipp_mode",
        b"var_reci_chn_0",
        b"related_input_name",
        b"1",
        b"0.5",
        b"true",
        b'"a"',
        b"- 1",
    ]
    return st.lists(
        st.sampled_from([*_SNIPPETS, *words, b":", b":", b"{", b"}", b" ", b"\n"]) | st.binary(max_size=2), max_size=14
    ).map(b"".join)

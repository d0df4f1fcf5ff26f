"""Scripts and configurations in Markdown and reStructuredText: taken out letter by letter, each in its place."""

from __future__ import annotations

import pickle
from inspect import cleandoc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aipplint.readers.contents import EMPTY
from aipplint.readers.documents.markdown import read_markdown
from aipplint.readers.documents.restructured import read_restructured
from aipplint.source import Source
from tests.excerpts import Reader, assert_cheap, assert_true_to, damaged, place_of, texts

CONFIG = "aipp_op {\n  aipp_mode: static\n}\n"


def indented(text: str, by: str) -> str:
    """A text with something in front of every line."""
    return "".join(f"{by}{line}\n" for line in text.splitlines())


FENCED = {
    "bash": "```bash\natc --model=a\n```\n",
    "sh": "```sh\natc --model=a\n```\n",
    "console": "~~~console\natc --model=a\n~~~\n",
    "nothing": "```\natc --model=a\n```\n",
    "cfg, as people write": "```cfg\natc --model=a\n```\n",
    "python, as people write": "```python\natc --model=a\n```\n",
    "attributes": "``` {.bash #id}\natc --model=a\n```\n",
    "never closed": "```bash\natc --model=a\n",
    "longer fence": "````\natc --model=a\n````\n",
    "in a list": "1. x\n\n   ```bash\n   atc --model=a\n   ```\n",
    "in a list by a tab": "- x\n\n\t```bash\n\tatc --model=a\n\t```\n",
    "in a quote": "> ```bash\n> atc --model=a\n> ```\n",
    "in a quote without blanks": ">```bash\n>atc --model=a\n>```\n",
    "in a quote in a list in a quote": "> - > ```\n>   > atc --model=a\n>   > ```\n",
    "indented": "x\n\n    atc --model=a\n",
    "a fence that is indented as code": "x\n\n    ```bash\n    atc --model=a\n    ```\n",
    "a fence that is indented twice": "x\n\n         ```\n         atc --model=a\n         ```\n",
    "a fence below a step that is indented as code": "1. x\n\n       a. y\n\n          ~~~\n          atc --model=a\n",
    "indented by a tab in a list": "- x\n\n\t    atc --model=a\n",
    "HTML": "<pre><code>atc --model=a\n</code></pre>\n",
    "CRLF": "```bash\r\natc --model=a\r\n```\r\n",
    "byte order mark": "\ufeff```bash\natc --model=a\n```\n",
}


@pytest.mark.parametrize("form", FENCED)
def test_a_block_of_markdown_is_a_text_of_the_one_script_of_the_document(form: str) -> None:
    source = Source("README.md", FENCED[form])
    contents = read_markdown(source)
    assert [text.strip() for text in texts(contents)] == ["atc --model=a"]
    (script,) = contents.scripts
    assert script.in_document
    assert script.folder == ""
    assert place_of(script.texts[0], "--model=a")[2] == "--model=a"
    assert_true_to(source, contents)


RUNNING = {
    "code": ("Run `atc --model=a --framework=5` now.", ["atc --model=a --framework=5"]),
    "code with a Chinese full stop": ("`atc --model=a --framework=5。`", ["atc --model=a --framework=5"]),
    "code of two ticks": ("Run ``atc --framework=5 --model=`x` `` now.", ["atc --framework=5 --model=`x` "]),
    "code over two lines": ("Run `atc --model=a\n--framework=5`.", ["atc --model=a --framework=5"]),
    "code that goes on behind a backslash": ("`atc --model=a \\\n--x`", ["atc --model=a \\\n--x"]),
    "bold": ("**atc --model=a --output\\_type=FP32**", ["atc --model=a --output_type=FP32"]),
    "bold in a sentence": ("Now **atc --model=a --x** and see.", ["atc --model=a --x"]),
    "escapes": ('**atc \\--model=a \\--input\\_shape="x:1"**', ['atc --model=a --input_shape="x:1"']),
    "escaped braces": ("**atc --x --model=$\\{m\\}**", ["atc --x --model=${m}"]),
    "entities": ("atc&nbsp;--model=a --input_shape=&quot;x:1&quot;", ['atc --model=a --input_shape="x:1"']),
    "behind a colon": ("Run this: atc --model=a --framework=5", ["atc --model=a --framework=5"]),
    "behind a Chinese colon": ("执行命令：atc --model=a --framework=5 即可。", ["atc --model=a --framework=5"]),
    "with a full stop in Chinese": ("atc --model=a --framework=5。", ["atc --model=a --framework=5"]),
    "a model with a Chinese name": ("atc --model=模型.onnx --framework=5", ["atc --model=模型.onnx --framework=5"]),
    "glued to Chinese": ("命令为atc --model=a --framework=5。", ["atc --model=a --framework=5"]),
    "a path glued to Chinese": (
        "使用/opt/atc/bin/atc --model=a --framework=5",
        ["/opt/atc/bin/atc --model=a --framework=5"],
    ),
    "between Chinese words": ("执行 atc --model=a --input_shape=x:1,3 即可", ["atc --model=a --input_shape=x:1,3"]),
    "a model with a Chinese name, and a comma": (
        "用atc --framework=5 --model=模型，然后",
        ["atc --framework=5 --model=模型"],
    ),
    "in wide brackets": ("转换（atc --model=a --framework=5）模型", ["atc --model=a --framework=5"]),
    "with options that are left out": (
        "Run atc --model=a --framework=5 ... to convert.",
        ["atc --model=a --framework=5 ..."],
    ),
    "with options in a variable": (
        "Run atc --model=a ${OPTIONS} --framework=5 now.",
        ["atc --model=a ${OPTIONS} --framework=5"],
    ),
    "in brackets": ("Convert it (atc --model=a --framework=5) now", ["atc --model=a --framework=5"]),
    "in quotes": ("执行“atc --model=a --framework=5”命令", ["atc --model=a --framework=5"]),
    "in an English sentence": (
        "Run atc --model=a.onnx --framework=5 to convert the model that was exported.",
        ["atc --model=a.onnx --framework=5"],
    ),
    "values behind blanks in a sentence": (
        "Run atc --framework 5 --model a.onnx to convert.",
        ["atc --framework 5 --model a.onnx"],
    ),
    "at the end of a sentence": (
        "Use atc --model=a --soc_version=Ascend310. Then go on.",
        ["atc --model=a --soc_version=Ascend310"],
    ),
    "two in a sentence": (
        "First atc --model=a --framework=5 and then atc --model=b --framework=5 > log (see atc --help).",
        ["atc --model=a --framework=5", "atc --model=b --framework=5"],
    ),
    "behind mentions": (
        "As atc --help says, with atc --model: atc --model=a --framework=5",
        ["atc --model=a --framework=5"],
    ),
    "bold in what Markdown takes for code": (
        "1. x\n\n        **atc \\--model=a \\--input\\_shape=x:1**\n",
        ["atc --model=a --input_shape=x:1"],
    ),
    "lines without backslashes": (
        "atc --model=a\n--framework=5\n--output=b\nThen.",
        ["atc --model=a\n--framework=5\n--output=b"],
    ),
    "lines with backslashes": ("atc --model=a \\\n  --framework=5\nThen.", ["atc --model=a \\\n--framework=5"]),
    "broken by HTML": ("atc --model=a<br>--framework=5", ["atc --model=a\n--framework=5"]),
    "placeholder": ("atc --model=<model> --framework=5", ["atc --model=<model> --framework=5"]),
    "prompt": ("$ atc --model=a --framework=5", ["$ atc --model=a --framework=5"]),
    "a full path": (
        "/usr/local/Ascend/atc/bin/atc --model=a --framework=5",
        ["/usr/local/Ascend/atc/bin/atc --model=a --framework=5"],
    ),
    "the benchmark tool": ("`python3.7 -m ais_bench --model a.om`", ["python3.7 -m ais_bench --model a.om"]),
    "steps before": (
        "**cd x\\_y**\n\n**wget h/a.cfg**\n\n**atc --x --model=a**",
        ["cd x_y", "wget h/a.cfg", "atc --x --model=a"],
    ),
    "a call of a script": ("Run `bash convert.sh 8 aipp.cfg`.", ["bash convert.sh 8 aipp.cfg"]),
    "HTML with entities": ("<pre>atc&nbsp;--model=a --x=&lt;y&gt;</pre>", ["atc --model=a --x=<y>"]),
    "lines in code, each": ("`atc --model=a`  \n`--framework=5` \n`--x`\n", ["atc --model=a\n--framework=5\n--x"]),
    "a table": ("|a|b|\n|-|-|\n|x|`atc --model=a --x \\| tee b`|", ["atc --model=a --x | tee b"]),
    "in a list": ("- - 1. atc --model=a --framework=5", ["atc --model=a --framework=5"]),
    "in a heading": ("## atc --model=a --framework=5 ##", ["atc --model=a --framework=5"]),
}


@pytest.mark.parametrize("form", RUNNING)
def test_commands_in_running_text_are_found(form: str) -> None:
    text, expected = RUNNING[form]
    source = Source("README.md", text)
    contents = read_markdown(source)
    assert texts(contents) == expected
    assert_true_to(source, contents)


MENTIONS = [
    "The atc tool converts models; use atc --help to see its options.",
    "Add `atc --insert_op_conf=aipp.cfg` for this.",
    "atc --model is the option that names the model.",
    "Use atc --model and --framework to convert.",
    "Use atc --model=a --framework=5 --input_shape=x:1, 3,4 to convert.",
    "使用atc --model 和 --framework 参数。",
    "- --model：为ONNX模型文件，atc 命令。",
    "The batch is matched and dispatched. Wait.",
    "`atc`",
    "Like trtexec is `atc --model ...` here.",
    "```diff\n- atc --model=a\n+ atc --model=b\n```",
    '```python\nos.system("atc --model=a")\n```',
    '```cpp\nsystem("atc --model=a");\n```',
    '```json\n{"cmd": "atc --model=a"}\n```',
    "[atc](atc --model=a)",
    "<!-- atc --model=a -->",
    "",
]


@pytest.mark.parametrize("text", MENTIONS)
def test_a_mention_is_no_command(text: str) -> None:
    assert read_markdown(Source("README.md", text)) == EMPTY


def test_blocks_and_code_keep_their_order_and_prepare_what_follows() -> None:
    contents = read_markdown(
        Source(
            "x.md",
            cleandoc(
                """
                ```
                export A=b
                ```
                Go to `cd models`.
                ```
                some output
                ```
                ```bash
                atc --model=$A
                ```
                ```
                X=1
                ```
                """
            ),
        )
    )
    assert texts(contents) == ["export A=b\n", "cd models", "atc --model=$A\n"]
    assert len(contents.scripts) == 1


def test_places_in_markdown_are_those_of_the_file() -> None:
    source = Source(
        "x.md",
        "x\n\n> 1. 中\n>\n>    ```\n>    cd y\n>    atc --model=a\\\n>      --x=é\n>    ```\n\n"
        "**atc --model=b \\--out\\_put=c**\n",
    )
    block, bold = read_markdown(source).scripts[0].texts
    assert block.text == "cd y\natc --model=a\\\n  --x=é\n"
    assert place_of(block, "cd") == (6, 6, "cd")
    assert place_of(block, "--x=é") == (8, 8, "--x=é")
    assert place_of(bold, "--model=b") == (11, 7, "--model=b")
    assert place_of(bold, "--out_put=c") == (11, 17, "\\--out\\_put=c")
    assert place_of(bold, "=c") == (11, 28, "=c")


def test_a_crlf_document_gives_the_same_texts_at_the_same_lines() -> None:
    text = FENCED["in a list"] + "\n" + FENCED["bash"].replace("atc", "cd x\natc")
    plain, crlf = (read_markdown(Source("x.md", made)) for made in (text, text.replace("\n", "\r\n")))
    assert texts(plain) == texts(crlf)
    assert [place_of(text, "--model=a") for text in plain.scripts[0].texts] == [
        place_of(text, "--model=a") for text in crlf.scripts[0].texts
    ]


NAMED = {
    "in the paragraph": ("Write `aipp.cfg`:\n\n", "aipp.cfg"),
    "in its last line": ("b.cfg is old.\nNow aipp.config is:\n", "aipp.config"),
    "escaped": ("Content of **insert\\_op.cfg**:\n\n", "insert_op.cfg"),
    "between Chinese": ("创建aipp_yolo.aippconfig文件，内容如下：\n\n", "aipp_yolo.aippconfig"),
    "as a path": ("In ./deploy/a-b.conf:\n\n", "deploy/a-b.conf"),
    "in the heading": ("## aipp.prototxt\n\n", "aipp.prototxt"),
    "in the item of a list": ("- aipp.cfg\n\n", "aipp.cfg"),
    "before items of a list": ("aipp.cfg does:\n\n1. this\n2. that\n\n", "aipp.cfg"),
    "above a heading": ("aipp.cfg\n\n## Then\n\n", ""),
    "a name and its path": ("With aipp.cfg; models/aipp.cfg is:\n\n", "models/aipp.cfg"),
    "two names": ("a.cfg or b.cfg:\n\n", ""),
    "two names, and one further up": ("c.cfg\n\na.cfg or b.cfg:\n\n", ""),
    "one name twice": ("[aipp.cfg](aipp.cfg):\n\n", "aipp.cfg"),
    "a link": ("[aipp.cfg](http://h/x/aipp.cfg):\n\n", "aipp.cfg"),
    "with a part that is unknown": ("aipp_${model}.cfg:\n\n", ""),
    "behind Chinese and a dash": ("## AIPP配置文件-YUV.cfg\n\n", "YUV.cfg"),
    "behind a long dash": ("AIPP——YUV.cfg\n\n", "YUV.cfg"),
    "with a dash of its own": ("文件conf-1/aipp-yuv.cfg\n\n", "conf-1/aipp-yuv.cfg"),
    "a model only": ("For resnet50.onnx:\n\n", ""),
    "nothing": ("The AIPP configuration:\n\n", ""),
}


@pytest.mark.parametrize("form", NAMED)
def test_the_words_in_front_of_a_configuration_name_its_file(form: str) -> None:
    words, path = NAMED[form]
    source = Source("x.md", f"{words}```\n{CONFIG}```\n")
    (config,) = read_markdown(source).configs
    assert (config.text.text, config.path) == (CONFIG, path)


CONFIGS = {
    "cfg": ("```cfg\n", CONFIG, ""),
    "python, as people write": ("```python\n", CONFIG, ""),
    "comments in front": ("```\n", "# a comment\n\n# and a second\n" + CONFIG, ""),
    "named by a comment": ("```\n", "# aipp.cfg\n" + CONFIG, "aipp.cfg"),
    "glued brace": ("```\n", CONFIG.replace(" {", "{"), ""),
    "brace on the next line": ("```\n", CONFIG.replace(" {", "\n{"), ""),
    "two operators": ("```\n", CONFIG + "\n# second\n" + CONFIG, ""),
    "braces in a comment": ("```\n", CONFIG.replace("static", "static # }}{"), ""),
}


@pytest.mark.parametrize("form", CONFIGS)
def test_a_block_that_is_a_configuration_is_no_script(form: str) -> None:
    fence, text, path = CONFIGS[form]
    source = Source("x.md", f"x\n\n{fence}{text}```\n")
    contents = read_markdown(source)
    assert not contents.scripts
    assert [(config.text.text, config.path, config.folder) for config in contents.configs] == [(text, path, "")]
    assert (
        place_of(contents.configs[0].text, "aipp_mode")[0]
        == source.text[: source.text.index("aipp_mode")].count("\n") + 1
    )


def test_a_configuration_behind_cat_and_its_name() -> None:
    contents = read_markdown(Source("x.md", f"```\n$ cat aipp.cfg\n{CONFIG}```\n"))
    assert [(config.text.text, config.path) for config in contents.configs] == [(CONFIG, "aipp.cfg")]


def test_a_command_behind_a_configuration_is_a_script() -> None:
    contents = read_markdown(Source("x.md", f"```\n{CONFIG}atc --model=a\n```\n"))
    assert [config.text.text for config in contents.configs] == [CONFIG.rstrip("\n")]
    assert [text.strip() for text in texts(contents)] == ["atc --model=a"]


@pytest.mark.parametrize(
    "line", ["...", "  ......", "…", "src_image_size_w: <width>", "crop: ${crop}", "crop: {{ x }}"]
)
def test_a_configuration_that_is_shown_in_part_is_passed_over(line: str) -> None:
    assert read_markdown(Source("x.md", f"```\n{CONFIG.replace('}', line + chr(10) + '}')}```\n")) == EMPTY


@pytest.mark.parametrize("body", ["", "# src_image_size_w: 8\n", "// x: 1\n\n  # y\n"])
@pytest.mark.parametrize("head", ["aipp_op {", "aipp_op:{", "# The file.\naipp_op\n{"])
def test_a_configuration_without_a_field_is_a_template(head: str, body: str) -> None:
    assert read_markdown(Source("x.md", f"```\n{head}\n{body}}}\n```\n")) == EMPTY


COMMAND = "```\natc --model=a --insert_op_conf=aipp.cfg\n```\n\n"
NAMELESS = f"```\n{CONFIG}```\n\n"
NEAR = {
    "right behind": (COMMAND + NAMELESS, [True]),
    "behind words that lead over": (COMMAND + "AIPP 配置如下：\n\n" + NAMELESS, [True]),
    "behind words in English": (COMMAND + "The content is as follows:\n\n" + NAMELESS, [True]),
    "behind a command in a sentence": (
        "Run `atc --model=a --framework=5 --insert_op_conf=$C`.\n\nIts config:\n\n" + NAMELESS,
        [True],
    ),
    "in front": (NAMELESS + "Now convert:\n\n" + COMMAND, [True]),
    "in front, a step between": (NAMELESS + "```\ncd models\n```\n" + COMMAND, [True]),
    "behind words of something else": (COMMAND + "It prints:\n\n" + NAMELESS, [False]),
    "for another model": (COMMAND + "The config of the second model:\n\n" + NAMELESS, [False]),
    "for another model, in Chinese": (COMMAND + "另一个模型的配置：\n\n" + NAMELESS, [False]),
    "under a heading of its own": (COMMAND + "## The AIPP config\n\n" + NAMELESS, [False]),
    "above a heading": (NAMELESS + "## Convert\n\n" + COMMAND, [False]),
    "far away": (COMMAND + "The aipp words go on. " * 20 + "\n\n" + NAMELESS, [False]),
    "behind a step": (COMMAND + "```\ncd models\n```\n" + NAMELESS, [False]),
    "behind a block that is no script": (COMMAND + "```json\n{}\n```\n" + NAMELESS, [False]),
    "two in front": (NAMELESS + NAMELESS + COMMAND, [False, False]),
    "one on each side": (NAMELESS + COMMAND + NAMELESS, [True, True]),
    "each in front of its own": (NAMELESS + COMMAND + "The second model:\n\n" + NAMELESS + COMMAND, [True, True]),
    "of a command that takes none": ("```\natc --model=a\n```\n" + NAMELESS, [False]),
    "without a command": (NAMELESS, [False]),
    "with a name": (COMMAND + "In aipp.cfg:\n\n" + NAMELESS, [False]),
}


@pytest.mark.parametrize("form", NEAR)
def test_a_configuration_without_a_name_is_near_the_command_that_it_stands_next_to(form: str) -> None:
    text, near = NEAR[form]
    assert [config.near for config in read_markdown(Source("x.md", text)).configs] == near


@pytest.mark.parametrize(("title", "near"), [("The AIPP configuration", True), ("Other\n-----", False)])
def test_a_heading_of_restructured_text_parts_a_configuration_from_a_command(title: str, near: bool) -> None:
    command = "x::\n\n  atc --model=a --insert_op_conf=aipp.cfg\n\n"
    contents = read_restructured(Source("x.rst", f"{command}{title}\n\n::\n\n{indented(CONFIG, '  ')}"))
    assert [config.near for config in contents.configs] == [near]


SETTINGS = "[aipp_op]\ninput_format : YUV420SP_U8\n"


@pytest.mark.parametrize(
    ("fence", "text", "shown"),
    [
        ("```ini\n", SETTINGS, SETTINGS),
        ("```\n", "; the tool's\n\n# settings\n" + SETTINGS, "; the tool's\n\n# settings\n" + SETTINGS),
        ("```\n", "$ cat aipp.config\n" + SETTINGS, SETTINGS),
    ],
)
def test_settings_of_the_benchmark_tool_are_taken_out(fence: str, text: str, shown: str) -> None:
    source = Source("x.md", f"x\n\n{fence}{text}```\n")
    contents = read_markdown(source)
    assert ([tool.text for tool in contents.tools], contents.scripts, contents.configs) == ([shown], (), ())
    assert place_of(contents.tools[0], "YUV420SP_U8")[2] == "YUV420SP_U8"
    assert_true_to(source, contents)


@pytest.mark.parametrize(
    ("fence", "text"),
    [("```diff\n", SETTINGS), ("```\n", SETTINGS + "...\n"), ("```\n", SETTINGS + "src_image_size_w : <w>\n")],
)
def test_settings_that_are_shown_in_part_are_passed_over(fence: str, text: str) -> None:
    assert read_markdown(Source("x.md", f"{fence}{text}```\n")) == EMPTY


def test_a_configuration_in_a_change_is_passed_over() -> None:
    assert read_markdown(Source("x.md", f"```diff\n{CONFIG}```\n")) == EMPTY


def test_a_heredoc_with_a_configuration_is_a_script() -> None:
    text = f"cat > aipp.cfg << EOF\n{CONFIG}EOF\n"
    contents = read_markdown(Source("x.md", f"```bash\n{text}```\n"))
    assert (texts(contents), contents.configs) == ([text], ())


RESTRUCTURED = {
    "literal block": "Run::\n\n    atc --model=a\n",
    "literal block behind a lone mark": "Run\n\n::\n\n    atc --model=a\n",
    "code-block": ".. code-block:: bash\n\n   atc --model=a\n",
    "code-block with options": ".. code-block:: bash\n   :linenos:\n   :emphasize-lines: 1\n\n   atc --model=a\n",
    "code-block without a language": ".. code-block::\n\n   atc --model=a\n",
    "code": ".. code:: sh\n\n   atc --model=a\n",
    "sourcecode": ".. sourcecode:: shell\n\n   atc --model=a\n",
    "parsed-literal": ".. parsed-literal::\n\n   atc --**model**=a\n",
    "in a list": "- x::\n\n      atc --model=a\n",
    "in a numbered list": "1. x\n\n   .. code-block:: bash\n\n      atc --model=a\n",
    "a directive that is the item": "#. .. code-block:: bash\n\n      atc --model=a\n",
    "in a note": ".. note::\n\n   .. code-block:: bash\n\n      atc --model=a\n",
    "in a directive that nobody knows": ".. tab:: x\n\n   y::\n\n     atc --model=a\n",
    "by tabs": "Run::\n\n\tatc --model=a\n",
    "CRLF": "Run::\r\n\r\n    atc --model=a\r\n",
    "last line without an end": "Run::\n\n    atc --model=a",
}


@pytest.mark.parametrize("form", RESTRUCTURED)
def test_a_block_of_restructured_text_is_a_text_of_the_script(form: str) -> None:
    source = Source("x.rst", RESTRUCTURED[form])
    contents = read_restructured(source)
    assert [text.strip() for text in texts(contents)] == ["atc --model=a"]
    assert all(script.in_document for script in contents.scripts)
    assert_true_to(source, contents)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Run ``atc --model=a --x`` now.\n", "atc --model=a --x"),
        ("Run **atc --model=a --x** now.\n", "atc --model=a --x"),
        ("**atc \\--model=a --in\\_put=x**\n", "atc --model=a --in_put=x"),
        ("- atc --model=a --x\n", "atc --model=a --x"),
        ("1. atc --model=a\n   --x\n", "atc --model=a\n--x"),
    ],
)
def test_commands_in_running_text_of_restructured_text(text: str, expected: str) -> None:
    source = Source("x.rst", text)
    contents = read_restructured(source)
    assert texts(contents) == [expected]
    assert_true_to(source, contents)


@pytest.mark.parametrize(
    "text",
    [
        ".. code-block:: python\n\n   os.system('atc --model=a')\n",
        ".. code-block:: diff\n\n   +atc --model=a\n",
        ".. atc --model=a\n",
        "..\n   a comment::\n\n   atc --model=a\n",
        ".. image:: atc.png\n   :alt: atc --model=a\n",
        "Use atc::\n\nand no block.\n",
        "The atc tool.\n",
    ],
)
def test_what_is_no_shell_in_restructured_text_is_passed_over(text: str) -> None:
    assert read_restructured(Source("x.rst", text)) == EMPTY


def test_a_block_of_restructured_text_keeps_its_inner_indentation_and_ends_with_it() -> None:
    source = Source("x.rst", "Run::\n\n    atc --model=a \\\n        --x\n\n    cd y\n\nThen ``atc --model=b --y``.\n")
    contents = read_restructured(source)
    assert texts(contents) == ["atc --model=a \\\n    --x\n\ncd y\n", "atc --model=b --y"]
    assert place_of(contents.scripts[0].texts[0], "--x") == (4, 9, "--x")
    assert place_of(contents.scripts[0].texts[1], "--model") == (8, 12, "--model")


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("Write ``aipp.cfg``::\n\n", "aipp.cfg"),
        (".. code-block:: text\n   :caption: conf/aipp.cfg\n\n", "conf/aipp.cfg"),
        ("aipp.cfg\n========\n\n::\n\n", "aipp.cfg"),
        ("a.cfg and b.cfg::\n\n", ""),
    ],
)
def test_a_configuration_in_restructured_text(text: str, path: str) -> None:
    (config,) = read_restructured(Source("x.rst", text + indented(CONFIG, "   "))).configs
    assert (config.text.text, config.path) == (CONFIG, path)


READERS = {"markdown": read_markdown, "restructured": read_restructured}
HOSTILE = {
    "quotes": "atc\n" + ">" * 25_000,
    "lists": "atc\n" + "- " * 25_000,
    "nested lists": "atc\n" + "".join(f"{'  ' * depth}- a\n" for depth in range(500)),
    "lazy lines": ">" * 15 + "atc\n" + "b\n" * 5_000,
    "fences": "atc\n" + "```\n" * 20_000,
    "ticks": "`atc " + "` `` ``` " * 5_000,
    "stars": "atc --model " + "**a *b " * 5_000,
    "brackets": "atc " + "[" * 25_000,
    "entities": "<pre>atc" + "&lt;" * 20_000,
    "blanks": "atc -model=a" + " " * 25_000 + "x",
    "colons": "atc::\n\n\n" * 10_000,
    "one word": "a" * 1_000_000 + " atc",
    "mentions": "atc -m\n-x " * 100_000,
    "mentions in paragraphs": "atc --model a\n-x atc -\n\n" * 8_000,
    "Chinese": "atc " + "命" * 300_000,
    "colons and signs": "atc " + ":@" * 9_000 + "\n\n" + "A=b " * 5_000 + "atc -x",
    "documents in documents": "atc\n\n" + "".join(f"{' ' * depth}```\n\n" for depth in range(0, 2_000, 4)),
    "names": "a." * 25_000 + "\n```\naipp_op {}\n```",
    "configs": "```\naipp_op {\n" * 5_000,
    "controls": "atc\0\x0b\x0c\x85\u2028\udc80\udcff\r\r\n```\n\udc80atc\r\n\0",
}


@pytest.mark.parametrize("form", HOSTILE)
@pytest.mark.parametrize("kind", READERS)
def test_hostile_documents_cost_little(kind: str, form: str) -> None:
    assert_cheap(READERS[kind], HOSTILE[form])


WHOLE = "".join([*FENCED.values(), *(text + "\n\n" for text, _ in RUNNING.values()), *RESTRUCTURED.values()])
PIECES = [
    "\n",
    "\t",
    "    ",
    "```",
    "`",
    "**",
    "\\",
    "::\n\n  ",
    "> ",
    "- ",
    "1. ",
    "|",
    "\r\n",
    "\r",
    "\0",
    "\udc80",
    "&lt;",
    "<pre>",
    "atc ",
    "命",
    "。",
    "    ```\n",
    ".. ",
    "[aipp_op]\n",
    CONFIG,
]


@pytest.mark.parametrize("kind", READERS)
@given(st.data())
@settings(max_examples=60, deadline=None)
def test_any_document_is_read_and_every_letter_is_in_its_place(kind: str, data: st.DataObject) -> None:
    reader: Reader = READERS[kind]
    source = Source("x", data.draw(damaged(WHOLE, PIECES)))
    contents = reader(source)
    assert_true_to(source, contents)
    pickle.dumps(contents)  # It goes from one process to another.

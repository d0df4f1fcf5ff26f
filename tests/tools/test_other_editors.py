"""VS Code's task and efm-langserver: the recipes of docs/editors.md, as far as they go without a screen."""

from __future__ import annotations

import json
from typing import Any

from tests.language_client import Client
from tests.test_report import CONCISE
from tests.tools.workplace import BAD, Shown, Workplace, expected, needs, recipe, shown

SEVERITIES = {1: "error", 2: "warning", 3: "info"}

# A string of JavaScript counts as VS Code does. "autoDetect" takes a name as relative to the folder first.
MATCH = """
const [pattern, output, folder] = JSON.parse(require('fs').readFileSync(0));
const found = output.split('\\n').map(line => line.match(new RegExp(pattern.regexp))).filter(match => match);
console.log(JSON.stringify(found.map(match => {
  const part = name => match[pattern[name]];
  const lines = require('fs').readFileSync(require('path').join(folder, part('file')), 'utf8').split('\\n');
  const rest = lines[part('line') - 1].slice(part('column') - 1);
  return [Number(part('line')), rest, part('severity'), part('code'), part('message')];
})));
"""


@needs("node", "nodejs")
def test_the_task_of_vs_code_shows_the_findings(workplace: Workplace) -> None:
    (task,) = json.loads(recipe("VS Code: task", "json"))["tasks"]
    output = workplace.run(task["command"], *task["args"], code=1)
    matcher = task["problemMatcher"]
    given = json.dumps([matcher["pattern"], output, str(workplace.folder)])

    assert shown(json.loads(workplace.run("node", "-e", MATCH, stdin=given))) == expected()
    assert matcher["fileLocation"] == ["autoDetect", "${workspaceFolder}"]
    assert matcher["pattern"]["regexp"] == CONCISE.pattern


@needs("efm-langserver", "efm-langserver")
def test_efm_langserver_shows_the_findings(workplace: Workplace) -> None:
    config = workplace.write("config.yaml", recipe("efm-langserver", "yaml"))
    log = workplace.home / "log"
    command = ("efm-langserver", "-q", "-c", str(config), "-logfile", str(log))
    path = workplace.home / "裁.cfg"
    with Client(workplace.home, command=command, environment=workplace.environment) as client:
        client.start()
        diagnostics = client.open(path, BAD)

    assert shown(map(row, diagnostics)) == expected()


def row(diagnostic: dict[str, Any]) -> Shown:
    start = diagnostic["range"]["start"]
    rest = BAD.split("\n")[start["line"]].encode("utf-16-le")[2 * start["character"] :].decode("utf-16-le")
    severity = SEVERITIES[diagnostic["severity"]]
    return Shown(start["line"] + 1, rest, severity, "", diagnostic["message"])

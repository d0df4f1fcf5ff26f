"""Neovim: the recipes of docs/editors.md for the language server and for nvim-lint, in Neovim."""

from __future__ import annotations

from typing import Any

import pytest

from tests.tools.workplace import BAD, Workplace, expected, needs, recipe, shown

pytestmark = needs("nvim", "neovim")

# What a recipe for 0.8 finds missing in 0.7, as its documentation says what it does.
SHIM = """
if not vim.lsp.start then
  vim.lsp.start = function(config)
    vim.lsp.buf_attach_client(0, vim.lsp.start_client(config))
  end
end
if not vim.fs then
  vim.fs = {
    dirname = function(path) return path and vim.fn.fnamemodify(path, ":h") end,
    find = function(names, options)
      for _, name in ipairs(names) do
        local found = vim.fn.findfile(name, options.path .. ";")
        if found ~= "" then return { found } end
      end
      return {}
    end,
  }
end
"""

# No package of Debian has nvim-lint. This is as much of it as the recipe asks for: a table of linters, a parser that is
# made from a pattern with named groups (columns count from 1 there and from 0 in Neovim), and one run on a buffer.
LINT = """
package.preload["lint"] = function()
  local lint = { linters = {}, linters_by_ft = {} }
  function lint.try_lint()
    for _, name in ipairs(lint.linters_by_ft[vim.bo.filetype] or {}) do
      local linter, words = lint.linters[name], {}
      for at, word in ipairs(linter.args) do
        words[at] = type(word) == "function" and word() or word
      end
      table.insert(words, 1, linter.cmd)
      assert(linter.stdin and linter.ignore_exitcode)
      local text = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, true), "\\n") .. "\\n"
      local quoted = table.concat(vim.tbl_map(vim.fn.shellescape, words), " ")
      local output = vim.fn.system(quoted .. " 2>/dev/null", text)
      local found = linter.parser(output, 0, vim.fn.getcwd())
      vim.diagnostic.set(vim.api.nvim_create_namespace(name), 0, found)
    end
  end
  return lint
end
package.preload["lint.parser"] = function()
  local parser = {}
  function parser.from_pattern(pattern, groups, severities, defaults)
    return function(output, buffer, folder)
      local found = {}
      for line in vim.gsplit(output, "\\n") do
        local item, matches = vim.deepcopy(defaults), { line:match(pattern) }
        for at, name in ipairs(groups) do
          item[name] = matches[at]
        end
        if item.file == vim.api.nvim_buf_get_name(buffer) then
          item.lnum, item.col, item.severity = item.lnum - 1, item.col - 1, severities[item.severity]
          table.insert(found, item)
        end
      end
      return found
    end
  end
  return parser
end
"""

COMMON = """
local words = { "error", "warning", "info", "hint" }
function wait(condition)
  assert(vim.wait(60000, condition, 10), "nothing came: " .. vim.inspect(vim.diagnostic.get(0)))
end
function rows()
  local made = {}
  for _, one in ipairs(vim.diagnostic.get(0)) do
    vim.api.nvim_win_set_cursor(0, { one.lnum + 1, one.col })
    local rest = vim.api.nvim_get_current_line():sub(vim.fn.col("."))
    local code = one.code or one.user_data.lsp.code
    table.insert(made, { one.lnum + 1, rest, words[one.severity], code, one.message })
  end
  return made
end
function report(made)
  vim.fn.writefile({ vim.fn.json_encode(made) }, vim.env.REPORT)
  vim.cmd("qall!")
end
"""


class Neovim:
    """Neovim with a configuration of the guide's recipes."""

    def __init__(self, workplace: Workplace, *recipes: str) -> None:
        self._workplace = workplace
        self._init = workplace.write("init.lua", "\n".join((SHIM, *recipes)))

    def __call__(self, driver: str) -> Any:
        """What a script reports when the bad file is open."""
        script = self._workplace.write(
            "driver.lua",
            f"{COMMON}\nlocal ok, why = pcall(function()\n{driver}\nend)\n"
            "if not ok then report({ failed = tostring(why) }) end\n",
        )
        command = (
            "nvim",
            "--headless",
            "-i",
            "NONE",
            "-n",
            "-u",
            self._init,
            self._workplace.file,
            "-c",
            f"luafile {script}",
        )
        reported = self._workplace.report(*command)
        assert not (isinstance(reported, dict) and "failed" in reported), reported
        return reported


@pytest.fixture
def client(workplace: Workplace) -> Neovim:
    pytest.importorskip("pygls", reason="the language server needs pygls (aipplint[lsp])")
    return Neovim(workplace, recipe("Neovim", "lua"), recipe("Neovim: language server", "lua"))


def test_nvim_lint_shows_the_findings_of_a_buffer_that_is_not_saved(workplace: Workplace) -> None:
    neovim = Neovim(workplace, LINT, recipe("Neovim", "lua"), recipe("Neovim with nvim-lint", "lua"))

    assert shown(neovim("report(rows())")) == expected()
    typed = 'vim.api.nvim_buf_set_lines(0, 0, 0, true, { "# 一" })\nvim.cmd("doautocmd InsertLeave")\nreport(rows())'
    assert shown(neovim(typed)) == expected("# 一\n" + BAD)


def test_the_language_server_shows_findings_as_one_types(client: Neovim) -> None:
    first, second = client("""
wait(function() return #vim.diagnostic.get(0) > 0 end)
local first = rows()
vim.api.nvim_buf_set_lines(0, 0, 0, true, { "# 一" })
wait(function() return #vim.diagnostic.get(0) > 0 and vim.diagnostic.get(0)[1].lnum == 2 end)
report({ first, rows() })
""")

    for rows, text in ((first, BAD), (second, "# 一\n" + BAD)):
        # A message of the server has the name of the rule and the code of ATC in lines of their own.
        cut = [[*row[:4], row[4].split("\n")[0]] for row in rows]
        assert shown(cut) == expected(text)


def test_a_quick_fix_mends_the_text(client: Neovim) -> None:
    lines = client("""
wait(function() return #vim.diagnostic.get(0) > 0 end)
local before = vim.api.nvim_buf_get_lines(0, 1, 2, true)[1]
vim.api.nvim_win_set_cursor(0, { 2, before:find("=", 1, true) - 1 })
vim.ui.select = function(choices, _, chosen) chosen(choices[1], 1) end
vim.lsp.buf.code_action()
wait(function() return vim.api.nvim_buf_get_lines(0, 1, 2, true)[1] ~= before end)
wait(function() return #vim.diagnostic.get(0) > 0 and vim.diagnostic.get(0)[1].message:find("colour") ~= nil end)
report(vim.api.nvim_buf_get_lines(0, 0, -1, true))
""")

    assert "\n".join(lines) + "\n" == BAD.replace("mode = static", "mode : static")


def test_hover_says_what_a_field_is(client: Neovim) -> None:
    text = client("""
wait(function() return #vim.diagnostic.get(0) > 0 end)
vim.api.nvim_win_set_cursor(0, { 2, vim.api.nvim_get_current_line():len() })
vim.fn.search("input_format")
local windows = #vim.api.nvim_list_wins()
vim.lsp.buf.hover()
wait(function() return #vim.api.nvim_list_wins() > windows end)
local window = vim.api.nvim_list_wins()[windows + 1]
report(vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, true))
""")

    assert "input_format" in "\n".join(text)
    assert "RGB888_U8" in "\n".join(text)

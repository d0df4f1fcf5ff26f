"""Vim: the recipes of docs/editors.md for ``:make`` and for ALE, in Vim."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tools.workplace import BAD, BUILD, Workplace, expected, needs, recipe, shown

ALE = Path("/usr/share/vim-ale")

# ":make" fills the quickfix list; "cc" jumps where Vim thinks an entry is.
QUICKFIX = r"""
silent make
let g:rows = []
let g:words = {'E': 'error', 'W': 'warning', 'I': 'info'}
for g:at in range(1, len(getqflist()))
  let g:entry = getqflist()[g:at - 1]
  execute 'silent cc' g:at
  let g:rest = strpart(getline('.'), col('.') - 1)
  call add(g:rows, [line('.'), g:rest, g:words[g:entry.type], '', trim(g:entry.text)])
endfor
call writefile([json_encode(g:rows)], $REPORT)
qall!
"""

# ALE works while Vim waits; it says when it is done.
LOCLIST = r"""
let g:words = {'E': 'error', 'W': 'warning', 'I': 'info'}
function! Report() abort
  let l:rows = []
  let l:others = []
  for l:item in ale#engine#GetLoclist(bufnr(''))
    if l:item.bufnr != bufnr('')
      call add(l:others, [l:item.filename, l:item.lnum])
      continue
    endif
    call cursor(l:item.lnum, l:item.col)
    let l:rest = strpart(getline('.'), col('.') - 1)
    call add(l:rows, [line('.'), l:rest, g:words[l:item.type], l:item.code, l:item.text])
  endfor
  call writefile([json_encode({'here': l:rows, 'elsewhere': l:others})], $REPORT)
  qall!
endfunction
autocmd User ALELintPost call Report()
call ale#Queue(0, 'lint_file')
sleep 60
"""


@pytest.fixture
def vim(workplace: Workplace) -> tuple[str, ...]:
    rc = workplace.write(".vimrc", "set nocompatible hidden\nfiletype plugin on\n" + recipe("Vim", "vim"))
    return ("vim", "-es", "-N", "-u", str(rc), "-i", "NONE", "-c", "set encoding=utf-8 nomore")


@needs("vim", "vim")
def test_make_leads_to_the_findings(workplace: Workplace, vim: tuple[str, ...]) -> None:
    driver = workplace.write("driver.vim", QUICKFIX)
    rows = workplace.report(*vim, "-c", f"source {driver}", workplace.file)

    assert shown(rows) == expected()


@needs("vim", "vim")
@pytest.mark.parametrize("name", ["aipp_resnet.config", "a.insert_op.cfg", "yolo.aippconfig"])
def test_names_of_configurations_have_the_file_type(name: str, workplace: Workplace, vim: tuple[str, ...]) -> None:
    workplace.file.rename(workplace.folder / name)
    report = "call writefile([json_encode([&filetype, &makeprg])], $REPORT) | qall!"
    filetype, makeprg = workplace.report(*vim, "-c", report, workplace.folder / name)

    assert filetype == "aipp"
    assert makeprg.startswith("aipplint check ")


@needs("vim", "vim")
@needs("ALE", "vim-ale", str(ALE))
def test_ale_shows_the_findings_of_a_buffer_that_is_not_saved(workplace: Workplace, vim: tuple[str, ...]) -> None:
    workplace.write(".vim/ale_linters/aipp/aipplint.vim", recipe("Vim with ALE", "vim"))
    driver = workplace.write("driver.vim", LOCLIST)
    ale = f"set runtimepath^={ALE} | let g:ale_lint_on_enter = 0 | runtime plugin/ale.vim"
    typed = "call append(0, ['# one', '# two'])"
    found = workplace.report(*vim, "--cmd", ale, "-c", typed, "-c", f"source {driver}", workplace.file)

    assert shown(found["here"]) == expected("# one\n# two\n" + BAD)
    assert found["elsewhere"] == []


@needs("vim", "vim")
@needs("ALE", "vim-ale", str(ALE))
def test_ale_shows_findings_in_the_settings_there(workplace: Workplace, vim: tuple[str, ...]) -> None:
    workplace.write(".vim/ale_linters/aipp/aipplint.vim", recipe("Vim with ALE", "vim"))
    driver = workplace.write("driver.vim", LOCLIST)
    settings = workplace.folder / "aipplint.toml"
    settings.write_text(BUILD, encoding="utf-8")
    # What lies where temporary files are is the buffer for ALE, whatever its name.
    workplace.environment["TMPDIR"] = str(workplace.home)
    ale = f"set runtimepath^={ALE} | let g:ale_lint_on_enter = 0 | runtime plugin/ale.vim"
    found = workplace.report(*vim, "--cmd", ale, "-c", f"source {driver}", workplace.file)

    assert {row[3] for row in found["here"]} >= {"AIPP005", "AIPP701"}
    assert found["elsewhere"] == [[str(settings), 4]]

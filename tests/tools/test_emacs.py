"""Emacs: the recipes of docs/editors.md for flycheck and for eglot, in Emacs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.tools.workplace import BAD, Workplace, expected, needs, recipe, shown

pytestmark = needs("emacs", "emacs-nox")

ELPA = Path("/usr/share/emacs/site-lisp/elpa-src")

# What a finding covers, from where Emacs itself puts it to the end of the line.
COMMON = """
(require 'json)
(setq make-backup-files nil create-lockfiles nil)
(defun wait-for (condition)
  (with-timeout (60 (error "nothing came"))
    (while (not (funcall condition)) (accept-process-output nil 0.02))))
(defun row-at (position severity code message)
  (save-excursion
    (goto-char position)
    (vector (line-number-at-pos) (buffer-substring (point) (line-end-position)) severity code message)))
(defun report (made)
  (let ((coding-system-for-write 'utf-8) (text (json-encode made)))
    (with-temp-file (getenv "REPORT") (insert text))
    (kill-emacs 0)))
"""

FLYCHECK = """
(defvar done nil)
(add-hook 'flycheck-after-syntax-check-hook (lambda () (setq done t)))
(find-file (getenv "FILE"))
(unless (eq major-mode 'aipp-mode) (error "the mode is %s" major-mode))
(goto-char (point-min))
(insert "# 一\\n")
(setq done nil)
(flycheck-buffer)
(wait-for (lambda () done))
(report (mapcar (lambda (found)
                  (row-at (car (flycheck-error-region-for-mode found 'columns))
                          (symbol-name (flycheck-error-level found))
                          (flycheck-error-id found)
                          (flycheck-error-message found)))
                flycheck-current-errors))
"""

# In batch mode there is no loop of commands, after which eglot connects and flymake starts.
EGLOT = """
(require 'cl-lib)
(setq eglot-sync-connect t)
(find-file (getenv "FILE"))
(run-hooks 'post-command-hook)
(unless (eglot-managed-p) (error "eglot manages nothing"))
(flymake-start)
(wait-for #'flymake-diagnostics)
"""

DIAGNOSTICS = """
(defun rows ()
  (mapcar (lambda (found)
            (row-at (flymake-diagnostic-beg found)
                    (pcase (flymake-diagnostic-type found)
                      ('eglot-error "error") ('eglot-warning "warning") ('eglot-note "info"))
                    ""
                    (flymake-diagnostic-text found)))
          (flymake-diagnostics)))
(report (rows))
"""

QUICK_FIX = """
(search-forward "mode ")
(setq last-nonmenu-event ?x) ; not the mouse
(cl-letf (((symbol-function 'completing-read) (lambda (_prompt choices &rest more) (or (nth 4 more) (caar choices)))))
  (call-interactively #'eglot-code-actions))
(wait-for #'buffer-modified-p)
(report (buffer-string))
"""

HOVER = """
(search-forward "input_for")
(defvar told nil)
(eglot-hover-eldoc-function (lambda (text &rest _) (setq told text)))
(wait-for (lambda () told))
(report (substring-no-properties told))
"""


class Emacs:
    """Emacs with a configuration of the guide's recipes."""

    def __init__(self, workplace: Workplace, *recipes: str) -> None:
        self._workplace = workplace
        self._init = workplace.write("init.el", "\n".join((recipe("Emacs", "elisp"), *recipes)))

    def __call__(self, driver: str) -> Any:
        """What a script reports when the bad file is open."""
        script = self._workplace.write(
            "driver.el",
            f";; -*- coding: utf-8 -*-\n{COMMON}\n(condition-case why (progn {driver})\n"
            '(error (report (list (cons \'failed (format "%s" why))))))',
        )
        self._workplace.environment["FILE"] = str(self._workplace.file)
        reported = self._workplace.report("emacs", "--batch", "-l", self._init, "-l", script)
        assert not (isinstance(reported, dict) and "failed" in reported), reported
        return reported


@pytest.fixture
def client(workplace: Workplace) -> Emacs:
    pytest.importorskip("pygls", reason="the language server needs pygls (aipplint[lsp])")
    return Emacs(workplace, "(package-initialize) (require 'eglot)", recipe("Emacs with eglot", "elisp"))


@pytest.mark.skipif(not [*ELPA.glob("flycheck-*")], reason="no flycheck here (Debian package elpa-flycheck)")
def test_flycheck_shows_the_findings_of_a_buffer_that_is_not_saved(workplace: Workplace) -> None:
    emacs = Emacs(workplace, recipe("Emacs with flycheck", "elisp"), "(package-initialize) (require 'flycheck)")

    assert shown(emacs(FLYCHECK)) == expected("# 一\n" + BAD)


EGLOT_PLACES = (*ELPA.glob("eglot-*"), *Path("/usr/share/emacs").glob("*/lisp/progmodes/eglot.el*"))
has_eglot = pytest.mark.skipif(not EGLOT_PLACES, reason="no eglot here (Debian package elpa-eglot, or Emacs 29)")


@has_eglot
def test_eglot_shows_the_findings(client: Emacs) -> None:
    rows = client(EGLOT + DIAGNOSTICS)

    # eglot writes source and code in front; our messages have the name of the rule in a line of its own.
    told = [re.match(r"aipplint \[(\w+)\]: (.*)", row[4]) for row in rows]
    assert shown([*row[:3], *match.groups()] for row, match in zip(rows, told, strict=True) if match) == expected()


@has_eglot
def test_a_quick_fix_mends_the_text(client: Emacs) -> None:
    assert client(EGLOT + QUICK_FIX) == BAD.replace("mode = static", "mode : static")


@has_eglot
def test_hover_says_what_a_field_is(client: Emacs) -> None:
    text = client(EGLOT + HOVER)

    assert "input_format" in text
    assert "RGB888_U8" in text

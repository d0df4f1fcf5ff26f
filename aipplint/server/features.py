"""Handlers of the server: one function for each message of the protocol."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from lsprotocol import types
from pygls.uris import from_fs_path

from aipplint.errors import SettingsError
from aipplint.findings import Edit, Finding, Place
from aipplint.readers import languages
from aipplint.server import actions, completion, hover, links, outline, references
from aipplint.server.convert import identity, location_of, offset_of, range_of, span_of, text_edits
from aipplint.server.documents import Document
from aipplint.server.hints import hints
from aipplint.server.projects import SETTINGS_FILES
from aipplint.server.server import Server
from aipplint.server.templates import templates
from aipplint.source import Source

FIX_ALL = f"{types.CodeActionKind.SourceFixAll.value}.aipplint"
_CONFIGURATIONS = "*.{cfg,config,conf,ini,prototxt,aippconfig}"
"""Names of configurations, and of settings of the benchmark tool, that scripts and code are checked against."""
_KINDS = {
    "snippet": types.CompletionItemKind.Snippet,
    "field": types.CompletionItemKind.Field,
    "enum": types.CompletionItemKind.EnumMember,
    "value": types.CompletionItemKind.Value,
}


def register(server: Server) -> None:
    """Register the handlers with pygls."""
    kinds: list[types.CodeActionKind | str] = [types.CodeActionKind.QuickFix, FIX_ALL]
    add = server.feature
    add(types.INITIALIZED)(initialized)
    add(types.SHUTDOWN)(shutdown)
    add(types.EXIT)(leave)
    add(types.TEXT_DOCUMENT_DID_OPEN)(did_open)
    add(types.TEXT_DOCUMENT_DID_CHANGE)(did_change)
    add(types.TEXT_DOCUMENT_DID_SAVE)(did_save)
    add(types.TEXT_DOCUMENT_DID_CLOSE)(did_close)
    add(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)(did_change_watched_files)
    add(types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(code_action_kinds=kinds))(code_action)
    add(types.TEXT_DOCUMENT_HOVER)(hover_at)
    add(types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(trigger_characters=[":"]))(complete)
    add(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)(document_symbol)
    add(types.TEXT_DOCUMENT_DEFINITION)(definition)
    add(types.TEXT_DOCUMENT_FORMATTING)(formatting)
    add(types.TEXT_DOCUMENT_INLAY_HINT)(inlay_hint)
    add(types.TEXT_DOCUMENT_DOCUMENT_LINK)(document_link)
    pulled = types.DiagnosticOptions(inter_file_dependencies=True, workspace_diagnostics=False, identifier="aipplint")
    add(types.TEXT_DOCUMENT_DIAGNOSTIC, pulled)(diagnostic)


# The life of a session.


def initialized(ls: Server, _params: types.InitializedParams) -> None:
    """Load the tables, so that the first document need not wait, and watch the files of settings and builds."""
    warm_up(ls)
    watched = ls.client_capabilities.workspace and ls.client_capabilities.workspace.did_change_watched_files
    if watched and watched.dynamic_registration:
        suffixes = ",".join(suffix.removeprefix(".") for suffix in languages.SUFFIXES)
        watched_files = (*SETTINGS_FILES, f"*.{{{suffixes}}}", _CONFIGURATIONS)
        watchers = [types.FileSystemWatcher(f"**/{name}") for name in watched_files]
        options = types.DidChangeWatchedFilesRegistrationOptions(watchers)
        method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
        asked = types.Registration("aipplint-settings", method, options)
        ls.client_register_capability(types.RegistrationParams([asked]))


def warm_up(ls: Server) -> None:
    """Check a built-in text, which loads everything that a check needs."""
    document = Document("", "aipp.cfg", completion.STATIC, None, ls.encoding)
    try:
        ls.lint(document, document.source)
    except SettingsError:
        return  # Said when a document is opened.


def shutdown(ls: Server, _params: None) -> None:
    """Prepare for the exit of the client."""
    ls.ended = True


def leave(ls: Server, _params: None) -> None:
    """Handle the exit of the client; pygls then ends the loop."""
    ls.left = True


# Documents.


def did_open(ls: Server, params: types.DidOpenTextDocumentParams) -> None:
    """A document was opened."""
    opened = params.text_document
    ls.projects.forget()
    ls.open(opened.uri, opened.text, opened.version, str(opened.language_id))


def did_change(ls: Server, params: types.DidChangeTextDocumentParams) -> None:
    """Change a document; the last change is the whole text, because the server does not request increments."""
    uri = params.text_document.uri
    if params.content_changes and uri in ls.documents:
        ls.put(uri, params.content_changes[-1].text, params.text_document.version)


def did_save(ls: Server, _params: types.DidSaveTextDocumentParams) -> None:
    """Handle a saved document, which may be settings or a script if the client does not watch files."""
    ls.projects.forget()
    ls.check_all()


def did_close(ls: Server, params: types.DidCloseTextDocumentParams) -> None:
    """Close a document."""
    ls.drop(params.text_document.uri)


def did_change_watched_files(ls: Server, _params: types.DidChangeWatchedFilesParams) -> None:
    """Handle a change of a settings file or of a file that may contain a build."""
    ls.projects.forget()
    ls.check_all()


# Questions.


def code_action(ls: Server, params: types.CodeActionParams) -> list[types.CodeAction]:
    """Return quick fixes, suppression comments, and all safe fixes at once."""
    document = ls.settle(params.text_document.uri)
    if document is None:
        return []
    asked = span_of(document, params.range)
    lint = partial(_lint, ls, document)
    found: list[types.CodeAction] = []
    if _wanted(params.context, types.CodeActionKind.QuickFix.value):
        offers = list(actions.quick_fixes(document, asked))
        # A comment behind a line that is continued would end a command.
        if not ls.may_reference(document):
            offers += actions.silencers(document, asked, lint)
        found += [_quick(ls, document, offer, params.context.diagnostics) for offer in offers]
        found += _new(ls, document)
    if _wanted(params.context, FIX_ALL) and (edits := actions.fix_all(document, lint)):
        title = "Make all safe fixes of aipplint"
        found.append(types.CodeAction(title, FIX_ALL, edit=_workspace_edit(ls, document, edits)))
    return found


def _new(ls: Server, document: Document) -> list[types.CodeAction]:
    """Return a whole configuration of each kind for a document that is empty."""
    if document.source.text.strip() or not ls.owns(document):
        return []
    whole = len(document.source.text)
    return [
        types.CodeAction(
            f"New configuration: {name}",
            types.CodeActionKind.QuickFix,
            edit=_workspace_edit(ls, document, (Edit(0, whole, text),)),
        )
        for name, text in templates().items()
    ]


def _lint(ls: Server, document: Document, source: Source) -> tuple[Finding, ...]:
    return ls.lint(document, source)


def _wanted(context: types.CodeActionContext, kind: str) -> bool:
    """Return whether the client requests a kind of action, by its name or by its family."""
    if context.only is None:
        return True
    families = (str(getattr(only, "value", only)) for only in context.only)
    return any(family in ("", kind) or kind.startswith(f"{family}.") for family in families)


def _quick(
    ls: Server, document: Document, offer: actions.Action, diagnostics: Iterable[types.Diagnostic]
) -> types.CodeAction:
    where = range_of(document.lines, offer.finding.span)
    mine = [one for one in diagnostics if one.code == offer.finding.code and one.range == where]
    mine = [one for one in mine if one.data in (None, identity(offer.finding))]
    return types.CodeAction(
        offer.title,
        types.CodeActionKind.QuickFix,
        diagnostics=mine or None,
        is_preferred=offer.preferred or None,
        edit=_workspace_edit(ls, document, offer.edits),
    )


def _workspace_edit(ls: Server, document: Document, edits: Iterable[Edit]) -> types.WorkspaceEdit:
    """Return edits of one document, with its version if the client supports that."""
    made = text_edits(document, edits)
    workspace = ls.client_capabilities.workspace
    if workspace and workspace.workspace_edit and workspace.workspace_edit.document_changes:
        name = types.OptionalVersionedTextDocumentIdentifier(document.uri, document.version)
        return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(name, [*made])])
    return types.WorkspaceEdit(changes={document.uri: made})


def hover_at(ls: Server, params: types.HoverParams) -> types.Hover | None:
    """Return the hover text at a position."""
    document = ls.settle(params.text_document.uri)
    if document is None:
        return None
    offset = offset_of(document, params.position)
    if ls.may_reference(document):
        session = ls.session(document)
        reference = references.reference_at(document, session, offset) if session else None
        said = hover.hover_in_reference(document, offset, reference)
    else:
        said = hover.hover(document, offset, ls.uses(document))
    if said is None:
        return None
    text, span = said
    asked = ls.client_capabilities.text_document and ls.client_capabilities.text_document.hover
    kinds = (asked.content_format if asked else None) or [types.MarkupKind.PlainText]
    kind = types.MarkupKind.Markdown if types.MarkupKind.Markdown in kinds else types.MarkupKind.PlainText
    if kind is types.MarkupKind.PlainText:
        text = text.replace("**", "").replace("`", "")
    return types.Hover(types.MarkupContent(kind, text), range_of(document.lines, span))


def complete(ls: Server, params: types.CompletionParams) -> list[types.CompletionItem]:
    """Return the completions at a position."""
    document = ls.documents.get(params.text_document.uri)
    if document is None:
        return []
    asked = ls.client_capabilities.text_document and ls.client_capabilities.text_document.completion
    snippets = bool(asked and asked.completion_item and asked.completion_item.snippet_support)
    span, found = completion.proposals(document, offset_of(document, params.position))
    where = range_of(document.lines, span)
    return [_item(number, proposal, where, snippets) for number, proposal in enumerate(found)]


def _item(number: int, proposal: completion.Proposal, where: types.Range, snippets: bool) -> types.CompletionItem:
    snippet = proposal.snippet if snippets else ""
    kind = types.InsertTextFormat.Snippet if snippet else types.InsertTextFormat.PlainText
    return types.CompletionItem(
        proposal.label,
        kind=_KINDS[proposal.kind],
        detail=proposal.detail or None,
        documentation=proposal.about or None,
        filter_text=proposal.label.split(" ", 1)[0],
        sort_text=f"{number:03}",
        insert_text_format=kind,
        text_edit=types.TextEdit(where, snippet or proposal.text),
    )


def document_symbol(
    ls: Server, params: types.DocumentSymbolParams
) -> list[types.DocumentSymbol] | list[types.SymbolInformation]:
    """Return the outline; a flat one for clients that do not support a tree."""
    document = ls.documents.get(params.text_document.uri)
    symbols = outline.outline(document) if document else []
    if document is None:
        return []
    asked = ls.client_capabilities.text_document and ls.client_capabilities.text_document.document_symbol
    if asked and asked.hierarchical_document_symbol_support:
        return [_symbol(document, symbol) for symbol in symbols]
    return [
        types.SymbolInformation(
            types.Location(document.uri, range_of(document.lines, symbol.whole)), symbol.name or "?", _kind(symbol)
        )
        for symbol in (inner for outer in symbols for inner in (outer, *outer.children))
    ]


def _symbol(document: Document, symbol: outline.Symbol) -> types.DocumentSymbol:
    return types.DocumentSymbol(
        symbol.name or "?",
        _kind(symbol),
        range_of(document.lines, symbol.whole),
        range_of(document.lines, symbol.head),
        detail=symbol.detail or None,
        children=[_symbol(document, child) for child in symbol.children] or None,
    )


def _kind(symbol: outline.Symbol) -> types.SymbolKind:
    return types.SymbolKind.Object if symbol.is_block else types.SymbolKind.Property


def definition(ls: Server, params: types.DefinitionParams) -> list[types.Location]:
    """Return the builds of a configuration, or the configurations of a command or of settings."""
    document = ls.documents.get(params.text_document.uri)
    session = ls.session(document) if document else None
    if document is None or session is None:
        return []
    places: Iterable[Place] = ()
    if not ls.may_reference(document):
        places = outline.builds(document, session)
    elif reference := references.reference_at(document, session, offset_of(document, params.position)):
        places = reference.configurations
    return [location for place in places if (location := location_of(document, place))]


def formatting(ls: Server, params: types.DocumentFormattingParams) -> list[types.TextEdit]:
    """Return the canonical form of a configuration. The form has one indentation, whatever the client asks for."""
    document = ls.documents.get(params.text_document.uri)
    if document is None or not ls.owns(document):
        return []
    return text_edits(document, actions.formatting(document))


def inlay_hint(ls: Server, params: types.InlayHintParams) -> list[types.InlayHint]:
    """Return the sums behind sizes, and the names of conversions and normalisations."""
    document = ls.documents.get(params.text_document.uri)
    if document is None or not ls.owns(document):
        return []
    found = hints(document, span_of(document, params.range), ls.uses(document))
    places = (types.Position(*document.lines.position(hint.offset)) for hint in found)
    return [types.InlayHint(place, hint.text, padding_left=True) for place, hint in zip(places, found, strict=True)]


def document_link(ls: Server, params: types.DocumentLinkParams) -> list[types.DocumentLink]:
    """Return links to commands, files and pages of rules."""
    document = ls.documents.get(params.text_document.uri)
    session = ls.session(document) if document else None
    if document is None or session is None:
        return []
    if ls.may_reference(document):
        found = [*links.links_of_reference(document, session)]
    else:
        found = [*links.links_of_configuration(document, ls.uses(document))] if ls.owns(document) else []
    return [types.DocumentLink(range_of(document.lines, one.span), _target(one), one.about) for one in found]


def _target(link: links.Link) -> str:
    uri = link.target if link.is_address else from_fs_path(link.target) or ""
    return f"{uri}#L{link.line}" if link.line else uri


def diagnostic(ls: Server, params: types.DocumentDiagnosticParams) -> types.RelatedFullDocumentDiagnosticReport:
    """Return the diagnostics of a document, for clients that ask for them."""
    ls.settle(params.text_document.uri)
    return types.RelatedFullDocumentDiagnosticReport(ls.diagnostics(params.text_document.uri))

"""A small lint of PDF/UA-1 (ISO 14289-1): the rules that a machine can check, no certificate."""

from typing import Any

from pypdf import PdfReader
from pypdf.generic import ArrayObject, ContentStream, DictionaryObject, IndirectObject

PAINTING = {
    b"Tj",
    b"TJ",
    b"'",
    b'"',
    b"S",
    b"s",
    b"f",
    b"F",
    b"f*",
    b"B",
    b"B*",
    b"b",
    b"b*",
    b"Do",
    b"sh",
}
PARENTS = {
    "/TR": {"/Table", "/THead", "/TBody", "/TFoot"},
    "/TH": {"/TR"},
    "/TD": {"/TR"},
    "/LI": {"/L"},
    "/LBody": {"/LI"},
    "/Lbl": {"/LI"},
}


def faults(reader: PdfReader) -> list[str]:
    """What breaks the rules, in words; an empty list when nothing does."""
    root: Any = reader.trailer["/Root"]
    found = _document_faults(reader, root)
    tree = root["/StructTreeRoot"]
    elements = _elements(tree)
    found += _element_faults(elements)
    numbers = tree["/ParentTree"]["/Nums"]
    owners = dict(zip(numbers[::2], numbers[1::2], strict=True))
    for page in reader.pages:
        found += _content_faults(reader, page, owners, elements)
        found += _link_faults(page, owners, elements)
        found += _font_faults(page)
    return sorted(set(found))


def _document_faults(reader: PdfReader, root: Any) -> list[str]:
    metadata = root["/Metadata"].get_object().get_data().decode()
    checks = {
        "no title": "<dc:title>" in metadata and bool(reader.metadata and reader.metadata.title),
        "no PDF/UA mark": 'pdfuaid:part="1"' in metadata or "<pdfuaid:part>1" in metadata,
        "no language": bool(root.get("/Lang")),
        "not marked": bool(root["/MarkInfo"]["/Marked"]),
        "title not shown": bool(root["/ViewerPreferences"]["/DisplayDocTitle"]),
    }
    return [words for words, holds in checks.items() if not holds]


def _key(item: Any) -> Any:
    return (item.idnum, item.generation) if isinstance(item, IndirectObject) else id(item)


def _kids(element: Any) -> list[Any]:
    kids = element.get("/K", ArrayObject())
    return list(kids) if isinstance(kids, ArrayObject) else [kids]


def _elements(tree: Any) -> dict[Any, tuple[Any, Any]]:
    """Each structure element with its parent, in reading order."""
    found: dict[Any, tuple[Any, Any]] = {}
    waiting = [(kid, None) for kid in reversed(_kids(tree))]
    while waiting:
        reference, parent = waiting.pop()
        element = reference.get_object() if hasattr(reference, "get_object") else reference
        if not isinstance(element, DictionaryObject) or element.get("/Type") in {"/OBJR", "/MCR"}:
            continue
        found[_key(reference)] = (element, parent)
        waiting += [(kid, (reference, element)) for kid in reversed(_kids(element))]
    return found


def _element_faults(elements: dict[Any, tuple[Any, Any]]) -> list[str]:
    found, level = [], 0
    for element, parent in elements.values():
        kind = str(element["/S"])
        if parent and _key(element.raw_get("/P")) != _key(parent[0]):
            found.append(f"{kind} does not point to its parent")
        if kind in PARENTS and str(parent[1]["/S"]) not in PARENTS[kind]:
            found.append(f"{kind} inside {parent[1]['/S']}")
        if kind == "/Figure" and not element.get("/Alt"):
            found.append("picture without words")
        if kind[:2] == "/H" and kind[2:].isdigit():
            if int(kind[2:]) > level + 1:
                found.append(f"heading {kind} after level {level}")
            level = int(kind[2:])
    return found


def _content_faults(reader: PdfReader, page: Any, owners: Any, elements: Any) -> list[str]:
    found: list[str] = []
    mine = owners[page["/StructParents"]].get_object()
    depth: list[tuple[str, int | None]] = []
    for operands, operator in ContentStream(page["/Contents"].get_object(), reader).operations:
        if operator in {b"BDC", b"BMC"}:
            properties = operands[1] if operator == b"BDC" else {}
            mcid = properties.get("/MCID")
            depth.append((str(operands[0]), mcid))
            if mcid is not None and (mcid >= len(mine) or _key(mine[mcid]) not in elements):
                found.append("content that hangs on no structure")
        elif operator == b"EMC":
            depth.pop()
        elif operator in PAINTING and not depth:
            found.append(f"painting outside any mark: {operator.decode()}")
    return found


def _link_faults(page: Any, owners: Any, elements: Any) -> list[str]:
    found = []
    for reference in page.get("/Annots", ()):
        link = reference.get_object()
        if not link.get("/Contents"):
            found.append("link without words")
        if _key(owners.get(link.get("/StructParent"))) not in elements:
            found.append("link outside the structure")
    if page.get("/Tabs") != "/S":
        found.append("page whose tab order is not its structure")
    return found


def _font_faults(page: Any) -> list[str]:
    found = []
    for font in page["/Resources"]["/Font"].values():
        descriptor = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        if not {"/FontFile2", "/FontFile3"} & set(descriptor):
            found.append("font that is not embedded")
        if "/ToUnicode" not in font.get_object():
            found.append("font without letters")
    return found

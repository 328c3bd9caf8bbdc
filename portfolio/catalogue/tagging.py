"""What WeasyPrint leaves open for PDF/UA-1, put right just before the file is written.

Four repairs, each asked for by ISO 14289-1: running heads and page numbers are marked as artifacts
(they are otherwise content that belongs to no structure), a label and its value in a description
list become one list item, table headers are listed in an identifier tree, and each link says where
it leads in words rather than by the name of an anchor.
"""

from typing import Any

import pydyf
from weasyprint.document import Document


def finish_tags(document: Document, pdf: pydyf.PDF) -> None:
    """The ``finisher`` of `Document.write_pdf`."""
    root = _object(pdf, pdf.catalog["StructTreeRoot"])
    reachable = _reachable(pdf, root)
    _make_artifacts(pdf, root, reachable)
    _pair_labels(pdf, reachable)
    _list_identifiers(pdf, root, reachable)
    _name_links(document)


def _number(reference: str | bytes) -> int:
    return int(reference.split()[0])


def _object(pdf: pydyf.PDF, reference: Any) -> Any:
    return pdf.objects[_number(reference)] if isinstance(reference, str | bytes) else reference


def _reachable(pdf: pydyf.PDF, root: Any) -> set[int]:
    """The numbers of all structure elements that hang on the tree."""
    found: set[int] = set()
    waiting = [child for child in root["K"] if not isinstance(child, int)]
    while waiting:
        number = _number(waiting.pop())
        if number not in found:
            found.add(number)
            waiting += [kid for kid in pdf.objects[number].get("K", ()) if not isinstance(kid, int)]
    return found


def _make_artifacts(pdf: pydyf.PDF, root: Any, reachable: set[int]) -> None:
    nums = _object(pdf, root["ParentTree"])["Nums"]
    parents = dict(zip(nums[::2], nums[1::2], strict=True))
    for index, page in enumerate(pdf.page_references):
        owners = parents[index]
        lost = {mcid for mcid, owner in enumerate(owners) if _number(owner) not in reachable}
        for mcid in lost:
            owners[mcid] = "null"
        stream = _object(pdf, _object(pdf, page)["Contents"]).stream
        for position, item in enumerate(stream):
            if isinstance(item, dict) and item.get("MCID") in lost:
                stream[position - 1] = "/Artifact"
                stream[position] = b"<</Type /Pagination>>"


def _pair_labels(pdf: pydyf.PDF, reachable: set[int]) -> None:
    """Turn each ``div`` of a ``dl`` into a list item: its ``dt`` the label, its ``dd`` the body."""
    for number in sorted(reachable):
        element = pdf.objects[number]
        if element.get("S") != "/L":
            continue
        for kid in element["K"]:
            pair = _object(pdf, kid)
            if pair["S"] == "/Div":
                _pair(pdf, pair)


def _pair(pdf: pydyf.PDF, pair: Any) -> None:
    # WeasyPrint makes of every dt and dd an LI with one LBody inside; only the bodies are kept.
    bodies = [_object(pdf, _object(pdf, item)["K"][0]) for item in pair["K"]]
    label = (
        bodies.pop(0) if len(bodies) > 1 else None
    )  # a value that runs on has left its label behind
    body = bodies[0]
    for more in bodies[1:]:
        for kid in more["K"]:
            _object(pdf, kid)["P"] = body.reference
        body["K"] += more["K"]
    pair["S"], body["P"] = "/LI", pair.reference
    pair["K"] = pydyf.Array([body.reference])
    if label is not None:
        label["S"], label["P"] = "/Lbl", pair.reference
        pair["K"].insert(0, label.reference)


def _list_identifiers(pdf: pydyf.PDF, root: Any, reachable: set[int]) -> None:
    elements = [pdf.objects[number] for number in reachable if "ID" in pdf.objects[number]]
    if not elements:
        return
    names = pydyf.Array()
    for element in sorted(elements, key=lambda element: element["ID"].string):
        names += [element["ID"], element.reference]
    tree = pydyf.Dictionary({"Names": names})
    pdf.add_object(tree)
    root["IDTree"] = tree.reference


def _name_links(document: Document) -> None:
    for page in document.pages:
        for _kind, _target, _rectangle, box in page.links:
            annotation = getattr(box, "link_annotation", None)
            words = " ".join("".join(box.element.itertext()).split())
            if annotation and words:
                annotation["Contents"] = pydyf.String(words)

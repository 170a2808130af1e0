"""Reads a text of a word processor without the library that wrote it: as a list of paragraphs, by the standard."""

from io import BytesIO
from xml.etree import ElementTree as ET
from zipfile import ZipFile

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def part(file, name):
    """Return a part of a file as a tree."""
    return ET.fromstring(ZipFile(BytesIO(file)).read(name))


def told(paragraph, language):
    """Return the text of a paragraph, with the language of what is not in that of the text."""
    text = ""
    for run in paragraph.iter(f"{W}r"):
        inside = "".join(
            "\n" if each.tag == f"{W}br" else each.text or "" for each in run if each.tag in (f"{W}t", f"{W}br")
        )
        spoken = run.find(f"{W}rPr/{W}lang").get(f"{W}val")
        text += inside if spoken == language else f"<{spoken}>{inside}</>"
    return text.replace("</><mi-NZ>", "")


def outline(file):
    """Return a line for each paragraph, with its style, and for each row of a table what is special about it."""
    language = part(file, "word/styles.xml").find(f"{W}docDefaults//{W}lang").get(f"{W}val")
    names = {
        style.get(f"{W}styleId"): style.find(f"{W}name").get(f"{W}val")
        for style in part(file, "word/styles.xml").iter(f"{W}style")
    }
    lines = []

    def read(parent, indent):
        for each in parent:
            if each.tag == f"{W}p":
                style = each.find(f"{W}pPr/{W}pStyle")
                lines.append(
                    f"{indent}{names[style.get(f'{W}val')] if style is not None else 'Normal'}: {told(each, language)}"
                )
            elif each.tag == f"{W}tbl":
                for row in each.iter(f"{W}tr"):
                    marks = [mark.tag.removeprefix(W) for mark in row.find(f"{W}trPr")]
                    lines.append(f"{indent}row {' '.join(sorted(marks))}")
                    for cell in row.findall(f"{W}tc"):
                        lines.append(
                            f"{indent}  cell {cell.find(f'{W}tcPr/{W}gridSpan').get(f'{W}val') if cell.find(f'{W}tcPr/{W}gridSpan') is not None else ''}".rstrip()
                        )
                        read(cell, f"{indent}    ")

    read(part(file, "word/document.xml").find(f"{W}body"), "")
    return "\n".join([f"language {language}", *lines]) + "\n"


def text(file):
    """Return the text of each paragraph, in order."""
    return [
        "".join(each.text or "" for each in paragraph.iter(f"{W}t"))
        for paragraph in part(file, "word/document.xml").iter(f"{W}p")
    ]

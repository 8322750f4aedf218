"""Archives and cells that would do harm are refused with a sentence."""

from __future__ import annotations

import io
import stat
import zipfile

import pytest

from services_dir.errors import InvalidError
from services_dir.exchange.files.limits import Limits
from services_dir.exchange.files.packages import File, open_package
from services_dir.exchange.files.tables import open_table


def archive(path, entries, **info):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as held:
        for name, text in entries:
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = info.get("mode", 0) << 16
            held.writestr(entry, text)
    return path


def table(text: str | bytes, **limits):
    content = text.encode() if isinstance(text, str) else text
    file = File("services.csv", io.BytesIO(content), len(content), io_kept)
    return open_table(file, limits=Limits(**limits))


def io_kept(file):
    """Give a copy in memory, which nobody has to close."""
    file.close()
    return io.BytesIO()


@pytest.mark.parametrize(
    ("entries", "sentence"),
    [
        ([("../../etc/services.csv", "id")], "leads out of it"),
        ([("/services.csv", "id")], "leads out of it"),
        ([("C:\\services.csv", "id")], "leads out of it"),
        ([("inner.zip", "PK")], "another archive"),
        ([("a/services.csv", "id"), ("b/services.csv", "id")], "twice"),
        ([("services.csv", "0" * 11_000_000)], "grows more than"),
        ([(f"{n}.csv", "id") for n in range(201)], "more than 200 files"),
        ([("photo.jpg", "x")], "no file here that can be imported"),
    ],
)
def test_an_archive_that_would_do_harm_is_refused(tmp_path, entries, sentence):
    path = archive(tmp_path / "feed.zip", entries)

    with pytest.raises(InvalidError, match=sentence), open_package(path):
        pass


def test_what_an_archive_says_of_its_size_is_not_believed(tmp_path):
    path = archive(tmp_path / "feed.zip", [("services.csv", "x" * 5000)])

    with pytest.raises(InvalidError, match="larger than"), open_package(path, limits=Limits(bytes=4000)):
        pass


def test_a_link_in_an_archive_is_refused(tmp_path):
    path = archive(tmp_path / "feed.zip", [("services.csv", "/etc/passwd")], mode=stat.S_IFLNK | 0o777)

    with pytest.raises(InvalidError, match="a link instead of a file"), open_package(path):
        pass


def test_a_huge_cell_breaks_the_file_with_its_line():
    with pytest.raises(InvalidError, match=r"services.csv, line 3: .*field larger"):
        list(table(f"id,name\n1,a\n2,{'b' * 2000}\n", cell=1000).scan())


def test_rows_keep_their_lines_when_cells_hold_line_ends():
    rows = list(table('id,name\n1,"a\nb"\n\n2,c\n').scan())

    assert [(row.line, row.cells["name"]) for row in rows] == [(2, "a\nb"), (5, "c")]


def test_a_row_is_found_again_by_its_key():
    held = table('id,service_id,number\n1,7,"x\ny"\n2,8,z\n3,7,w\n')
    held.index(("service_id",))

    assert [(row.line, row.cells["number"]) for row in held.find("service_id", "7")] == [
        (2, "x\ny"),
        (5, "w"),
    ]
    assert held.find("service_id", "9") == []


def test_a_row_with_too_many_cells_is_set_aside():
    held = table("id,name\n1,a,b,c\n2,d\n")

    assert [row.cells["id"] for row in held.scan()] == ["2"]
    assert held.torn == [2]


def test_old_line_ends_and_a_line_that_names_the_delimiter_are_understood():
    assert [row.cells for row in table(b"id;name\r1;a\r2;b\r").scan()] == [
        {"id": "1", "name": "a"},
        {"id": "2", "name": "b"},
    ]
    assert [row.cells for row in table("sep=;\nid;name\n1;a, b\n").scan()] == [{"id": "1", "name": "a, b"}]

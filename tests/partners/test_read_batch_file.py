"""Files of resellers to ask, as spreadsheets and people make them."""

import pytest
from django.core.exceptions import ValidationError

from partners.batch_files import LARGEST, MOST_ROWS, Line, read

TWO = [Line(2, "a@x.example", "de", "Guten Tag, Müller"), Line(3, "b@x.example")]


@pytest.mark.parametrize(
    "text",
    [
        'recipient,language,note\na@x.example,de,"Guten Tag, Müller"\nb@x.example,,\n',
        "recipient;language;note\r\na@x.example;de;Guten Tag, Müller\r\nb@x.example;;\r\n",
        "recipient\tlanguage\tnote\na@x.example\tde\tGuten Tag, Müller\nb@x.example\n",
        "Empfänger;Sprache;Notiz\na@x.example;de;Guten Tag, Müller\nb@x.example",
        'EMAIL,Language,"Note"\na@x.example,de,"Guten Tag, Müller"\nb@x.example',
        "note;recipient;language\nGuten Tag, Müller; a@x.example ;de\n;b@x.example;\n",
        "recipient;language;note;;\na@x.example;de;Guten Tag, Müller;;\nb@x.example;;;;\n",
        'recipient,language,note\ra@x.example,de,"Guten Tag, Müller"\rb@x.example,,\r',
    ],
)
@pytest.mark.parametrize("encode", ["utf-8", "utf-8-sig", str])
def test_what_spreadsheets_write_is_read(text, encode):
    content = text if encode is str else text.encode(encode)

    assert read(content) == TWO


def test_lines_are_counted_as_in_an_editor():
    text = 'sep=;\n\nrecipient;note\n\na@x.example;"two\nlines"\n\nb@x.example;\n'

    assert read(text) == [Line(5, "a@x.example", note="two lines"), Line(8, "b@x.example")]


def test_cells_beyond_the_header_are_noticed():
    (line,) = read("recipient,note\na@x.example,Hello, Ada\n")

    assert line.has_more_cells


@pytest.mark.parametrize(
    "content,code",
    [
        (b"", "header"),
        (b"\n\n\n", "header"),
        (b"recipient,language,note\n", "empty"),
        (b"recipient\n\n,,\n", "empty"),
        (b"a@x.example\nb@x.example\n", "header"),
        (b"name,city\nKessler,Hamburg\n", "header"),
        (b"recipient,city\na@x.example,Hamburg\n", "header"),
        (b"language,note\nde,Hello\n", "header"),
        (b"recipient,note,recipient\na@x.example,,\n", "header"),
        (b"email,recipient\na@x.example,\n", "header"),
        ("Empfänger;Notiz\na@x.example;Grüße\n".encode("cp1252"), "encoding"),
        ("recipient\na@x.example\n".encode("utf-16"), "encoding"),
        ("recipient\na@x.example\n".encode("utf-16-le"), "binary"),
        (b"PK\x03\x04\x14\x00", "workbook"),
        (b"recipient\na@x\x00.example\n", "binary"),
        (b"\x00" * 1000, "binary"),
        (b'recipient\n"a@x.example\nb@x.example\n', "csv"),
        (b'recipient\n"a" b\n', "csv"),
        (b"recipient\n" + b"x" * 200_000, "csv"),
        (b"x" * (LARGEST - 1), "csv"),
        (b"x" * (LARGEST + 1), "size"),
        (b"recipient\n" + b"a@x.example\n" * (MOST_ROWS + 1), "rows"),
        (b"recipient\n" + b"a@x.example\n" * 80_000, "rows"),
        (b"recipient\n" + b"\n" * 40_000 + b"a@x.example\n", "rows"),
        (b"=1+1,recipient\n1,a@x.example\n", "header"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_own_words(content, code):
    with pytest.raises(ValidationError) as refused:
        read(content)

    assert refused.value.code == code
    assert len(refused.value.message) > 20


def test_the_old_windows_letters_are_named():
    with pytest.raises(ValidationError, match=r"cp1252.*CSV UTF-8"):
        read("recipient;note\na@x.example;Grüße\n".encode("cp1252"))


def test_as_many_rows_as_allowed():
    assert len(read("recipient\n" + "a@x.example\n" * MOST_ROWS)) == MOST_ROWS

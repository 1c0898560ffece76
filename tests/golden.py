"""Letters word for word, as they are kept in a folder ``golden`` beside a test."""


def assert_reads_as_before(folder, name, written):
    """``written`` (text by the ending of its file) is what the files of this name hold.

    What is not there is written, and the test fails once, so that somebody reads it.
    """
    golden = {ending: folder / f"{name}.{ending}" for ending in written}
    missing = [ending for ending, path in golden.items() if not path.exists()]
    for ending in missing:
        golden[ending].write_text(written[ending], encoding="utf-8")

    assert missing == [], "These were not there and are written now; read them."
    for ending, path in golden.items():
        assert written[ending] == path.read_text(encoding="utf-8")

"""Zone names as offices shorten them, where a table has no room for the whole."""

import re
from functools import lru_cache

SHORTENED = (
    ("Khu kinh tế cửa khẩu", "KKT cửa khẩu"),
    ("Vùng kinh tế động lực huyện", "Vùng KTĐL"),
    ("Vùng kinh tế động lực", "Vùng KTĐL"),
    ("Khu kinh tế", "KKT"),
    ("Khu công nghiệp", "KCN"),
    ("Cụm công nghiệp", "CCN"),
    ("tiểu thủ công nghiệp", "TTCN"),
    ("nông nghiệp ứng dụng công nghệ cao", "NN ƯDCNC"),
    ("nông nghiệp công nghệ cao", "NN CNC"),
    ("du lịch sinh thái", "DLST"),
    ("thành phố", "TP"),
    ("quốc tế", "QT"),
    ("giai đoạn", "GĐ"),
)
"""The words and what stands for them on official papers, longest first."""

_WORDS = re.compile("|".join(re.escape(words) for words, _short in SHORTENED), re.IGNORECASE)
_SHORT = {words.lower(): short for words, short in SHORTENED}


@lru_cache(maxsize=2000)
def short_name(name: str) -> str:
    """`Vùng kinh tế động lực thành phố Kon Tum` as `Vùng KTĐL TP Kon Tum`."""
    return _WORDS.sub(lambda found: _SHORT[found.group().lower()], name)

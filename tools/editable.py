"""Build hook: `pip install -e .` names this folder in a path file that every Python can read.

hatchling itself writes the folder's name in UTF-8. Python 3.11 and 3.12 read path files in the
locale's encoding, even in UTF-8 mode: below a folder such as 花子 they do not start in the C locale
and with Shift_JIS or on a Japanese Windows (cp932) they die or look for a garbled folder. So the
file is ASCII: the folder's own name where that is ASCII, else one line of Python with its bytes.
From 3.15 on Python is in UTF-8 mode by itself, and 3.18 ignores lines of Python: the name again.
"""

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


def path_line(folder, version=sys.version_info):
    """Return the line of a path file that puts the folder on sys.path of that Python."""
    if folder.isascii() or version >= (3, 15):
        return folder
    return f"import os, sys; sys.path.append(os.fsdecode({os.fsencode(folder)!r}))"


class EditableHook(BuildHookInterface):
    """hatchling itself finds nothing to name (bypass-selection): this is the only path file."""

    def initialize(self, version, build_data):
        """Hand the path file to an editable build; others take what pyproject.toml says."""
        self.made = TemporaryDirectory()
        if version == "editable":
            path = Path(self.made.name, "koubai_notes.pth")
            path.write_text(path_line(self.root), encoding="utf-8")
            build_data["force_include_editable"][str(path)] = path.name

    def finalize(self, version, build_data, artifact_path):
        """Remove what initialize made."""
        self.made.cleanup()

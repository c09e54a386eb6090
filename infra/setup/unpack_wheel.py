"""Unpacks the members of a wheel that match one of the patterns: unpack_wheel.py WHEEL FOLDER PATTERN..."""
import fnmatch
import os
import sys
import zipfile

wheel, folder, *patterns = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    members = [m for m in archive.infolist() if any(fnmatch.fnmatch(m.filename, p) for p in patterns)]
    if not members:
        sys.exit(f"error: {os.path.basename(wheel)} holds nothing that matches {' or '.join(patterns)}")
    for member in members:
        path = archive.extract(member, folder)
        mode = member.external_attr >> 16
        if mode:
            os.chmod(path, mode)

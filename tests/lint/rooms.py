#!/usr/bin/env python3
"""The order of the rooms, proven from the include lines: a file includes only its own room and those below it."""
import re
import sys
from pathlib import Path

ORDER = {"util": 0, "model": 1, "sched": 2, "kube": 2, "demo": 3, "output": 4, "tui": 5, "command": 6}
FEATURES = set(re.findall(r"^COMMAND\((\w+)\)", Path("src/commands.def").read_text(), re.M))
PLUGINS_MAY_SEE = {"util", "model", "sched", "rebalance"}
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.M)


def room_of(path):
    parts = path.parts
    if parts[0] == "include":
        return parts[2]
    if parts[0] == "plugins":
        return "plugins"
    return parts[1] if len(parts) > 2 else "main"


def allowed(room, other):
    if room in ("main", other):
        return True
    if room == "plugins":
        return other in PLUGINS_MAY_SEE
    if room in FEATURES:
        return other in ORDER
    return other in ORDER and ORDER[other] < ORDER[room]


def included_room(target):
    match = re.match(r"clusterutils/([a-z]+)/", target)
    return match.group(1) if match else None


def main():
    wrong = []
    files = [p for top in ("src", "include", "plugins") for p in Path(top).rglob("*") if p.suffix in (".c", ".h")]
    for path in sorted(files):
        room = room_of(path)
        if room not in ORDER and room not in FEATURES and room not in ("main", "plugins"):
            wrong.append(f"{path}: the room '{room}' is not in the order of rooms")
        for target in INCLUDE.findall(path.read_text()):
            other = included_room(target)
            if other is None:
                if "/" in target or not (path.parent / target).exists():
                    wrong.append(f'{path}: "{target}" is neither a header of its folder nor clusterutils/ROOM/NAME.h')
            elif not allowed(room, other):
                wrong.append(f"{path}: the room '{room}' may not see '{other}' ({target})")
    print("\n".join(wrong) if wrong else f"rooms: {len(files)} files keep the order")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

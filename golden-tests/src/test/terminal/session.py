"""Runs a command in a terminal of its own, types what it is told, and prints what the terminal shows in the end.

The arguments are the kind of terminal, a file of steps, and the command. The file is JSON: a list of pairs, a text to wait for and the keys to press then. What is
printed is what stands on the lines of the terminal, not what was sent to it: what was overwritten is gone.
"""

import fcntl
import json
import os
import pty
import re
import select
import struct
import sys
import termios
import time

COLUMNS = 100
SECONDS = 240
SEQUENCE = re.compile(r"\x1b(?:\[[0-9;?>=]*[ -/]*[@-~]|[=>78]|[()][0-9A-B])")


def shown(text):
    """The lines of a terminal that was sent this text; it is so high that nothing scrolls away."""
    lines, row, column, at = [[]], 0, 0, 0
    while at < len(text):
        sequence = SEQUENCE.match(text, at)
        if sequence:
            erased = {"\x1b[K": column, "\x1b[0K": column, "\x1b[2K": 0}.get(sequence.group())
            if erased is not None:
                del lines[row][erased:]
            at = sequence.end()
            continue
        character = text[at]
        at += 1
        if character == "\r":
            column = 0
        elif character == "\b":
            column = max(0, column - 1)
        elif character == "\n":
            row += 1
            if row == len(lines):
                lines.append([])
        elif character >= " ":
            if column == COLUMNS:
                row, column = row + 1, 0
                if row == len(lines):
                    lines.append([])
            line = lines[row]
            line.extend(" " * (column + 1 - len(line)))
            line[column] = character
            column += 1
    return "".join("".join(line).rstrip() + "\n" for line in lines).strip("\n") + "\n"


def main():
    with open(sys.argv[2], encoding="utf-8") as file:
        steps = json.load(file)
    child, terminal = pty.fork()
    if child == 0:
        os.environ.update(TERM=sys.argv[1], COLUMNS=str(COLUMNS), LINES="50")
        os.execvp(sys.argv[3], sys.argv[3:])
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, COLUMNS, 0, 0))
    sent, seen, deadline = b"", 0, time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        text = sent.decode("utf-8", "replace")
        if steps and steps[0][0] in text[seen:]:
            seen = text.index(steps[0][0], seen) + len(steps[0][0])
            os.write(terminal, steps.pop(0)[1].encode())
        if select.select([terminal], [], [], 0.1)[0]:
            try:
                more = os.read(terminal, 65536)
            except OSError:
                break
            if not more:
                break
            sent += more
    else:
        os.kill(child, 9)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    sys.stdout.write(shown(sent.decode("utf-8", "replace")))
    if steps:
        sys.stderr.write(f"waited in vain for {steps[0][0]!r}\n")
        return 3
    return status if status >= 0 else 128 - status


if __name__ == "__main__":
    sys.exit(main())

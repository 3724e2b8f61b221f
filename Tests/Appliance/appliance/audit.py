"""What was accepted against what the platform holds."""
import json
import re

# One line of the accepted log: EPOCH FIRST LAST.
LINE = re.compile(r"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}) (\d+) (\d+)\r?\n")


def lines(text):
    """The accepted log's lines in a text that holds other things too; the last one only when it is whole."""
    return [(epoch, int(first), int(last)) for epoch, first, last in LINE.findall(text)]


def audit(accepted, events):
    """Counts: accepted events, commits, stored, missing, duplicates (of an identity, or of a receipt's number)."""
    wanted = {(epoch, sequence) for epoch, first, last in accepted for sequence in range(first, last + 1)}
    seen, receipts, duplicates = set(), set(), 0
    for line in events:
        event = json.loads(line)
        identity = (event["epoch"], int(event["sequence"]))
        duplicates += identity in seen
        seen.add(identity)
        if event["type"] == "receipt.captured":
            number = event["data"].get("number")
            duplicates += number in receipts
            receipts.add(number)
    return {"accepted": len(wanted), "commits": len(accepted), "stored": len(seen), "missing": len(wanted - seen), "duplicates": duplicates}

"""What schemathesis cannot know from openapi.yaml: the key of a batch is made from its body, and the events of a batch belong together.

A generated batch is therefore given an identity that the contract allows, unless the run put its body wrong on purpose; each request
gets the key of the body that really goes over the wire, unless the run put the headers wrong on purpose.
"""

import hashlib
import json
import re
import uuid

import schemathesis
from schemathesis.core.failures import Failure
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation import GenerationMode

GATEWAY = "store-0042"
BATCHES = "/v1/batches"


def is_positive(case, location):
    component = case.meta.components.get(location) if case.meta else None
    return component is None or component.mode == GenerationMode.POSITIVE


def is_event(value):
    return isinstance(value, dict) and isinstance(value.get("data"), dict)


def join(events, epoch):
    """Gives events one epoch and sequences from 1 on."""
    for number, event in enumerate(events, start=1):
        event.update(
            source=f"urn:footbridge:gateway:{GATEWAY}", epoch=epoch, sequence=f"{number:020}", id=f"{epoch}:{number:020}"
        )
        if event.get("type") == "gateway.gap":
            event["data"].update(first=number, last=number)


class Key:
    """Sets the headers that follow from the body when the request is ready to go."""

    def __call__(self, request):
        body = request.body or b""
        body = body.encode() if isinstance(body, str) else body
        epoch, first, last = str(uuid.uuid4()), 1, 1
        try:
            events = json.loads(body)
            epoch, first, last = events[0]["epoch"], int(events[0]["sequence"]), int(events[-1]["sequence"])
        except (ValueError, TypeError, KeyError, IndexError):
            pass
        digest = hashlib.sha256(body).hexdigest()[:16]
        key = f'"{epoch}:{first}-{last}:{digest}"'
        if key.isascii() and key.isprintable():
            request.headers["Idempotency-Key"] = key
        return request


def is_about_the_body(case):
    """The coverage phase puts one thing wrong at a time, and then fills in headers that are not right either."""
    return case.meta is not None and getattr(case.meta.phase.data, "parameter_location", None) == ParameterLocation.BODY


@schemathesis.hook
def before_call(context, case, kwargs):
    if case.method.upper() != case.operation.method.upper():
        return
    right_headers = is_positive(case, ParameterLocation.HEADER) or is_about_the_body(case)
    if right_headers and case.headers:
        # The bodies are not packed; a coding that is named all the same is a request that the schema allows and the platform refuses.
        case.headers.pop("Content-Encoding", None)
    if case.operation.path == BATCHES:
        if is_positive(case, ParameterLocation.BODY) and isinstance(case.body, list) and all(map(is_event, case.body)):
            join(case.body, str(uuid.uuid4()))
        if is_about_the_body(case):
            case.headers = {"Footbridge-Sent-At": "2026-11-21T09:41:25.000Z", "Idempotency-Key": "made by Key"}
        if right_headers and case.headers and "Idempotency-Key" in case.headers:
            kwargs["auth"] = Key()
    elif case.operation.path == "/v1/state" and is_positive(case, ParameterLocation.BODY) and isinstance(case.body, dict):
        case.body["gateway"] = GATEWAY


# What each header of a batch must look like, whatever the run meant to send.
SHAPES = {
    "Footbridge-Sent-At": r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})",
    "Idempotency-Key": r'\s*"[^":]+:[0-9]{1,20}-[0-9]{1,20}:[0-9a-f]{16}"\s*',
    "Footbridge-Sent-Monotonic": r"[A-Za-z0-9._-]{1,64}:[0-9]{1,20}",
}


@schemathesis.check
def wrong_headers_are_refused(ctx, response, case):
    """In place of `negative_data_rejection`, which does not hold for bodies here: an event that breaks the contract is refused inside
    a 200, and a platform must ignore members that it does not know."""
    if case.operation.path != BATCHES or case.method.upper() != "POST" or response.status_code >= 400:
        return
    sent = response.request.headers
    for name, shape in SHAPES.items():
        value = sent.get(name, "" if name != "Footbridge-Sent-Monotonic" else None)
        value = value.decode("latin-1") if isinstance(value, bytes) else value
        if value is not None and not re.fullmatch(shape, value):
            raise Failure(operation=case.operation.label, title="Taken with a wrong header", message=f"{name}: {value!r}")


@schemathesis.check
def refused_events_are_named(ctx, response, case):
    """Each rejected event is settled, and was in the batch."""
    if case.operation.path != BATCHES or response.status_code != 200:
        return
    answer = response.json()
    held = [event for event in case.body if isinstance(event, dict)] if isinstance(case.body, list) else []
    sequences = {int(event["sequence"]) for event in held if str(event.get("sequence", "")).isdigit()}
    for rejection in answer["rejected"]:
        if rejection["sequence"] > answer["accepted_through"] or rejection["sequence"] not in sequences:
            raise Failure(operation=case.operation.label, title="A rejection of nothing", message=json.dumps(answer))

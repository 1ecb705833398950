"""/openapi.json is valid, has every call of the contract, and is true: each answer is one that it tells of. That its
examples succeed is for test_examples.py."""

import json

import jsonschema
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from brand import Brand
from harness import number, until

CONTRACT = """
POST /v1/products
POST /v1/dealers
POST /v1/terminals
PUT /v1/price-policies/{id}
POST /v1/batches
GET /v1/batches/{id}/codes
GET /v1/batches/{id}/labels
POST /v1/packings
POST /v1/unpackings
POST /v1/dispatches
GET /v1/dispatches/{id}/labels
POST /v1/receipts
POST /v1/transfers
POST /v1/returns
POST /v1/voids
GET /v1/codes/lookup
POST /v1/scans
POST /v1/scans/batch
GET /v1/alerts
GET /v1/alerts/{id}
GET /v1/alerts/stream
GET /v1/alerts/{id}/evidence
GET /v1/cases
POST /v1/cases
GET /v1/cases/{id}
POST /v1/cases/{id}/answers
POST /v1/cases/{id}/decisions
POST /v1/cases/{id}/appeals
POST /v1/cases/{id}/penalties
POST /v1/cases/{id}/attachments
GET /v1/cases/{id}/evidence
GET /v1/territories/flows
GET /01/{gtin}/21/{serial}
GET /00/{sscc}
GET /.well-known/gs1resolver
GET /.well-known/jwks.json
GET /log/checkpoint
GET /log/tile/{path}
GET /healthz
GET /readyz
GET /metrics
GET /openapi.json
""".split("\n")[1:-1]
METHODS = {"get", "post", "put", "delete", "patch", "head", "options"}


@pytest.fixture(scope="module")
def document(server):
    answer = server.anonymous().get("/openapi.json")
    assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("application/json")
    return answer.json()


@pytest.fixture(scope="module")
def operations(document):
    return {f"{method.upper()} {path}": operation for path, item in document["paths"].items()
            for method, operation in item.items() if method in METHODS}


@pytest.fixture(scope="module")
def busy(brand) -> Brand:
    """A server on which B1, D1, A1 and the case C1 are there."""
    items, _ = brand.goods(boxes=100)
    brand.inspector.scan(items[0], location={"region": "440106"})
    until(lambda: brand.compliance.get("/v1/alerts/A1/evidence").status_code == 200)
    assert brand.compliance.ok("/v1/cases", {"alerts": ["A1"]})["id"] == "C1"
    until(lambda: brand.compliance.get("/v1/cases/C1/evidence").status_code == 200)
    return brand


def test_it_is_valid(document):
    assert document["openapi"].startswith("3.1.")
    OpenAPIV31SpecValidator(document).validate()


def test_it_has_the_whole_contract(operations):
    assert [call for call in CONTRACT if call not in operations] == []


def test_operations_say_who_may_call_and_what_can_go_wrong(operations):
    for name, operation in operations.items():
        assert operation["operationId"] and operation["summary"] and operation["tags"], name
        if operation.get("security"):
            assert "401" in operation["responses"], name
        assert any(status.startswith(("2", "3")) for status in operation["responses"]), name
    for name in ("POST /v1/sessions", "PUT /v1/session/password", "POST /report"):
        assert "429" in operations[name]["responses"], name
    assert len({operation["operationId"] for operation in operations.values()}) == len(operations)


def test_a_session_is_a_way_in_and_the_only_one_to_itself(document, operations):
    schemes = document["components"]["securitySchemes"]
    assert (schemes["session"]["in"], schemes["session"]["name"]) == ("cookie", "yima_session")
    assert (schemes["csrf"]["in"], schemes["csrf"]["name"]) == ("header", "X-CSRF-Token")
    for name, operation in operations.items():
        session = {"session": []} | ({} if name.startswith(("GET", "HEAD")) else {"csrf": []})
        if "/v1/session" in name and name != "POST /v1/sessions":
            assert operation["security"] == [session], name
        else:
            assert operation["security"] in ([], [{"bearer": []}, {"basic": []}, session]), name


def resolved(document, value):
    """A value without references."""
    if isinstance(value, dict):
        if "$ref" in value:
            target = document
            for part in value["$ref"].removeprefix("#/").split("/"):
                target = target[part]
            return resolved(document, target)
        return {name: resolved(document, part) for name, part in value.items()}
    return [resolved(document, part) for part in value] if isinstance(value, list) else value


def examples(operation) -> list[tuple[str | None, object]]:
    """The bodies to send: media type and example; one without body when none is asked for."""
    content = operation.get("requestBody", {}).get("content", {})
    return [(kind, media["example"]) for kind, media in content.items()] or [(None, None)]


def address(path, operation, fit=lambda name, example: example) -> tuple[str, dict]:
    """The path and the query with their examples, each as `fit` makes it."""
    query = {}
    for parameter in operation.get("parameters", []):
        name = parameter["name"]
        value = fit(name, parameter["example"])
        if parameter["in"] == "path":
            path = path.replace("{" + name + "}", str(value))
        elif parameter["in"] == "query" and name != "cursor":
            query[name] = value
    return path, query


def call(client, name, operation, kind, body):
    method, path = name.split(" ", 1)
    path, query = address(path, operation)
    options = {"params": query}
    if kind == "application/json":
        options["json"] = body
    elif kind:
        options |= {"data": body.encode(), "headers": {"Content-Type": kind}}
    if "stream" in path:
        options |= {"headers": {"Last-Event-ID": "0"}, "stream": True}
    return client.call(method, path, **options)


def test_examples_are_answered_as_documented(busy, document, operations):
    """Status and media type stand in the document, and JSON follows its schema."""
    wrong = []
    for name, raw in sorted(operations.items()):
        operation = resolved(document, raw)
        for kind, body in examples(operation):
            answer = call(busy.admin, name, operation, kind, body)
            try:
                check(operation, answer)
            except (AssertionError, jsonschema.ValidationError) as error:
                wrong.append(f"{name} ({kind}): {answer.status_code}: {str(error)[:300]}")
            answer.close()
    assert not wrong, "\n".join(wrong)


def check(operation, answer):
    said = operation["responses"].get(str(answer.status_code))
    assert said, f"status is not documented: {answer.text[:200]}"
    if answer.request.method == "HEAD" or answer.status_code == 204 or 300 <= answer.status_code < 400:
        return
    media = answer.headers["Content-Type"].split(";")[0]
    assert media in said["content"], f"{media} is not documented"
    if media == "application/x-ndjson":
        assert all(isinstance(json.loads(line), dict) for line in answer.text.splitlines())
    elif media.endswith("json"):
        jsonschema.Draft202012Validator(said["content"][media]["schema"]).validate(answer.json())


def test_probes_and_numbers(busy):
    http = busy.server.anonymous()
    assert http.get("/healthz").json() == {"status": "ok"}
    ready = http.get("/readyz")
    assert ready.status_code == 200 and ready.json()["status"] == "ready"
    before = http.get("/metrics")
    assert before.headers["Content-Type"].startswith("text/plain")
    busy.inspector.scan("rubbish")
    counts = [number(http.get("/metrics").text, 'yima_scans_total{verdict="attention"}') for _ in range(2)]
    assert counts[0] == number(before.text, 'yima_scans_total{verdict="attention"}') + 1
    for line in before.text.splitlines():
        assert line.startswith("#") or len(line.rsplit(" ", 1)) == 2 and float(line.rsplit(" ", 1)[1]) >= 0

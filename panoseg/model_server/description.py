"""The protocol in OpenAPI's words (spec.openapis.org, 3.1.0), for programs; for people: docs/serving.md."""

from __future__ import annotations

from typing import Any

import panoseg
from panoseg.models.checkpoints.size_choice import LARGEST_EDGE, SMALLEST_EDGE
from panoseg.photo import PhotoLimits
from panoseg.protocol import (
    MODELS_PATH,
    PREDICTION_TYPE,
    PREDICTIONS,
    REQUEST_HEADER,
    REQUEST_NAME,
    REQUESTS_PATH,
    VERSION,
)

_ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {"error": {"type": "string", "description": "One sentence, fit to show."}},
}
_VOCABULARY = {
    "type": "object",
    "properties": {
        "labels": {"type": "array", "items": {"type": "string"}},
        "things": {"type": "array", "items": {"type": "integer"}},
        "dataset_ids": {"type": "array", "items": {"type": "integer"}},
    },
}
_MODEL = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "revision": {"type": ["string", "null"]},
        "device": {"type": "string"},
        "vocabulary": {"$ref": "#/components/schemas/Vocabulary"},
        "decided": {"type": "boolean", "description": "Whether things are told from stuff."},
        "largest_edge": {"type": "integer"},
        "lanes": {"type": "integer", "description": "Pictures in networks at the same time."},
        "weights_sha256": {"type": "string"},
        "engine": {"type": "string"},
        "precision": {"type": "string"},
    },
}
_PROGRESS = {
    "type": "object",
    "properties": {
        "state": {"enum": ["waiting", "running", "unknown"]},
        "place": {"type": "integer", "description": "0 in the network, 1 next in line, …"},
        "seconds": {"type": "number"},
        "expected_seconds": {"type": ["number", "null"]},
    },
}
_REFUSALS = {
    "400": "What was asked makes no sense.",
    "401": "Another token is needed.",
    "404": "There is no such model.",
    "408": "The picture came too slowly.",
    "409": "It was given up, or another request has that name.",
    "413": "The picture's file is too large.",
    "422": "The picture cannot be read, or has too many pixels.",
    "426": "Another version of the protocol is needed.",
    "500": "The model failed.",
    "503": "The line is full, or the server starts or stops; Retry-After says when to ask again.",
    "507": "Memory is too short for a picture of that size.",
}


def description(limits: PhotoLimits) -> dict[str, Any]:
    """The whole document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "panoseg's models",
            "version": f"{VERSION}",
            "description": f"panoseg {panoseg.__version__}. {limits.accepted}",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "security": [{"token": []}],
        "paths": {
            MODELS_PATH: {"get": _operation("models", "The models that are served.", _ref("Models"))},
            f"{MODELS_PATH}/{{name}}/{PREDICTIONS}": {"post": _prediction()},
            f"{REQUESTS_PATH}/{{request}}": {
                "parameters": [_request_name("path", "request", required=True)],
                "get": _operation("progress", "Where a request is.", _ref("Progress")),
                "delete": _operation("withdraw", "Give a request up.", _ref("Progress")),
            },
            "/healthz": {"get": _probe("live", "Whether the server lives.")},
            "/readyz": {"get": _probe("ready", "Whether it has models for who comes.")},
        },
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {
                "Error": _ERROR,
                "Vocabulary": _VOCABULARY,
                "Model": _MODEL,
                "Models": {
                    "type": "object",
                    "properties": {
                        "protocol": {"const": VERSION},
                        "models": {"type": "array", "items": _ref("Model")},
                    },
                },
                "Progress": _PROGRESS,
            },
        },
    }


def _prediction() -> dict[str, Any]:
    size = {
        "oneOf": [
            {"enum": ["shipped", "paper"]},
            {"type": "integer", "minimum": SMALLEST_EDGE, "maximum": LARGEST_EDGE},
        ]
    }
    return {
        **_operation("predict", "One forward pass over one picture; waits in line for it.", None),
        "parameters": [
            {
                "name": "name",
                "in": "path",
                "required": True,
                "schema": {"type": "string"},
                "description": "As the server lists it; a slash in it stays one.",
            },
            {"name": "input_size", "in": "query", "schema": {**size, "default": "shipped"}},
            {
                "name": "precision",
                "in": "query",
                "schema": {"enum": ["full", "half"], "default": "full"},
            },
            _request_name("header", REQUEST_HEADER, required=False),
        ],
        "requestBody": {
            "required": True,
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        },
    }


def _operation(name: str, summary: str, schema: dict[str, Any] | None) -> dict[str, Any]:
    content = (
        {PREDICTION_TYPE: {"schema": {"type": "string", "format": "binary"}}}
        if schema is None
        else {"application/json": {"schema": schema}}
    )
    statuses = (
        _REFUSALS if schema is None else {status: _REFUSALS[status] for status in ("401", "426", "503")}
    )
    return {
        "operationId": name,
        "summary": summary,
        "responses": {
            "200": {"description": summary, "content": content},
            **{
                status: {
                    "description": words,
                    "content": {"application/json": {"schema": _ref("Error")}},
                }
                for status, words in statuses.items()
            },
        },
    }


def _probe(name: str, summary: str) -> dict[str, Any]:
    text = {"content": {"text/plain": {"schema": {"type": "string"}}}}
    return {
        "operationId": name,
        "summary": summary,
        "security": [],
        "responses": {
            "200": {"description": "Yes.", **text},
            "503": {"description": "No; the text says why.", **text},
        },
    }


def _request_name(where: str, name: str, *, required: bool) -> dict[str, Any]:
    return {
        "name": name,
        "in": where,
        "required": required,
        "schema": {"type": "string", "pattern": f"^{REQUEST_NAME}$"},
    }


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}

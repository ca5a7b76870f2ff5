"""What a model server and those who ask it agree on (docs/serving.md): paths, headers, what bytes mean.

Nothing here opens a connection, and nothing that comes from one is unpickled.
"""

VERSION = 1
"""Of the protocol. A change that an older client or server would misread is a new one."""

VERSION_HEADER = "Panoseg-Protocol"
"""Every answer and every request names the version that its sender speaks."""

REQUEST_HEADER = "Panoseg-Request"
"""The name that a client gives to what it asks for, so that it can ask for its place or give it up."""

MODELS_PATH = f"/v{VERSION}/models"
REQUESTS_PATH = f"/v{VERSION}/requests"
PREDICTIONS = "predictions"
"""A model's predictions are asked for at MODELS_PATH/NAME/predictions."""

PREDICTION_TYPE = "application/vnd.panoseg.prediction+safetensors"
REQUEST_NAME = r"[A-Za-z0-9_-]{16,64}"
"""What a client may call a request: random, so that nobody else finds it."""

"""A model server in a process of its own, without Ray: `python -m tests.model_server.alone PORT [held]`.

Its model is a fake; "held", its network comes to no end.
"""

import sys

from panoseg.model_server.server import ModelServer, ServerOptions
from panoseg.photo import PhotoLimits
from tests.model_server.local_replicas import LocalReplicas
from tests.model_server.running import TOKEN

if __name__ == "__main__":
    replicas = LocalReplicas()
    replicas.held = "held" in sys.argv
    ModelServer(ServerOptions("127.0.0.1", int(sys.argv[1]), TOKEN, PhotoLimits(), 2), replicas).run()

"""Object storage for runs."""

import pytest


@pytest.fixture(scope="module")
def storage():
    """An S3-compatible server with a bucket; its address stands where every S3 client looks for it."""
    boto3 = pytest.importorskip("boto3", reason="it speaks to object storage")
    moto = pytest.importorskip("moto.server", reason="it is the object storage")
    server = moto.ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        patch.setenv("AWS_ACCESS_KEY_ID", "test")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        bucket = boto3.resource("s3").create_bucket(Bucket="pictures")
        yield bucket
    server.stop()

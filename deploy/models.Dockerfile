# The model server: panoseg with Ray. From the repository's root: docker build -f deploy/models.Dockerfile .
ARG BASE=python:3.11.16-slim@sha256:9534e5a8e315485d4061ed659af0fd78a284c015f9b73661b41d6bab25604534

FROM ${BASE} AS builder
ARG TORCH=2.13.0
ARG RAY=2.60.0
# Where PyTorch's builds for CPUs are; for GPUs: TORCH_BUILD= (nothing).
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
ARG TORCH_BUILD=+cpu
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /build
RUN python -m venv --without-pip /srv/panoseg
RUN pip --python /srv/panoseg/bin/python install --no-deps --extra-index-url "$TORCH_INDEX" "torch==$TORCH$TORCH_BUILD"
COPY docker/requirements.lock ./
RUN pip --python /srv/panoseg/bin/python install --no-deps --require-hashes --requirement requirements.lock
RUN pip --python /srv/panoseg/bin/python install --constraint requirements.lock "ray[serve]==$RAY"
COPY pyproject.toml README.md LICENSE ./
COPY panoseg panoseg
RUN pip --python /srv/panoseg/bin/python install --no-deps .

FROM ${BASE}
ENV PATH=/srv/panoseg/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HF_HOME=/models \
    PANOSEG_HOME=/models/panoseg \
    PANOSEG_CACHE=/models/panoseg \
    HOME=/tmp
RUN useradd --uid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin panoseg \
 && install -d -o panoseg -g panoseg /models
COPY --from=builder /srv/panoseg /srv/panoseg
USER 10001:10001
WORKDIR /tmp
VOLUME /models
EXPOSE 7100
HEALTHCHECK --interval=10s --timeout=5s --start-period=120s --retries=3 \
  CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:7100/readyz', timeout=4)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["panoseg", "serve", "--address=0.0.0.0", "--port=7100"]

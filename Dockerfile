# docker build .                                  for CPUs
# docker build --build-arg ACCELERATOR=cuda .     for NVIDIA GPUs: 5 GB more
#
# A tag can be made to mean something else; a digest cannot: --build-arg BASE=python:3.11-slim@sha256:…
ARG BASE=python:3.11-slim

FROM ${BASE} AS builder

ARG ACCELERATOR=cpu
ARG TORCH=2.13.0
# Where PyTorch's builds for CPUs are; the others are with all packages.
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
ARG PIP_FIND_LINKS
ENV PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /build

# The libraries change rarely: they are layers of their own. What is not as its hash says is not installed.
RUN python -m venv --without-pip /srv/panoseg
RUN case "$ACCELERATOR" in \
      cpu) pip --python /srv/panoseg/bin/python install --no-deps --extra-index-url "$TORCH_INDEX" "torch==$TORCH+cpu" ;; \
      cuda) pip --python /srv/panoseg/bin/python install "torch==$TORCH" ;; \
      *) echo "ACCELERATOR is cpu or cuda, not $ACCELERATOR" >&2; exit 2 ;; \
    esac
COPY docker/requirements.lock ./
RUN pip --python /srv/panoseg/bin/python install --no-deps --require-hashes --requirement requirements.lock

COPY pyproject.toml README.md LICENSE ./
COPY panoseg panoseg
RUN pip --python /srv/panoseg/bin/python install --no-deps --no-build-isolation .

# What nothing here runs: the libraries' own tests and headers, compilers' helpers, other formats, other programs'
# extensions, symbols for debuggers, and bytecode but of what is really imported.
COPY docker/first_run.py ./
ENV NUMBA_CACHE_DIR=/srv/panoseg/machine-code
RUN apt-get update && apt-get install --yes --no-install-recommends binutils \
 && cd /srv/panoseg/lib/python*/site-packages \
 && rm -rf torch/test torch/include torch/share pyarrow/include pyarrow/tests pandas/tests \
      numpy/*/tests scipy/*/tests scipy/*/*/tests sympy/*/tests sympy/*/*/tests networkx/*/tests \
      networkx/*/*/tests numba/tests numba/cuda/tests plotly/package_data/datasets plotly/labextension \
      plotly/package_data/plotly.min.js pydeck/nbextension openvino/include setuptools setuptools-* \
      pkg_resources _distutils_hack distutils-precedence.pth /srv/panoseg/share \
      openvino/libs/libopenvino_paddle_frontend* openvino/libs/libopenvino_tensorflow* \
      openvino/libs/libopenvino_onnx_frontend* openvino/libs/libopenvino_intel_gpu* \
      openvino/libs/libopenvino_intel_npu* pyarrow/libarrow_flight* pyarrow/libarrow_python_flight* \
      pyarrow/_flight* pyarrow/libarrow_substrait* pyarrow/_substrait* pyarrow/libarrow_s3* pyarrow/_s3fs* \
 && find . -name '*.a' -delete && find torch/bin -type f ! -name torch_shm_manager -delete \
 && for library in torch/lib/*.so llvmlite/binding/*.so pyarrow/*.so pyarrow/*.so.*; do \
      strip --strip-unneeded "$library"; \
    done \
 && find /srv/panoseg -name __pycache__ -prune -exec rm -rf {} + \
 # Of the package that is installed, not of the sources beside; another kind of processor makes its own.
 && /srv/panoseg/bin/python -P /build/first_run.py
COPY docker/sbom.json /srv/panoseg/sbom.json


FROM ${BASE}

ENV PATH=/srv/panoseg/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    NUMBA_CACHE_DIR=/srv/panoseg/machine-code \
    HF_HOME=/models \
    PANOSEG_HOME=/models/panoseg \
    PANOSEG_CACHE=/models/panoseg \
    HOME=/tmp

# A fixed number, so that whoever mounts a folder on /models knows whom to give it to. Nobody installs anything
# into a running container: what could is taken away.
RUN useradd --uid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin panoseg \
 && install -d -o panoseg -g panoseg /models \
 && find / -xdev \( -path '*/python3*/pip' -o -path '*/python3*/pip-*' -o -path '*/python3*/ensurepip' \
      -o -path '*/python3*/setuptools' -o -path '*/python3*/setuptools-*' -o -path '*/python-wheels' \) \
      -prune -exec rm -rf {} + \
 && rm -f /usr/bin/pip* /usr/local/bin/pip*
COPY --from=builder /srv/panoseg /srv/panoseg

USER 10001:10001
WORKDIR /tmp
# Downloaded checkpoints; none is baked in but the demo model.
VOLUME /models
EXPOSE 7000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
  CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:7000/healthz', timeout=4)"]
# SIGTERM ends it within ten seconds; what runs may end before.
STOPSIGNAL SIGTERM
CMD ["panoseg", "app", "--address=0.0.0.0", "--port=7000", "--no-browser"]

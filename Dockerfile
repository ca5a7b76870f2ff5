# docker build .                                  for CPUs
# docker build --build-arg ACCELERATOR=cuda .     for NVIDIA GPUs: 5 GB more
#
# A tag can be made to mean something else, a digest cannot. It is that of the index, with amd64 and arm64 in it;
# a newer one, with what Debian has mended since: --build-arg BASE=python:3.11-slim, and put its digest here.
ARG BASE=python:3.11.16-slim@sha256:9534e5a8e315485d4061ed659af0fd78a284c015f9b73661b41d6bab25604534

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

# What nothing here runs: the libraries' own tests, sources, headers and pictures, compilers' helpers, other formats
# and devices, other programs' extensions, charts that the page has none of, symbols for debuggers, and bytecode but
# of what is really imported. Types of scikit-image stay: it reads them to know what to import. Libraries in folders
# *.libs were moved there by another tool, and cannot be loaded any more once they are stripped.
COPY docker/first_run.py ./
ENV NUMBA_CACHE_DIR=/srv/panoseg/machine-code
RUN apt-get update && apt-get install --yes --no-install-recommends binutils \
 && cd /srv/panoseg/lib/python*/site-packages \
 && find . -type d -name tests -prune -exec rm -rf {} + \
 && rm -rf torch/test torch/include torch/share pyarrow/include plotly/package_data/datasets plotly/labextension \
      plotly/package_data/plotly.min.js pydeck/nbextension openvino/include setuptools setuptools-* \
      pkg_resources _distutils_hack distutils-precedence.pth /srv/panoseg/share \
      openvino/libs/libopenvino_paddle_frontend* openvino/libs/libopenvino_tensorflow* \
      openvino/libs/libopenvino_onnx_frontend* openvino/libs/libopenvino_intel_gpu* \
      openvino/libs/libopenvino_intel_npu* pyarrow/libarrow_flight* pyarrow/libarrow_python_flight* \
      pyarrow/_flight* pyarrow/_substrait* pyarrow/libarrow_s3* pyarrow/_s3fs* \
      openvino/libs/libopenvino_gguf_frontend* openvino/libs/libopenvino_jax_frontend* openvino/libs/cache.json \
      openvino/cmake openvino/frontend/onnx openvino/frontend/paddle openvino/frontend/tensorflow \
      openvino/frontend/jax streamlit/static/static/js/PlotlyChart.* streamlit/static/static/js/EChartsChart.* \
      streamlit/static/static/js/DeckGlJsonChart.* streamlit/static/static/js/GraphVizChart.* \
 && for name in pyarrow/libarrow_python.so pyarrow/libarrow_python.so.*.*; do \
      ln -sf "$(basename pyarrow/libarrow_python.so.????)" "$name"; \
    done \
 && find torch/bin -type f ! -name torch_shm_manager -delete \
 && find skimage/data -type f ! -name '*.py*' -delete \
 && find . -type f \( -name '*.a' -o -name '*.[ch]' -o -name '*.[ch]pp' -o -name '*.px[di]' -o -name '*.pyx' \) -delete \
 && find torch openvino numpy scipy pandas pyarrow numba -type f -name '*.pyi' -delete \
 && find . -path '*.libs' -prune -o -type f \( -name '*.so' -o -name '*.so.*' \) -exec strip --strip-unneeded {} + \
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

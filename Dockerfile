FROM python:3.11-slim

ENV PYTHONDONTWRITEBYTECODE=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    HF_HOME=/models \
    PANOSEG_HOME=/models/panoseg \
    NUMBA_CACHE_DIR=/var/cache/panoseg \
    PANOSEG_CACHE=/models/panoseg \
    HOME=/home/panoseg

# A fixed number, so that whoever mounts a folder on /models knows whom to give it to.
RUN useradd --uid 10001 --create-home --home-dir /home/panoseg panoseg \
 && install -d -o panoseg -g panoseg /models /var/cache/panoseg
# For a smaller image without CUDA: set one of these to where PyTorch's CPU builds are.
ARG PIP_EXTRA_INDEX_URL
ARG PIP_FIND_LINKS
WORKDIR /app

# The libraries change rarely: they are a layer of their own.
COPY requirements.txt ./
RUN pip install --requirement requirements.txt openvino==2026.4.1

COPY pyproject.toml README.md LICENSE ./
COPY panoseg panoseg
RUN pip install --no-deps --editable .

USER panoseg
# The merging's machine code, so that no visitor waits for a compiler; another processor compiles its own.
RUN python -c "from panoseg.merging import warm_up; warm_up()"
# Downloaded checkpoints; none is baked in but the demo model.
VOLUME /models
EXPOSE 7000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
  CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:7000/_stcore/health', timeout=4)"]
CMD ["panoseg", "app", "--address=0.0.0.0", "--port=7000", "--no-browser"]

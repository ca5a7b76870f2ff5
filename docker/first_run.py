"""While the image is built: do once what a server does, so that bytecode and machine code of it are there."""

from importlib import import_module

from streamlit.testing.v1 import AppTest

import panoseg
from panoseg.demo.gallery import GALLERY, open_scene
from panoseg.merging import warm_up
from panoseg.page.app import SCRIPT

BESIDE_THE_PAGE = (
    "authlib.integrations.starlette_client",
    "openvino",
    "panoseg.cli",
    "panoseg.page.server",
    "pillow_heif",
    "pyarrow.parquet",
    "pycocotools.mask",
    "scipy.ndimage",
    "skimage.measure",
    "streamlit.web.bootstrap",
    "streamlit.web.cli",
    "streamlit.web.server.starlette",
    "tifffile",
    "uvicorn.protocols.http.h11_impl",
    "uvicorn.protocols.websockets.websockets_sansio_impl",
)

if __name__ == "__main__":
    warm_up()
    panoseg.load_segmenter("demo", engine="torch").predict(open_scene(next(iter(GALLERY))))
    page = AppTest.from_file(SCRIPT, default_timeout=120).run()
    if page.exception:
        raise SystemExit(f"The page does not work: {page.exception}")
    for name in BESIDE_THE_PAGE:
        import_module(name)

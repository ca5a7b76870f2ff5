"""What `streamlit run` starts: the page in panoseg/page/picture_page.py.

It imports this file once, for the server at its end, which runs it again as the page whenever a
visitor changes anything.
"""

import streamlit as st

from panoseg.page import server, viewer
from panoseg.page.picture_page import page

if __name__ == "__main__":
    page()
else:
    app = st.App(__file__, lifespan=server.lifespan, routes=viewer.routes())

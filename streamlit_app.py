"""`streamlit run streamlit_app.py` in a clone: the page itself is in panoseg/page."""

import streamlit as st

from panoseg.page import server
from panoseg.page.app import SCRIPT

# Streamlit looks for this very call in the text of the file.
app = st.App(SCRIPT, **server.checked_options())

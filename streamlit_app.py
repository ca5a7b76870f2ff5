"""`streamlit run streamlit_app.py` in a clone: the page itself is in panoseg/page."""

import streamlit as st

from panoseg.page import server
from panoseg.page.app import SCRIPT
from panoseg.start_check import check_settings_or_exit

check_settings_or_exit()
app = st.App(SCRIPT, lifespan=server.lifespan)

"""The page as Streamlit starts it.

It imports this file once, for the server at its end, which runs it again as the page whenever a visitor
changes anything.
"""

import streamlit as st

from panoseg.page import server
from panoseg.page.picture_page import page
from panoseg.start_check import check_settings_or_exit

if __name__ == "__main__":
    page()
else:
    check_settings_or_exit()
    app = st.App(__file__, lifespan=server.lifespan)

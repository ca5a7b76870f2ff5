"""What `streamlit run` and `panoseg app` start, and Streamlit's options beside it.

A folder of its own, as Streamlit puts the folder of what it starts before all others where Python looks
for modules. `.streamlit/config.toml` is the only place of the options; the repository's `.streamlit` is a
link to it.
"""

from pathlib import Path

SCRIPT = Path(__file__).with_name("panoseg_app.py")
"""The script that Streamlit runs for every change on the page."""

"""A run as a whole: what is in its pictures at some thresholds, which of them a question leaves, and in which
order; small pictures of them; runs that visitors make. Free of Streamlit and of the page.
"""

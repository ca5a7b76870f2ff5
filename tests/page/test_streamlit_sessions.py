"""What panoseg changes about Streamlit's sessions."""

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

from panoseg.page.streamlit_sessions import keep_answers


def queue_of_a_run_that_was_asked_for_a_file() -> ForwardMsgQueue:
    queue = ForwardMsgQueue()
    drawn = ForwardMsg()
    drawn.delta.new_element.text.body = "of the former run"
    answer = ForwardMsg()
    answer.file_urls_response.response_id = "asked"
    for message in (drawn, answer):
        queue.enqueue(message)
    return queue


def test_where_a_file_goes_is_said_although_a_run_begins():
    keep_answers()
    queue = queue_of_a_run_that_was_asked_for_a_file()
    queue.clear(retain_lifecycle_msgs=True)
    (left,) = queue.flush()
    assert left.file_urls_response.response_id == "asked"
    assert not queue.flush()


def test_it_is_said_once_where_a_part_of_the_page_runs():
    keep_answers()
    queue = queue_of_a_run_that_was_asked_for_a_file()
    queue.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=["a part"])
    answers = [message for message in queue.flush() if message.WhichOneof("type") == "file_urls_response"]
    assert len(answers) == 1

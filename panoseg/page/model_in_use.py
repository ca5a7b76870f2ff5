"""Which model the page goes on with when the wanted one is not there, and which could not be had."""

from panoseg.errors import PanosegError
from panoseg.page.model_offers import Offer, offers
from panoseg.page.model_service import model_service
from panoseg.page.session import Session, current_session
from panoseg.setting_values import DEMO


def model_in_use(session: Session, wanted: Offer) -> Offer:
    """The wanted model, the last that worked, or the shipped one.

    The first that is in memory; else one that needs no download; else the wanted one all the same.
    """
    working = [session.working] if session.working else []
    shipped = [offer for offer in offers() if offer.name == DEMO]
    candidates = [offer for offer in (wanted, *working, *shipped) if not failure(session, offer)]
    loaded = (offer for offer in candidates if model_service().is_loaded(offer.name))
    local = (offer for offer in candidates if offer.is_local)
    return next(loaded, None) or next(local, wanted)


def is_at_hand(model: Offer) -> bool:
    """Whether the page itself waits for that model: it is in memory, or comes without a download."""
    return model.is_local or model_service().is_loaded(model.name)


def failure(session: Session, model: Offer) -> str:
    """Why that model could not be had in this session; empty if it was not tried or works."""
    return session.failures.get(model.name, "")


def note_failure(session: Session, model: Offer, error: PanosegError) -> None:
    """Remember why a model cannot be had, so that it is not tried again until somebody asks.

    In the words of the picker, as nobody has chosen a repository or a folder.
    """
    message = str(error)
    is_known_so = model.is_local and model.name == model.public_name
    session.failures[model.name] = message if is_known_so else message.replace(model.name, model.title)


def note_success(session: Session, model: Offer) -> None:
    """Remember that a model works, though another picture may have been too much for it."""
    session.working = model
    session.failures.pop(model.name, None)


def try_again(name: str) -> None:
    """Callback: forget that the model failed."""
    session = current_session()
    session.failures.pop(name, None)
    session.is_page_stale = True

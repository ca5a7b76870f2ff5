"""Which of a checkpoint's classes are things and which are stuff.

No checkpoint says so in its configuration, so it is never guessed. The first of these decides:

1. the caller: `load_segmenter(…, things=[…])`;
2. what a user decided for this checkpoint before (`remembered_things`);
3. the key `panoseg_things` in the checkpoint's config.json;
4. the data set of an official checkpoint, `facebook/mask2former-swin-<size>-<data set>-<task>`;
5. labels that are, one by one and in order, those of a known data set (capitals, hyphens and the
   synonyms after a comma aside): this is how a fine-tune or a local copy is recognised;
6. the `thing_ids` beside the same labels in the metadata of an image processor: OneFormer's has them.

Anything else is refused with an `UnknownThingsError` that tells how to say it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from panoseg.errors import ModelError, UnknownThingsError
from panoseg.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class DataSet:
    """What a data set's authors laid down about its classes, and how large the paper looks at it.

    Attributes:
        name: for messages and docs.
        labels: the names, by contiguous class id.
        things: class ids that are countable objects; the rest is stuff.
        category_ids: the data set's own ids, or None where they are the class ids.
        paper_edges: (shortest, longest) edge in pixels at which the paper's own configurations test.
    """

    name: str
    labels: tuple[str, ...]
    things: frozenset[int]
    category_ids: tuple[int, ...] | None = None
    paper_edges: tuple[int, int] = (800, 1333)


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.replace("\n", " ").split(";"))


def _ids(text: str) -> tuple[int, ...]:
    """(1, 2, 3, 7) for "1-3 7"."""
    spans = ([int(end) for end in span.split("-")] for span in text.split())
    return tuple(number for span in spans for number in range(span[0], span[-1] + 1))


_COCO_THINGS = _names(
    """person; bicycle; car; motorcycle; airplane; bus; train; truck; boat; traffic light;
    fire hydrant; stop sign; parking meter; bench; bird; cat; dog; horse; sheep; cow; elephant; bear;
    zebra; giraffe; backpack; umbrella; handbag; tie; suitcase; frisbee; skis; snowboard;
    sports ball; kite; baseball bat; baseball glove; skateboard; surfboard; tennis racket; bottle;
    wine glass; cup; fork; knife; spoon; bowl; banana; apple; sandwich; orange; broccoli; carrot;
    hot dog; pizza; donut; cake; chair; couch; potted plant; bed; dining table; toilet; tv; laptop;
    mouse; remote; keyboard; cell phone; microwave; oven; toaster; sink; refrigerator; book; clock;
    vase; scissors; teddy bear; hair drier; toothbrush"""
)
_COCO_STUFF = _names(
    """banner; blanket; bridge; cardboard; counter; curtain; door-stuff; floor-wood; flower; fruit;
    gravel; house; light; mirror-stuff; net; pillow; platform; playingfield; railroad; river; road;
    roof; sand; sea; shelf; snow; stairs; tent; towel; wall-brick; wall-stone; wall-tile; wall-wood;
    water-other; window-blind; window-other; tree-merged; fence-merged; ceiling-merged;
    sky-other-merged; cabinet-merged; table-merged; floor-other-merged; pavement-merged;
    mountain-merged; grass-merged; dirt-merged; paper-merged; food-other-merged;
    building-other-merged; rock-merged; wall-other-merged; rug-merged"""
)
_COCO_THING_IDS = _ids("1-11 13-25 27-28 31-44 46-65 67 70 72-82 84-90")
_COCO_STUFF_IDS = _ids(
    "92-93 95 100 107 109 112 118-119 122 125 128 130 133 138 141 144-145 147-149 151 154-156 159 "
    "161 166 168 171 175-178 180-181 184-200"
)
COCO_PANOPTIC = DataSet(
    "COCO panoptic",
    _COCO_THINGS + _COCO_STUFF,
    frozenset(range(80)),
    _COCO_THING_IDS + _COCO_STUFF_IDS,
)
COCO_INSTANCE = DataSet("COCO instance", _COCO_THINGS, frozenset(range(80)), _COCO_THING_IDS)

ADE20K = DataSet(
    "ADE20K",
    _names(
        """wall; building; sky; floor; tree; ceiling; road; bed; windowpane; grass; cabinet;
        sidewalk; person; earth; door; table; mountain; plant; curtain; chair; car; water; painting;
        sofa; shelf; house; sea; mirror; rug; field; armchair; seat; fence; desk; rock; wardrobe;
        lamp; bathtub; railing; cushion; base; box; column; signboard; chest of drawers; counter;
        sand; sink; skyscraper; fireplace; refrigerator; grandstand; path; stairs; runway; case;
        pool table; pillow; screen door; stairway; river; bridge; bookcase; blind; coffee table;
        toilet; flower; book; hill; bench; countertop; stove; palm; kitchen island; computer;
        swivel chair; boat; bar; arcade machine; hovel; bus; towel; light; truck; tower; chandelier;
        awning; streetlight; booth; television receiver; airplane; dirt track; apparel; pole; land;
        bannister; escalator; ottoman; bottle; buffet; poster; stage; van; ship; fountain;
        conveyer belt; canopy; washer; plaything; swimming pool; stool; barrel; basket; waterfall;
        tent; bag; minibike; cradle; oven; ball; food; step; tank; trade name; microwave; pot;
        animal; bicycle; lake; dishwasher; screen; blanket; sculpture; hood; sconce; vase;
        traffic light; tray; ashcan; fan; pier; crt screen; plate; monitor; bulletin board; shower;
        radiator; glass; clock; flag"""
    ),
    frozenset(
        _ids(
            "7-8 10 12 14-15 18-20 22-24 27 30-33 35-39 41-45 47 49-50 53 55-58 62 64-67 69-76 78 "
            "80-83 85-90 92-93 95 97-98 102-104 107-108 110-112 115-116 118-121 123-127 129-130 "
            "132-139 142-144 146-149"
        )
    ),
    paper_edges=(640, 2560),
)

_CITYSCAPES_STUFF = _names(
    """road; sidewalk; building; wall; fence; pole; traffic light; traffic sign; vegetation; terrain;
    sky"""
)
_CITYSCAPES_THINGS = _names("person; rider; car; truck; bus; train; motorcycle; bicycle")
_CITYSCAPES_THING_IDS = _ids("24-28 31-33")
CITYSCAPES = DataSet(
    "Cityscapes",
    _CITYSCAPES_STUFF + _CITYSCAPES_THINGS,
    frozenset(range(11, 19)),
    _ids("7-8 11-13 17 19-23") + _CITYSCAPES_THING_IDS,
    (1024, 2048),
)
CITYSCAPES_INSTANCE = DataSet(
    "Cityscapes instance", _CITYSCAPES_THINGS, frozenset(range(8)), _CITYSCAPES_THING_IDS, (1024, 2048)
)

MAPILLARY_VISTAS = DataSet(
    "Mapillary Vistas",
    _names(
        """Bird; Ground Animal; Curb; Fence; Guard Rail; Barrier; Wall; Bike Lane;
        Crosswalk - Plain; Curb Cut; Parking; Pedestrian Area; Rail Track; Road; Service Lane;
        Sidewalk; Bridge; Building; Tunnel; Person; Bicyclist; Motorcyclist; Other Rider;
        Lane Marking - Crosswalk; Lane Marking - General; Mountain; Sand; Sky; Snow; Terrain;
        Vegetation; Water; Banner; Bench; Bike Rack; Billboard; Catch Basin; CCTV Camera;
        Fire Hydrant; Junction Box; Mailbox; Manhole; Phone Booth; Pothole; Street Light; Pole;
        Traffic Sign Frame; Utility Pole; Traffic Light; Traffic Sign (Back); Traffic Sign (Front);
        Trash Can; Bicycle; Boat; Bus; Car; Caravan; Motorcycle; On Rails; Other Vehicle; Trailer;
        Truck; Wheeled Slow; Car Mount; Ego Vehicle"""
    ),
    frozenset(_ids("0-1 8 19-23 32-42 44-57 59-62")),
    paper_edges=(2048, 2048),
)

DEMO_WORLD = DataSet(
    "Demo world",
    _names("""ball; balloon; boat; car; house; person; sheep; tree; grass; mountain; road; sky; water"""),
    frozenset(range(8)),
)

DATA_SETS = (
    COCO_PANOPTIC,
    COCO_INSTANCE,
    ADE20K,
    CITYSCAPES,
    CITYSCAPES_INSTANCE,
    MAPILLARY_VISTAS,
)

_OFFICIAL = re.compile(
    r"facebook/mask2former-swin-\w+(?:-IN21k)?-"
    r"(?P<family>coco|ade|cityscapes|mapillary-vistas)-(?:panoptic|instance|semantic)"
)
_BY_FAMILY = {
    "coco": (COCO_PANOPTIC, COCO_INSTANCE),
    "ade": (ADE20K,),
    "cityscapes": (CITYSCAPES, CITYSCAPES_INSTANCE),
    "mapillary-vistas": (MAPILLARY_VISTAS,),
}


def vocabulary_of(
    name: str,
    config: Mapping[str, Any],
    things: Iterable[str | int] | None = None,
    metadata: Any = None,
) -> Vocabulary:
    """The classes of a checkpoint; the module's docstring has the rules.

    Args:
        name: hub id or folder name.
        config: contents of its config.json; the labels are those of `id2label`.
        things: labels (or class ids) that are things, where the caller knows.
        metadata: what the image processor keeps of its data set, if anything.

    Raises:
        UnknownThingsError: nothing tells things from stuff.
        ModelError: the configuration names no labels, or `things` are not among them.
    """
    labels = labels_of(config)
    known = data_set_of(name, labels)
    category_ids = known.category_ids if known else None
    if things is None:
        things = config.get("panoseg_things")
    if things is not None:
        return Vocabulary(labels, _class_ids(labels, things), category_ids)
    if known is not None:
        return Vocabulary(labels, known.things, category_ids)
    # A fine-tune often keeps the image processor of the data set that it came from.
    if isinstance(metadata, Mapping) and metadata.get("class_names") == list(labels):
        return Vocabulary(labels, _class_ids(labels, metadata.get("thing_ids")))
    raise UnknownThingsError(
        f"{name} names {len(labels)} classes that belong to no data set known to panoseg; say which "
        f"of them are countable things, as in load_segmenter(…, things=[{labels[0]!r}]), or [] for "
        "none; `panoseg models things` remembers it.",
        name,
        labels,
    )


def labels_of(config: Mapping[str, Any]) -> tuple[str, ...]:
    """The labels in a config.json's `id2label`, by class id, stray spaces removed.

    Raises:
        ModelError: it names none, leaves one out, or only numbers them (LABEL_0 …).
    """
    table = config.get("id2label")
    if not isinstance(table, Mapping) or not table:
        raise ModelError("The checkpoint's config.json names no labels (id2label is missing).")
    by_id = {str(class_id): label for class_id, label in table.items()}
    labels = tuple(by_id.get(str(class_id)) for class_id in range(len(by_id)))
    names = tuple(label.strip() for label in labels if isinstance(label, str) and label.strip())
    if len(names) != len(labels):
        raise ModelError(
            f"The checkpoint's config.json must name one label for each class from 0 to "
            f"{len(labels) - 1} in id2label."
        )
    if all(re.fullmatch(r"LABEL_\d+", name) for name in names):
        raise ModelError(
            "The checkpoint's config.json names no labels, it only numbers them (LABEL_0 …); write "
            "their names into id2label."
        )
    return names


def data_set_of(name: str, labels: tuple[str, ...]) -> DataSet | None:
    """The data set of an official checkpoint's name, or of exactly these labels; None if neither."""
    official = _OFFICIAL.fullmatch(name)
    if official:
        for data_set in _BY_FAMILY[official["family"]]:
            if len(data_set.labels) == len(labels):
                return data_set
    plain = [_plain(label) for label in labels]
    for data_set in DATA_SETS:
        if plain == [_plain(label) for label in data_set.labels]:
            return data_set
    return None


def _plain(label: str) -> str:
    first_name = label.split(",")[0]
    return " ".join(re.split(r"[\s_-]+", first_name.strip().casefold()))


def _class_ids(labels: tuple[str, ...], things: Any) -> set[int]:
    if isinstance(things, (str, int)) or not isinstance(things, Iterable):
        raise ModelError(f"Things are a list of labels, such as [{labels[0]!r}], got {things!r}.")
    ids: set[int] = set()
    for thing in things:
        if isinstance(thing, str):
            found = {i for i, label in enumerate(labels) if label == thing.strip()}
        else:
            found = {i for i in range(len(labels)) if i == thing}
        if not found:
            raise ModelError(
                f"{thing!r} is none of the checkpoint's {len(labels)} labels, which begin with "
                f"{', '.join(labels[:5])}."
            )
        ids |= found
    return ids

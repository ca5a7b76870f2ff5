"""The colour of a label: the same in every picture, from every model and, where there is one, a natural one.

Sky is sky blue, plants are green, ground is brown, what traffic runs on is grey, vehicles are blue to violet,
animals have colours of fur, and nothing but people is crimson. Names are those of COCO, ADE20K, Cityscapes
and Mapillary Vistas, freed of what these add to them. All other labels of these data sets got a colour one
after the other, each as far as could be from all before, as seen by the eye that tells them apart worst:
within a data set any two labels differ by 3 or more in CIEDE2000. So many cannot all be far apart: hence the
legend.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache

Color = tuple[int, int, int]

_NATURAL = """
sky 87CEEB; cloud D8E8F4; water 3B7DC4; sea 2A5FA5; river 5694D6; lake 4C6FB8; swimming pool 3FC1E0;
waterfall A9D3EE; fountain 6FA8C9; grass 7CC242; tree 1E7B34; plant 4FA64B; vegetation 2F8F46; palm
5E9732; potted plant 6BBF73; flower F28CC8; field B5CF5B; playingfield 9AD99A; terrain 98D47E; land
A3B86C; hill 7F9C4F; broccoli 3F6B1F; mountain 8C7560; rock 77706A; sand E8CF95; dirt A0703F; earth
8A5E36; gravel B3A89C; snow F1F6FA; dirt track B07A45; path D2B48C; road 5F6368; pavement B8A9C0; railroad
6B5748; bridge 8E8A94; floor C9A06E; floor wood B4834B; runway 4A4E55; crosswalk plain C8CCD6; curb
D0C4D6; parking 80738C; pedestrian area AC9DB8; building B78B74; house D18F6C; skyscraper 9A7F93; tower
A6796B; wall D8C7AE; wall brick B9724F; wall stone A79D8E; wall tile C9D2D6; wall wood A9803F; roof
96604A; fence C7963D; ceiling EDE6D3; door 7E5233; window A6D8DC; stairs 9C8C70; person DC143C; rider
FF5C77; bicyclist F0386B; motorcyclist B80F45; other rider FF8A9B; car 2438B5; truck 5B6EF0; bus 7B4FE0;
van 3F55CC; train 4B2A8A; motorcycle A64FC4; bicycle C583E6; boat FF7F11; ship E0660A; airplane 9AA5F5;
traffic light FFB000; traffic sign E6DC1E; stop sign C8A800; pole 9EA3A8; street light FFE680; light
FFF4B8; lamp EBD06A; bird F7C531; cat E8923A; dog C26A14; horse 8A4A1C; sheep F6E6C8; cow 6A4632; elephant
8F86A3; bear 573820; zebra 3D3D3D; giraffe D9A23B; animal B8702E; banana FFE135; apple B5D334; orange
FFA51F; carrot E8590C
"""

_OTHERS = """
balloon 80086C; fire hydrant 08086C; parking meter 5808F8; bench 08446C; backpack 805894; umbrella 9480F8;
handbag A8F858; tie 0808A8; suitcase 6C0808; frisbee 6C0830; skis A808F8; snowboard A81C80; sports ball
6C80A8; kite 803094; baseball bat BC44F8; baseball glove 94BCF8; skateboard E4F808; surfboard 445880;
tennis racket 5844A8; bottle 5A4E00; wine glass 24C64E; cup F8A8BC; fork D058D0; knife D0F894; spoon
806CE4; bowl 301CD0; sandwich 6C6CA8; hot dog 44086C; pizza 6C6C08; donut 80446C; cake 086C80; chair
08F86C; couch 8044BC; bed 4444E4; dining table BC3094; toilet 94F8A8; tv 58D0BC; laptop 580894; mouse
9494D0; remote 6C30D0; keyboard 8080BC; cell phone 94F8E4; microwave A894F8; oven F81CBC; toaster 589480;
sink 6CF8BC; refrigerator 083094; book 3058F8; clock 8008BC; vase 800844; scissors 6C3008; teddy bear
BC08D0; hair drier 6C80E4; toothbrush 301C80; banner 6C1C58; blanket A86CA8; cardboard 30A880; counter
5830A8; curtain 94BCD0; fruit BCBC58; mirror D8D2FC; net FCD2BA; pillow 940858; platform 6CA81C; shelf
6C1C80; tent 9444A8; towel BCE458; window blind F8F858; cabinet 306C58; table 30A8E4; paper 94A858; food
BCE4F8; rug D0E444; painting 58306C; armchair 80BCA8; seat 08D080; desk 9408E4; wardrobe E4E494; bathtub
80E494; railing 448058; cushion 08E4A8; base 44BC80; box 6C441C; column D0801C; signboard 08E444; chest of
drawers F880E4; fireplace D094D0; grandstand A8E480; case 801C80; pool table A8D06C; screen door 086C30;
stairway 6C94BC; bookcase 5808BC; blind E4A8E4; coffee table BC8030; countertop 58086C; stove A86CE4;
kitchen island E4A894; computer 0844A8; swivel chair 08806C; bar BC5894; arcade machine 905400; hovel
E4F8A8; chandelier A8E4D0; awning BCF844; booth 8030BC; apparel 586CD0; bannister A8FC7E; escalator
30A830; ottoman 809458; buffet E4A8F8; poster 4480F8; stage 448080; conveyer belt E444F8; canopy F89480;
washer 1C30E4; plaything E4BCF8; stool E4A8D0; barrel 943094; basket 30586C; bag 3008BC; cradle 5A608A;
ball 6CD044; step 6C58D0; tank E430E4; trade name BCE4A8; pot D0D058; dishwasher 1C94F8; screen 5830F8;
sculpture 845A72; hood D094F8; sconce D2D2A8; tray 0858E4; ashcan F81CA8; fan 1CD008; pier E4BC6C; crt
screen 2E8F8A; plate A86C1C; monitor A8A830; bulletin board 6C0844; shower BC44BC; radiator 300880; glass
084480; flag 6C3094; ground animal F880BC; guard rail F8D030; barrier 8F5BD6; bike lane 30E4F8; curb cut
6CBC58; service lane 9480D0; tunnel BCF8BC; lane marking crosswalk E4E46C; lane marking general 948058;
bike rack 30086C; billboard E480A8; catch basin 581CD0; cctv camera D0A858; junction box 080894; mailbox
BC30BC; manhole A84494; phone booth 009E73; pothole F8BC94; traffic sign frame 6CF844; utility pole
D0A880; trash can 3030A8; caravan 94F830; on rails 449458; other vehicle 969C78; trailer 8044A8; wheeled
slow 3044D0; car mount F880A8; ego vehicle E4F86C
"""

_ALIKE = {
    "person": "man; woman; boy; girl; child; people; pedestrian; human; baby",
    "tree": "trees; forest; woods",
    "plant": "bush; shrub; leaves; foliage; plants",
    "grass": "lawn; meadow",
    "water": "ocean; pond",
    "road": "street; highway; asphalt",
    "pavement": "sidewalk",
    "railroad": "rail track",
    "building": "buildings",
    "window": "windowpane",
    "mountain": "mountains",
    "dirt": "soil; mud; ground",
    "cloud": "clouds",
    "motorcycle": "minibike",
    "street light": "streetlight",
    "couch": "sofa",
    "tv": "television receiver; television",
}


def label_color(label: str) -> Color:
    """sRGB colour of a label, whatever the model; case, hyphens and synonyms after a comma aside.

    One that is not known gets the colour of the last or first of its words that is, lighter or darker; else
    one that depends on its letters alone.

    >>> label_color("sky-other-merged") == label_color("sky") == (135, 206, 235)
    True
    """
    return _color(_plain(label))


def _plain(label: str) -> str:
    name = re.split(r"[,;(]", label.casefold())[0].strip()
    name = re.sub(r"-(merged|stuff)$", "", name)
    name = re.sub(r"-other$", "", name)
    return " ".join(re.split(r"[-_\s]+", name)).strip()


@cache
def _table() -> dict[str, Color]:
    table = {}
    for entry in f"{_NATURAL};{_OTHERS}".split(";"):
        *words, code = entry.split()
        red, green, blue = bytes.fromhex(code)
        table[" ".join(words)] = red, green, blue
    for name, others in _ALIKE.items():
        for other in others.split("; "):
            table[other] = table[name]
    return table


def _color(name: str) -> Color:
    table = _table()
    if name in table:
        return table[name]
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big")
    words = name.split()
    for word in (*words[-1:], *words[:1]):
        if word in table:
            toward, share = ((255, 0.25), (0, 0.2), (255, 0.45), (0, 0.35))[number % 4]
            red, green, blue = (round((1 - share) * value + share * toward) for value in table[word])
            return red, green, blue
    others = [entry.split()[-1] for entry in _OTHERS.split(";")]
    red, green, blue = bytes.fromhex(others[number % len(others)])
    return red, green, blue

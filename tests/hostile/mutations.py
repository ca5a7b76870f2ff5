"""Honest bytes and honest JSON, made dishonest."""

import random

INTERESTING = (0, 1, 0x7F, 0x80, 0xFE, 0xFF)
NUMBERS = (
    *(0, -1, 1, 2, 255, 256, 65_535, 65_536, 2**31 - 1, 2**31, 2**63, 10**30, -(10**30), 10**400),
    *(0.5, -0.0, 1e-300, 1e308, float("inf"), float("-inf"), float("nan")),
)
TEXTS = (
    *(
        "",
        " ",
        "\0",
        "=1+1",
        "a;=1+1",
        "<b>x</b>",
        "[x](javascript:0)",
        "../../etc/passwd",
        "\ud800",
        "\u202e",
    ),
    *("e" + "\u0301" * 5000, "x" * 100_000, "9" * 5000, "nan", "1e999", "demo", "true"),
)


def mutated_bytes(chance: random.Random, data: bytes, most: int = 12) -> bytes:
    """The same with some bytes changed, moved, repeated, cut or put in."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, most)):
        if not changed:
            break
        place = _place(chance, len(changed))
        length = chance.choice((1, 2, 4, 16, 255, 4096))
        match chance.randrange(7):
            case 0:
                changed[place] ^= 1 << chance.randrange(8)
            case 1:
                changed[place] = chance.choice(INTERESTING)
            case 2:
                number = chance.choice((0, 1, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF))
                width = chance.choice((2, 4))
                changed[place : place + width] = (number % 256**width).to_bytes(
                    width, chance.choice(("big", "little"))
                )
            case 3:
                del changed[place : place + length]
            case 4:
                changed[place:place] = changed[place : place + length] * chance.choice((1, 2, 50))
            case 5:
                other = _place(chance, len(changed))
                changed[place : place + length] = changed[other : other + length]
            case 6:
                del changed[place:]
    return bytes(changed)


def mutated_json(chance: random.Random, content: object, depth: int = 0) -> object:
    """The same with some values of another kind or size, some keys gone and some lists long."""
    if chance.random() < 0.04:
        return strange_value(chance)
    if depth > 100:
        return content
    if isinstance(content, dict):
        kept = {key: value for key, value in content.items() if chance.random() > 0.03}
        return {key: mutated_json(chance, value, depth + 1) for key, value in kept.items()}
    if isinstance(content, list):
        if content and depth < 4 and chance.random() < 0.03:
            content = content * chance.choice((2, 300))
        return [mutated_json(chance, value, depth + 1) for value in content[:2000]]
    return content


def strange_value(chance: random.Random) -> object:
    """A value that nobody expects there."""
    match chance.randrange(6):
        case 0:
            return chance.choice(NUMBERS)
        case 1:
            return chance.choice(TEXTS)
        case 2:
            return chance.choice((None, True, False))
        case 3:
            return [chance.choice(NUMBERS) for _ in range(chance.randrange(5))]
        case 4:
            return {chance.choice(TEXTS): chance.choice(NUMBERS)}
    nested: object = []
    for _ in range(chance.choice((3, 50, 500))):
        nested = [nested]
    return nested


def _place(chance: random.Random, length: int) -> int:
    """Mostly near the beginning, where headers are."""
    return chance.randrange(min(length, 600) if chance.random() < 0.7 else length)

"""Colours as the style of an HTML mail names them, and whether words in one can be told from the ground behind them."""

import colorsys
import re
from dataclasses import dataclass

NEARLY = 0x20  # of 255, in each of red, green and blue: grey footers differ by more
FAINT = 1.5  # contrast as WCAG counts it, 1 to 21: what is fainter few can read


@dataclass(frozen=True, slots=True)
class Colour:
    """Red, green and blue from 0 to 255; ``alpha`` 0 is clear as glass."""

    red: float
    green: float
    blue: float
    alpha: float = 1.0


WHITE, BLACK, CLEAR = Colour(255, 255, 255), Colour(0, 0, 0), Colour(0, 0, 0, 0.0)
# The names of CSS, and those that Word writes.
_NAMED = """
white:ffffff window:ffffff canvas:ffffff background:ffffff snow:fffafa ivory:fffff0 azure:f0ffff
ghostwhite:f8f8ff mintcream:f5fffa floralwhite:fffaf0 aliceblue:f0f8ff whitesmoke:f5f5f5 seashell:fff5ee
honeydew:f0fff0 lavenderblush:fff0f5 oldlace:fdf5e6 cornsilk:fff8dc beige:f5f5dc linen:faf0e6 lightyellow:ffffe0
lightcyan:e0ffff lavender:e6e6fa lemonchiffon:fffacd papayawhip:ffefd5 antiquewhite:faebd7 mistyrose:ffe4e1
bisque:ffe4c4 blanchedalmond:ffebcd gainsboro:dcdcdc lightgrey:d3d3d3 lightgray:d3d3d3 silver:c0c0c0
darkgray:a9a9a9 darkgrey:a9a9a9 gray:808080 grey:808080 dimgray:696969 dimgrey:696969 black:000000
windowtext:000000 canvastext:000000 text:000000 red:ff0000 darkred:8b0000 crimson:dc143c maroon:800000
firebrick:b22222 orange:ffa500 darkorange:ff8c00 gold:ffd700 yellow:ffff00 olive:808000 green:008000
darkgreen:006400 lime:00ff00 teal:008080 aqua:00ffff cyan:00ffff blue:0000ff darkblue:00008b mediumblue:0000cd
navy:000080 midnightblue:191970 royalblue:4169e1 steelblue:4682b4 lightblue:add8e6 skyblue:87ceeb purple:800080
indigo:4b0082 violet:ee82ee magenta:ff00ff fuchsia:ff00ff pink:ffc0cb brown:a52a2a chocolate:d2691e tan:d2b48c
wheat:f5deb3 khaki:f0e68c salmon:fa8072 tomato:ff6347 coral:ff7f50 lightgreen:90ee90 palegreen:98fb98
lightpink:ffb6c1 slategray:708090 slategrey:708090 rebeccapurple:663399
navajowhite:ffdead blanchedalmond:ffebcd burlywood:deb887 rosybrown:bc8f8f sandybrown:f4a460 goldenrod:daa520
darkgoldenrod:b8860b peru:cd853f saddlebrown:8b4513 sienna:a0522d indianred:cd5c5c lightcoral:f08080 darksalmon:e9967a
lightsalmon:ffa07a orangered:ff4500 hotpink:ff69b4 deeppink:ff1493 mediumvioletred:c71585 palevioletred:db7093
thistle:d8bfd8 plum:dda0dd orchid:da70d6 mediumorchid:ba55d3 darkorchid:9932cc darkviolet:9400d3 blueviolet:8a2be2
mediumpurple:9370db darkmagenta:8b008b darkslateblue:483d8b slateblue:6a5acd mediumslateblue:7b68ee
lightgoldenrodyellow:fafad2 moccasin:ffe4b5 peachpuff:ffdab9 palegoldenrod:eee8aa darkkhaki:bdb76b greenyellow:adff2f
chartreuse:7fff00 lawngreen:7cfc00 limegreen:32cd32 mediumspringgreen:00fa9a springgreen:00ff7f mediumseagreen:3cb371
seagreen:2e8b57 forestgreen:228b22 yellowgreen:9acd32 olivedrab:6b8e23 darkolivegreen:556b2f mediumaquamarine:66cdaa
darkseagreen:8fbc8f lightseagreen:20b2aa darkcyan:008b8b paleturquoise:afeeee aquamarine:7fffd4 turquoise:40e0d0
mediumturquoise:48d1cc darkturquoise:00ced1 cadetblue:5f9ea0 lightsteelblue:b0c4de powderblue:b0e0e6
deepskyblue:00bfff dodgerblue:1e90ff cornflowerblue:6495ed lightslategray:778899 lightslategrey:778899
darkslategray:2f4f4f darkslategrey:2f4f4f
"""
_NAMES = dict(one.split(":") for one in _NAMED.split())
_HEX = re.compile(r"#?([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})")
_CALLED = re.compile(r"(rgb|hsl)a?\(([^)]{3,80})\)")
_NUMBER = re.compile(r"(-?\d{0,4}\.?\d{1,8})\s*(%|deg)?")


def colour_of(value: str) -> Colour | None:
    """The colour that a style's value names, for whether text is visible, None for one that cannot be told."""
    value = value.strip().lower()
    if value == "transparent":
        return CLEAR
    met = _HEX.fullmatch(_NAMES.get(value, value))
    if met and (value[:1] == "#" or value in _NAMES or len(value) == 6):
        return _of_digits(met[1])
    called = _CALLED.match(value)
    if called is None:
        return None
    numbers = _NUMBER.findall(called[2])
    if len(numbers) < 3:
        return None
    alpha = float(numbers[3][0]) / (100 if numbers[3][1] == "%" else 1) if len(numbers) > 3 else 1.0
    if called[1] == "hsl":
        hue, light, full = float(numbers[0][0]) / 360 % 1, float(numbers[2][0]) / 100, float(numbers[1][0]) / 100
        red, green, blue = (255 * one for one in colorsys.hls_to_rgb(hue, light, full))
    else:
        red, green, blue = (float(one) * (2.55 if unit == "%" else 1) for one, unit in numbers[:3])
    return Colour(red, green, blue, alpha)


def _of_digits(digits: str) -> Colour:
    if len(digits) < 6:
        digits = "".join(one * 2 for one in digits)
    values = [int(digits[i : i + 2], 16) for i in range(0, len(digits), 2)]
    return Colour(values[0], values[1], values[2], values[3] / 255 if len(values) > 3 else 1.0)


def laid_over(upper: Colour, lower: Colour) -> Colour:
    """What is seen where one colour lies over another."""
    share = max(0.0, min(1.0, upper.alpha))
    pairs = ((upper.red, lower.red), (upper.green, lower.green), (upper.blue, lower.blue))
    return Colour(*(one * share + other * (1 - share) for one, other in pairs))


def is_alike(words: Colour, ground: Colour) -> bool:
    """Whether words of this colour cannot be told from the ground."""
    seen = laid_over(words, ground)
    apart = (seen.red - ground.red, seen.green - ground.green, seen.blue - ground.blue)
    return all(abs(one) <= NEARLY for one in apart)


def contrast(words: Colour, ground: Colour) -> float:
    """The contrast of two colours, from 1 to 21 (WCAG 2.2, "contrast ratio")."""
    lights = sorted((_luminance(laid_over(words, ground)), _luminance(ground)), reverse=True)
    return (lights[0] + 0.05) / (lights[1] + 0.05)


def _luminance(colour: Colour) -> float:
    parts = (one / 255 for one in (colour.red, colour.green, colour.blue))
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue

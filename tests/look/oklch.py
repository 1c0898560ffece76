"""From the tokens' OKLCH to the contrast that WCAG 2 asks for."""

import math
import re
from pathlib import Path

STYLES = Path(__file__).resolve().parents[2] / "static" / "css"
COLOUR = r"oklch\(\s*([\d.]+)%\s+([\d.]+)\s+([\d.]+)\s*\)"
TOKEN = re.compile(rf"--([a-z-]+):\s*light-dark\({COLOUR},\s*{COLOUR}\)")


def tokens():
    """Return {name: (light, dark)}, each colour as eight-bit sRGB."""
    found = TOKEN.findall((STYLES / "tokens.css").read_text())
    return {name: (srgb(*values[:3]), srgb(*values[3:])) for name, *values in found}


def srgb(lightness, chroma, hue):
    """Return the colour as three numbers from 0 to 255; raise ValueError outside of sRGB."""
    lightness, chroma, hue = float(lightness) / 100, float(chroma), math.radians(float(hue))
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return tuple(
        _encoded(value)
        for value in (
            4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
            -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
            -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
        )
    )


def _encoded(linear):
    if not -0.002 <= linear <= 1.002:
        raise ValueError(f"{linear} is outside of sRGB")
    linear = min(max(linear, 0), 1)
    value = 12.92 * linear if linear <= 0.0031308 else 1.055 * linear ** (1 / 2.4) - 0.055
    return round(value * 255)


def contrast(one, other):
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour):
    linear = [_linear(value / 255) for value in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _linear(value):
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

#!/usr/bin/env python3
"""Composes the hold music of svi, a loop of exactly 60 s, from nothing but the Python library.

Sixteen bars of four beats at 64 beats a minute: a soft pad, a plucked arpeggio and a slow melody, all between 300 and
3,400 Hz so that a telephone passes it. What rings beyond the end is written at the beginning: the loop has no seam.
Own composition, part of svi and under its licence.
"""
import array
import math
import sys
import wave

RATE = 8000
BEAT = 60 / 64
LOOP = int(16 * 4 * BEAT * RATE)

NAMES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}


def hertz(note):
    """Frequency of a note such as E4 or B-4 (flat)."""
    octave = int(note[-1])
    semitone = NAMES[note[0]] - (1 if "-" in note else 0) + 12 * (octave + 1)
    return 440.0 * 2 ** ((semitone - 69) / 12)


CHORDS = [  # voicings from E4 upwards: the line passes nothing below 300 Hz
    "E4 G4 B4 D5", "E4 A4 C5 G5", "F4 A4 C5 E5", "F4 G4 B4 D5",
    "E4 G4 C5 D5", "E4 A4 B4 C5", "F4 A4 D5 E5", "F4 B4 D5 G5",
    "F4 A4 C5 G5", "F4 B4 D5 E5", "E4 G4 B4 D5", "E4 A4 C5 E5",
    "F4 A4 C5 D5", "F4 G4 B4 D5", "E4 G4 C5 E5", "E4 G4 B4 D5",
]
ARPEGGIO = [0, 2, 1, 3, 2, 1, 3, 2]
MELODY = [  # (bar, beat, note, beats)
    (0, 0, "G5", 3), (0, 3, "E5", 1), (1, 0, "E5", 3), (2, 0, "A5", 2), (2, 2, "G5", 2), (3, 0, "D5", 4),
    (4, 0, "G5", 2), (4, 2, "C6", 2), (5, 0, "B5", 3), (5, 3, "A5", 1), (6, 0, "A5", 2), (6, 2, "F5", 2), (7, 0, "G5", 4),
    (8, 0, "C6", 3), (8, 3, "B5", 1), (9, 0, "B5", 3), (9, 3, "A5", 1), (10, 0, "G5", 2), (10, 2, "E5", 2), (11, 0, "A5", 4),
    (12, 0, "F5", 2), (12, 2, "A5", 2), (13, 0, "G5", 3), (13, 3, "F5", 1), (14, 0, "E5", 3), (15, 0, "D5", 3),
]


def add(track, start, frequency, seconds, partials, envelope, gain):
    """Adds a tone; what rings past the end comes round to the beginning."""
    begin = int(start * RATE)
    length = int(seconds * RATE)
    shape = [gain * envelope(i / RATE, seconds) for i in range(length)]
    for harmonic, (strength, decay) in enumerate(partials, 1):
        if frequency * harmonic > 3300:
            break
        # A rotation is cheaper than a sine for each sample.
        turn = 2 * math.pi * frequency * harmonic / RATE
        c, s, k = 1.0, 0.0, math.exp(-decay / RATE)
        cos, sin = math.cos(turn) * k, math.sin(turn) * k
        for i in range(length):
            track[(begin + i) % LOOP] += strength * s * shape[i]
            c, s = c * cos - s * sin, s * cos + c * sin


def pluck(t, seconds):
    return min(t / 0.006, 1.0) * min((seconds - t) / 0.1, 1.0)


def swell(t, seconds):
    return math.sin(math.pi * t / seconds) ** 1.5


def breath(t, seconds):
    return min(t / 0.08, 1.0) * min((seconds - t) / 0.35, 1.0)


def compose():
    track = [0.0] * LOOP
    for bar, chord in enumerate(CHORDS):
        notes = [hertz(note) for note in chord.split()]
        start = bar * 4 * BEAT
        for note in notes:
            for detune in (0.9985, 1.0015):
                # Longer than the bar, so that chords melt into each other.
                add(track, start - 0.9, note * detune, 4 * BEAT + 1.8, [(1, 0), (0.25, 0), (0.08, 0)], swell, 0.05)
        for step, index in enumerate(ARPEGGIO):
            loud = 0.16 if step % 4 == 0 else 0.12
            add(track, start + step * BEAT / 2, notes[index] * (2 if step in (3, 6) else 1), 2.2,
                [(1, 2.2), (0.45, 3.2), (0.2, 4.6), (0.1, 6.0)], pluck, loud)
    for bar, beat, note, beats in MELODY:
        add(track, (bar * 4 + beat) * BEAT, hertz(note), beats * BEAT + 0.3, [(1, 0.5), (0.3, 0.9), (0.12, 1.4)], breath, 0.13)
    return echo(track)


def echo(track):
    """Two echoes, a dotted quaver apart, around the loop."""
    delay = int(0.75 * BEAT * RATE)
    return [x + 0.22 * track[i - delay] + 0.09 * track[i - 2 * delay] for i, x in enumerate(track)]


def main(path):
    track = compose()
    peak = max(abs(x) for x in track)
    samples = array.array("h", (round(x / peak * 20000) for x in track))
    with wave.open(path, "wb") as out:
        out.setparams((1, 2, RATE, 0, "NONE", ""))
        out.writeframes(samples.tobytes())


if __name__ == "__main__":
    main(sys.argv[1])

#!/usr/bin/env python3
"""Renders the prompts of svi with espeak-ng and sox. Started by prompts/make.sh; see there.

Inputs beside this file, tab-separated, first line a heading:
  prompts.tsv    name, text               whole prompts; [musique] and [bip] are made here
  fragments.tsv  key, delivery, text, say the bank of spoken values (written by `cargo test --test house speech::`)
  texts.tsv      language, text           static texts of flows; key voix/<16 hex of sha256(language LF text)>.wav

espeak-ng is called through its library, because only that tells where a word ends: a fragment that lies inside a phrase is
spoken with a word behind it ("six personnes") and cut there, so that it has neither the fall nor the length of an ending.
"""
import array
import ctypes
import hashlib
import html
import math
import multiprocessing
import os
import re
import subprocess
import sys
import tempfile
import wave

SRC = os.path.dirname(os.path.abspath(__file__))
PROMPTS = os.path.dirname(SRC)
# Part of every source mark: a change here, or of the voice or of CHAIN, renders everything again.
RECIPE = "1"
VOICE_NAME, PITCH = "fr+f3", 46
# The same speaker in every language.
VOICES = {"fr": VOICE_NAME, "en": "en+f3"}
# Words a minute. Spoken one by one, words grow longer than in a sentence; fragments are spoken faster to make up for it.
PACE, PACE_OF_FRAGMENTS = 140, 155
# Lifts 1 to 3.4 kHz, where words are understood; takes away what a telephone line garbles; evens the level. No reverberation:
# fragments and texts are spliced, and a cut tail would be heard. No dither (-D), so that the same text gives the same bytes.
CHAIN = (
    "gain -6 highpass 200 equalizer 350 0.8q -3 equalizer 2000 1q 4 equalizer 3000 1q 3 lowpass 3600 "
    "compand 0.005,0.12 -70,-70,-40,-28,-20,-14,0,-8 0 -20 0.005 rate -h 8000"
)
RATE = 8000
LOUDNESS = -20.0  # LUFS of speech
MUSIC_LOUDNESS = -22.0  # music lies a little below the voice
PEAK = 32768 * 10 ** (-3.6 / 20)  # of samples: leaves 0.6 dB for the true peak between them
HEARD = 104  # -50 dBFS
# Silence left before and behind, in milliseconds, by delivery.
EDGES = {"linked": (8, 6), "listed": (12, 20), "final": (12, 20), "phrase": (30, 80)}
# The word behind a fragment that lies inside a phrase, and its number of phonemes. It begins with a p: the lips close, the
# line is silent for a moment, and there it is cut.
CARRIERS = {"fr": (" personnes", 6), "en": (" people", 4)}  # p E r s O n, p i: p @L


class Event(ctypes.Structure):
    """espeak_EVENT of espeak-ng/speak_lib.h."""

    _fields_ = [
        ("type", ctypes.c_int),
        ("identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", ctypes.c_char * 8),
    ]


EVENT_PHONEME = 7
CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(Event))


class Voice:
    """espeak-ng in this process."""

    def __init__(self):
        self.lib = ctypes.CDLL("libespeak-ng.so.1")
        # AUDIO_OUTPUT_SYNCHRONOUS, phoneme events.
        self.rate = self.lib.espeak_Initialize(2, 0, None, 1)
        if self.rate <= 0 or self.lib.espeak_SetVoiceByName(VOICE_NAME.encode()) != 0:
            sys.exit(f"espeak-ng has no voice {VOICE_NAME}: apt-get install espeak-ng-data")
        self.lib.espeak_SetParameter(3, PITCH, 0)
        self.callback = CALLBACK(self.collect)
        self.lib.espeak_SetSynthCallback(self.callback)

    def take_language(self, language):
        """Speaks another language from now on."""
        if VOICES[language] != VOICE_NAME and self.lib.espeak_SetVoiceByName(VOICES[language].encode()) != 0:
            sys.exit(f"espeak-ng has no voice {VOICES[language]}: apt-get install espeak-ng-data")

    def collect(self, samples, count, events):
        if count > 0 and samples:
            self.samples.extend(samples[:count])
        i = 0
        while events[i].type != 0:
            if events[i].type == EVENT_PHONEME and events[i].id[:1] not in (b"_", b"(", b""):
                self.phonemes.append(events[i].sample)
            i += 1
        return 0

    def speak(self, text, pace, ssml):
        """Samples at self.rate, and where each phoneme begins."""
        self.lib.espeak_SetParameter(1, pace, 0)
        self.samples, self.phonemes = array.array("h"), []
        data = text.encode() + b"\0"
        # espeakCHARS_UTF8, espeakPHONEMES, espeakSSML.
        self.lib.espeak_Synth(data, len(data), 0, 1, 0, 1 | 0x100 | (0x10 if ssml else 0), None, None)
        self.lib.espeak_Synchronize()
        return self.samples, self.phonemes


# Opened once and never used in this process: see main().
VOICE = None


def raw_fragment(language, delivery, say):
    """A fragment as espeak-ng says it, cut where the carrier begins."""
    # A blank before the full stop: "M." is monsieur.
    carrier, phonemes_of_carrier = CARRIERS[language]
    ending = {"linked": carrier, "listed": " ,", "final": " ."}[delivery]
    samples, phonemes = VOICE.speak(say + ending, PACE_OF_FRAGMENTS, ssml=False)
    if delivery == "linked":
        samples = samples[: phonemes[-phonemes_of_carrier]]
    return samples


def raw_phrase(text):
    """A text as espeak-ng says it."""
    # A text that a value follows ends without a stop: the voice stays up.
    if not re.search(r"[.!?…:;,]$", text):
        text += ","
    marked = html.escape(text, quote=False)
    # A breath before the key to press: it is what the caller waits for.
    marked = re.sub(r"\b([Tt]apez|[Pp]ress) (?=\d|étoile|dièse|star|hash)", r'\1 <break time="120ms"/>', marked)
    return VOICE.speak(f"<speak>{marked}</speak>", PACE, ssml=True)[0]


def write_wav(path, samples, rate):
    with wave.open(path, "wb") as out:
        out.setparams((1, 2, rate, 0, "NONE", ""))
        out.writeframes(samples.tobytes())


def read_wav(path):
    with wave.open(path, "rb") as file:
        return array.array("h", file.readframes(file.getnframes()))


def through_chain(samples, rate):
    with tempfile.TemporaryDirectory() as folder:
        before, after = os.path.join(folder, "a.wav"), os.path.join(folder, "b.wav")
        # Silence around, so that the filters begin and end at rest.
        rest = array.array("h", bytes(2 * (rate // 20)))
        write_wav(before, rest + samples + rest, rate)
        subprocess.run(["sox", "-D", "-R", before, "-b", "16", after] + CHAIN.split(), check=True)
        return read_wav(after)


def trimmed(samples, delivery):
    """Without the silence around, but for the edges of this delivery, with short fades."""
    lead, tail = (ms * RATE // 1000 for ms in EDGES[delivery])
    heard = [i for i, sample in enumerate(samples) if abs(sample) >= HEARD]
    if not heard:
        raise ValueError("espeak-ng said nothing")
    begin, end = heard[0] - lead, heard[-1] + 1 + tail
    cut = array.array("h", (samples[i] if 0 <= i < len(samples) else 0 for i in range(begin, end)))
    for i in range(min(lead, len(cut))):
        cut[i] = int(cut[i] * i / lead)
    # The fade of the end reaches 3 ms into a fragment that is cut out of a phrase.
    reach = tail + (24 if delivery == "linked" else 0)
    for i in range(min(reach, len(cut))):
        cut[-1 - i] = int(cut[-1 - i] * i / reach)
    return cut


def rms(samples):
    return 10 * math.log10(max(sum(x * x for x in samples) / max(len(samples), 1), 1e-3) / 32768**2)


def loudness(path):
    """Integrated loudness in LUFS (EBU R 128), None where the file is too short for it."""
    command = ["ffmpeg", "-hide_banner", "-nostats", "-i", path, "-af", "ebur128=framelog=verbose", "-f", "null", "-"]
    report = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    found = re.findall(r"I:\s+(-?[\d.]+) LUFS", report)
    level = float(found[-1]) if found else -70.0
    return level if level > -60 else None


def gained(samples, decibels):
    """Louder by so much, but never above the peak: what would be is bent, not cut."""
    gain, knee = 10 ** (decibels / 20), PEAK * 0.8
    room = PEAK - knee

    def bend(x):
        over = abs(x) - knee
        return x if over <= 0 else math.copysign(knee + room * math.tanh(over / room), x)

    return array.array("h", (round(bend(sample * gain)) for sample in samples))


def finished(path, samples, target, evened):
    """Brings samples to the target, writes them, and returns (ms, level, unit)."""
    write_wav(path, samples, RATE)
    lufs = loudness(path) if len(samples) >= RATE * 0.4 else None
    # Speech of a whole phrase measures about the same in dBFS of its heard part as in LUFS.
    level, unit = (lufs, "LUFS") if lufs is not None else (rms(samples), "dBFS")
    # Fragments keep half of their difference: an i is softer than an a, but the line is noisy.
    change = (target - level) * (1.0 if evened else 0.5) + (0.0 if evened else 0.7)
    samples = gained(samples, change)
    write_wav(path, samples, RATE)
    level = loudness(path) if unit == "LUFS" else None
    if level is None:
        level, unit = rms(samples), "dBFS"
    return len(samples) * 1000 // RATE, level, unit


def tone():
    """The beep: 1 kHz, 400 ms."""
    length, edge = RATE * 400 // 1000, RATE * 10 // 1000
    shape = (min(i, length - 1 - i, edge) / edge for i in range(length))
    return array.array("h", (round(4600 * k * math.sin(2 * math.pi * i / 8)) for i, k in enumerate(shape)))


def render(job):
    """Renders one file; returns its row of the manifest."""
    file, language, kind, say, text, source = job
    VOICE.take_language(language)
    path = os.path.join(PROMPTS, file)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    part = path + ".part"
    if kind == "silence":
        samples = array.array("h", bytes(2 * RATE // 4))
        write_wav(part, samples, RATE)
        ms, level, unit = 250, rms(samples), "dBFS"
    elif kind == "music":
        subprocess.run([sys.executable, os.path.join(SRC, "attente.py"), part], check=True)
        ms, level, unit = finished(part, read_wav(part), MUSIC_LOUDNESS, True)
    elif kind == "tone":
        write_wav(part, tone(), RATE)
        ms, level, unit = 400, rms(tone()), "dBFS"
    elif kind == "phrase":
        samples = trimmed(through_chain(raw_phrase(say), VOICE.rate), kind)
        ms, level, unit = finished(part, samples, LOUDNESS, True)
    else:
        samples = trimmed(through_chain(raw_fragment(language, kind, say), VOICE.rate), kind)
        ms, level, unit = finished(part, samples, LOUDNESS, False)
    os.replace(part, path)
    return "\t".join([file, language, text, str(ms), f"{level:.1f}", unit, source])


def rows(name):
    with open(os.path.join(SRC, name), encoding="utf-8") as file:
        return [line.rstrip("\n").split("\t") for line in file][1:]


def language_of(file):
    """French stands at the top, other languages in a folder of their code."""
    folder = file.split("/")[0]
    return folder if folder in VOICES else "fr"


def jobs():
    """(file, language, kind, what the voice is told, text, mark of the source) of every prompt."""
    made = {"[musique]": "music", "[bip]": "tone"}
    wanted = [(name, language_of(name), made.get(text, "phrase"), text, text) for name, text in rows("prompts.tsv")]
    for key, delivery, text, say in rows("fragments.tsv"):
        wanted.append((key, language_of(key), delivery, say, text))
    for language, text in rows("texts.tsv"):
        if language not in VOICES:
            sys.exit(f"no voice for the language {language}")
        digest = hashlib.sha256(f"{language}\n{text}".encode()).hexdigest()
        wanted.append((f"voix/{digest[:16]}.wav", language, "phrase", text, text))
    with open(os.path.join(SRC, "attente.py"), "rb") as file:
        music = hashlib.sha256(file.read()).hexdigest()
    for file, language, kind, say, text in wanted:
        recipe = f"{RECIPE} {VOICES[language]} {PACE} {PACE_OF_FRAGMENTS} {PITCH} {CHAIN}"
        what = music if kind == "music" else f"{recipe}\n{kind}\n{say}"
        yield file, language, kind, say, text, hashlib.sha256(what.encode()).hexdigest()[:16]


def known():
    """Rows of the manifest whose file is there, by file."""
    try:
        with open(os.path.join(PROMPTS, "manifest.tsv"), encoding="utf-8") as file:
            found = [line.rstrip("\n") for line in file][1:]
    except FileNotFoundError:
        return {}
    named = {row.split("\t")[0]: row for row in found}
    return {file: row for file, row in named.items() if os.path.exists(os.path.join(PROMPTS, file))}


def remove_others(wanted):
    for folder, _, files in os.walk(PROMPTS):
        for name in files:
            path = os.path.join(folder, name)
            if name.endswith((".wav", ".wav.part")) and os.path.relpath(path, PROMPTS) not in wanted:
                os.remove(path)


def main(arguments):
    everything = "--all" in arguments
    workers = int(arguments[arguments.index("--jobs") + 1]) if "--jobs" in arguments else 2
    old = {} if everything else known()
    all_jobs = list(jobs())
    manifest = {job[0]: old[job[0]] for job in all_jobs if old.get(job[0], "").endswith("\t" + job[5])}
    due = [job for job in all_jobs if job[0] not in manifest]
    global VOICE
    VOICE = Voice()
    # espeak-ng carries noise and phase from one utterance to the next. Every file is spoken by a fresh copy of this process, so
    # that it sounds the same whatever was rendered before it.
    with multiprocessing.get_context("fork").Pool(workers, maxtasksperchild=1) as pool:
        for done, row in enumerate(pool.imap_unordered(render, due, chunksize=1), 1):
            manifest[row.split("\t")[0]] = row
            print(f"\r{done} of {len(due)} rendered", end="", file=sys.stderr, flush=True)
    remove_others(manifest.keys())
    with open(os.path.join(PROMPTS, "manifest.tsv"), "w", encoding="utf-8") as file:
        file.write("file\tlanguage\ttext\tduration_ms\tlevel\tunit\tsource\n")
        file.writelines(manifest[key] + "\n" for key in sorted(manifest))
    size = sum(os.path.getsize(os.path.join(PROMPTS, key)) for key in manifest)
    print(f"{'' if not due else chr(10)}{len(manifest)} prompts, {size / 1e6:.1f} MB", file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1:])

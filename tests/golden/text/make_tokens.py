# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes vocab.txt (a part of BERT's uncased vocabulary), tokens.jsonl, decoded.jsonl and classes.txt of tests/text.

Needs the tokenizers package and a folder with a BERT tokenizer.json:  python make_tokens.py FOLDER
"""
import json
import pathlib
import random
import sys

from tokenizers import BertWordPieceTokenizer, Tokenizer
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

here = pathlib.Path(__file__).parent
vocabulary = json.load(open(pathlib.Path(sys.argv[1]) / "tokenizer.json"))["model"]["vocab"]
ordered = sorted(vocabulary, key=vocabulary.get)
# Specials, every single character and piece of at most two, and the 7,000 first words and pieces.
kept = [t for t in ordered if not t.startswith("[unused") and (vocabulary[t] < 9000 or len(t.replace("##", "")) <= 2)]
(here / "vocab.txt").write_text("".join(t + "\n" for t in kept), encoding="utf-8", newline="\n")


def tokenizer(**options):
    return BertWordPieceTokenizer(str(here / "vocab.txt"), **options)


chance = random.Random(3)
words = [t for t in kept if t.isalpha() and len(t) > 2]
accents = "àáâãäåçèéêëìíîïñòóôõöùúûüýÿÀÉÎÕÜŠŽčřśźżŁøØßÆœđĐğĞıİşŞāēīōūȘțǅﬁﬀK"
cjk = "心臟超音波心エコー検査좌심실의학的診断漢字カタカナひらがな㐀𠀀𪜀豈𠮷"
emoji = ["😀", "🫀", "👩‍⚕️", "🇩🇪", "❤️", "🤣", "🏳️‍🌈", "✓", "☃", "🥲"]
controls = ["\0", "\x01", "\x07", "\x08", "\x0b", "\x0c", "\x1b", "\x7f", "\x85", "\xad", "\u200b", "\u200d", "\u200e",
            "\u2028", "\u2029", "\ufeff", "\ufffd", "\ue000", "\U000f0000", "\U0010ffff", "\u0600", "\u08e2"]
blanks = [" ", "  ", "\t", "\n", "\r\n", "\u00a0", "\u2003", "\u3000", "\u1680", "\u202f"]
scripts = ["Ελληνικά σοφός ΣΊΣΥΦΟΣ", "Эхокардиография", "תְּהִלִּים", "صِحَّة القلب", "हिन्दी में", "ไทยหัวใจ", "მხედრული ᲐᲑ", "አማርኛ",
           "Հայերեն և", "தமிழ் இதயம்", "Việt Nam tiếng", "ᏣᎳᎩ Ꭰ", "İstanbul ILGIN", "Ǆ ǅ ǆ", "ﬀ ﬁ ſt", "Å Å Å", "e\u0301 o\u0308\u0323",
           "a\u0315\u0300\u05ae\u0300\u0062", "\u0344 \u0958 \u2126", "각 각", "𝐁𝐨𝐥𝐝 ⅣⅫ ⓐ", "ＡＢＣ１２３！", "½ ² ₃", "𞤀𞤁 𐐀𐐁", "\u302e가\u302f"]
punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~¡§«¶·»¿‐–—‘’“”…‰′※‼⁇、。「」（）！？€£°©®±×÷"
reports = ["The ejection fraction is {}%.", "Apical four-chamber view, LVEF {} %, no effusion.", "LV dilated (EDV {} ml); MR 2+/4",
           "It's {}mm, isn't it? Don't.", "E/e' = {}.5; TAPSE {}mm", "[MASK] of [SEP] and [CLS]{}", "sinus rhythm {}bpm [PAD] [UNK] [unk]"]
texts = ["", " ", "\n", "a", "##", "##ing", "[", "[]", "[MASK]", "[MASK][SEP]x[CLS]", "[mask]", "[[SEP]]", "x" * 100, "x" * 101, "é" * 100,
         "e\u0301" * 101, "心" * 150, "!" * 130, "word " * 200, "unaffable", "Supercalifragilisticexpialidocious" * 4,
         "\u0301", "\u0301\u0301a", "\0\0", "a\0b", "a\u200bb", "🫀" * 40, "don't won't it's we're I'm they've"] + scripts


def piece():
    kind = chance.random()
    if kind < 0.35:
        word = chance.choice(words)
        return chance.choice([word, word.upper(), word.title(), word + chance.choice(words)])
    if kind < 0.45:
        return "".join(chance.choice(accents) for _ in range(chance.randint(1, 6)))
    if kind < 0.52:
        return "".join(chance.choice(cjk) for _ in range(chance.randint(1, 5)))
    if kind < 0.58:
        return chance.choice(emoji)
    if kind < 0.66:
        return chance.choice(controls)
    if kind < 0.76:
        return chance.choice(punctuation) * chance.choice([1, 1, 1, 3])
    if kind < 0.80:
        return str(chance.randint(0, 99999)) + chance.choice(["", "%", "mm", ".5"])
    if kind < 0.84:
        return chance.choice(scripts)
    if kind < 0.87:
        return chance.choice(["[MASK]", "[SEP]", "[CLS]", "[PAD]", "[UNK]"])
    if kind < 0.89:
        return "".join(chance.choice("abcdefghij") for _ in range(chance.randint(60, 130)))
    top = chance.choice([0x250, 0x3000, 0x10000, 0x1FAFF])
    point = chance.randrange(1, top)
    return "a" if 0xD800 <= point < 0xE000 else "b" + chr(point) + "c"


while len(texts) < 1800:
    texts.append("".join(piece() + chance.choice(["", chance.choice(blanks), " "]) for _ in range(chance.randint(1, 5))))
while len(texts) < 2100:
    texts.append(chance.choice(reports).format(chance.randint(10, 90), chance.randint(1, 30)) + " "
                 + " ".join(chance.choice(words) for _ in range(chance.randint(0, 8))))

kinds = [("uncased", {}), ("cased", dict(lowercase=False)), ("accents", dict(lowercase=True, strip_accents=False)),
         ("raw", dict(clean_text=False, handle_chinese_chars=False, strip_accents=True, lowercase=False))]
with open(here / "tokens.jsonl", "w", encoding="ascii", newline="\n") as file:
    for name, options in kinds:
        made = tokenizer(**options)
        # The others need fewer cases: they differ in two switches.
        for text in texts if name == "uncased" else texts[::10]:
            file.write(json.dumps([name, text, made.encode(text).ids[1:-1]], separators=(",", ":")) + "\n")
with open(here / "decoded.jsonl", "w", encoding="ascii", newline="\n") as file:
    made = tokenizer()
    for text in texts[-300:] + texts[:60]:
        for skip in [True, False]:
            made.enable_truncation(16)
            made.enable_padding(length=16, pad_id=0)
            encoded = made.encode(text)
            file.write(json.dumps([text, encoded.ids, encoded.attention_mask, skip,
                                   made.decode(encoded.ids, skip_special_tokens=skip)], separators=(",", ":")) + "\n")
    ids = [chance.randrange(len(kept)) for _ in range(2000)]
    for i in range(0, len(ids), 20):
        file.write(json.dumps(["", ids[i:i + 20], [], True, made.decode(ids[i:i + 20])], separators=(",", ":")) + "\n")

# Every character: r removed, s made a space, - kept; p punctuation, - not; c ideograph, - not; a accent, - not. As "first last class".
clean = BertNormalizer(clean_text=True, handle_chinese_chars=False, strip_accents=False, lowercase=False)
accents = BertNormalizer(clean_text=False, handle_chinese_chars=False, strip_accents=True, lowercase=False)
chinese = BertNormalizer(clean_text=False, handle_chinese_chars=True, strip_accents=False, lowercase=False)
split = BertPreTokenizer()
runs = []
for point in range(1, 0x110000):
    if 0xD800 <= point < 0xE000:
        continue
    between = "a" + chr(point) + "b"
    cleaned = clean.normalize_str(between)
    kind = ("r" if cleaned == "ab" else "s" if cleaned == "a b" else "-") \
        + ("p" if len(split.pre_tokenize_str(between)) == 3 else "-") \
        + ("c" if chinese.normalize_str(chr(point)) != chr(point) else "-") \
        + ("a" if accents.normalize_str(chr(point)) == "" else "-")
    if runs and runs[-1][2] == kind and runs[-1][1] == point - 1:
        runs[-1][1] = point
    else:
        runs.append([point, point, kind])
with open(here / "classes.txt", "w", newline="\n") as file:
    for first, last, kind in runs:
        if kind != "----":
            file.write(f"{first:x} {last:x} {kind}\n")

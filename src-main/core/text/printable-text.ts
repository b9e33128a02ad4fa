/** Text for a terminal: names of files and classes are shown, and never obeyed. */

/**
 * Everything that is not seen but does something: control characters (C0, DEL, C1), format characters (bidirectional
 * overrides, zero width), line separators. Arabic number signs are format characters too, but seen.
 */
const hidden = /(?![\u0600-\u0605\u06dd\u08e2\u{110bd}])[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** Joiners that belong to the spelling: within an emoji, or between letters of scripts that join. */
const spelled =
  /(?<=\p{Extended_Pictographic}(?:\ufe0f|\p{Emoji_Modifier})?)\u200d(?=\p{Extended_Pictographic})|(?<=[\p{sc=Arab}\p{sc=Syrc}\p{sc=Mong}\p{sc=Deva}\p{sc=Beng}\p{sc=Guru}\p{sc=Gujr}\p{sc=Orya}\p{sc=Taml}\p{sc=Telu}\p{sc=Knda}\p{sc=Mlym}\p{sc=Sinh}])[\u200c\u200d](?=[\p{sc=Arab}\p{sc=Syrc}\p{sc=Mong}\p{sc=Deva}\p{sc=Beng}\p{sc=Guru}\p{sc=Gujr}\p{sc=Orya}\p{sc=Taml}\p{sc=Telu}\p{sc=Knda}\p{sc=Mlym}\p{sc=Sinh}])/gu;

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const digits = code.toString(16);
  if (code < 0x100) return `\\x${digits.padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${digits.padStart(4, '0')}` : `\\u{${digits}}`;
}

function show(text: string, kept: string): string {
  const places = new Set([...text.matchAll(spelled)].map(({ index }) => index));
  return text.replace(hidden, (character, place: number) =>
    kept.includes(character) || places.has(place) ? character : escaped(character),
  );
}

/** A text of several lines, with what is hidden in it written out: `\x1b`, `\u202e`. Line ends and tabs stay. */
export function printableText(text: string): string {
  return show(text.replaceAll('\r\n', '\n'), '\n\t');
}

/** As `printableText`, for a name or a sentence, which is never more than one line. */
export function printableLine(text: string): string {
  return show(text, '');
}

/** JSON in which whatever is hidden stands as an escape; it is read back as the same value. */
export function printableJson(value: unknown): string {
  // Between the strings of JSON there is none of these.
  return JSON.stringify(value).replace(hidden, (character) =>
    Array.from({ length: character.length }, (_, i) => {
      return `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`;
    }).join(''),
  );
}

/** A term of the field, as the glossary explains it. */
export interface GlossaryEntry {
  readonly word: string;
  /** One or two sentences. */
  readonly meaning: string;
  /** The name that PyTorch has for the same thing. */
  readonly torch?: string;
}

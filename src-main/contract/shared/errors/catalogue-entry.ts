/** The words of one error code. Holes such as `{path}` are filled from the parameters of the error. */
export interface CatalogueEntry {
  /** One sentence: what happened. */
  readonly message: string;
  /** What the user can do about it. */
  readonly remedy: string;
}

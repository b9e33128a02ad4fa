/** How many characters names and comments may have: for the schemas, and for the forms in which they are written. */
export const maxCharacters = {
  projectName: 80,
  viewName: 80,
  className: 120,
  comment: 2000,
} as const;

/** What `--help` lists. Written out, because loading the recipes would make the help slow; a test compares them. */
export const recipeIds: readonly string[] = ['scratch', 'mnist', 'mnist-no-pooling'];

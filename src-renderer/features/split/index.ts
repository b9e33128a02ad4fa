/** What other features may use of splits. */
export { useSplitMaking } from './making.ts';

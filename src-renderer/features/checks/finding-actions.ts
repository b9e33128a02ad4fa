/** The actions on findings: fix or dismiss, then move on to the next one. */
import type { Ref } from 'vue';
import type { AppliedEdit, Finding } from '../../../src-main/contract/app/index.ts';
import { canExclude } from './finding-words.ts';
import { useFindingsStore } from './findings.ts';
import type { FixTarget } from './fixes.ts';

/** What the screen shows and does for the actions. */
interface FindingsShown {
  /** The finding that keys act on. */
  readonly current: Ref<number>;
  /** What the panel's buttons act on; null for nothing. */
  target(): FixTarget | null;
  /** Reports what an edit did, with its undo; null when it failed. */
  report(applied: AppliedEdit | null): void;
  /** Clears the choice. */
  clear(): void;
}

/** Makes the actions. */
export function useFindingActions({ current, target, report, clear }: FindingsShown) {
  const findings = useFindingsStore();

  /** Moves on to the next finding that is still open. */
  function advance(done: string): void {
    const isDone = (item: Finding | undefined): boolean =>
      item !== undefined && (item.key === done || findings.fixed.has(item.key));
    const next = findings.rows.findIndex((item, place) => place > current.value && !isDone(item));
    const other = next >= 0 ? next : findings.rows.findIndex((item) => !isDone(item));
    if (other >= 0) current.value = other;
  }

  async function fixOne(place: number): Promise<void> {
    const item = findings.rows[place];
    if (item === undefined || !item.fixable || item.dismissed || findings.fixed.has(item.key)) return;
    const applied = await findings.applyFix({ findings: [item.id] });
    report(applied);
    if (applied !== null) advance(item.key);
  }
  async function excludeAt(place: number): Promise<void> {
    const item = findings.rows[place];
    if (item === undefined || !canExclude(item) || findings.fixed.has(item.key)) return;
    const applied = await findings.exclude(item);
    report(applied);
    if (applied !== null) advance(item.key);
  }
  async function fixAimed(): Promise<void> {
    const aimed = target();
    if (aimed === null) return;
    const applied = await findings.applyFix(aimed);
    report(applied);
    if (applied !== null) clear();
  }
  async function dismiss(items: readonly Finding[]): Promise<void> {
    if (items.length === 0) return;
    const done = new Set(items.map(({ key }) => key));
    const next = findings.rows.find(
      (item, place) => place > current.value && item !== undefined && !done.has(item.key),
    );
    const applied = await findings.dismiss([...done], !findings.dismissed);
    report(applied);
    if (applied === null) return;
    if (next !== undefined) current.value = findings.rows.findIndex((item) => item?.key === next.key);
    clear();
  }
  const dismissAt = (place: number): void => {
    const item = findings.rows[place];
    if (item !== undefined && !findings.fixed.has(item.key)) void dismiss([item]);
  };

  return { fixOne, excludeAt, fixAimed, dismiss, dismissAt };
}

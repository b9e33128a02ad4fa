/** The form that makes a class of the photos chosen on the map. */
import { ref, watch } from 'vue';

/** What the form is about. */
interface Naming {
  /** How many photos are chosen; without any there is nothing to name. */
  chosen(): number;
  /** Makes the class, of what is chosen. */
  make(name: string): void;
  /** Called when the form goes away: gives the focus back. */
  done(): void;
}

/** Shows and ends the form. */
export function useMapNaming({ chosen, make, done }: Naming) {
  const open = ref(false);
  const name = ref('');

  function end(): void {
    if (!open.value) return;
    open.value = false;
    name.value = '';
    done();
  }
  function submit(): void {
    const given = name.value.trim();
    if (given !== '') make(given);
    end();
  }
  watch(
    () => chosen() === 0,
    (none) => none && end(),
  );
  return { open, name, begin: () => void (open.value = true), submit, end };
}

/** The images of the open project: counts, the filtered list, and details of the ones in view. */
import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import type {
  DatasetImage,
  DatasetSummary,
  ImageFilter,
  QuarantinedFile,
  SplitFractions,
} from '../../src-main/contract/index.ts';
import { api } from '../client/index.ts';

/** Details are asked for in runs of this many neighbours. */
const chunk = 200;
/** Details kept; beyond it the oldest are forgotten, so that scrolling through 100,000 images stays flat. */
const keep = 6000;

export const useDatasetStore = defineStore('dataset', () => {
  const summary = shallowRef<DatasetSummary | null>(null);
  const quarantine = shallowRef<QuarantinedFile[]>([]);
  const filter = ref<ImageFilter>({});
  const ids = shallowRef<number[]>([]);
  const listed = ref(false);
  /** Replaced as a whole: a reactive map would keep a record of each of 100,000 keys for ever. */
  const details = shallowRef(new Map<number, DatasetImage>());
  const asked = new Set<number>();
  /** Grows with every change of the dataset; late answers about an older state are dropped. */
  let generation = 0;

  async function refresh(): Promise<void> {
    const mine = ++generation;
    const [nextSummary, nextQuarantine, nextIds] = await Promise.all([
      api.datasets.summary(),
      api.datasets.quarantine(),
      api.datasets.listImages(filter.value),
    ]);
    if (mine !== generation) return;
    summary.value = nextSummary;
    quarantine.value = nextQuarantine;
    asked.clear();
    details.value = new Map();
    ids.value = nextIds;
    listed.value = true;
  }

  /** Shows the images that fit. */
  async function setFilter(next: ImageFilter): Promise<void> {
    filter.value = next;
    const mine = ++generation;
    const nextIds = await api.datasets.listImages(next);
    if (mine === generation) ids.value = nextIds;
  }

  /** Makes sure that the details of the images from `first` to `last` (places in the list) are on their way. */
  async function want(first: number, last: number): Promise<void> {
    const from = Math.max(0, Math.floor(first / chunk) * chunk);
    const missing = ids.value
      .slice(from, Math.ceil((last + 1) / chunk) * chunk)
      .filter((id) => !asked.has(id));
    if (missing.length === 0) return;
    for (const id of missing) asked.add(id);
    const mine = generation;
    for (let at = 0; at < missing.length; at += 1000) {
      const images = await api.datasets.getImages({ ids: missing.slice(at, at + 1000) });
      if (mine !== generation) return;
      const next = new Map(details.value);
      for (const image of images) next.set(image.id, image);
      for (const id of next.keys()) {
        if (next.size <= keep) break;
        next.delete(id);
        asked.delete(id);
      }
      details.value = next;
    }
  }

  async function makeSplit(fractions: SplitFractions, seed: number): Promise<void> {
    summary.value = await api.datasets.makeSplit({ fractions, seed });
  }

  function reset(): void {
    generation++;
    summary.value = null;
    quarantine.value = [];
    filter.value = {};
    ids.value = [];
    listed.value = false;
    asked.clear();
    details.value = new Map();
  }

  return { summary, quarantine, filter, ids, listed, details, refresh, setFilter, want, makeSplit, reset };
});

/** The actions of the photo menu and of the bar below the grid, on exactly the chosen photos. */
import { useToast } from '@nuxt/ui/composables';
import { useRouter } from 'vue-router';
import type { EditInput, Split } from '../../../src-main/contract/app/index.ts';
import { useDatasetStore } from '../../shared/project/dataset.ts';
import { failureOf } from '../../shared/project/failures.ts';
import { useSelectionStore } from '../../shared/project/selection.ts';
import type { ClassTask } from './class-tasks.ts';
import type { PhotoActions } from './photo-menu.ts';
import { useLabelsStore } from './store.ts';
import { photoActionsText as text } from './text.ts';

/** What the actions need of their surroundings. */
interface ActionHandlers {
  /** Labels the chosen photos; null removes their label. */
  label(classId: number | null): void;
  /** Makes an edit. @returns whether it was made */
  make(edit: EditInput): Promise<boolean>;
  /** Shows a form. */
  begin(task: ClassTask): void;
  /** Goes where a comment can be written. */
  comment(): void;
  enlarge(): void;
}

/** Makes the actions. */
export function usePhotoActions({ label, make, begin, comment, enlarge }: ActionHandlers): PhotoActions {
  const selection = useSelectionStore();
  const labels = useLabelsStore();
  const router = useRouter();
  const copyPaths = useCopyPaths();

  /** Moves at once, unless there are warnings: then a form asks. */
  async function moveTo(split: Split | null): Promise<void> {
    const { ranges: images, size: count } = selection;
    if (count === 0) return;
    const preview = await labels.preview({ kind: 'split', images, split }).catch(() => null);
    if (preview !== null && preview.warnings.length > 0) begin({ kind: 'split', split, images, count });
    else await make({ kind: 'split', images, split });
  }

  return {
    label,
    labelAs: () => begin({ kind: 'label-as', images: selection.ranges, count: selection.size }),
    splitOff: (of) => begin({ kind: 'split-off', of, images: selection.ranges, count: selection.size }),
    split: (split) => void moveTo(split),
    exclude: (excluded) => {
      const images = selection.ranges;
      if (selection.size > 0) void make({ kind: excluded ? 'exclude' : 'restore', images });
    },
    comment,
    enlarge,
    explain: () => void router.push({ name: 'explain-heatmap', query: { image: selection.current } }),
    // Several are chosen there as they are here; one is pointed out.
    showOnMap: () =>
      void router.push({ path: '/map', query: selection.size === 1 ? { image: selection.current } : {} }),
    copyPaths: () => void copyPaths(),
    all: () => selection.all(),
  };
}

/** Copies the paths of the chosen photos, and says whether that worked. */
function useCopyPaths(): () => Promise<void> {
  const dataset = useDatasetStore();
  const selection = useSelectionStore();
  const labels = useLabelsStore();
  const toast = useToast();
  return async () => {
    let paths: string[];
    try {
      paths = (await dataset.imagesOf([...selection.ids])).map(({ path }) => path);
    } catch (thrown) {
      labels.failure = failureOf(thrown);
      return;
    }
    const copied = await navigator.clipboard.writeText(paths.join('\n')).then(
      () => true,
      () => false,
    );
    toast.add(
      copied
        ? { id: 'copied', title: text.copied(paths.length), icon: 'i-lucide-clipboard-check' }
        : {
            id: 'copied',
            title: text.pathsWereNotCopied,
            description: text.browserDoesNotLetThis,
            icon: 'i-lucide-triangle-alert',
            color: 'warning',
          },
    );
  };
}

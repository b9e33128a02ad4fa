/** Once the last photo has its label, the next step is offered. */
import { useToast } from '@nuxt/ui/composables';
import { watch } from 'vue';
import { useRouter } from 'vue-router';
import { useDatasetStore } from '../../shared/project/dataset.ts';
import { useProjectStore } from '../../shared/project/project.ts';
import { allLabelledText as text } from './text.ts';

/** Watches while the calling component lives. */
export function useAllLabelled(): void {
  const dataset = useDatasetStore();
  const project = useProjectStore();
  const router = useRouter();
  const toast = useToast();
  watch(
    () => [project.current?.key, dataset.summary?.unlabelled ?? null] as const,
    ([key, unlabelled], [keyBefore, unlabelledBefore]) => {
      const filled = dataset.summary?.classes.filter(({ images }) => images > 0) ?? [];
      const wasLeft = key === keyBefore && (unlabelledBefore ?? 0) > 0;
      if (!wasLeft || unlabelled !== 0 || filled.length < 2) return;
      toast.add({
        id: 'all-labelled',
        title: text.everyPhotoHasLabel,
        icon: 'i-lucide-circle-check',
        actions: [{ label: text.train, onClick: () => void router.push('/train') }],
      });
    },
  );
}

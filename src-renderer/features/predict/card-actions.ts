/** What can be done with a photo that was predicted: see why, add it to a class, look at it in Images. */
import { useToast } from '@nuxt/ui/composables';
import { useRouter } from 'vue-router';
import { sourceOfFiles } from '../../client/index.ts';
import { useCapturesStore } from '../capture/index.ts';
import { useExplainStore } from '../explain/index.ts';
import { failureOf } from '../../shared/project/failures.ts';
import { type ShownPrediction, usePredictionsStore } from './store.ts';
import { cardActionsText as text } from './text.ts';

/** Makes the actions. */
export function useCardActions() {
  const explain = useExplainStore();
  const captures = useCapturesStore();
  const predictions = usePredictionsStore();
  const router = useRouter();
  const toast = useToast();

  /** The photo's bytes; null with a note where they are not there any more. */
  async function bytesOf(item: ShownPrediction): Promise<File | null> {
    const file = (await item.file?.()) ?? null;
    if (file === null)
      toast.add({
        id: 'gone',
        title: text.notThere(item.image),
        icon: 'i-lucide-triangle-alert',
        color: 'warning',
      });
    return file;
  }

  const goToHeatmap = (): Promise<unknown> => router.push({ name: 'explain-heatmap' });
  /** Goes to what the network of a run sees in a photo that lies nowhere. */
  async function explainFile(run: string, file: File): Promise<void> {
    explain.chooseRun(run);
    await explain.takePhoto(sourceOfFiles(file.name, [file]), true, true);
    await goToHeatmap();
  }
  /** Goes to what the network sees in the photo of a prediction. */
  async function explainPhoto(item: ShownPrediction): Promise<void> {
    if (item.imageId === null) {
      const file = await bytesOf(item);
      if (file !== null) await explainFile(item.run, file);
      return;
    }
    explain.chooseRun(item.run);
    await explain.chooseImage(item.imageId);
    await goToHeatmap();
  }

  /** Copies the photo into the project, with its class: the next training learns from it. */
  async function addTo(item: ShownPrediction, name: string): Promise<void> {
    const file = await bytesOf(item);
    if (file === null) return;
    try {
      await captures.importFiles(sourceOfFiles(file.name, [file]), name);
      predictions.noteAdded(item.key, name);
    } catch (thrown) {
      predictions.failure = failureOf(thrown);
    }
  }

  return { explainFile, explainPhoto, addTo };
}

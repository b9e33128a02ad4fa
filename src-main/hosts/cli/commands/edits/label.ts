import { countRanges, packRanges } from '../../../../contract/shared/id-ranges.ts';
import type { Output } from '../../output.ts';
import { withSession } from '../../session.ts';
import { count } from '../../text.ts';
import { imagesOf } from './images-of-words.ts';

interface Flags {
  readonly project: string;
  readonly images: string;
  readonly class: string;
}

/** `lenslet label --project DIR --images GLOB|LIST --class NAME|none`. A class that is new is made; `undo` takes it back. */
export async function label(output: Output, flags: Flags): Promise<void> {
  await withSession(output, async (session) => {
    await session.openProject(flags.project);
    const ids = await imagesOf(session, flags.images);
    const images = packRanges(ids);
    const { labels } = session.client;
    const { entry, changes } =
      flags.class === 'none'
        ? await labels.apply({ kind: 'label', images, classId: null })
        : await labels.apply({ kind: 'label-as', images, name: flags.class });
    const labelled = changes.flatMap((change) =>
      change.type === 'label' ? [countRanges(change.images)] : [],
    );
    const changed = labelled.reduce((sum, some) => sum + some, 0);
    const sentence = entry?.sentence ?? `Nothing to change: ${count(ids.length)} had that label already.`;
    output.answer(
      { images: ids.length, changed, class: flags.class === 'none' ? null : flags.class },
      sentence,
    );
  });
}

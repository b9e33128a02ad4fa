/** Requests that write a run down for people. */
import { existsSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import type { ExplainProgress } from '../../contract/app/explain/network.ts';
import type { Heatmap } from '../../contract/app/explain/heatmaps.ts';
import type { ReportEvent, ReportKind, reportsContract } from '../../contract/app/results/reports.ts';
import { AppError } from '../../contract/shared/errors.ts';
import { writeFileAtomically } from '../../core/files/folder-storage.ts';
import { ownPath } from '../../core/files/join-inside.ts';
import { makeFolders } from '../../core/files/make-folders.ts';
import { streamEvents } from '../../core/jobs/async-queue.ts';
import { safeFileName } from '../../core/text/file-name.ts';
import type { Project } from '../../project/project.ts';
import { findRecipe } from '../../registries/recipes/index.ts';
import type { ServiceOf } from '../base/bind-service.ts';
import type { ServiceContext } from '../base/context.ts';
import type { DrawPicture } from '../explain/serve-picture.ts';
import { modelCard } from './model-card.ts';
import { printPdf } from './print-pdf.ts';
import { repeatCommand } from './repeat-command.ts';
import { type ReportFacts, gatherFacts } from './report-facts.ts';
import { type PhotoPictures, type ReportSurroundings, reportHtml } from './report-html.ts';

/** What a report shows heatmaps by. */
export interface ReportExplainer {
  heatmap(
    run: string,
    image: number,
    signal: AbortSignal,
  ): Promise<AsyncIterable<ExplainProgress | (Heatmap & { type: 'done' })>>;
  readonly picture: DrawPicture;
}

interface Wanted {
  readonly run: string;
  readonly kinds: readonly ReportKind[];
  readonly out?: string | undefined;
  readonly into?: string | undefined;
  readonly overwrite: boolean;
}

type Emit = (event: ReportEvent) => void;

/** Handlers of `contract.reports`. */
export function createReportService(
  context: ServiceContext,
  explainer: ReportExplainer,
): ServiceOf<typeof reportsContract> {
  return {
    write: (wanted, { signal }) =>
      streamEvents<ReportEvent>(
        async (emit, ending) => emit(await write(context, explainer, wanted, emit, ending)),
        signal,
      ),
  };
}

/** @throws AppError NOT_FOUND, TRAINING_RECORD_LOST, EXPORT_TARGET_EXISTS, DISK_FULL, FILE_UNWRITABLE, REPORT_… */
async function write(
  context: ServiceContext,
  explainer: ReportExplainer,
  wanted: Wanted,
  emit: Emit,
  signal: AbortSignal,
): Promise<ReportEvent> {
  const project = context.project();
  emit({ type: 'progress', phase: 'gathering figures', done: 0, total: null });
  const facts = await gatherFacts(project, wanted.run);
  const { run } = facts;
  const targets = await placesOf(context, project, run.name, wanted);
  const software = `Lenslet ${context.info.version}`;
  const command = repeatCommand(run, findRecipe(run.recipe).settingNames);
  const needsPictures = wanted.kinds.some((kind) => kind !== 'card');
  const { pictures, problem } = needsPictures
    ? await drawPhotos(explainer, facts, emit, signal)
    : { pictures: new Map<number, PhotoPictures>(), problem: null };
  const around: ReportSurroundings = { software, writtenAt: new Date().toISOString(), command, pictures };
  const html = reportHtml(facts, around);
  const files: { kind: ReportKind; path: string; bytes: number }[] = [];
  for (const { kind, path } of targets) {
    if (signal.aborted) throw new AppError('CANCELLED');
    emit({ type: 'progress', phase: 'writing', done: files.length, total: targets.length });
    const content = Buffer.from(
      kind === 'pdf'
        ? await printPdf(html, signal)
        : kind === 'html'
          ? html
          : modelCard(facts, { software, command }),
    );
    await writeFileAtomically(path, content);
    files.push({ kind, path, bytes: content.length });
  }
  const id = context.pickedPaths.add(dirname(files[0].path));
  return { type: 'done', files, withoutHeatmaps: problem, id };
}

const endings: Readonly<Record<ReportKind, string>> = { html: '.html', pdf: '.pdf', card: '.md' };

async function placesOf(
  context: ServiceContext,
  project: Project,
  name: string,
  { kinds, out, into, overwrite }: Wanted,
): Promise<{ kind: ReportKind; path: string }[]> {
  if (out !== undefined) {
    const path = context.pickedPaths.resolve(out);
    const kind = (Object.entries(endings) as [ReportKind, string][]).find(
      ([, ending]) => ending === extname(path).toLowerCase(),
    )?.[0];
    if (kind === undefined) throw new AppError('REPORT_KIND_UNKNOWN', { name: basename(path) });
    if (existsSync(path) && !overwrite) throw new AppError('EXPORT_TARGET_EXISTS', { path });
    return [{ kind, path }];
  }
  const own = ownPath(project.folder, 'exports');
  if (into === undefined) await makeFolders(project.folder, own);
  const folder = into === undefined ? own : context.pickedPaths.resolve(into);
  return kinds.map((kind) => {
    const title = safeFileName(`${name} ${kind === 'card' ? 'model card' : 'report'}`, 'report');
    for (let number = 1; ; number++) {
      const path = join(folder, `${number === 1 ? title : `${title} ${number}`}${endings[kind]}`);
      if (!existsSync(path)) return { kind, path };
    }
  });
}

const side = 240;

/** The chosen photos with their heatmaps; a report without them is better than none. */
async function drawPhotos(
  explainer: ReportExplainer,
  { run, best, worst }: ReportFacts,
  emit: Emit,
  signal: AbortSignal,
): Promise<{ pictures: Map<number, PhotoPictures>; problem: string | null }> {
  const pictures = new Map<number, PhotoPictures>();
  const photos = [...worst, ...best];
  let problem: string | null = null;
  for (const [at, { id }] of photos.entries()) {
    emit({ type: 'progress', phase: 'computing heatmaps', done: at, total: photos.length });
    try {
      for await (const event of await explainer.heatmap(run.id, id, signal)) {
        if (event.type === 'done') pictures.set(id, await draw(explainer, event));
      }
    } catch (thrown) {
      const error = AppError.from(thrown);
      if (error.kind === 'cancelled') throw error;
      problem ??= error.message;
    }
  }
  return { pictures, problem };
}

async function draw({ picture }: ReportExplainer, { id, empty }: Heatmap): Promise<PhotoPictures> {
  const dataOf = async (options: Parameters<DrawPicture>[3]): Promise<string> => {
    const { bytes, type } = await picture(id, [], 'png', { side, ...options });
    return `data:${type};base64,${bytes.toString('base64')}`;
  };
  return {
    photo: await dataOf({ of: 'photo' }),
    heatmap: empty === null ? await dataOf({ of: 'overlay', colours: 'grey', intensity: 0.6 }) : null,
  };
}

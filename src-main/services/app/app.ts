/** Requests about the program itself. */
import type { AppEvent } from '../../contract/app/app.ts';
import type { ServiceContext } from '../base/context.ts';
import type { EnginePreferenceFile } from '../base/engine-preferences.ts';
import type { ProjectKeeper } from '../project/projects.ts';
import { examineEngine } from './doctor.ts';
import { describeFastMath } from './settings.ts';

/** What the event stream begins with besides the engine and the project. */
export interface PresentStates {
  import(): Extract<AppEvent, { type: 'import' }>['import'] | null;
  care(): Extract<AppEvent, { type: 'care' }>['care'] | null;
  activeRun(): Extract<AppEvent, { type: 'run' }>['run'] | null;
}

/** Handlers of `contract.app`. */
export function createAppService(
  context: ServiceContext,
  projects: ProjectKeeper,
  present: PresentStates,
  preferences: EnginePreferenceFile,
  electron: string | null,
) {
  return {
    info: () => context.info,
    engine: () => context.engine.status(),
    doctor: async () => ({
      ...(await examineEngine(context.engine, { lenslet: context.info.version, electron })),
      fastMath: describeFastMath(preferences),
    }),
    /** The present states, then every change. Subscribes before it reads, so that nothing falls in between. */
    async *events(signal: AbortSignal | undefined): AsyncGenerator<AppEvent, void> {
      // Someone looks at the app: the engine gets ready while they do. The command line starts it when it needs it.
      if (context.info.host !== 'cli') context.engine.warmUp();
      const changes = context.events.stream(signal);
      const first = changes.next();
      yield { type: 'engine', engine: context.engine.status() };
      yield { type: 'project', project: projects.describe() };
      const care = present.care();
      if (care !== null) yield { type: 'care', care };
      const running = present.import();
      if (running !== null) yield { type: 'import', import: running };
      const run = present.activeRun();
      if (run !== null) yield { type: 'run', run };
      try {
        for (let next = await first; !next.done; next = await changes.next()) yield next.value;
      } finally {
        await changes.return();
      }
    },
  };
}

/** Requests about suggested labels. */
import type { SuggestionsState, suggestionsContract } from '../../contract/app/suggestions.ts';
import type { Run } from '../../contract/app/runs.ts';
import { listClasses } from '../../project/images/classes.ts';
import { readSetting, writeSetting } from '../../project/database/settings.ts';
import type { ServiceOf } from '../base/bind-service.ts';
import type { ServiceContext } from '../base/context.ts';
import { LabelAssistant, minPerClass } from './label-assistant.ts';

/** The switch is kept with the project; missing means off, as exams want it. */
const switchSetting = 'suggestLabels';

const off: SuggestionsState = {
  on: false,
  status: 'off',
  waitsFor: null,
  progress: { phase: '', done: 0, total: null, rate: 0, secondsLeft: null },
  error: null,
  minPerClass,
  version: null,
  order: null,
  learntFrom: 0,
  suggested: 0,
  agreement: { asked: 0, agreed: 0 },
};

/** Makes the service: the handlers of `contract.suggestions`, and the order of photos for the grid. */
export function createSuggestionsService(context: ServiceContext, activeRun: () => Run | null) {
  let assistant: LabelAssistant | null = null;
  const publish = (suggestions: SuggestionsState): void =>
    context.events.emit({ type: 'suggestions', suggestions });

  const start = (): LabelAssistant => {
    assistant ??= new LabelAssistant({ context, project: context.project(), activeRun, publish });
    assistant.begin();
    return assistant;
  };
  const end = async (): Promise<void> => {
    const old = assistant;
    assistant = null;
    await old?.end();
  };
  context.beforeProjectCloses(end);
  context.events.on((event) => assistant?.follow(event));

  const handlers: ServiceOf<typeof suggestionsContract> = {
    // A window that reads the state shows them; the command line never does, and computes nothing.
    state: () => {
      if (assistant !== null) return assistant.state();
      const on = readSetting(context.project().database, switchSetting) === 'on';
      return on ? start().state() : off;
    },
    switch: async ({ on }) => {
      writeSetting(context.project().database, switchSetting, on ? 'on' : null);
      const state = on ? start().state() : off;
      const ending = on ? null : end();
      publish(state);
      await ending;
      return state;
    },
    of: ({ ids }) => {
      const suggested = assistant?.suggested ?? null;
      if (assistant === null || suggested === null) return { version: null, suggestions: [] };
      const classes = new Set(listClasses(context.project().database).map(({ id }) => id));
      // A class may have been removed since.
      const suggestions = ids
        .flatMap((id) => suggested.of(id) ?? [])
        .filter(({ classId }) => classes.has(classId));
      return { version: assistant.state().version, suggestions };
    },
  };
  return {
    handlers,
    /** Ids with the least certain suggestion first, or last; as they are while there are none. */
    order: (ids: number[], descending: boolean): number[] =>
      assistant?.suggested?.order(ids, descending) ?? ids,
    /** Ids in the order in which they are best labelled; as they are while that is not known. */
    queueFirst: (ids: number[], descending: boolean): number[] => {
      const queued = assistant?.suggested?.queueFirst(ids) ?? ids;
      return descending ? queued.toReversed() : queued;
    },
    /** Resolves when there is nothing to learn at the moment. */
    idle: async (): Promise<void> => {
      await assistant?.idle();
    },
  };
}

/** The suggestions service. */
export type Suggestions = ReturnType<typeof createSuggestionsService>;

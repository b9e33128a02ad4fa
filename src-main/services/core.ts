/**
 * The one core behind every host: makes the services, binds them to the contract, and closes them in order.
 * A host adds only a transport, a way to start the engine process, and what it alone can do.
 */
import { resolve } from 'node:path';
import { type AppInfo, type AppEvent, appContract } from '../contract/app/app.ts';
import { augmentationContract } from '../contract/app/augmentation-preview.ts';
import { checksContract } from '../contract/app/checks.ts';
import { backbonesContract } from '../contract/app/backbones.ts';
import { datasetsContract } from '../contract/app/datasets.ts';
import { explainContract } from '../contract/app/explain.ts';
import { exportsContract } from '../contract/app/exports.ts';
import { labelsContract } from '../contract/app/labels.ts';
import { mapContract } from '../contract/app/map.ts';
import { projectsContract } from '../contract/app/projects.ts';
import { reportsContract } from '../contract/app/results/reports.ts';
import { resultsContract } from '../contract/app/results/results.ts';
import { settingsContract } from '../contract/app/settings.ts';
import { sortingContract } from '../contract/app/sorting.ts';
import { suggestionsContract } from '../contract/app/suggestions.ts';
import { curvesContract } from '../contract/app/judging/curves.ts';
import { trainingContract } from '../contract/app/training.ts';
import { EventHub } from '../core/jobs/event-hub.ts';
import { sweepTempFolders } from '../core/files/private-temp-folder.ts';
import { createAppService } from './app/app.ts';
import { createAugmentationService } from './augmentation/augmentation.ts';
import { createBackbonesService } from './backbones/backbones.ts';
import { nameFile } from './backbones/named-files.ts';
import { shareBackbones } from './backbones/places.ts';
import { bindService } from './base/bind-service.ts';
import { type HostAbilities, PickedPaths, type ServiceContext } from './base/context.ts';
import { createCaptures } from './import/captures.ts';
import { backboneFeatures } from './checks/check-features.ts';
import { createChecksService } from './checks/checks.ts';
import { createDatasetsService } from './import/datasets.ts';
import { createEditRecorder } from './project/edit-recorder.ts';
import { createMapService } from './map/embedding-map.ts';
import type { SpawnEngine } from './base/engine-child.ts';
import { createEngineClient } from './base/engine-client.ts';
import { EnginePreferenceFile } from './base/engine-preferences.ts';
import { createImports } from './import/imports.ts';
import { createResultsService } from './evaluation/results.ts';
import { verifyBackbone } from './evaluation/verify-backbone.ts';
import { createExportsService } from './exports/exports.ts';
import { createExplainService } from './explain/explain.ts';
import { servePicture } from './explain/serve-picture.ts';
import { createLabelsService } from './labels/labels.ts';
import { createReportService } from './report/report.ts';
import { createMedia } from './app/media.ts';
import { requireMeantProject } from './base/meant-project.ts';
import { createProjectCare } from './import/project-care.ts';
import { ProjectKeeper } from './project/projects.ts';
import { createSampleProject } from './import/samples.ts';
import { createSettingsService } from './app/settings.ts';
import { createShards } from './shards/shards.ts';
import { createSortingService } from './sorting/sorting.ts';
import { createSuggestionsService } from './suggestions/suggestions.ts';
import { type ClusterHost, createClusters } from './clusters/clusters.ts';
import { createCurvesService } from './evaluation/curves.ts';
import { createTrainingService } from './training/training.ts';

/** What a host brings along. */
export interface CoreOptions {
  readonly host: AppInfo['host'];
  readonly version: string;
  /** The version of the Electron that shows the page. */
  readonly electron?: string | null;
  /** How the core process before this one ended, when it crashed. */
  readonly crash?: AppInfo['crash'];
  readonly settingsFolder: string;
  readonly projectsFolder: string;
  /** Folders of pretrained networks that came with the program; they are only read. */
  readonly backboneFolders?: readonly string[];
  /** What work on clusters needs. */
  readonly clusters?: ClusterHost;
  readonly spawnEngine: SpawnEngine;
  readonly abilities?: HostAbilities;
  readonly log?: (message: string, detail?: unknown) => void;
}

/** Everything that may be pushed, keyed so that a slow listener gets the newest state of each thing. */
function keyOfEvent(event: AppEvent): string {
  if (event.type === 'run') return `run/${event.run.id}`;
  if (event.type === 'run-removed') return `run/${event.run}`;
  return event.type;
}

/** Of a core that sends nothing to clusters. */
const noClusters: ClusterHost = { folder: '', followSocket: () => Promise.resolve() };

/** Makes the core. Nothing slow happens here: the engine starts when it is first needed. */
export function createCore(options: CoreOptions) {
  const log = options.log ?? (() => undefined);
  void sweepTempFolders();
  shareBackbones(options.settingsFolder, options.backboneFolders ?? []);
  const events = new EventHub<AppEvent>(keyOfEvent);
  const picks = new PickedPaths();
  const abilities = options.abilities ?? {};
  const projectsFolder = resolve(options.projectsFolder);
  const projects = new ProjectKeeper({
    events,
    settingsFolder: options.settingsFolder,
    projectsFolder,
    pickedPaths: picks,
    log,
  });
  const preferences = new EnginePreferenceFile(options.settingsFolder);
  const engine = createEngineClient({
    spawn: options.spawnEngine,
    environment: () => preferences.environment(),
    events,
    log,
  });

  const context: ServiceContext = {
    info: {
      version: options.version,
      host: options.host,
      nativePicker: abilities.pickFolder !== undefined,
      platform: process.platform,
      projectsFolder,
      crash: options.crash ?? null,
    },
    abilities,
    events,
    settingsFolder: options.settingsFolder,
    projectsFolder,
    pickedPaths: picks,
    engine,
    project: () => projects.get(),
    openedProject: () => projects.peek(),
    beforeProjectCloses: (work) => projects.beforeClose(work),
    beforeProjectOpens: (work) => projects.beforeOpen(work),
    afterProjectOpens: (work) => projects.afterOpen(work),
    log,
  };

  const imports = createImports(context);
  const edits = createEditRecorder(context);
  const captures = createCaptures(context, imports);
  const datasets = createDatasetsService(context, imports, edits, captures);
  const checks = createChecksService(context, edits, { features: backboneFeatures(context) });
  const augmentation = createAugmentationService(context);
  const backbones = createBackbonesService(context, {
    verify: (file) => verifyBackbone(engine, options.settingsFolder, file),
  });
  const training = createTrainingService(context);
  const suggestions = createSuggestionsService(context, training.activeRun);
  const labels = createLabelsService(context, edits, suggestions);
  const explain = createExplainService(context);
  const reports = createReportService(context, {
    heatmap: async (run, image, signal) =>
      explain.handlers.heatmap(
        {
          model: { kind: 'run', run },
          photo: { kind: 'image', image },
          method: 'grad-cam',
          layer: null,
          class: null,
        },
        { signal },
      ),
    picture: explain.picture,
  });
  const exports = createExportsService(context);
  const sorting = createSortingService(context, imports);
  const map = createMapService(context);
  const shards = createShards(context);
  const clusters = createClusters(context, options.clusters ?? noClusters);
  const media = createMedia(context, {
    explain: (path, query) => servePicture(explain.picture, path, query),
    sort: sorting.picture,
  });
  const care = createProjectCare(context, projects, imports, captures);
  const present = { import: imports.state, activeRun: training.activeRun, care: care.state };
  const app = createAppService(context, projects, present, preferences, options.electron ?? null);
  const settings = createSettingsService(context, preferences);

  /** For the domains whose ids are those of the open project. */
  const check = requireMeantProject(() => projects.peek());
  projects.interruptible(() => {
    const run = training.activeRun();
    return run === null ? null : `Training “${run.name}”`;
  });
  projects.interruptible(() => {
    const state = imports.state();
    return state?.status === 'running' ? `Importing ${state.source}` : null;
  });
  projects.interruptible(() => (checks.state()?.status === 'running' ? 'Checking the photos' : null));
  projects.interruptible(() => (map.run()?.status === 'running' ? 'Computing the map' : null));

  projects.interruptible(() => (sorting.state()?.status === 'running' ? 'Sorting a folder' : null));

  const router = {
    app: bindService(
      appContract,
      {
        info: app.info,
        engine: app.engine,
        doctor: app.doctor,
        events: (_, { signal }) => app.events(signal),
      },
      log,
    ),
    projects: bindService(
      projectsContract,
      {
        current: () => projects.describe(),
        recent: () => projects.recent(),
        create: (input) => projects.create(input),
        open: (input) => projects.open(input),
        close: ({ interrupt = false }) => projects.close({ interrupt }),
        ...care.handlers,
        rename: ({ name }) => projects.rename(name),
        forget: ({ id }) => projects.forget(id),
        createSample: ({ interrupt }) => createSampleProject(context, projects, imports, interrupt),
      },
      log,
    ),
    datasets: bindService(datasetsContract, datasets, log, check),
    labels: bindService(labelsContract, labels, log, check),
    checks: bindService(checksContract, checks.handlers, log, check),
    suggestions: bindService(suggestionsContract, suggestions.handlers, log, check),
    augmentation: bindService(augmentationContract, augmentation, log, check),
    training: bindService(trainingContract, training.handlers, log, check),
    results: bindService(resultsContract, createResultsService(context), log, check),
    curves: bindService(curvesContract, createCurvesService(context), log, check),
    reports: bindService(reportsContract, reports, log, check),
    backbones: bindService(backbonesContract, backbones.handlers, log),
    explain: bindService(explainContract, explain.handlers, log, check),
    exports: bindService(exportsContract, exports, log, check),
    map: bindService(mapContract, map.handlers, log, check),
    sorting: bindService(sortingContract, sorting.handlers, log, check),
    settings: bindService(settingsContract, settings, log),
  };

  return {
    context,
    projects,
    care,
    imports,
    checks,
    suggestions,
    training,
    explain,
    map,
    shards,
    sorting,
    clusters,
    router,
    media,
    /**
     * Takes the path of a model file that the user named on the command line as one that settings may refer to from now
     * on, also those of a run that is resumed. Ids are left alone.
     */
    nameBackbone: (reference: string): Promise<void> => nameFile(options.settingsFolder, reference),
    /** Ends imports and runs cleanly, closes the project, ends the engine. */
    async close(): Promise<void> {
      await backbones.close();
      care.end();
      await sorting.close();
      await projects.close();
      await engine.close();
    },
  };
}

/** The core as hosts see it. */
export type Core = ReturnType<typeof createCore>;

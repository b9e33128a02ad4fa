/** Feeds the stores from the app's event stream, for as long as the page lives. */
import { api, toAppError, wire } from '../client/index.ts';
import { useAppStore } from '../shared/project/app.ts';
import { useEventHandlers } from './apply-event.ts';

/** Milliseconds before the next attempt to connect; they double up to the longest. */
const firstPause = 250;
const longestPause = 8000;

/** Starts listening. Called once, after Pinia is there. */
export function startLiveUpdates(): void {
  const app = useAppStore();
  const { apply, reconnected } = useEventHandlers();

  /** One life of the event stream. @returns true when it delivered something before it ended */
  async function follow(): Promise<boolean> {
    let delivered = false;
    reconnected();
    try {
      await app.load();
      for await (const event of await api.app.events()) {
        apply(event);
        delivered = true;
        app.failure = null;
      }
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.kind === 'bug' && wire.state === 'open') app.failure = error.toData();
    }
    return delivered;
  }

  async function followForever(): Promise<void> {
    for (let pause = firstPause; ; pause = Math.min(longestPause, pause * 2)) {
      if (await follow()) pause = firstPause;
      await wire.ready(60_000);
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
  void followForever();
}

/** The program itself: connection, engine, what this host can do. */
import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import type { AppInfo, EngineStatus, ErrorData } from '../../../src-main/contract/app/index.ts';
import { type WireState, api, wire } from '../../client/index.ts';

export const useAppStore = defineStore('app', () => {
  const connection = ref<WireState>(wire.state);
  wire.onChange((state) => (connection.value = state));

  const info = shallowRef<AppInfo | null>(null);
  const engine = shallowRef<EngineStatus | null>(null);

  /** Why the app's state cannot be followed at the moment, other than a lost connection. */
  const failure = shallowRef<ErrorData | null>(null);

  /** How the core crashed last, until the user has read it. */
  const crash = shallowRef<AppInfo['crash']>(null);

  async function load(): Promise<void> {
    info.value = await api.app.info();
    crash.value = info.value.crash ?? crash.value;
  }

  return { connection, info, engine, failure, crash, load, retry: () => wire.retryNow() };
});
